"""The real program as a process of its own, led to its first trial and read back from its file."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.spread import percentile
from benchmarks.witness.pictures import PARTICIPANT_NUMBER, shown
from benchmarks.witness.screen import Eye, Screen, Seen, WitnessError
from studies.timing.facts.records import EventKind
from studies.timing.file.store import Store

_ROOT = Path(__file__).parents[2]
_PREPARED_S = 300.0  # every drawn image is tried once before the session
_STEP_S = 20.0
_RETRY_S = 2.0
MIB = 1024 * 1024


@dataclass(frozen=True)
class Recorded:
    """The stamps of one answer, as the program stored them."""

    position: int
    onset_ns: int
    response_ns: int


class Program:
    """A study running on a screen."""

    def __init__(self, screen: Screen, folder: Path, load: str | None = None) -> None:
        self._screen = screen
        self._store = folder / "answers.sqlite"
        arguments = ["study", "run", "--plan", str(folder / "plan.toml"), "--participant", "witness"]
        arguments += ["--number", str(PARTICIPANT_NUMBER), "--store", str(self._store)]
        command = (
            program_command() if load is None else [sys.executable, "-m", "benchmarks.study.under_load", load]
        )
        screen.environment["PYTHONPATH"] = str(_ROOT)
        self._log = folder / "program.log"
        self.process = screen.spawn([*command, *arguments], log=self._log)

    def begin(self) -> tuple[Eye, Seen]:
        """Go through the pages of words; returns an eye on the image's place and the first image seen."""
        self._until("SELECT count(*) FROM sessions", _PREPARED_S)
        eye = self._screen.watch(*self._image_place())
        for kind in (EventKind.CONSENTED, EventKind.INSTRUCTED, EventKind.BLOCK_STARTED):
            self._press_until(f"SELECT count(*) FROM events WHERE kind = '{kind.value}'")
        while True:
            seen = eye.next(_STEP_S)
            if shown(seen.colour) is not None:
                return eye, seen

    def recorded(self, count: int) -> list[Recorded]:
        """All answers in the file, once there are ``count``."""
        self._until(f"SELECT count(*) >= {count} FROM responses", _STEP_S)
        with Store.open(self._store, writable=False) as store:
            rows = store.query("SELECT position, onset_ns, response_ns FROM trials ORDER BY onset_ns")
        return [Recorded(*row) for row in rows]

    def resident_mib(self) -> float:
        """The memory of the process that is in use, in MiB."""
        return resident_mib(self.process.pid)

    def stop(self) -> None:
        """End the program."""
        self._screen.stop(self.process)

    def _image_place(self) -> tuple[int, int]:
        """A point in the middle of the image but off the fixation's cross."""
        window = self._screen.ask("xdotool", "search", "--onlyvisible", "--name", "CLARIFIER Desktop").split()
        if not window:
            raise WitnessError("The program's window is not there.")
        shape = self._screen.ask("xdotool", "getwindowgeometry", "--shell", window[-1])
        at = dict(line.split("=") for line in shape.split())
        x, y, width, height = (int(at[key]) for key in ("X", "Y", "WIDTH", "HEIGHT"))
        return x + width // 2 + 60, y + round(0.42 * height)

    def _press_until(self, sql: str) -> None:
        deadline = time.monotonic() + _STEP_S
        while True:
            time.sleep(0.3)  # a page takes no key that was pressed before it was there
            self._screen.key("Return")
            try:
                return self._until(sql, _RETRY_S)
            except WitnessError:
                if time.monotonic() > deadline:
                    raise

    def _until(self, sql: str, timeout_s: float) -> None:
        """Wait until a query of the program's file gives something but 0."""
        deadline = time.monotonic() + timeout_s
        while not self._ask(sql):
            if self.process.poll() is not None:
                raise WitnessError(f"The program ended: {self._log.read_text(errors='replace')[-2000:]}")
            if time.monotonic() > deadline:
                raise WitnessError(f"Not within {timeout_s:g} s: {sql}")
            time.sleep(0.05)

    def _ask(self, sql: str) -> int:
        if not self._store.exists():
            return 0
        with Store.open(self._store, writable=False) as store:
            return int(store.query(sql)[0][0])


def program_command() -> list[str]:
    """How a user starts the program."""
    script = Path(sys.executable).with_name("clarifier-desktop")
    return [str(script)] if script.exists() else [sys.executable, "-m", "clarifier_desktop"]


def resident_mib(pid: int) -> float:
    """The resident memory of a process in MiB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / MIB


def has_torch(pid: int) -> bool:
    """Whether a process has torch's library loaded."""
    return "libtorch" in Path(f"/proc/{pid}/maps").read_text(errors="replace")


def looks_ms(seen: list[Seen]) -> str:
    """How closely the witness looked, in words."""
    widths = [(one.at_ns - one.after_ns) / 1e6 for one in seen]
    return f"median {percentile(widths, 0.5):.2f} ms, 95 % within {percentile(widths, 0.95):.2f} ms"
