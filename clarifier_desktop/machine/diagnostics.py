"""The record of the environment, and the crash log."""

from __future__ import annotations

import faulthandler
import itertools
import json
import os
import platform
import sys
import threading
import time
import traceback
from collections.abc import Callable
from datetime import datetime, timezone
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


def _describe(error: BaseException) -> str:
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
        parts.append(f"{trace}{_describe(link)}")
    text = "\n\n".join(parts) + "\n"
    home = Path.home()
    return text if home == home.parent else text.replace(str(home), "~")  # a service's home may be "/"
