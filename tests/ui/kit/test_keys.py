"""Tables of keys: how a key press finds its action, and how keys are written."""

from __future__ import annotations

from enum import Enum

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

from ui.kit.keys import ENTER, Key, KeyTable, combination_of, comes_first

_Held = Qt.KeyboardModifier


class Do(Enum):
    GO = "go"
    ONE = "one"
    UNDO = "undo"
    LARGER = "larger"
    TYPE = "type"


TABLE = KeyTable(
    "Keys",
    (
        Key(Do.GO, (*ENTER, "Space"), "Go on", "Go"),
        Key(Do.ONE, ("1", "2"), "Choose one", names="1 to 2"),
        Key(Do.UNDO, ("Ctrl+Z",), "Undo"),
        Key(Do.LARGER, ("Ctrl++", "Ctrl+="), "Larger"),
        Key(Do.TYPE, (), "Type", names="A to Z"),
    ),
)


def action(key: Qt.Key, held: Qt.KeyboardModifier = _Held.NoModifier) -> tuple[Do, int] | None:
    entry = TABLE.find(QKeyEvent(QEvent.Type.KeyPress, key, held))
    return None if entry is None else (entry[0].action, entry[1])


def test_a_press_finds_its_action_and_which_of_its_keys_it_was() -> None:
    assert action(Qt.Key.Key_Return) == (Do.GO, 0)
    assert action(Qt.Key.Key_Space) == (Do.GO, 2)
    assert action(Qt.Key.Key_2) == (Do.ONE, 1)
    assert action(Qt.Key.Key_3) is None


def test_what_is_held_counts() -> None:
    assert action(Qt.Key.Key_Z) is None
    assert action(Qt.Key.Key_Z, _Held.ControlModifier) == (Do.UNDO, 0)
    assert action(Qt.Key.Key_Z, _Held.ControlModifier | _Held.ShiftModifier) is None, "often redo"
    assert action(Qt.Key.Key_Return, _Held.AltModifier) is None


def test_the_keypad_and_digits_behind_shift_are_the_same_keys() -> None:
    assert action(Qt.Key.Key_Enter, _Held.KeypadModifier) == (Do.GO, 1)
    assert action(Qt.Key.Key_Plus, _Held.ControlModifier | _Held.KeypadModifier) == (Do.LARGER, 0)
    assert action(Qt.Key.Key_1, _Held.ShiftModifier) == (Do.ONE, 0), "as on a French keyboard"
    assert action(Qt.Key.Key_Return, _Held.ShiftModifier) is None


def test_a_bare_key_whatever_is_held_with_it() -> None:
    assert TABLE.action_of(Qt.Key.Key_Return) is Do.GO
    assert TABLE.action_of(Qt.Key.Key_Z) is None


def test_keys_are_written_as_on_a_keyboard() -> None:
    assert TABLE[Do.GO].key_names == "Enter or Space"
    assert TABLE[Do.GO].hint == "Enter"
    assert TABLE[Do.ONE].key_names == TABLE[Do.ONE].hint == "1 to 2"
    assert TABLE[Do.LARGER].key_names == "Ctrl++ or Ctrl+="
    with pytest.raises(KeyError):
        KeyTable[Do]("None", ())[Do.GO]


def test_signs_are_keys_too() -> None:
    assert combination_of("Ctrl+,").key() is Qt.Key.Key_Comma
    assert combination_of("+").key() is Qt.Key.Key_Plus


@pytest.mark.parametrize("key", ["F2", "Esc", "PgUp", "PgDown", "Ctrl+O", "Alt+S", "Ctrl+1", "Ctrl++"])
def test_what_no_box_needs_comes_to_the_page_first(key: str) -> None:
    assert comes_first(key)


@pytest.mark.parametrize("key", ["Return", "Enter", "Space", "Up", "A", "1", "+", "Delete", "Backspace"])
def test_what_a_box_needs_comes_to_it_first(key: str) -> None:
    assert not comes_first(key)
