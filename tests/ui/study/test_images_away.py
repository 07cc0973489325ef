"""A study whose images are away for a while: the trial is kept, and no key answers it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from model.datasets.image_files import PlaceError
from studies.timing.facts.records import EventKind, PlannedTrial
from studies.timing.session.trial import Phase
from tests.ui.driving import Stage, make_stage, press_here
from ui.kit import theme

PLAN = """\
name = "s"
seed = 2
[trials]
practice = 0
fixation_ms = {fixation_ms}
break_every = 0
[[blocks]]
dataset = "digits"
images = 4
"""
AWAY = "The images cannot be shown at the moment"
BACK = "The images are there again"

Make = Callable[[int], "AwayStage"]


class AwayStage:
    """A session whose images are away while ``away`` says so."""

    def __init__(self, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
        self.stage, self.away = stage, False
        self.gate = threading.Event()  # shut: reading hangs
        self.gate.set()
        usual = stage.controller._decoder._load

        def load(trial: PlannedTrial, fit: tuple[int, int]) -> tuple[Image.Image, bool]:
            assert self.gate.wait(10)
            if self.away:
                raise PlaceError("The folder /pictures/cat cannot be reached.", False, "cat/")
            return usual(trial, fit)

        monkeypatch.setattr(stage.controller._decoder, "_load", load)


@pytest.fixture(params=[0, 30])
def made(
    request: pytest.FixtureRequest, qapp: QApplication, qtbot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[AwayStage]:
    monkeypatch.setattr("ui.answering.image_place._AGAIN_MS", 30)
    theme.apply(qapp, theme.Theme.LIGHT)
    stage = make_stage(qtbot, tmp_path, PLAN.format(fixation_ms=request.param))
    yield AwayStage(stage, monkeypatch)
    stage.close()


def test_the_trial_is_kept_and_waits_for_enter_once_it_can_be_shown(made: AwayStage, qtbot) -> None:
    stage = made.stage
    made.away = True
    for _ in range(3):
        press_here(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: stage.title == AWAY)
    first = stage.state.trial
    for key in (Qt.Key.Key_5, Qt.Key.Key_Return, Qt.Key.Key_Return):
        press_here(key)
        qtbot.wait(100)
    assert stage.title == AWAY
    made.away = False
    qtbot.waitUntil(lambda: stage.title == BACK)
    assert stage.state.phase is Phase.FIXATION, "its time does not run while nobody looks"
    press_here(Qt.Key.Key_Return)
    assert stage.to_image(qtbot) is first
    for _ in range(4):
        stage.to_image(qtbot)
        press_here(Qt.Key.Key_5, "5")
    assert stage.answers() == [(position, "5") for position in range(4)]
    assert stage.count(EventKind.IMAGE_FAILED) == 0


def test_leaving_while_they_are_away_keeps_the_trial(made: AwayStage, qtbot) -> None:
    made.away = True
    for _ in range(3):
        press_here(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: made.stage.title == AWAY)
    made.stage.controller.pause()
    assert made.stage.title == "Paused"
    qtbot.wait(100)
    assert made.stage.title == "Paused", "nothing is looked for while nobody asks"
    made.away = False
    press_here(Qt.Key.Key_Return)
    made.stage.to_image(qtbot)
    assert made.stage.count(EventKind.IMAGE_FAILED) == 0


def test_an_image_that_does_not_come_is_told_of_and_read_anew(
    made: AwayStage, qtbot, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage, hung = made.stage, made.gate
    stage.controller._place._slow.setInterval(50)
    hung.clear()
    for _ in range(3):
        press_here(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: stage.title == AWAY)
    first = stage.state.trial
    assert first is not None
    assert f"{first.item} has not come yet" in stage.controller._words._text._body.text()
    made.gate = threading.Event()
    made.gate.set()
    stage.controller._place._slow.setInterval(60_000)
    press_here(Qt.Key.Key_Return)
    assert stage.to_image(qtbot) is first
    assert stage.count(EventKind.IMAGE_FAILED) == 0
    hung.set()
