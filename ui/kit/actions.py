"""Every action of a session and its keys, as data: pages bind from this table, the key sheet is drawn from it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence

_Key = Qt.Key


class Action(Enum):
    """What a person can do by a key."""

    ACCEPT = "accept"
    CHOOSE_DIGIT = "choose_digit"
    TYPE = "type"
    MOVE = "move"
    ERASE = "erase"
    CLEAR = "clear"
    OPEN_LIST = "open_list"
    NEXT = "next"
    FLAG = "flag"
    PAUSE = "pause"
    HELP = "help"
    FULL_SCREEN = "full_screen"
    CONTINUE = "continue"
    WITHDRAW = "withdraw"


class Scope(Enum):
    """Where an action holds."""

    KEYBOARD = "While an image is shown"
    DROPDOWN = "While an image is shown, with the list"
    PAGES = "Between images"
    ANYWHERE = "Anywhere"


@dataclass(frozen=True)
class Binding:
    """An action, where it holds, its keys, and what to say of it. ``shown`` names keys that are not single keys."""

    action: Action
    scope: Scope
    keys: tuple[Qt.Key, ...]
    text: str
    shown: str = ""

    @property
    def key_names(self) -> str:
        """The keys in words, for buttons and the key sheet."""
        return self.shown or " or ".join(QKeySequence(key).toString() for key in self.keys)


_ENTER = (_Key.Key_Return, _Key.Key_Enter, _Key.Key_Space)
_DIGITS = tuple(_Key(_Key.Key_0 + digit) for digit in range(10))
_ARROWS = (_Key.Key_Up, _Key.Key_Down, _Key.Key_Left, _Key.Key_Right)

BINDINGS: tuple[Binding, ...] = (
    Binding(Action.ACCEPT, Scope.KEYBOARD, _ENTER, "The suggestion is right: accept it", "Enter or Space"),
    Binding(Action.CHOOSE_DIGIT, Scope.KEYBOARD, _DIGITS, "Answer with the class beside the digit", "0 to 9"),
    Binding(Action.TYPE, Scope.KEYBOARD, (), "Find a class by its letters, then Enter", "A to Z"),
    Binding(Action.MOVE, Scope.KEYBOARD, _ARROWS, "Choose among the classes, then Enter", "Arrow keys"),
    Binding(Action.ERASE, Scope.KEYBOARD, (_Key.Key_Backspace,), "Take back a letter"),
    Binding(Action.CLEAR, Scope.KEYBOARD, (_Key.Key_Delete,), "Take back all letters and choices"),
    Binding(
        Action.OPEN_LIST, Scope.DROPDOWN, (_Key.Key_Down, _Key.Key_F4), "Open the list, then type to search"
    ),
    Binding(Action.NEXT, Scope.DROPDOWN, (_Key.Key_D,), "Answer with the class shown, and go on"),
    Binding(
        Action.FLAG, Scope.ANYWHERE, (_Key.Key_F8,), "The data set itself is wrong here (again: take back)"
    ),
    Binding(Action.PAUSE, Scope.ANYWHERE, (_Key.Key_Escape,), "Pause; the image comes again later"),
    Binding(Action.CONTINUE, Scope.PAGES, _ENTER, "Go on", "Enter or Space"),
    Binding(Action.WITHDRAW, Scope.PAGES, (_Key.Key_F9,), "Stop taking part and delete my data"),
    Binding(Action.HELP, Scope.ANYWHERE, (_Key.Key_F1,), "Show or hide this sheet"),
    Binding(Action.FULL_SCREEN, Scope.ANYWHERE, (_Key.Key_F11,), "Full screen on or off"),
)


def find(key: int, *scopes: Scope) -> Action | None:
    """The action of a key in the given scopes, or ``None``."""
    for binding in BINDINGS:
        if binding.scope in scopes and key in binding.keys:
            return binding.action
    return None


def key_names(action: Action) -> str:
    """The keys of an action in words."""
    return next(b.key_names for b in BINDINGS if b.action is action)
