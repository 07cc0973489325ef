"""How long it takes until an answer is on disk."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from benchmarks.places import scratch
from benchmarks.report import Limit, Line, Report, Size
from benchmarks.spread import Spread, spread
from studies.answers import Device, StampSource, Timing
from studies.files.store_file import utc_now
from studies.timing.facts.records import Event, EventKind, Interface, PlannedTrial, Response, SessionRecord
from studies.timing.file.store import Store

_COMMITS = {Size.FULL: 2000, Size.QUICK: 100}
_GOAL_MS = 5.0
_BETWEEN_S = 0.002  # an answer never comes right upon the last one
_SESSION = "4f1d3a52-6c0b-4f5e-9d7a-0c1b2a3d4e5f"


def measure(size: Size) -> Report:
    """Time the store's commits and those of a bare table with the same pragmas."""
    with scratch() as folder:
        times = _times(folder, _COMMITS[size])
    ours, bare = spread([pair[0] for pair in times]), spread([pair[1] for pair in times])
    lines = (
        _line("commit of an answer, median", ours, bare, "median", None),
        _line("commit of an answer, 95 %", ours, bare, "p95", None),
        _line("commit of an answer, 99 %", ours, bare, "p99", _GOAL_MS),
    )
    return Report(
        "commit",
        f"{_COMMITS[size]} answers, each on disk when append_response returns",
        size,
        lines,
        ("Limit: one INSERT of the same values into a bare table, WAL and synchronous=FULL, the same disk.",),
    )


def _line(what: str, ours: Spread, bare: Spread, number: str, goal: float | None) -> Line:
    limit = Limit("bare sqlite3", getattr(bare, number))
    return Line(what, getattr(ours, number), "ms", high=goal, limit=limit)


def _times(folder: Path, count: int) -> list[tuple[float, float]]:
    """Milliseconds of each ``append_response`` and, in turn with it, of a bare insert.

    Each answer is preceded by its PRESENTED, as in a session.
    """
    trials = tuple(PlannedTrial(i, 0, "d", False, f"class/{i}.png", "a", "a") for i in range(count))
    record = SessionRecord(_SESSION, "P1", 1, Interface.KEYBOARD, 0, "", "{}")
    times = []
    with Store.open(folder / "ours.sqlite") as store, _bare(folder / "bare.sqlite") as insert:
        store.start_session(store.add_study("study", "", "0" * 64, 150), record, trials)
        for position in range(count):
            response = _response(position)
            store.append(_SESSION, Event(EventKind.PRESENTED, response.timing.onset_ns, position))
            ours = _time(partial(store.append_response, _SESSION, response))
            times.append((ours, _time(partial(insert, response))))
    return times


@contextmanager
def _bare(file: Path) -> Iterator[Callable[[Response], object]]:
    """An insert of the same values into a table without keys or triggers."""
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE responses (a, b, c, d, e, f, g, h, i, j, k, l, m, n)")
    sql = "INSERT INTO responses VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"

    def insert(r: Response) -> object:
        t = r.timing
        times = (t.onset_ns, t.first_input_ns, t.response_ns, t.handler_ns)
        how = (
            t.stamp_source.value,
            t.device.value,
            t.backtracks,
            t.focus_lost,
            t.longest_stall_ns,
            utc_now(),
        )
        return connection.execute(sql, (_SESSION, r.position, r.attempt, r.answer, *times, *how))

    try:
        yield insert
    finally:
        connection.close()


def _time(action: Callable[[], object]) -> float:
    time.sleep(_BETWEEN_S)
    start = time.perf_counter_ns()
    action()
    return (time.perf_counter_ns() - start) / 1e6


def _response(position: int) -> Response:
    now = time.perf_counter_ns()
    how = (StampSource.MONOTONIC, Device.KEYBOARD, 0, False, 0)
    return Response(position, 1, "a", Timing(now - 1_000_000_000, now, now, now, *how))
