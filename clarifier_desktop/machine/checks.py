"""The checks of ``doctor`` that need no window: clock, timers, stalls, disk."""

from __future__ import annotations

import itertools
import math
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from model.disk import is_there

Clock = Callable[[], int]


class Verdict(str, Enum):
    """How a check came out."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class Check:
    """One line of ``doctor``: what was looked at, what was found, and what to do about it."""

    name: str
    value: str
    verdict: Verdict
    advice: str = ""  # a sentence; empty when all is well


def judge(value: float, warn_above: float, fail_above: float) -> Verdict:
    """The verdict on a number that should be small."""
    if value > fail_above:
        return Verdict.FAIL
    return Verdict.WARN if value > warn_above else Verdict.OK


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest of the values that at least ``percent`` of them do not exceed (nearest rank)."""
    return sorted(values)[max(0, math.ceil(percent / 100 * len(values)) - 1)]


def check_clock(clock: Clock = time.perf_counter_ns, calls: int = 20_000) -> Check:
    """The smallest step that the clock of the response times makes; microseconds are fine, 16 ms are not."""
    stamps = [clock() for _ in range(calls)]
    steps = [b - a for a, b in itertools.pairwise(stamps) if b > a]
    name = "Clock resolution"
    if not steps:
        return Check(name, "the clock stood still", Verdict.FAIL, "Do not measure times on this machine.")
    verdict = judge(min(steps), 10e3, 1e6)
    advice = "Times on this machine are coarse; use another machine or another clock source of the system."
    return _check(name, f"{min(steps) / 1e3:.2f} µs", verdict, advice)


def check_wake_up(
    clock: Clock = time.perf_counter_ns, sleep: Callable[[float], None] = time.sleep, times: int = 200
) -> Check:
    """How much later than asked a sleep of 1 ms ends: the scheduler's own delay."""
    delays = []
    for _ in range(times):
        start = clock()
        sleep(0.001)
        delays.append(clock() - start - 1_000_000)
    late = percentile(delays, 99)
    advice = "The system wakes programs late. Close other programs, and turn energy saving off."
    return _check("Delay of a 1 ms timer", _median_and_99(delays), judge(late, 5e6, 20e6), advice)


def check_stalls(clock: Clock = time.perf_counter_ns, duration_ns: int = 500_000_000) -> Check:
    """The longest gap in a loop that does nothing but read the clock: what others take the processor for."""
    start = last = clock()
    longest = 0
    while last - start < duration_ns:
        now = clock()
        longest = max(longest, now - last)
        last = now
    advice = "Other programs hold the processor. Close them, or use a machine that is not shared."
    return _check("Longest stall", f"{longest / 1e6:.2f} ms", judge(longest, 10e6, 50e6), advice)


def commit_times_ns(folder: Path, clock: Clock = time.perf_counter_ns, commits: int = 100) -> list[int]:
    """How long each of some commits took in a file of its own in ``folder``, written as the store writes."""
    import sqlite3

    times = []
    with (
        tempfile.TemporaryDirectory(dir=folder, prefix=".check-") as scratch,
        closing(sqlite3.connect(Path(scratch) / "check.sqlite", isolation_level=None)) as connection,
    ):
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("CREATE TABLE answer (id INTEGER PRIMARY KEY, text TEXT)")
        for number in range(commits):
            start = clock()
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO answer (text) VALUES (?)", (f"an answer {number}",))
            connection.execute("COMMIT")
            times.append(clock() - start)
    return times


def check_commits(folder: Path, clock: Clock = time.perf_counter_ns) -> Check:
    """The time to put one answer safely on disk; 99 % of the commits should take at most 5 ms."""
    import sqlite3

    name = "Commit of an answer"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        times = commit_times_ns(folder, clock)
    except (OSError, sqlite3.Error) as error:
        advice = f"Nothing can be stored in {folder}: make it writable, free space, or choose another folder."
        return Check(name, f"failed ({error})", Verdict.FAIL, advice)
    advice = "The disk is slow to store. Keep the study's file on a local disk, not a network or USB one."
    return _check(name, _median_and_99(times), judge(percentile(times, 99), 5e6, 50e6), advice)


def check_disk(folder: Path) -> Check:
    """The free space where the store lies, or will lie."""
    existing = next(place for place in _upward(folder.absolute()) if is_there(place))
    free = shutil.disk_usage(existing).free
    verdict = judge(-free, -1e9, -100e6)
    return _check("Free disk space", f"{free / 1e9:.1f} GB", verdict, f"Free some space at {existing}.")


def run_checks(folder: Path) -> tuple[Check, ...]:
    """All checks that need no window, for a store in ``folder``; takes about a second."""
    return (check_clock(), check_wake_up(), check_stalls(), check_commits(folder), check_disk(folder))


def _check(name: str, value: str, verdict: Verdict, advice: str) -> Check:
    return Check(name, value, verdict, "" if verdict is Verdict.OK else advice)


def _median_and_99(times_ns: Sequence[float]) -> str:
    middle, high = percentile(times_ns, 50) / 1e6, percentile(times_ns, 99) / 1e6
    return f"median {middle:.2f} ms, 99 % within {high:.2f} ms"


def _upward(folder: Path) -> Iterator[Path]:
    yield folder
    yield from folder.parents
