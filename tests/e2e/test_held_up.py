"""The program is held for a while, as on a machine that thrashes: only an answer that it may have delayed is marked."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import pytest

from studies.timing.facts.records import EventKind
from studies.timing.file.store import Store
from tests.e2e.participant import Participant
from tests.e2e.screen import Program, Screen
from tests.e2e.test_keys import session

pytestmark = pytest.mark.e2e
HELD_S = 1.2


def hold(program: Program) -> None:
    program.signal(signal.SIGSTOP)
    time.sleep(HELD_S)
    program.signal(signal.SIGCONT)
    time.sleep(0.3)


def answer(screen: Screen, participant: Participant) -> int:
    trial, _ = participant.next_image()
    screen.key("3")
    participant.wait_for_answer(trial.position)
    return trial.position


def test_only_the_answer_that_was_held_up_has_a_stall(screen: Screen, tmp_path: Path) -> None:
    with session(screen, tmp_path, fixation_ms=500) as (program, participant, store):
        first = answer(screen, participant)
        hold(program)  # in the fixation
        second = answer(screen, participant)
        trial, _ = participant.next_image()
        hold(program)  # with the image on screen
        screen.key("3")
        participant.wait_for_answer(trial.position)
        fourth = answer(screen, participant)
        time.sleep(0.2)
        hold(program)  # in the break
        participant.turn_page(EventKind.BREAK_ENDED)
        fifth = answer(screen, participant)
        with Store.open(store, writable=False) as opened:
            held = dict(opened.query("SELECT position, longest_stall_ns / 1e9 FROM responses"))
            times = dict(opened.query("SELECT position, response_time_s FROM trials"))
        assert held[trial.position] == pytest.approx(HELD_S, abs=0.3)
        assert times[trial.position] > HELD_S
        for position in (first, second, fourth, fifth):
            assert held[position] < HELD_S / 2
            assert times[position] < HELD_S
