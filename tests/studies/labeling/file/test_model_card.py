"""A model card says what is known of a model, and what is not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from model.networks.weights import backbone_names, weights_licence
from studies.labeling.facts.records import Change, ClassChange, LabelEvent, Purpose, Verb
from studies.labeling.file.model_card import CardFacts, describe_model, write_card
from studies.labeling.project.project import Project
from studies.table_files import ExportError
from tests.studies.labeling.sample import begin_round, conductor, create, open_project

ABOUT: Mapping[str, Any] = {
    "classes": ["cat", "dog", "owl"],
    "transform": {
        "size": 224,
        "resize": 256,
        "padding": 0,
        "flip": True,
        "mean": (0.5, 0.5, 0.5),
        "std": (0.2, 0.2, 0.2),
    },
    "display_ranges": {"grey": {"low": 0, "high": 4095}, "rgb": None},
    "pixel_rules": 7,
    "temperature": 2.5,
    "torch": "2.14.1",
}
FACTS = CardFacts(ABOUT, None, "0.2.0")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    create(tmp_path / "p", items=12, holdout=2).close()
    project = open_project(tmp_path / "p")
    project.record([LabelEvent(0, item, Verb.LABEL, Purpose.GRID, item % 2) for item in range(6)])
    project.record(
        [LabelEvent(0, 6, Verb.LABEL, Purpose.IMPORT, 2), LabelEvent(0, 7, Verb.SKIP, Purpose.GRID)]
    )
    begin_round(project, conductor(project), [])
    return project


def card(project: Project, about: Mapping[str, Any] = ABOUT, **changes: Any) -> str:
    model = replace(project.models[-1], **changes)
    text = describe_model(project.store, model, replace(FACTS, about=about))
    project.store.close()
    return text


def test_all_that_is_known_is_there(project: Project) -> None:
    text = card(project)
    assert "# Model card: animals" in text
    assert "**80.0%** of 5 held-out images" in text
    assert "37.6% to 96.4%" in text  # Wilson's interval of 4 of 5, by hand
    assert "divided by 2.5 before the softmax" in text
    assert "not measured on others" in text
    assert "| cat | 3 | 0 | 0 |" in text
    assert "| owl | 0 | 1 | 0 |" in text
    assert "Given by: A1 7." in text
    assert "1 has no label: 1 skipped" in text
    assert "resized to 256 x 256 pixels" in text
    assert 'grey: {"low": 0, "high": 4095}' in text
    assert "trained in full on this project's labels" in text
    assert "CLARIFIER Desktop 0.2.0, torch 2.14.1" in text
    assert "- seed: 1\n" in text
    assert f"`{project.models[-1].sha256}`" in text
    assert "by you" not in text


def test_what_was_not_measured_is_not_claimed(project: Project) -> None:
    text = card(project, {**ABOUT, "temperature": None}, holdout_n=0, holdout_right=0)
    assert "Not measured: no image was held out" in text
    assert "**Not calibrated.**" in text
    assert "%" not in text.split("## Labels")[0]


@pytest.mark.parametrize(
    ("weights", "words"),
    [(None, "ImageNet. Whether your use"), ("/home/me/bird.pth", "the weights of `bird.pth`; their licence")],
)
def test_the_weights_of_others_are_named_with_their_terms(
    weights: str | None, words: str, project: Project
) -> None:
    if weights is not None:
        learner = project.settings.learner.model_copy(update={"weights": Path(weights)})
        project.change_settings(project.settings.model_copy(update={"learner": learner}))
        begin_round(project, conductor(project), [])
    text = card(project, network="mobilenet_v2")
    assert words in text
    assert "/home" not in text


def test_a_network_of_timm_is_named_with_the_licence_of_its_weights(project: Project) -> None:
    text = card(project, network="vit_small_patch14_reg4_dinov2.lvd142m")
    assert "of timm, frozen" in text
    assert "Licence of these weights: Apache-2.0." in text
    assert "torchvision" not in text


def test_the_licences_that_torchvision_names() -> None:
    named = {name for name in backbone_names() if weights_licence(name)}
    assert {"vit_h_14", "regnet_y_128gf"} <= named
    assert "mobilenet_v2" not in named
    assert weights_licence("small-cnn") is None


def test_names_are_no_markup(tmp_path: Path) -> None:
    create(tmp_path / "p").close()
    project = open_project(tmp_path / "p")
    project.change_classes([ClassChange(0, Change.RENAMED, "a|b <i>*c*")])
    begin_round(project, conductor(project), [])
    assert r"| a\|b \<i\>\*c\* | 0 | 0 | 0 |" in card(project)


def test_a_card_never_takes_the_place_of_answers(project: Project) -> None:
    with pytest.raises(ExportError, match="holds answers"):
        write_card(project.store, project.models[-1], FACTS, project.store.path)
    project.store.close()
