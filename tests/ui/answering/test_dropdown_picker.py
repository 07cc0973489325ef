"""The authors' interface: a list preset to the suggestion, searched by letters, and Next."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from tests.ui.on_screen import open_on_screen
from ui.answering.choosing import NOTHING, TAKEN_BACK, TOUCHED, PickerOutcome, answer_with
from ui.answering.dropdown_picker import DropdownPicker
from ui.kit import theme

# Of the lists that pop up, on a platform without a screen.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

CLASSES = ("airplane", "beach", "dense residential", "sparse residential")


@pytest.fixture
def picker(qapp: QApplication, qtbot) -> DropdownPicker:
    theme.apply(qapp, theme.Theme.LIGHT)
    page = QWidget()
    page.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    made = DropdownPicker()
    QVBoxLayout(page).addWidget(made)
    open_on_screen(qtbot, page)
    page.setFocus()
    made.set_classes(CLASSES)
    made.reset("beach")
    made.page = page  # type: ignore[attr-defined]  # lives as long as the picker
    return made


def search(qtbot, picker: DropdownPicker, text: str, *keys: Qt.Key) -> None:
    assert picker.press(Qt.Key.Key_F4, "") == TOUCHED
    assert picker._line.hasFocus()
    for letter in text:
        qtbot.keyClicks(key_target(), letter)
    for key in keys:
        qtbot.keyClick(key_target(), key)


def key_target() -> QWidget:
    """The widget that gets the keys of a real keyboard: the list of matches while it is open, else the focus."""
    target = QApplication.activePopupWidget() or QApplication.focusWidget()
    assert target is not None
    return target


def test_next_answers_with_the_suggestion(picker: DropdownPicker) -> None:
    assert picker.press(Qt.Key.Key_D, "d") == answer_with("beach")
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_1):
        assert picker.press(key, "") == NOTHING


def test_part_of_a_name_finds_it(picker: DropdownPicker, qtbot) -> None:
    search(qtbot, picker, "sparse", Qt.Key.Key_Return)
    assert not picker._line.hasFocus()
    assert picker.press(Qt.Key.Key_D, "d") == answer_with("sparse residential")


def test_an_arrow_chooses_another_match(picker: DropdownPicker, qtbot) -> None:
    search(qtbot, picker, "residential")
    assert QApplication.activePopupWidget() is not None, "matches are listed"
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return):
        qtbot.keyClick(key_target(), key)
    assert QApplication.activePopupWidget() is None
    assert picker.press(Qt.Key.Key_D, "d") == answer_with("sparse residential")


def test_keys_count_while_matches_are_listed(picker: DropdownPicker, qtbot) -> None:
    changes: list[PickerOutcome] = []
    search(qtbot, picker, "res")
    picker.changed.connect(changes.append)
    qtbot.keyClick(key_target(), Qt.Key.Key_Backspace)
    assert changes == [TAKEN_BACK]
    qtbot.keyClick(key_target(), Qt.Key.Key_Escape)


def test_d_is_a_letter_while_searching(picker: DropdownPicker, qtbot) -> None:
    got: list[PickerOutcome] = []
    picker.clicked.connect(lambda outcome, _event: got.append(outcome))
    search(qtbot, picker, "d")
    assert picker.typed == "d"
    assert got == []
    qtbot.keyClick(picker._line, Qt.Key.Key_Escape)


def test_escape_puts_the_choice_back(picker: DropdownPicker, qtbot) -> None:
    changes: list[PickerOutcome] = []
    picker.changed.connect(changes.append)
    search(qtbot, picker, "spar", Qt.Key.Key_Escape)
    assert picker.press(Qt.Key.Key_D, "d") == answer_with("beach")
    assert changes[-1] == TAKEN_BACK


def test_a_text_that_names_no_class_is_no_answer(picker: DropdownPicker, qtbot) -> None:
    search(qtbot, picker, "zzz", Qt.Key.Key_Return)
    assert picker.press(Qt.Key.Key_D, "d") == NOTHING
    qtbot.keyClick(picker._line, Qt.Key.Key_Escape)


def test_a_second_choice_takes_the_first_back(picker: DropdownPicker, qtbot) -> None:
    changes: list[PickerOutcome] = []
    search(qtbot, picker, "air", Qt.Key.Key_Return)
    picker.changed.connect(changes.append)
    search(qtbot, picker, "dense", Qt.Key.Key_Return)
    assert changes[-1] == TAKEN_BACK
    picker.reset("beach")
    search(qtbot, picker, "dense", Qt.Key.Key_Return)
    assert changes[-1] == TOUCHED, "the next image begins anew"


def test_without_a_suggestion_nothing_is_preset(picker: DropdownPicker) -> None:
    picker.reset(None)
    assert picker._box.currentText() == ""
    assert picker.press(Qt.Key.Key_D, "d") == NOTHING


def test_next_by_mouse(picker: DropdownPicker, qtbot) -> None:
    got: list[PickerOutcome] = []
    picker.clicked.connect(lambda outcome, _event: got.append(outcome))
    qtbot.mouseClick(picker._next, Qt.MouseButton.LeftButton)
    assert got == [answer_with("beach")]


def test_classes_that_begin_with_the_text_come_first(picker: DropdownPicker, qtbot) -> None:
    picker.set_classes(("crescent", "Äpfel", "cross", "square", "spiral"))
    picker.reset("cross")
    search(qtbot, picker, "s", Qt.Key.Key_Return)
    assert picker.press(Qt.Key.Key_D, "d") == answer_with("square")
    search(qtbot, picker, "apf", Qt.Key.Key_Return)
    assert picker.press(Qt.Key.Key_D, "d") == answer_with("Äpfel")


def test_what_finds_nothing_is_said(picker: DropdownPicker, qtbot) -> None:
    said: list[str] = []
    picker.said.connect(said.append)
    search(qtbot, picker, "bez")
    assert said[-1] == 'No class is called "bez". Esc: leave the list as it was'
    qtbot.keyClick(key_target(), Qt.Key.Key_Backspace)
    assert said[-1] == ""
    qtbot.keyClick(key_target(), Qt.Key.Key_Escape)


@pytest.mark.parametrize("key", [Qt.Key.Key_Down, Qt.Key.Key_F4])
def test_a_key_opens_the_list_and_chooses_nothing(picker: DropdownPicker, qtbot, key: Qt.Key) -> None:
    assert picker.press(key, "") == TOUCHED
    assert QApplication.activePopupWidget() is picker._matches
    assert picker._box.currentText() == "beach"
    qtbot.keyClick(key_target(), Qt.Key.Key_Down)
    qtbot.keyClick(key_target(), Qt.Key.Key_Return)
    assert picker.press(Qt.Key.Key_D, "d") == answer_with("dense residential")
    search(qtbot, picker, "", Qt.Key.Key_Tab)
    assert picker.press(Qt.Key.Key_D, "d") == answer_with("dense residential")


def test_f4_in_the_open_list_chooses_nothing(picker: DropdownPicker, qtbot) -> None:
    search(qtbot, picker, "", Qt.Key.Key_F4)
    assert QApplication.activePopupWidget() is picker._matches
    assert picker._changes == 0


def test_a_letter_after_steps_in_the_list_begins_a_search(picker: DropdownPicker, qtbot) -> None:
    search(qtbot, picker, "", Qt.Key.Key_Down)
    qtbot.keyClicks(key_target(), "a")
    assert picker.typed == "a"
    qtbot.keyClick(key_target(), Qt.Key.Key_Escape)
