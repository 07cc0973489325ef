"""A session of six trials that does everything, and a store that watches it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from studies.answers import Device, StampSource
from studies.timing.facts import inputs as ev
from studies.timing.facts.plan import LoadedPlan
from studies.timing.facts.records import PlannedTrial
from studies.timing.file.store import Store, StoreFull
from studies.timing.session.session import (
    Participant,
    Session,
    start,
)
from studies.timing.session.trial import Phase, SessionState

PLAN = """
name = "small"
seed = 99
[trials]
practice = 2
break_every = 2
[session]
interface = "dropdown"
[[blocks]]
dataset = "digits"
images = 4
"""


TRIALS = tuple(
    PlannedTrial(n, 0, "digits", n < 2, f"img{n}", "1", None if n == 3 else str(n % 2)) for n in range(6)
)


def begin(store: Store, loaded: LoadedPlan, code: str = "P1", number: int = 1) -> Session:
    return start(
        store,
        loaded,
        Participant(code),
        TRIALS,
        number=number,
        app_version="0.1.0",
        environment={"b": 1, "a": "é"},
    )


def answer(at_ns: int) -> ev.Answer:
    return ev.Answer(at_ns, at_ns + 1, StampSource.MONOTONIC, Device.KEYBOARD, 0, "1")


# Every kind of step that stores something, in an order that is possible.
WHOLE: tuple[ev.Input, ...] = (
    ev.Agree(1),
    ev.Continue(2),
    ev.Continue(3),
    ev.Shown(10),
    ev.LoseFocus(11),
    ev.Flag(12),
    ev.Flag(13),
    ev.Touch(14),
    ev.Backtrack(15),
    answer(20),
    ev.Continue(21),
    ev.Shown(30),
    ev.Pause(31),
    ev.Continue(32),
    ev.Shown(40),
    answer(41),
    ev.Continue(42),
    ev.Continue(43),
    ev.ImageFailed(50, "gone"),
    ev.Shown(60),
    answer(61),
    ev.Shown(70),
    answer(71),
    ev.Continue(72),
    ev.Shown(80),
    answer(81),
    ev.Finish(90),
)


def facts(store: Store) -> tuple[list[Any], list[Any]]:
    events = store.query("SELECT seq, kind, at_ns, position, detail FROM events ORDER BY seq")
    return events, store.query("SELECT position, attempt, onset_ns, response_ns FROM responses ORDER BY utc")


class Watcher(Store):
    """A store that looks at the session's state at the moment of each write, and may fail."""

    session: Session
    failing = False
    seen: list[SessionState]

    def _write(self, sql: str, row: Any) -> None:
        if self.failing:
            raise StoreFull("The disk is full.")
        super()._write(sql, row)
        self._look()

    @contextmanager
    def facts(self) -> Iterator[sqlite3.Connection]:
        if self.failing:
            raise StoreFull("The disk is full.")
        with super().facts() as connection:
            yield connection
        self._look()

    def _look(self) -> None:
        if hasattr(self, "session"):
            reader = sqlite3.connect(self.path)  # another program: what it sees is committed
            stamps = "SELECT at_ns FROM events UNION SELECT response_ns FROM responses"
            self.on_disk = max(at_ns for (at_ns,) in reader.execute(stamps))
            reader.close()
            self.seen.append(self.session.state)


def play(running: Session) -> None:
    """Answer to the end."""
    at = 2_000
    while running.state.phase is not Phase.FINISHED:
        at += 10
        phase = running.state.phase
        event: ev.Input = ev.Continue(at)
        if phase is Phase.CONSENT:
            event = ev.Agree(at)
        elif phase is Phase.FIXATION:
            event = ev.Shown(at)
        elif phase is Phase.STIMULUS:
            event = answer(at)
        elif phase is Phase.ENDING:
            event = ev.Finish(at)
        running.send(event)
