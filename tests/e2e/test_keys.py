"""Keys that must not answer, and the withdrawal that leaves nothing."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from studies.timing.facts.records import EventKind, Interface
from studies.timing.file.store import Store
from tests.e2e.participant import Participant
from tests.e2e.screen import Program, Screen

pytestmark = pytest.mark.e2e

PLAN = """\
name = "keys"
seed = 3

[trials]
practice = 0
fixation_ms = {fixation_ms}
break_every = 4

[session]
interface = "{interface}"

[[blocks]]
dataset = "{dataset}"
images = 8
"""
CODE = "Zanzibar-4711"


@contextmanager
def session(
    screen: Screen,
    folder: Path,
    fixation_ms: int,
    interface: Interface = Interface.KEYBOARD,
    dataset: str = "digits",
) -> Iterator[tuple[Program, Participant, Path]]:
    """A session that is about to show its first image."""
    plan, store = folder / "plan.toml", folder / "study.sqlite"
    plan.write_text(PLAN.format(fixation_ms=fixation_ms, interface=interface.value, dataset=dataset))
    run = ("study", "run", "--plan", plan, "--participant", CODE, "--store", store)
    with Program(screen, folder / "home", *run) as program:
        participant = Participant(screen, program, store)
        try:
            participant.wait_for_session()
            for kind in (EventKind.CONSENTED, EventKind.INSTRUCTED, EventKind.BLOCK_STARTED):
                participant.turn_page(kind)
            yield program, participant, store
        finally:
            participant.close()


@pytest.mark.parametrize("key", ["Return", "3"])
def test_a_held_key_answers_one_image(screen: Screen, tmp_path: Path, key: str) -> None:
    with session(screen, tmp_path, fixation_ms=100) as (_, participant, _):
        participant.next_image()
        screen.do(f"keydown {key}")
        time.sleep(1.5)
        assert len(participant.answers()) == 1
        following, _ = participant.next_image()
        screen.do(f"keyup {key}")
        time.sleep(0.2)
        assert len(participant.answers()) == 1
        screen.key(key)
        participant.wait_for_answer(following.position)


def test_part_of_a_name_chooses_in_the_list(screen: Screen, tmp_path: Path) -> None:
    """The list of matches, a window of its own, is open when Enter or Esc comes."""
    with session(screen, tmp_path, 100, Interface.DROPDOWN, "shapes") as (_, participant, _):
        first, _ = participant.next_image()
        screen.key("F4", *"lightn")
        time.sleep(0.5)
        screen.key("Return", "d")
        participant.wait_for_answer(first.position)
        second, _ = participant.next_image()
        time.sleep(0.3)
        screen.key("F4", *"umbr")
        time.sleep(0.5)
        screen.key("Escape", "d")
        participant.wait_for_answer(second.position)
        third, _ = participant.next_image()
        time.sleep(0.3)
        screen.key("Down", "s")  # "crescent" and others hold it, "spiral" is the first that begins with it
        time.sleep(0.3)
        screen.key("Return", "d")
        participant.wait_for_answer(third.position)
        fourth, _ = participant.next_image()
        time.sleep(0.3)
        screen.key(
            "F4", "z", "z", "Return", "Escape", "Down", "Down"
        )  # nothing is found; the list opens again
        time.sleep(0.3)
        screen.key("Escape", "d")
        participant.wait_for_answer(fourth.position)
        assert participant.answers() == {
            first.position: "lightning",
            second.position: second.suggestion,
            third.position: "spiral",
            fourth.position: fourth.suggestion,
        }


def test_a_key_pressed_before_the_image_never_answers(screen: Screen, tmp_path: Path) -> None:
    with session(screen, tmp_path, fixation_ms=600) as (_, participant, _):
        for number in range(3):
            began = time.monotonic()
            while time.monotonic() - began < 0.45:  # hammered all through the fixation
                screen.key("3", "Return")
                time.sleep(0.03)
            trial, _ = participant.next_image()
            time.sleep(0.3)
            assert len(participant.answers()) == number
            screen.key("3")
            participant.wait_for_answer(trial.position)


def test_a_key_held_since_the_fixation_never_answers(screen: Screen, tmp_path: Path) -> None:
    with session(screen, tmp_path, fixation_ms=600) as (_, participant, _):
        for number, key in enumerate(("3", "Return", "4")):
            screen.do(f"keydown {key}")
            trial, _ = participant.next_image()
            time.sleep(0.8)
            screen.do(f"keyup {key}")
            time.sleep(0.2)
            assert len(participant.answers()) == number
            screen.key(key)
            participant.wait_for_answer(trial.position)


def test_a_key_that_bounces_answers_one_image(screen: Screen, tmp_path: Path) -> None:
    with session(screen, tmp_path, fixation_ms=0) as (_, participant, _):
        for number, gap in enumerate((0.06, 0.1), start=1):
            trial, _ = participant.next_image()
            screen.key("3")
            time.sleep(gap)
            screen.key("3")
            participant.wait_for_answer(trial.position)
            time.sleep(0.3)
            assert len(participant.answers()) == number, "the second press was for no image that was seen"
        early = participant.events(EventKind.EARLY)
        assert len(early) == 2
        assert all(event.detail.startswith("keyboard, ") for event in early), "it is kept"


def test_a_withdrawal_leaves_nothing_of_the_session(screen: Screen, tmp_path: Path) -> None:
    with session(screen, tmp_path, fixation_ms=100) as (program, participant, store):
        for _ in range(4):
            participant.next_image()
            time.sleep(0.1)
            screen.key("3")
        participant.until(lambda: len(participant.answers()) == 4, "the break")
        with Store.open(store, writable=False) as opened:
            time.sleep(0.8)
            screen.key("F9", "F9")
            time.sleep(0.8)
            assert len(opened.sessions()) == 1, "it asks first"
            participant.press_until("F9", lambda: not opened.sessions(), "the deletion")
            for table in ("sessions", "planned_trials", "responses", "events"):
                assert opened.query(f"SELECT count(*) FROM {table}") == [(0,)]
            assert opened.query("SELECT count(*) FROM withdrawals") == [(1,)]
        participant.close()
        assert program.close_window() == 0
        assert program.said == ""
    assert CODE.encode() not in b"".join(p.read_bytes() for p in tmp_path.glob("study.sqlite*"))
