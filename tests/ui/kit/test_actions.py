"""The table of keys: no key means two things in one place."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import Qt

from ui.kit.actions import BINDINGS, Action, Scope, find, key_names


@pytest.mark.parametrize("scope", [Scope.KEYBOARD, Scope.DROPDOWN, Scope.PAGES])
def test_no_key_means_two_things_in_one_place(scope: Scope) -> None:
    keys = [b.keys for b in BINDINGS if b.scope in (scope, Scope.ANYWHERE)]
    together = list(itertools.chain.from_iterable(keys))
    assert len(together) == len(set(together))


def test_every_action_has_a_key_and_words() -> None:
    assert {binding.action for binding in BINDINGS} == set(Action)
    for binding in BINDINGS:
        assert binding.key_names
        assert binding.text


def test_find_keeps_to_the_scopes() -> None:
    assert find(Qt.Key.Key_Space, Scope.KEYBOARD) is Action.ACCEPT
    assert find(Qt.Key.Key_Space, Scope.PAGES) is Action.CONTINUE
    assert find(Qt.Key.Key_Space, Scope.DROPDOWN) is None
    assert find(Qt.Key.Key_D, Scope.KEYBOARD, Scope.ANYWHERE) is None
    assert find(Qt.Key.Key_Escape, Scope.PAGES, Scope.ANYWHERE) is Action.PAUSE


def test_key_names_are_those_on_a_keyboard() -> None:
    assert key_names(Action.FLAG) == "F8"
    assert key_names(Action.OPEN_LIST) == "Down or F4"
