"""The real program labeling a project on a screen, found by its colours, and the learner that works behind it."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from PIL import ImageGrab

from benchmarks.witness.pictures import COLOURS, shown
from benchmarks.witness.program import Recorded, has_torch, program_command, resident_mib
from benchmarks.witness.screen import Eye, Screen, Seen, WitnessError
from studies.labeling.file.store import ProjectStore

_ROOT = Path(__file__).parents[2]
_OPEN_S = 60.0
_LEARNER_S = 120.0
_STORED_S = 20.0
_LEAST_PIXELS = 4000  # of one colour: an image, not a button
_NEAR = 40
_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
_AT_WORK_S = 3.0  # of processor time since torch was loaded


class Labeler:
    """A project that is being labeled."""

    def __init__(self, screen: Screen, file: Path, *arguments: str) -> None:
        self._screen = screen
        self.file = file
        self._log = file.with_suffix(".log")
        screen.environment["PYTHONPATH"] = str(_ROOT)
        self.started_ns = time.perf_counter_ns()
        command = [*program_command(), "label", str(file), "--annotator", "witness", *arguments]
        self.process = screen.spawn(command, log=self._log)

    def begin(self) -> tuple[Eye, Seen]:
        """Wait for the first image; returns an eye on the middle of it, and what that saw first."""
        eye = self._screen.watch(*self.find_image())
        while True:
            seen = eye.next(_OPEN_S)
            if shown(seen.colour) is not None:
                return eye, seen

    def find_image(self) -> tuple[int, int]:
        """Wait for an image in one of the known colours; returns the middle of that colour on the screen."""
        deadline = time.monotonic() + _OPEN_S
        while time.monotonic() < deadline:
            self.check()
            grabbed = ImageGrab.grab(xdisplay=self._screen.environment["DISPLAY"])
            pixels = np.asarray(grabbed.convert("RGB"), np.int16)
            for colour in COLOURS:
                rows, columns = np.nonzero((np.abs(pixels - np.array(colour)) <= _NEAR).all(axis=2))
                if len(rows) >= _LEAST_PIXELS:
                    return int(np.median(columns)), int(np.median(rows))
            time.sleep(0.2)
        raise WitnessError(f"No image came on screen within {_OPEN_S:g} s.")

    def check(self) -> None:
        """Raise ``WitnessError`` where the program has ended."""
        if self.process.poll() is not None:
            raise WitnessError(f"The program ended: {self._log.read_text(errors='replace')[-2000:]}")

    def recorded(self) -> list[Recorded]:
        """The stamps of all timed answers of the last sitting, in order."""
        rows = self.ask(
            "SELECT action, onset_ns, response_ns FROM label_events WHERE onset_ns IS NOT NULL "
            "AND sitting = (SELECT max(sitting) FROM sittings) ORDER BY seq"
        )
        return [Recorded(*map(int, row)) for row in rows]

    def stalls_ms(self, count: int) -> list[float]:
        """The longest stall of the event loop during each of the last answers, in ms."""
        sql = "SELECT longest_stall_ns / 1e6 FROM label_events WHERE onset_ns IS NOT NULL ORDER BY seq DESC LIMIT ?"
        return [float(stall) for (stall,) in self.ask(sql, count)]

    def wait_for_answers(self, count: int) -> None:
        """Wait until the last sitting has this many timed answers; raises ``WitnessError`` if they do not come."""
        deadline = time.monotonic() + _STORED_S
        while len(self.recorded()) < count:
            self.check()
            if time.monotonic() > deadline:
                raise WitnessError(f"Of {count} answers {len(self.recorded())} were stored.")
            time.sleep(0.1)

    def ask(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        """What the project's file says now."""
        with ProjectStore.open(self.file, writable=False) as store:
            return store.query(sql, parameters)

    def resident_mib(self) -> float:
        """The window's process' memory that is in use, in MiB; without the learner's."""
        return resident_mib(self.process.pid)

    def scheduled_ms(self) -> tuple[float, float]:
        """How long the window's own thread has run on a processor, and how long it has waited for one, in ms."""
        ran, waited, _ = Path(f"/proc/{self.process.pid}/schedstat").read_text(encoding="ascii").split()
        return int(ran) / 1e6, int(waited) / 1e6

    def stop(self) -> None:
        """End the program; its learner ends with it."""
        self._screen.stop(self.process)


class LearnerWatch:
    """The learner's process as the system sees it: whether it is there, and the processor time that it used."""

    def __init__(self, program: int) -> None:
        self._program = program
        self._child: int | None = None

    def wait_until_at_work(self) -> None:
        """Wait until torch is loaded and some time was worked since; raises ``WitnessError`` where that never comes."""
        deadline = time.monotonic() + _LEARNER_S
        since: float | None = None
        while time.monotonic() < deadline:
            worked = self.worked_s()
            if since is None and self._child is not None and has_torch(self._child):
                since = worked
            if since is not None and worked - since >= _AT_WORK_S:
                return
            time.sleep(0.2)
        raise WitnessError(f"The learner was not at work within {_LEARNER_S:g} s.")

    def worked_s(self) -> float:
        """The processor time of the learner so far, in s of one core; 0 where there is no learner."""
        if self._child is None:
            self._child = self._find()
        if self._child is None:
            return 0.0
        try:
            fields = Path(f"/proc/{self._child}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        except OSError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def _find(self) -> int | None:
        for task in Path(f"/proc/{self._program}/task").iterdir():
            with suppress(OSError):  # a thread or a process that ended meanwhile
                for child in (task / "children").read_text(encoding="ascii").split():
                    if b"learner_child" in Path(f"/proc/{child}/cmdline").read_bytes():
                        return int(child)
        return None
