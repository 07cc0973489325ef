"""SIGKILL at random moments: no answered trial is missing, and none is there twice."""

from __future__ import annotations

import random
import sqlite3
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from studies.timing.facts.records import EventKind
from studies.timing.file.store import Store
from tests.e2e.participant import Participant
from tests.e2e.screen import GoneError, Program, Screen

pytestmark = pytest.mark.e2e

KILLS = 20
IMAGES = 120
PLAN = f"""\
name = "killed"
seed = 5

[trials]
practice = 0
fixation_ms = 40
break_every = 0

[[blocks]]
dataset = "digits"
images = {IMAGES}
"""


@dataclass(frozen=True)
class Pressed:
    """An answer that the program acknowledged by showing the next image."""

    answer: str
    onset_ns: int
    pressed_ns: int


def kill_after(program: Program, seconds: float) -> threading.Timer:
    """Kill the program at a moment of its own, whatever the test is doing then."""
    timer = threading.Timer(seconds, program.kill)
    timer.start()
    return timer


def go_on(participant: Participant) -> None:
    """From the first page after a start to the first image."""
    for kind in (EventKind.CONSENTED, EventKind.INSTRUCTED):
        if not participant.events(kind):
            participant.turn_page(kind)
    participant.turn_page(EventKind.BLOCK_STARTED)


def answer_on(participant: Participant, acknowledged: dict[int, Pressed], chance: random.Random) -> None:
    """Answer one image after another until all are answered or the program is gone."""
    trial, onset_ns = participant.next_image()
    while True:
        time.sleep(0.03)
        answer = str(chance.randrange(10))
        pressed = Pressed(answer, onset_ns, participant.screen.key(answer))
        if len(participant.answers()) == IMAGES - 1:
            participant.wait_for(EventKind.FINISHED, 1)
            acknowledged[trial.position] = pressed
            return
        following, onset_ns = participant.next_image()
        assert trial.position not in acknowledged, "an acknowledged trial came again"
        acknowledged[trial.position] = pressed
        trial = following


def test_twenty_kills_lose_nothing(screen: Screen, tmp_path: Path) -> None:
    plan, store, home = tmp_path / "plan.toml", tmp_path / "study.sqlite", tmp_path / "home"
    plan.write_text(PLAN)
    run = ("study", "run", "--plan", plan, "--participant", "P01", "--store", store)
    chance = random.Random(20)
    acknowledged: dict[int, Pressed] = {}
    resumed = 0

    for kill in range(KILLS):
        with Program(screen, home, *run) as program:
            participant = Participant(screen, program, store)
            # Every fifth kill comes while the program starts, the others while images are answered.
            starting = kill % 5 == 4
            killer = kill_after(program, chance.uniform(0.2, 0.9)) if starting else None
            try:
                participant.wait_for_session()
                participant.skip_seen()
                if kill and not starting:
                    participant.wait_for(EventKind.INTERRUPTED, resumed + 1)
                killer = killer or kill_after(program, chance.uniform(0.05, 1.2))
                go_on(participant)
                answer_on(participant, acknowledged, chance)
                raise AssertionError("all images were answered before the last kill")
            except GoneError:
                if killer is None:
                    raise
                killer.join()
                assert not program.running, program.said
                assert "Traceback" not in program.said
            finally:
                resumed = len(participant.events(EventKind.INTERRUPTED)) if participant.trials else 0
                participant.close()

    with Program(screen, home, *run) as program:
        participant = Participant(screen, program, store)
        try:
            participant.wait_for_session()
            participant.skip_seen()
            participant.wait_for(EventKind.INTERRUPTED, resumed + 1)
            go_on(participant)
            answer_on(participant, acknowledged, chance)
            assert program.close_window() == 0
        finally:
            participant.close()
    check(store, acknowledged)


def check(path: Path, acknowledged: dict[int, Pressed]) -> None:
    connection = sqlite3.connect(path)
    try:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    finally:
        connection.close()
    with Store.open(path, writable=False) as store:
        assert [s.answered for s in store.sessions()] == [IMAGES]
        rows = store.query(
            "SELECT position, answer, onset_ns, response_ns, attempt, longest_stall_ns FROM responses"
        )
        events = store.query("SELECT kind, position, at_ns, detail FROM events ORDER BY seq")
    assert len(rows) == len({row[0] for row in rows}) == IMAGES
    by_position = {row[0]: row for row in rows}
    assert len(acknowledged) > KILLS
    for position, pressed in acknowledged.items():
        _, answer, onset_ns, response_ns, _, _ = by_position[position]
        assert (answer, onset_ns) == (pressed.answer, pressed.onset_ns)
        assert response_ns == pytest.approx(pressed.pressed_ns, abs=100_000_000)

    onsets: dict[int, list[int]] = {}
    for kind, position, at_ns, _ in events:
        if kind == EventKind.PRESENTED:
            onsets.setdefault(position, []).append(at_ns)
    for position, _, onset_ns, _, attempt, _ in rows:
        assert onset_ns == onsets[position][-1], "the answer is to the last presentation"
        assert attempt == len(onsets[position]), "a trial that was on screen came again"
    gaps = [float(detail.split()[0]) for kind, _, _, detail in events if kind == EventKind.INTERRUPTED]
    assert len(gaps) >= KILLS * 3 // 5
    assert all(0 <= gap < 60 for gap in gaps)
