"""The keyboard interface's classes: answers by key and mouse, and places that stand still."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QFontMetrics, QHelpEvent, QPainter
from PySide6.QtWidgets import QApplication, QToolTip

from ui.answering import class_cells
from ui.answering.answer_keys import KEYBOARD_KEYS, KeyboardAction
from ui.answering.choosing import NOTHING, TAKEN_BACK, TOUCHED, PickerOutcome, answer_with
from ui.answering.class_cells import ClassCells
from ui.answering.class_picker import ClassPicker
from ui.kit import theme

DIGITS = tuple(f"class {number}" for number in range(10))
ANIMALS = ("antelope", "bee", "cat", "catfish", "dog", "eel", "fox", "goat", "hare", "ibis", "red cat")
MANY = tuple(f"species {number:03d}" for number in range(200))


@pytest.fixture
def picker(qapp: QApplication, qtbot) -> ClassPicker:
    theme.apply(qapp, theme.Theme.LIGHT)
    made = ClassPicker()
    qtbot.addWidget(made)
    made.resize(800, 300)
    made.show()
    return made


def cells(picker: ClassPicker) -> ClassCells:
    return picker._cells


def places(picker: ClassPicker) -> list[QRect]:
    return [cells(picker).place(index) for index in range(len(cells(picker).classes))]


def write(picker: ClassPicker, text: str) -> list[PickerOutcome]:
    return [
        picker.press(Qt.Key.Key_Space if letter == " " else Qt.Key(ord(letter.upper())), letter)
        for letter in text
    ]


def test_a_digit_answers_with_the_class_beside_it(picker: ClassPicker) -> None:
    picker.set_classes(DIGITS)
    picker.reset("class 2")
    assert picker.press(Qt.Key.Key_7, "7") == answer_with("class 7")
    picker.set_classes(DIGITS[:3])
    assert picker.press(Qt.Key.Key_1, "1") == answer_with("class 1")
    picker.set_classes(ANIMALS[:3])
    assert picker.press(Qt.Key.Key_1, "1") == answer_with("antelope")
    for none in ("0", "4", "x"):
        assert picker.press(Qt.Key(ord(none.upper())), none) == NOTHING


@pytest.mark.parametrize(("classes", "holds"), [(DIGITS, False), (ANIMALS[:3], False), (ANIMALS, True)])
def test_the_key_sheet_says_where_letters_find_a_class(
    picker: ClassPicker, classes: tuple[str, ...], holds: bool
) -> None:
    picker.set_classes(classes)
    assert picker.has_digits is not holds
    assert (write(picker, "c") == [TOUCHED]) is holds
    assert KEYBOARD_KEYS[KeyboardAction.TYPE].text.startswith("Where classes have no digit or key")


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_enter_and_space_accept(picker: ClassPicker, key: Qt.Key) -> None:
    picker.set_classes(DIGITS)
    picker.reset("class 2")
    assert picker.press(key, "") == answer_with("class 2")
    picker.reset(None)
    assert picker.press(key, "") == NOTHING, "nothing was suggested"


def test_letters_find_and_enter_answers(picker: ClassPicker) -> None:
    picker.set_classes(ANIMALS)
    picker.reset("bee")
    assert write(picker, "catf") == [TOUCHED] * 4
    assert picker.press(Qt.Key.Key_Return, "\r") == answer_with("catfish")
    assert picker.press(Qt.Key.Key_Backspace, "\b") == TAKEN_BACK
    assert picker.press(Qt.Key.Key_Return, "\r") == answer_with("cat")
    assert picker.press(Qt.Key.Key_Delete, "") == TAKEN_BACK
    assert picker.press(Qt.Key.Key_Return, "\r") == answer_with("bee"), "all taken back: the suggestion again"
    assert picker.press(Qt.Key.Key_Backspace, "\b") == NOTHING


def test_letters_that_find_nothing_answer_nothing(picker: ClassPicker) -> None:
    picker.set_classes(ANIMALS)
    picker.reset("bee")
    write(picker, "zz")
    assert picker.press(Qt.Key.Key_Return, "\r") == NOTHING


def test_space_belongs_to_a_name_that_has_one(picker: ClassPicker) -> None:
    picker.set_classes(ANIMALS)
    picker.reset("bee")
    assert write(picker, "red c")[-2:] == [TOUCHED, TOUCHED]
    assert picker.press(Qt.Key.Key_Space, " ") == answer_with("red cat")


def test_arrows_choose(picker: ClassPicker) -> None:
    picker.set_classes(ANIMALS)
    picker.reset("bee")
    picker.press(Qt.Key.Key_Right, "")
    picker.press(Qt.Key.Key_Right, "")
    assert picker.press(Qt.Key.Key_Return, "\r") == answer_with("bee")
    picker.reset("bee")
    write(picker, "cat")
    picker.press(Qt.Key.Key_Right, "")
    assert picker.press(Qt.Key.Key_Return, "\r") == answer_with("catfish"), "the next that matches"


def test_reset_forgets_what_was_typed(picker: ClassPicker) -> None:
    picker.set_classes(ANIMALS)
    picker.reset("bee")
    write(picker, "do")
    picker.reset("fox")
    assert picker.typed == ""
    assert picker.press(Qt.Key.Key_Return, "\r") == answer_with("fox")


def test_nothing_moves_while_a_class_is_sought(picker: ClassPicker, qtbot) -> None:
    picker.set_classes(ANIMALS)
    picker.reset("bee")
    before, height = places(picker), picker.height()
    quiet = picker.grab().toImage()
    write(picker, "cat")
    assert (places(picker), picker.height()) == (before, height)
    assert picker.grab().toImage() != quiet, "what was found is seen"
    picker.reset("dog")
    assert (places(picker), picker.height()) == (before, height)


def test_the_mouse_answers_where_it_was_pressed(picker: ClassPicker, qtbot) -> None:
    picker.set_classes(ANIMALS)
    picker.reset("bee")
    got: list[PickerOutcome] = []
    picker.clicked.connect(lambda outcome, _event: got.append(outcome))
    here, there = (place.center() for place in places(picker)[3:5])
    qtbot.mouseClick(cells(picker), Qt.MouseButton.LeftButton, pos=here)
    assert got == [answer_with("catfish")]
    qtbot.mousePress(cells(picker), Qt.MouseButton.LeftButton, pos=here)
    qtbot.mouseRelease(cells(picker), Qt.MouseButton.LeftButton, pos=there)
    qtbot.mouseClick(cells(picker), Qt.MouseButton.RightButton, pos=here)
    assert len(got) == 1, "dragged off, and the other button"


def test_right_to_left_classes_begin_at_the_right(picker: ClassPicker, qtbot) -> None:
    picker.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    picker.set_classes(("قطة", "كلب", "حصان"))
    picker.reset("قطة")
    first, second, _ = places(picker)
    assert first.left() > second.right()
    got: list[PickerOutcome] = []
    picker.clicked.connect(lambda outcome, _event: got.append(outcome))
    qtbot.mouseClick(cells(picker), Qt.MouseButton.LeftButton, pos=first.center())
    assert got == [answer_with("قطة")]
    assert picker.press(Qt.Key.Key_2, "2") == answer_with("كلب")


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_a_long_name_is_cut_and_whole_in_the_tool_tip(picker: ClassPicker) -> None:
    long = "long " * 60 + "name"
    picker.set_classes((long, "b"))
    picker.reset("b")
    place = cells(picker).place(0)
    assert place.width() < QFontMetrics(theme.font(theme.FontRole.BODY)).horizontalAdvance(long)
    assert place.right() < cells(picker).width()
    where = place.center()
    event = QHelpEvent(QEvent.Type.ToolTip, where, cells(picker).mapToGlobal(where))
    QApplication.sendEvent(cells(picker), event)
    assert QToolTip.text() == long
    QToolTip.hideText()


@pytest.mark.parametrize("width", [320, 640, 1600])
def test_no_two_classes_share_a_place(picker: ClassPicker, width: int) -> None:
    picker.resize(width, 300)
    for classes in (DIGITS, ANIMALS, MANY):
        picker.set_classes(classes)
        found = places(picker)
        assert all(not a.intersects(b) for i, a in enumerate(found) for b in found[i + 1 : i + 12])
        assert all(place.left() >= 0 and place.right() < width for place in found)
        assert cells(picker)._at(QPoint(found[-1].center())) == len(classes) - 1


def test_many_classes_are_measured_once_and_painted_where_they_are_in_view(
    picker: ClassPicker, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured: list[str] = []
    painted: list[int] = []

    class Metrics(QFontMetrics):
        def horizontalAdvance(self, text: str) -> int:  # type: ignore[override]
            measured.append(text)
            return super().horizontalAdvance(text)

    monkeypatch.setattr(class_cells, "QFontMetrics", Metrics)
    paint = ClassCells.paint_cell

    def painting(self, painter: QPainter, index: int, place: QRect) -> None:
        painted.append(index)
        paint(self, painter, index, place)

    monkeypatch.setattr(ClassCells, "paint_cell", painting)
    picker.set_classes(tuple(f"species {n}" for n in range(1000)))
    picker.grab()
    picker.press(Qt.Key.Key_9, "9")
    picker.grab()
    assert len(measured) <= 2000, "once in each of two sizes"
    assert 0 < len(painted) < 500
