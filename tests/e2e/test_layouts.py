"""Keys by their place under the layouts of other countries, pressed as key codes in the real window."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from studies.timing.facts.records import Interface
from tests.e2e.screen import Screen
from tests.e2e.test_keys import session

pytestmark = pytest.mark.e2e

FIRST_DIGIT, D, PAD_8 = 10, 40, 80  # key codes of 1, of the place of D, and of the number pad's 8


@pytest.fixture
def layouts(screen: Screen) -> Iterator[Screen]:
    yield screen
    choose(screen, "us")


def choose(screen: Screen, layout: str) -> None:
    subprocess.run(["setxkbmap", layout], env=screen.environment, check=True)
    time.sleep(0.4)  # until the program has heard of it


def test_digits_answer_under_every_layout(layouts: Screen, tmp_path: Path) -> None:
    with session(layouts, tmp_path, 100) as (_, participant, _):
        expected = {}
        for digit, layout in enumerate(("fr", "cz", "ir", "ara"), start=1):
            trial, _ = participant.next_image()
            choose(layouts, layout)
            layouts.key(str(FIRST_DIGIT + digit - 1))
            participant.wait_for_answer(trial.position)
            expected[trial.position] = str(digit)
        layouts.key("Return")  # the break
        trial, _ = participant.next_image()
        time.sleep(0.3)
        layouts.key(str(PAD_8))  # NumLock is off
        participant.wait_for_answer(trial.position)
        expected[trial.position] = "8"
        trial, _ = participant.next_image()
        choose(layouts, "fr")
        layouts.do("key Caps_Lock")
        layouts.key(str(FIRST_DIGIT + 5))
        participant.wait_for_answer(trial.position)
        layouts.do("key Caps_Lock")
        expected[trial.position] = "6"
        assert participant.answers() == expected


def test_d_goes_on_under_other_alphabets(layouts: Screen, tmp_path: Path) -> None:
    with session(layouts, tmp_path, 100, Interface.DROPDOWN, "shapes") as (_, participant, _):
        for layout in ("ru", "gr", "il"):
            trial, _ = participant.next_image()
            choose(layouts, layout)
            layouts.key(str(D))
            participant.wait_for_answer(trial.position)
            assert participant.answers()[trial.position] == trial.suggestion
