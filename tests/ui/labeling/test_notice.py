"""A message of the program: read whole, closed by a key or a click, and nothing on the page moves for it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from clarifier_desktop.app import Program
from tests.ui.driving import key_event
from ui.labeling.one_by_one.label_page import LabelPage

LONG = (
    "The file weights.pth holds another network than mobilenet_v2: "
    + 9 * "it lacks what the other has, and so on. "
)


def places(page: LabelPage) -> list[QRect]:
    QApplication.processEvents()
    return [QRect(page.mapToGlobal(part.pos()), part.size()) for part in (page, page.view, page._picker)]


def test_it_moves_nothing_on_the_page_and_takes_no_key(labeled: Program) -> None:
    assert labeled.labeling is not None
    page = labeled.labeling.page
    before, focus = places(page), QApplication.focusWidget()
    labeled.say(LONG)
    assert places(page) == before
    assert QApplication.focusWidget() is focus


def test_a_long_message_is_read_whole(program: Program) -> None:
    program.say(LONG)
    QApplication.processEvents()
    (words,) = program.window.notice.findChildren(QLabel)
    assert words.text() == LONG
    assert words.height() >= words.heightForWidth(words.width())
    program.window.resize(700, 500)
    QApplication.processEvents()
    assert program.window.notice.width() == program.window.width()
    assert words.height() >= words.heightForWidth(words.width())


@pytest.mark.parametrize("by", ["key", "click"])
def test_it_is_closed_by_a_key_and_by_a_click(labeled: Program, qtbot, by: str) -> None:
    assert labeled.labeling is not None
    labeled.say("The settings could not be saved.")
    notice = labeled.window.notice
    assert notice.isVisible()
    if by == "key":
        key_event(labeled.labeling.page, Qt.Key.Key_F12)
    else:
        (button,) = notice.findChildren(QPushButton)
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert not notice.isVisible()
    assert notice.text == ""


def test_why_the_learner_stopped_is_taken_back_when_a_round_begins(labeled: Program) -> None:
    assert labeled.labeling is not None
    labeled.labeling.learner.failed.emit("The file holds another network.")
    assert labeled.window.notice.text == "The file holds another network."
    labeled.labeling.learner.begun.emit()
    assert labeled.window.notice.text == ""
    labeled.say("Something else.")
    labeled.labeling.learner.begun.emit()
    assert labeled.window.notice.text == "Something else."
