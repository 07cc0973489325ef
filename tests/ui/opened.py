"""A page of the program, and a record of the actions that its keys do."""

from __future__ import annotations

from enum import Enum
from functools import partial
from typing import Any

from ui.kit.key_page import KeyPage
from ui.kit.keys import KeyTable


class Opened:
    """A page and what its keys did; the window, focus and ``prepare`` before each key are the test's."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.done: list[object] = []
        if isinstance(page, KeyPage):
            for action in page._does:
                page._does[action] = partial(self.done.append, action)
            for action in page._does_each:
                page._does_each[action] = partial(self._note, action)

    def _note(self, action: Enum, place: int) -> None:
        assert place >= 0
        self.done.append(action)

    def prepare(self, table: KeyTable[Any], action: Enum) -> None:
        """Bring the page to where an action of a table can be done."""
        self.page.setFocus()

    def effect(self, action: Enum) -> object:
        """What ``done`` holds after an action."""
        return action

    def close(self) -> None:
        """End what runs."""
