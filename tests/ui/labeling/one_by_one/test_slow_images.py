"""An image that does not come, as from a disk that hangs: a sentence says so, and nothing is stored of it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from tests.ui.driving import press_here
from tests.ui.sittings import SECOND, LiveSitting, make_sitting

ENTER = (Qt.Key.Key_Return, "\r")
PUT_OFF = (Qt.Key.Key_F2, "")


@pytest.fixture
def made(qtbot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveSitting]:
    """A sitting whose first image hangs, and whose sentences are read at once."""
    monkeypatch.setattr("ui.answering.image_place._SLOW_MS", 50)
    monkeypatch.setattr("ui.answering.image_place._SEEN_S", 0)
    sitting = make_sitting(qtbot, tmp_path)
    sitting.images.gate.clear()
    yield sitting
    sitting.images.gate.set()
    sitting.close()


def wait_for_words(sitting: LiveSitting, qtbot) -> int:
    sitting.controller.begin()
    item = sitting.project.desk.item
    assert item is not None
    name = sitting.project.items[item].rpartition("/")[2]
    qtbot.waitUntil(lambda: f"The image {name} has not come yet" in sitting.hint)
    assert "Enter: try again" in sitting.hint
    assert "F2: put it off" in sitting.hint
    return item


def answer_by(sitting: LiveSitting) -> None:
    """Let what is read from now on come at once; what hangs still hangs."""
    sitting.controller._place._slow.setInterval(60_000)
    sitting.images.gate = threading.Event()
    sitting.images.gate.set()


def test_it_is_shown_when_it_comes(made: LiveSitting, qtbot) -> None:
    item = wait_for_words(made, qtbot)
    press_here(*SECOND)
    made.images.gate.set()
    assert made.to_image(qtbot) == item
    assert made.events() == []


def test_it_can_be_put_off(made: LiveSitting, qtbot) -> None:
    item, hung = wait_for_words(made, qtbot), made.images.gate
    answer_by(made)
    press_here(*PUT_OFF)
    assert made.to_image(qtbot) != item
    assert made.events() == []
    assert [task.item for task in made.project.queue][-1] == item
    hung.set()


def test_enter_reads_it_anew(made: LiveSitting, qtbot) -> None:
    item, hung = wait_for_words(made, qtbot), made.images.gate
    answer_by(made)
    press_here(*ENTER)
    assert made.to_image(qtbot) == item
    hung.set()


def test_another_page_and_back(made: LiveSitting, qtbot) -> None:
    wait_for_words(made, qtbot)
    made.controller.leave()
    qtbot.wait(100)
    assert "has not come" not in made.hint
    made.controller.come_back()
    wait_for_words(made, qtbot)
    assert made.events() == []


def test_an_image_of_before_that_comes_takes_the_sentence_away(made: LiveSitting, qtbot) -> None:
    made.images.gate.set()
    made.controller.begin()
    first = made.answer(qtbot)
    made.to_image(qtbot)
    made.images.gate.clear()
    made.controller._decoder.forget()
    made.answer(qtbot)
    qtbot.waitUntil(lambda: "has not come yet" in made.hint)
    press_here(Qt.Key.Key_PageUp)
    assert "has not come yet" not in made.hint
    made.images.gate.set()
    assert made.to_image(qtbot) != first
