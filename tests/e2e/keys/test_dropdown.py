"""The searchable list of the authors' interface by real keys and a real mouse."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from studies.timing.facts.records import EventKind, PlannedTrial
from tests.e2e.participant import Participant
from tests.e2e.screen import Program, Screen

pytestmark = pytest.mark.e2e

CLASSES = ("Äpfel", "Straße", "Übergang", "cedar", "crescent", "cross", "dam", "Éclair", "spiral", "square")
PLAN = """\
name = "list"
seed = 4
[trials]
practice = 0
fixation_ms = 100
break_every = 0
[session]
interface = "dropdown"
[[blocks]]
dataset = "folder"
path = "images"
images = 30
"""


class Sitter:
    """A participant before a drop-down, who sees what the program's page shows."""

    def __init__(self, screen: Screen, program: Program, participant: Participant, seen: Path) -> None:
        self.screen, self.program, self.participant, self._seen = screen, program, participant, seen

    def look(self) -> dict[str, Any]:
        return dict(json.loads(self._seen.read_text()))

    def until(self, what: str, condition: Any) -> dict[str, Any]:
        self.program.until(lambda: condition(self.look()), what, 6, self.look)
        return self.look()

    def image(self) -> PlannedTrial:
        trial, _ = self.participant.next_image()
        self.until("the suggestion", lambda seen: seen["choice"] == (trial.suggestion or ""))
        time.sleep(0.2)
        return trial

    def keys(self, *names: str) -> None:
        self.screen.key(*names)
        time.sleep(0.25)

    def click(self, at: tuple[int, int], times: int = 1, button: int = 1) -> None:
        self.screen.do(f"mousemove {at[0]} {at[1]}", *["sleep 0.1", f"click {button}"] * times)
        time.sleep(0.25)

    def answers(self) -> int:
        return len(self.participant.answers())

    def answered(self, trial: PlannedTrial) -> str:
        """The answer by Next, after the list is closed and says no more."""
        self.until("the list closed", lambda seen: not seen["list"])
        assert trial.position not in self.participant.answers(), "nothing but Next answers"
        self.keys("d")
        self.participant.wait_for_answer(trial.position)
        return self.participant.answers()[trial.position]


@pytest.fixture(scope="module")
def sitter(screen: Screen, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sitter]:
    folder = tmp_path_factory.mktemp("list")
    for place, name in enumerate(CLASSES):
        (folder / "images" / name).mkdir(parents=True)
        for number in range(3):
            Image.new("RGB", (40, 40), (place * 20, number * 80, 99)).save(
                folder / "images" / name / f"{number}.png"
            )
    plan, store, seen = folder / "plan.toml", folder / "study.sqlite", folder / "seen.json"
    plan.write_text(PLAN)
    run = (seen, "study", "run", "--plan", plan, "--participant", "P01", "--store", store)
    subprocess.run(["setxkbmap", "us"], env=screen.environment, check=True)
    with Program(screen, folder / "home", *run, module="tests.e2e.keys.page_reader") as program:
        participant = Participant(screen, program, store)
        participant.wait_for_session()
        for kind in (EventKind.CONSENTED, EventKind.INSTRUCTED, EventKind.BLOCK_STARTED):
            participant.turn_page(kind)
        yield Sitter(screen, program, participant, seen)
        participant.close()
        assert program.running
        assert program.said == ""


def test_a_prefix_and_enter_choose(sitter: Sitter) -> None:
    trial = sitter.image()
    sitter.keys("F4", *"cr", "Return")
    assert sitter.answered(trial) == "crescent"


def test_down_and_up_in_the_open_list(sitter: Sitter) -> None:
    trial = sitter.image()
    sitter.keys("Down", "c")  # cedar, crescent, cross
    sitter.keys("Down", "Down", "Down", "Up", "Return")
    assert sitter.answered(trial) == "crescent"


def test_a_key_opens_the_list_and_arrows_step_from_the_choice(sitter: Sitter) -> None:
    trial = sitter.image()
    sitter.keys("Down")
    sitter.until("the list", lambda seen: len(seen["list"]) == len(CLASSES))
    order = list(sitter.look()["list"])
    at = order.index(trial.suggestion or "")
    key, other = ("Down", at + 1) if at + 1 < len(order) else ("Up", at - 1)
    sitter.keys(key, "Return")
    assert sitter.answered(trial) == order[other]


def test_the_mouse_chooses_in_the_list(sitter: Sitter) -> None:
    trial = sitter.image()
    sitter.click(sitter.look()["arrow"])
    seen = sitter.until("the list", lambda seen: seen["list"])
    name = "dam" if trial.suggestion != "dam" else "cross"
    sitter.click(seen["list"][name])
    assert sitter.answered(trial) == name


def test_a_double_click_in_the_list_answers_nothing(sitter: Sitter) -> None:
    trial = sitter.image()
    sitter.click(sitter.look()["arrow"])
    seen = sitter.until("the list", lambda seen: seen["list"])
    sitter.screen.do("mousemove {} {}".format(*seen["list"]["cross"]), "click --repeat 2 --delay 60 1")
    time.sleep(0.6)
    assert sitter.answered(trial) == "cross"
    following = sitter.image()
    time.sleep(0.5)
    assert following.position not in sitter.participant.answers()
    assert sitter.answered(following) == following.suggestion


def test_a_double_click_on_next_answers_one_image(sitter: Sitter) -> None:
    trial = sitter.image()
    before = sitter.answers()
    (next_,) = (at for text, at in sitter.look()["buttons"].items() if text.startswith("Next"))
    sitter.screen.do("mousemove {} {}".format(*next_), "click --repeat 2 --delay 80 1")
    sitter.participant.wait_for_answer(trial.position)
    following = sitter.image()
    time.sleep(0.5)
    assert sitter.answers() == before + 1
    assert sitter.answered(following) == following.suggestion


def test_the_wheel_over_the_closed_list_changes_nothing(sitter: Sitter) -> None:
    trial = sitter.image()
    for button in (4, 5, 5, 5):
        sitter.click(sitter.look()["box"], button=button)
    assert sitter.look()["choice"] == trial.suggestion
    assert sitter.answered(trial) == trial.suggestion


def test_the_wheel_changes_nothing_while_the_list_has_the_focus(sitter: Sitter) -> None:
    trial = sitter.image()
    sitter.keys("F4")
    for button in (4, 5, 5, 5):
        sitter.click(sitter.look()["box"], button=button)
    assert sitter.look()["choice"] == trial.suggestion
    sitter.keys("Escape")
    assert sitter.answered(trial) == trial.suggestion


@pytest.mark.parametrize("keys", [("F4", "c", "r"), ("Down", "Down", "Down"), ("F4", "z", "z")])
def test_escape_leaves_the_list_as_it_was(sitter: Sitter, keys: tuple[str, ...]) -> None:
    trial = sitter.image()
    sitter.keys(*keys)
    sitter.keys("Escape")
    assert sitter.look()["choice"] == trial.suggestion
    assert sitter.answered(trial) == trial.suggestion


def test_what_finds_nothing_is_said_and_backspace_takes_it_back(sitter: Sitter) -> None:
    trial = sitter.image()
    sitter.keys("F4", *"crz")
    sitter.until(
        "the sentence", lambda seen: any('No class is called "crz"' in text for text in seen["says"])
    )
    sitter.keys("BackSpace")
    sitter.until("no sentence", lambda seen: not any("No class" in text for text in seen["says"]))
    sitter.until("the matches", lambda seen: list(seen["list"]) == ["crescent", "cross"])
    sitter.keys("Return")
    assert sitter.answered(trial) == "crescent"


def test_umlauts_and_dead_keys_find_their_class(sitter: Sitter) -> None:
    for keys, name in (
        (("Udiaeresis",), "Übergang"),
        (("s", "t", "r", "a", "ssharp"), "Straße"),
        (("dead_diaeresis", "a"), "Äpfel"),
        (("dead_acute", "e"), "Éclair"),
        (("u", "b"), "Übergang"),
    ):
        trial = sitter.image()
        sitter.keys("F4")
        sitter.keys(*keys)
        sitter.keys("Return")
        assert sitter.answered(trial) == name


def test_keys_typed_at_one_stroke_are_all_taken(sitter: Sitter) -> None:
    for name in ("square", "spiral", "cedar"):
        trial = sitter.image()
        sitter.screen.do("key --delay 10 F4 " + " ".join(name) + " Return d")
        sitter.participant.wait_for_answer(trial.position)
        assert sitter.participant.answers()[trial.position] == name


def test_enter_twice_is_enter_once(sitter: Sitter) -> None:
    trial = sitter.image()
    sitter.screen.do("key --delay 10 F4 c r o Return Return")
    time.sleep(0.4)
    assert sitter.answered(trial) == "cross"


@pytest.mark.parametrize("key", ["F4", "Down"])
def test_the_first_key_shows_the_whole_list(sitter: Sitter, key: str) -> None:
    trial = sitter.image()
    sitter.keys(key)
    seen = sitter.until("the list", lambda seen: seen["list"])
    assert set(seen["list"]) == set(CLASSES)
    sitter.keys("Escape")
    assert sitter.answered(trial) == trial.suggestion


@pytest.mark.parametrize("place", ["arrow", "box"])
def test_next_answers_after_a_list_that_the_mouse_opened(sitter: Sitter, place: str) -> None:
    trial = sitter.image()
    sitter.click(sitter.look()[place])
    sitter.until("the list", lambda seen: seen["list"])
    sitter.keys("Escape")
    assert sitter.answered(trial) == trial.suggestion


def test_next_answers_after_a_click_beside_the_list(sitter: Sitter) -> None:
    trial = sitter.image()
    sitter.click(sitter.look()["arrow"])
    sitter.until("the list", lambda seen: seen["list"])
    sitter.click((40, 300))
    assert sitter.answered(trial) == trial.suggestion


def test_letters_search_in_a_list_that_the_mouse_opened(sitter: Sitter) -> None:
    trial = sitter.image()
    sitter.click(sitter.look()["arrow"])
    sitter.keys("Down", *"cro", "Return")
    assert sitter.answered(trial) == "cross"
