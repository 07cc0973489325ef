"""The keys that choose a class, in both response interfaces."""

from __future__ import annotations

from enum import Enum

from ui.kit.keys import ARROWS, ENTER, Key, KeyTable


class KeyboardAction(Enum):
    """What a key does to the choice of a class with the keyboard interface."""

    ACCEPT = "accept"
    DIGIT = "digit"
    TYPE = "type"
    MOVE = "move"
    ERASE = "erase"
    CLEAR = "clear"


class DropdownAction(Enum):
    """What a key does to the choice of a class with the authors' interface."""

    OPEN_LIST = "open_list"
    NEXT = "next"


class SearchAction(Enum):
    """What a key does while the authors' list is searched."""

    CHOOSE = "choose"
    LEAVE = "leave"


_DIGITS = tuple("0123456789")
KEYBOARD_KEYS = KeyTable(
    "While an image is shown",
    (
        Key(KeyboardAction.ACCEPT, (*ENTER, "Space"), "The suggestion is right: accept it"),
        Key(KeyboardAction.DIGIT, _DIGITS, "Answer with the class beside the digit", names="0 to 9"),
        Key(
            KeyboardAction.TYPE,
            (),
            "Where classes have no digit or key: find one by its letters, then Enter",
            names="A to Z",
        ),
        Key(KeyboardAction.MOVE, ARROWS, "Choose among the classes, then Enter", names="Arrow keys"),
        Key(KeyboardAction.ERASE, ("Backspace",), "Erase a letter"),
        Key(KeyboardAction.CLEAR, ("Delete",), "Erase all letters and choices"),
    ),
)
DROPDOWN_KEYS = KeyTable(
    "While an image is shown, with the list",
    (
        Key(DropdownAction.OPEN_LIST, ("Down", "F4"), "Open the list, then type to search"),
        Key(DropdownAction.NEXT, ("D",), "Answer with the class shown, and go on", "Next"),
    ),
)
SEARCH_KEYS = KeyTable(
    "While the list is searched",
    (
        Key(SearchAction.CHOOSE, ENTER, "Choose the best match"),
        Key(SearchAction.LEAVE, ("Esc", "Tab"), "Leave the list as it was"),
    ),
    alone=True,
)
