"""The record of the environment, the crash log, and the checks of ``doctor`` that need no window."""

from __future__ import annotations

import faulthandler
import itertools
import json
import math
import os
import platform
import shutil
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timezone
from enum import Enum
from pathlib import Path
from types import TracebackType

from model.errors import UserError

PACKAGES = (
    "clarifier-desktop",
    "PySide6-Essentials",
    "numpy",
    "pillow",
    "sqlite-utils",
    "pydantic",
    "torch",
    "torchvision",
    "submodlib-py",
)
Clock = Callable[[], int]

# -- Environment ---------------------------------------------------------------------------------------------


def environment() -> dict[str, str | float | int | None]:
    """What a session ran on: platform, Python, packages and clock; nothing that names a person or a machine."""
    from importlib import metadata  # 20 ms, and the first window does not wait for it

    clock = time.get_clock_info("perf_counter")
    found: dict[str, str | float | int | None] = {
        "platform": platform.platform(),
        "machine": platform.machine(),
        "cpu_count": os.cpu_count(),
        "python": platform.python_version(),
        "clock": clock.implementation,
        "clock_resolution_s": clock.resolution,
    }
    for package in PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            found[package] = None
    return found


def environment_json() -> str:
    """The environment as one line of JSON with sorted keys."""
    return json.dumps(environment(), sort_keys=True)


# -- Crash log -----------------------------------------------------------------------------------------------

# Their texts are made by Python itself from names in the code. Those of other exceptions may quote an answer or a
# participant's code, and stay out of the report.
_TEXT_IS_SAFE = (AttributeError, ImportError, ModuleNotFoundError, IndexError, NameError, ZeroDivisionError)


class CrashLog:
    """Writes a report for every exception that nothing caught, until it is closed."""

    def __init__(self, folder: Path, say: Callable[[str], None]) -> None:
        self._folder = folder
        self._say = say
        self._numbers = itertools.count(1)
        self._reported: dict[tuple[object, ...], str] = {}
        self._hooks = sys.excepthook, threading.excepthook
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._faults = (folder / "fault.log").open("a", encoding="utf-8")
        except OSError:
            return  # crashes of Python itself then go where they always do
        faulthandler.enable(self._faults)

    def close(self) -> None:
        """Put the former hooks back."""
        sys.excepthook, threading.excepthook = self._hooks
        if hasattr(self, "_faults"):
            faulthandler.disable()
            self._faults.close()

    def report(self, error: BaseException) -> str:
        """Write a report of a bug and return the sentence that says where it lies; never raises.

        The same bug in the same line, in every repaint perhaps, is written once.
        """
        place = _place(error)
        if place not in self._reported:
            self._reported[place] = self._write(error)
        return self._reported[place]

    def _write(self, error: BaseException) -> str:
        now = datetime.now(timezone.utc)
        file = self._folder / f"crash-{now:%Y%m%dT%H%M%SZ}-{os.getpid()}-{next(self._numbers)}.txt"
        try:
            text = _report_text(error, now)
            self._folder.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", errors="backslashreplace")
        except Exception as failure:
            return (
                f"The program met an error of its own ({type(error).__name__}) and could not write a report in "
                f"{self._folder} ({type(failure).__name__}). What was answered so far is stored."
            )
        return (
            f"The program met an error of its own ({type(error).__name__}). What was answered so far is stored; "
            f"please send the report {file} with a word on what you did."
        )

    def _on_exception(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
        else:
            self._say(str(error) if isinstance(error, UserError) else self.report(error))

    def _on_thread_exception(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None and not isinstance(args.exc_value, SystemExit):
            self._on_exception(args.exc_type, args.exc_value, args.exc_traceback)


def say_on_stderr(text: str) -> None:
    """Print a sentence on the error stream, which a program without a console lacks."""
    if sys.stderr is not None:
        print(text, file=sys.stderr, flush=True)


def install_crash_log(folder: Path, say: Callable[[str], None] = say_on_stderr) -> CrashLog:
    """From now on, write a report into ``folder`` for every uncaught exception and ``say`` where it lies.

    A report holds the traceback, the environment and the time. It never holds the text of an exception that could
    quote an answer or a participant's code. A UserError is no crash: its sentence is said and nothing written.
    """
    return CrashLog(folder, say)


def _place(error: BaseException) -> tuple[object, ...]:
    frames = traceback.extract_tb(error.__traceback__)
    return (type(error), *((frames[-1].filename, frames[-1].lineno) if frames else ()))


def _chain(error: BaseException) -> list[BaseException]:
    """The exception and those that led to it, the first of them first."""
    chain: list[BaseException] = []
    current: BaseException | None = error
    while current is not None and current not in chain:
        chain.append(current)
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return chain[::-1]


def _described(error: BaseException) -> str:
    name = f"{type(error).__module__}.{type(error).__qualname__}"
    if isinstance(error, OSError):
        return f"{name}: {error.strerror}"
    if type(error) in _TEXT_IS_SAFE:
        return f"{name}: {error}"
    return f"{name} (its text is left out: it could quote an answer or a participant's code)"


def _report_text(error: BaseException, now: datetime) -> str:
    parts = [
        "CLARIFIER Desktop: report of an error in the program",
        f"utc: {now.isoformat(timespec='seconds')}",
        json.dumps(environment(), indent=1, sort_keys=True),
    ]
    for link in _chain(error):
        trace = "".join(traceback.format_tb(link.__traceback__))
        parts.append(f"{trace}{_described(link)}")
    text = "\n\n".join(parts) + "\n"
    home = Path.home()
    return text if home == home.parent else text.replace(str(home), "~")  # a service's home may be "/"


# -- Checks --------------------------------------------------------------------------------------------------


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
    existing = next(place for place in _upward(folder.absolute()) if place.exists())
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
