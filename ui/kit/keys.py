"""The keys of a page as a table: what a key does, what its button shows and the key sheet are all read from it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import cached_property, lru_cache
from typing import Any, Generic, Protocol, TypeAlias, TypeVar, runtime_checkable

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from ui.kit.places import FIRST_WITHOUT_CHARACTER, digit_of, meant_key

A = TypeVar("A", bound=Enum)
A_co = TypeVar("A_co", bound=Enum, covariant=True)

ENTER = ("Return", "Enter")  # the second one is the keypad's
ARROWS = ("Up", "Down", "Left", "Right")
_WRITTEN_ON_KEYS = {"Return": "Enter", "Ctrl+Return": "Ctrl+Enter"}
_SHIFT = Qt.KeyboardModifier.ShiftModifier.value
# Where on the keyboard a key is, or which group of letters is on, never changes what it does.
_NO_MATTER = Qt.KeyboardModifier.KeypadModifier.value | Qt.KeyboardModifier.GroupSwitchModifier.value


@dataclass(frozen=True)
class Key(Generic[A_co]):
    """An action and the keys that do it, each in Qt's portable words, such as ``Ctrl+Z``.

    ``text`` is what the key sheet says of it, ``label`` what its button says. ``names`` stands for the keys where they
    are too many to list, or no single keys. ``repeats``: a key that is held does it again and again.
    """

    action: A_co
    keys: tuple[str, ...]
    text: str
    label: str = ""
    names: str = ""
    repeats: bool = False

    @property
    def key_names(self) -> str:
        """All keys in words, for the key sheet."""
        return self.names or " or ".join(dict.fromkeys(key_name(key) for key in self.keys))

    @property
    def hint(self) -> str:
        """What the button shows: the first key, or ``names``."""
        return self.names or key_name(self.keys[0])


@dataclass(frozen=True)
class KeyTable(Generic[A]):
    """The keys that hold in one place; ``title`` heads them on the key sheet.

    ``alone``: while they hold, the other tables of the page do not.
    """

    title: str
    keys: tuple[Key[A], ...]
    alone: bool = False

    def __getitem__(self, action: A) -> Key[A]:
        """The entry of an action; raises ``KeyError`` where it has none."""
        return self._by_action[action]

    def find(self, event: QKeyEvent) -> tuple[Key[A], int] | None:
        """The entry of a key press and which of its keys was pressed; ``None`` where it has none.

        Shift counts only with keys that write nothing: some keyboards have digits and signs on it. A key whose
        character is in no entry, as under another alphabet, is found by its place.
        """
        held = event.modifiers().value & ~_NO_MATTER
        places = [event.key(), meant_key(event), *(ord(digit) for digit in digit_of(event))]
        for key in dict.fromkeys(places):
            entry = self._by_combination.get(key | held)
            if entry is None and held == _SHIFT and key < FIRST_WITHOUT_CHARACTER:
                entry = self._by_combination.get(key)
            if entry is not None:
                return entry
        return None

    def action_of(self, key: int) -> A | None:
        """The action of a key, whatever is held with it; ``None`` where it has none."""
        entry = self._by_combination.get(key)
        return None if entry is None else entry[0].action

    @cached_property
    def _by_action(self) -> dict[A, Key[A]]:
        return {key.action: key for key in self.keys}

    @cached_property
    def _by_combination(self) -> dict[int, tuple[Key[A], int]]:
        return {
            combination_of(name).toCombined(): (key, place)
            for key in self.keys
            for place, name in enumerate(key.keys)
        }


Tables: TypeAlias = tuple[KeyTable[Any], ...]


@runtime_checkable
class HasKeys(Protocol):
    """A page that says which keys hold on it."""

    def key_tables(self) -> Tables:
        """The keys that hold on it, but for those of the window."""
        ...


class WindowAction(Enum):
    """What can be done on every page."""

    HELP = "help"
    FULL_SCREEN = "full_screen"
    NEXT_FIELD = "next_field"
    CLOSE_NOTICE = "close_notice"


WINDOW_KEYS = KeyTable(
    "Anywhere",
    (
        Key(WindowAction.HELP, ("F1",), "Show or hide this sheet", "Keys"),
        Key(WindowAction.FULL_SCREEN, ("F11",), "Full screen on or off", "Full screen"),
        Key(WindowAction.CLOSE_NOTICE, ("F12",), "Close the message at the top of the window", "Close"),
        Key(WindowAction.NEXT_FIELD, (), "To the next box or button", names="Tab"),
    ),
)


def combination_of(key: str) -> QKeyCombination:
    """A key in Qt's words with what is held."""
    combination: QKeyCombination = QKeySequence(key)[0]  # type: ignore[index] # PySide's stubs lack it
    return combination


@lru_cache(maxsize=256)
def key_name(key: str) -> str:
    """A key as the platform writes it."""
    written = _WRITTEN_ON_KEYS.get(key, key)
    return QKeySequence(written).toString(QKeySequence.SequenceFormat.NativeText) or written


def comes_first(key: str) -> bool:
    """Whether the page takes a key before the box or list that has the focus.

    Enter, arrows, letters and digits are theirs; keys with Ctrl or Alt, function keys, Esc and pages are the page's.
    """
    combination = combination_of(key)
    held = combination.keyboardModifiers() & ~Qt.KeyboardModifier.ShiftModifier
    value = combination.key().value
    function = Qt.Key.Key_F1.value <= value <= Qt.Key.Key_F35.value
    others = (Qt.Key.Key_Escape, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
    return bool(held.value) or function or combination.key() in others
