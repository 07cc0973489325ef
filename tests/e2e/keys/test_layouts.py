"""Keys by their place under the layouts of other countries, pressed as key codes in the real window."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from studies.labeling.facts.settings import ProjectSettings
from studies.timing.facts.records import Interface
from tests.e2e.annotator import Annotator, make_folder
from tests.e2e.screen import Program, Screen
from tests.e2e.test_keys import session

pytestmark = pytest.mark.e2e

FIRST_DIGIT, D, Z, PAD_8 = (
    10,
    40,
    52,
    80,
)  # key codes of 1, of the places of D and Z, and of the number pad's 8


@pytest.fixture
def layouts(screen: Screen) -> Iterator[Screen]:
    yield screen
    choose(screen, "us")


def choose(screen: Screen, layout: str) -> None:
    subprocess.run(["setxkbmap", *layout.split()], env=screen.environment, check=True)
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
        time.sleep(0.8)  # the break takes no key before it can be read
        layouts.key("Return")
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


def test_undo_is_by_place_where_no_layout_has_latin_letters(layouts: Screen, tmp_path: Path) -> None:
    folder = make_folder(tmp_path, 12, ProjectSettings())
    with Program(layouts, tmp_path / "home", *folder.run()) as program:
        one = Annotator(layouts, program, folder)
        image, _ = one.next_image(None)
        choose(layouts, "ru")
        layouts.key(str(FIRST_DIGIT + 2))
        program.until(lambda: one.number("SELECT count(*) FROM label_events") == 1, "an answer")
        one.next_image(image)
        time.sleep(0.3)
        layouts.key(f"ctrl+{Z}")
        undone = "SELECT count(*) FROM label_events WHERE verb = 'undo'"
        program.until(lambda: one.number(undone) == 1, "an undo")
        one.close()
