"""What was answered last: it stands for a moment with Undo, and five small pictures stay."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage

from tests.ui.on_screen import open_on_screen
from ui.kit import theme
from ui.labeling.one_by_one.label_actions import LabelAction
from ui.labeling.one_by_one.last_answers import MOST, LastAnswers


@pytest.fixture
def last(qapp, qtbot) -> LastAnswers:
    theme.apply(qapp, theme.Theme.LIGHT)
    made = LastAnswers()
    open_on_screen(qtbot, made, made.sizeHint().width(), 600)
    return made


def picture(colour: str) -> QImage:
    image = QImage(400, 300, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    return image


def test_the_last_five_stay_the_newest_above(last: LastAnswers) -> None:
    for number in range(MOST + 2):
        last.add(f"class {number}", picture("red"))
    assert last.texts == tuple(f"class {number}" for number in range(MOST + 1, 1, -1))
    last.take_back("class 6")
    assert last.texts[0] == "class 5"


def test_the_picture_comes_after_the_next_image_and_moves_nothing(last: LastAnswers, qtbot) -> None:
    last.add("Forest", picture("red"))
    last._after.timeout.emit()
    older = last._place(1)
    spot = last._place(0).center()
    seen = last.grab().toImage()
    assert seen.pixelColor(spot.x(), last._place(0).top() + 30) == QColor("red")
    last.over.timeout.emit()
    assert last.note == ""
    assert last._place(1) == older


def test_a_click_on_the_newest_takes_it_back_while_undo_stands_there(last: LastAnswers, qtbot) -> None:
    done: list[LabelAction] = []
    last.pressed.connect(done.append)
    last.add("Forest", picture("red"))
    qtbot.mouseClick(last, Qt.MouseButton.LeftButton, pos=last._place(0).center())
    assert done == [LabelAction.UNDO]
    last.over.timeout.emit()
    qtbot.mouseClick(last, Qt.MouseButton.LeftButton, pos=last._place(0).center())
    assert done == [LabelAction.UNDO], "no more"


def test_it_tells_a_screen_reader(last: LastAnswers) -> None:
    last.add("Forest", None)
    assert last.accessibleDescription() == "Forest. Undo: Ctrl+Z"
    last.take_back("Forest")
    assert last.accessibleDescription() == "Undone: Forest"
