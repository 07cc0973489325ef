"""Rounds of "auto" compare encoders when labels are enough and a better one's weights are at hand."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from model.learning.encoder_scores import EncoderChoice, Score, read_choice
from model.networks import encoders
from model.networks.encoders import ENCODERS
from model.port import NullPort
from model.rounds import backbone, comparing
from model.rounds.comparing import compare_encoders, network_of
from model.rounds.live import learn, prepare
from model.rounds.live_values import LearnerSettings, LearnRequest
from model.rounds.workbench import Workbench
from tests.model.coloured import Coloured
from tests.model.random_weights import random_weights
from tests.model.rounds.asking import request

SMALL, BETTER = "mobilenet_v3_small", "mobilenet_v3_large"
SCORES = {SMALL: Score(0.4, 1.5), BETTER: Score(0.8, 0.5)}


class Larger(Coloured):
    """The same images, large enough to be photographs."""

    def image(self, index: int, fit: tuple[int, int] | None = None) -> Image.Image:
        return super().image(index, fit).resize((32, 32))


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LearnRequest:
    """A request of "auto" with enough labels, and weights of both encoders in the folder of a laboratory."""
    for module in (comparing, backbone):
        monkeypatch.setattr(module, "SMALL" if module is comparing else "FROZEN", SMALL)
    monkeypatch.setattr(comparing, "BETTER", (BETTER,))
    laboratory = tmp_path / "laboratory"
    laboratory.mkdir()
    for name in (SMALL, BETTER):
        torch.save(random_weights(name), laboratory / f"{name}.pth")
    images = Larger(60)
    labels = np.where(np.arange(60) < 45, np.array(images.labels), -1).astype(np.int32)
    settings = LearnerSettings()
    return request(tmp_path, images, labels=labels, settings=settings, laboratory=laboratory)


def test_a_comparison_judges_both_on_labels_that_train(asked: LearnRequest) -> None:
    found = compare_encoders(asked, Larger(60), NullPort())
    assert found is not None
    assert found.labels == 45 - int(asked.holdout.sum())
    assert list(found.scores) == [SMALL, BETTER]
    assert found.chosen in found.scores


@pytest.mark.parametrize(
    "change",
    [
        {"settings": LearnerSettings(network=SMALL)},
        {"settings": LearnerSettings(weights=Path("some.pth"))},
        {"laboratory": None},
        {"encoder": EncoderChoice(SMALL, 30, SCORES)},
        {"labels": np.where(np.arange(60) < 30, np.arange(60) % 3, -1).astype(np.int32)},
    ],
    ids=["a network was named", "a file was named", "no weights", "compared not long ago", "too few labels"],
)
def test_nothing_is_compared_where_nothing_is_to_be_chosen(asked: LearnRequest, change) -> None:
    assert compare_encoders(replace(asked, **change), Larger(60), NullPort()) is None


def test_a_round_stands_on_what_was_chosen_and_says_so(asked: LearnRequest, monkeypatch) -> None:
    choice = EncoderChoice(BETTER, 36, SCORES)
    monkeypatch.setattr("model.rounds.live.compare_encoders", lambda *_: choice)
    bench = Workbench(Larger(60))
    try:
        result = learn(asked, bench, NullPort())
        assert result.model.network == BETTER
        assert read_choice(json.loads(result.model.settings)["encoder"]) == choice
        assert result.notes["encoder"] == choice.sentence()
        # The next round goes on with it and compares nothing yet.
        monkeypatch.setattr("model.rounds.live.compare_encoders", lambda *_: None)
        later = learn(replace(asked, encoder=choice, round=2), bench, NullPort())
        assert later.model.network == BETTER
        assert read_choice(json.loads(later.model.settings)["encoder"]) == choice
        assert "encoder" not in later.notes
    finally:
        bench.close()


def test_what_was_chosen_gives_way_where_its_weights_are_gone_or_a_network_is_named(
    asked: LearnRequest,
) -> None:
    chosen = replace(asked, encoder=EncoderChoice(BETTER, 36, SCORES))
    assert network_of(asked) == "auto"
    assert network_of(chosen) == BETTER
    assert network_of(replace(chosen, laboratory=None)) == "auto"
    assert network_of(replace(chosen, settings=LearnerSettings(network="resnet18"))) == "resnet18"


def test_weights_that_were_missing_are_looked_for_again_only_when_that_is_wanted(asked: LearnRequest) -> None:
    laboratory = asked.laboratory
    assert laboratory is not None
    file = laboratory / f"{SMALL}.pth"
    elsewhere = file.rename(laboratory / "elsewhere")
    bench = Workbench(Larger(60))
    try:
        assert "could not be loaded" in prepare(asked, bench, NullPort()).note
        elsewhere.rename(file)
        assert "could not be loaded" in prepare(asked, bench, NullPort()).note
        assert prepare(replace(asked, look_again=True), bench, NullPort()).note == ""
    finally:
        bench.close()


def test_those_that_are_tried_are_listed() -> None:
    assert encoders.SMALL in ENCODERS
    assert set(encoders.BETTER) <= set(ENCODERS)
