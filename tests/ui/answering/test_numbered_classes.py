"""Classes with numbers in their names, by keys of several layouts."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from ui.answering.choosing import NOTHING, TOUCHED, answer_with
from ui.answering.class_cells import Mark
from ui.answering.class_picker import ClassPicker

GRADES = ("0", "1", "2", "3", "4")
MANY = tuple(str(number) for number in range(1, 25))


@pytest.fixture
def picker(qapp: QApplication, qtbot) -> ClassPicker:
    made = ClassPicker()
    qtbot.addWidget(made)
    made.set_classes(GRADES)
    return made


def test_each_grade_has_its_own_digit(picker: ClassPicker) -> None:
    for grade in GRADES:
        assert picker.press(ord(grade), grade) == answer_with(grade)
    assert picker.press(Qt.Key.Key_5, "5") == NOTHING
    assert picker.press(Qt.Key.Key_Ampersand, "&", "1") == answer_with("1"), "by its place"
    assert picker.press(Qt.Key.Key_Up, "", "3") == answer_with("3"), "the number pad without NumLock"
    assert picker.press(0x663, "\u0663") == answer_with("3")


def test_a_class_with_a_key_of_its_own_shows_one_key(picker: ClassPicker) -> None:
    picker.set_classes(GRADES, [Mark("0"), Mark("2"), Mark(), Mark("x"), Mark()])
    assert picker._cells.digits == ("", "", "", "", "4"), "2 is another's by the annotator's choice"


def test_a_typed_number_waits_for_enter(picker: ClassPicker) -> None:
    picker.set_classes(MANY)
    picker.reset("6")
    assert picker.how == "type its number or first letters, then Enter"
    assert picker.press(Qt.Key.Key_1, "1") == TOUCHED
    assert picker.press(Qt.Key.Key_Eacute, "\u00e9", "2") == TOUCHED, "by its place"
    assert picker.press(Qt.Key.Key_Return, "\r") == answer_with("12")
    picker.reset(None)
    assert picker.press(Qt.Key.Key_Up, "", "8") == TOUCHED
    assert picker.press(Qt.Key.Key_Return, "\r") == answer_with("8")


def test_letters_are_found_by_place_where_the_alphabet_has_none(picker: ClassPicker) -> None:
    picker.set_classes(tuple(f"{letter}at" for letter in "abcdefghijkl"))
    assert picker.press(0x412, "\u0432", "", "d") == TOUCHED
    assert picker.press(Qt.Key.Key_Return, "\r") == answer_with("dat")
