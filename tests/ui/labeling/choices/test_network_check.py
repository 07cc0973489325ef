"""Another network and its weights are looked at when they are chosen."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit

from clarifier_desktop.app import Program
from model import parts
from model.errors import UserError
from model.names import AUTO
from model.port import NullPort
from studies.labeling.facts.settings import Learner
from tests.model.random_weights import random_weights
from tests.ui.labeling.window import page_of, press, words
from ui.labeling.choices.network_check import check_network, describe_network, needs_check
from ui.labeling.one_by_one.label_page import LabelPage
from ui.labeling.project.new_project_page import NewProjectPage
from ui.labeling.project.settings_page import SettingsPage
from ui.labeling.rounds.background_learner import BackgroundLearner

FORBIDS = "convnext_tiny.eupe_lvd1689m"


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    file = tmp_path / "some.pth"
    torch.save(random_weights("mobilenet_v2"), file)
    return file


def choose(page, network: str, weights: str = "") -> None:
    box = next(w for w in page.findChildren(QComboBox) if w.accessibleName() == "Network")
    box.setCurrentText(network)
    line = next(w for w in page.findChildren(QLineEdit) if w.accessibleName().startswith("Weights"))
    line.setText(weights)


def test_what_needs_a_look() -> None:
    old = Learner(network="resnet50")
    assert not needs_check(old, old)
    assert not needs_check(old, Learner())
    assert not needs_check(old, Learner(network="small-cnn"))
    assert needs_check(Learner(), old)
    assert needs_check(old, Learner(network="resnet50", weights=Path("some.pth")))


def test_the_one_that_a_file_is_for_is_found(weights: Path) -> None:
    found = check_network(AUTO, weights, NullPort())
    assert (found.name, found.commercial, found.warning) == ("mobilenet_v2", True, "")
    assert check_network("tf_efficientnet_lite2", None, NullPort()).name == "tf_efficientnet_lite2.in1k"
    with pytest.raises(UserError, match="small-cnn is trained here and takes no weights"):
        check_network("small-cnn", weights, NullPort())
    assert "no commercial use" in check_network("vit_h_14", None, NullPort()).warning


def test_one_that_reads_names_is_refused_where_that_part_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "_is_installed", lambda name: name != "open_clip")
    with pytest.raises(UserError, match=r"ViT-B-16-SigLIP2\.webli needs the extra part names.*pip install"):
        check_network("ViT-B-16-SigLIP2.webli", None, NullPort())


def test_listed_networks_say_their_terms_and_size() -> None:
    assert "It reads class names in many languages." in describe_network("ViT-B-16-SigLIP2.webli")
    assert describe_network("mobilenet_v2_tf").endswith(
        "Licence: Apache-2.0; its weights are a file of yours."
    )
    assert "no commercial use; 111 MB to download" in describe_network(FORBIDS)
    assert describe_network(AUTO) == ""


def test_a_file_that_does_not_fit_is_said_on_the_page_of_settings(
    labeled: Program, weights: Path, qtbot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(BackgroundLearner, "_prepare", lambda *_: None)
    assert labeled.labeling is not None
    project = labeled.labeling.project
    press(labeled, qtbot, Qt.Key.Key_Comma, control=True)
    page = page_of(labeled, SettingsPage)
    choose(page, "resnet50", str(weights))
    qtbot.keyClick(page, Qt.Key.Key_Return)
    sentence = "The file some.pth holds another network than resnet50"
    qtbot.waitUntil(lambda: sentence in words(page), timeout=120_000)
    assert project.settings.learner == Learner()
    choose(page, AUTO, str(weights))
    assert sentence not in words(page)
    qtbot.keyClick(page, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: project.settings.learner.weights == weights, timeout=120_000)
    assert project.settings.learner.network == "mobilenet_v2", "the network that the file is for"
    page_of(labeled, LabelPage)


def test_terms_that_forbid_commercial_use_are_named_before_anything_is_downloaded(
    program: Program, folder: Path, qtbot
) -> None:
    program.new_project(folder)
    page = page_of(program, NewProjectPage)
    qtbot.waitUntil(lambda: "60 images" in words(page))
    choose(page, FORBIDS)
    press(program, qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "FAIR Noncommercial Research License: no commercial use" in words(page))
    assert program.labeling is None
    press(program, qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: program.labeling is not None)
    assert program.labeling is not None
    assert program.labeling.project.settings.learner.network == FORBIDS
