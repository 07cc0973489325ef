"""Keys under more layouts, and presses that are no answers, by key codes in the real window."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from studies.timing.facts.records import EventKind, Interface
from tests.e2e.keys.test_layouts import FIRST_DIGIT, D, choose, layouts
from tests.e2e.participant import Participant
from tests.e2e.screen import Screen
from tests.e2e.test_keys import session

__all__ = ["layouts"]
pytestmark = pytest.mark.e2e

H = 43  # key code of its place, where Dvorak has D


def still(participant: Participant, answers: int) -> None:
    time.sleep(0.4)
    assert len(participant.answers()) == answers


@pytest.mark.parametrize(
    "layout", ["us -variant dvorak", "tr", "gr", "ru", "il", "fr -variant bepo", "de -variant neo"]
)
def test_a_digit_answers_by_its_place(layouts: Screen, tmp_path: Path, layout: str) -> None:
    with session(layouts, tmp_path, 100) as (_, participant, _):
        choose(layouts, layout)
        for digit in (1, 7):
            trial, _ = participant.next_image()
            layouts.key(str(FIRST_DIGIT + digit - 1))
            participant.wait_for_answer(trial.position)
            assert participant.answers()[trial.position] == str(digit)
        trial, _ = participant.next_image()
        layouts.do("key Caps_Lock")
        layouts.key(str(FIRST_DIGIT + 3))
        participant.wait_for_answer(trial.position)
        layouts.do("key Caps_Lock")
        assert participant.answers()[trial.position] == "4"


@pytest.mark.parametrize("held", ["ctrl", "alt", "super"])
def test_a_digit_with_a_held_key_answers_nothing(screen: Screen, tmp_path: Path, held: str) -> None:
    with session(screen, tmp_path, 100) as (_, participant, _):
        trial, _ = participant.next_image()
        for key in ("1", "3", "KP_5"):
            screen.key(f"{held}+{key}")
        still(participant, 0)
        screen.key("2")
        participant.wait_for_answer(trial.position)
        assert participant.answers() == {trial.position: "2"}


def test_two_keys_at_one_moment_answer_one_image(screen: Screen, tmp_path: Path) -> None:
    with session(screen, tmp_path, 100) as (_, participant, _):
        trial, _ = participant.next_image()
        screen.do("keydown 3", "keydown 4", "keyup 3", "keyup 4")
        participant.wait_for_answer(trial.position)
        participant.next_image()
        still(participant, 1)
        assert participant.answers() == {trial.position: "3"}


def test_a_key_held_over_the_onset_answers_neither_then_nor_when_released(
    screen: Screen, tmp_path: Path
) -> None:
    with session(screen, tmp_path, 500) as (_, participant, _):
        screen.do("keydown 5")
        trial, _ = participant.next_image()
        still(participant, 0)
        screen.do("keyup 5")
        still(participant, 0)
        screen.key("5")
        participant.wait_for_answer(trial.position)
        assert participant.answers() == {trial.position: "5"}


@pytest.mark.parametrize(("layout", "place"), [("us -variant dvorak", H), ("tr", D), ("fr", D)])
def test_next_is_d_as_it_is_written(layouts: Screen, tmp_path: Path, layout: str, place: int) -> None:
    with session(layouts, tmp_path, 100, Interface.DROPDOWN, "shapes") as (_, participant, _):
        choose(layouts, layout)
        trial, _ = participant.next_image()
        layouts.key(str(place))
        participant.wait_for_answer(trial.position)
        assert participant.answers()[trial.position] == trial.suggestion


def test_enter_held_down_turns_one_page(screen: Screen, tmp_path: Path) -> None:
    with session(screen, tmp_path, 100) as (_, participant, _):
        for digit in "1234":
            trial, _ = participant.next_image()
            screen.key(digit)
            participant.wait_for_answer(trial.position)
        shown = len(participant.events(EventKind.PRESENTED))
        time.sleep(0.7)
        screen.do("keydown Return")  # in the break
        participant.wait_for(EventKind.PRESENTED, shown + 1)
        still(participant, 4)
        screen.do("keyup Return")
        still(participant, 4)
