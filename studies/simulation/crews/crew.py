"""Who does the tasks: processes of this machine, each with its own share of the cores."""

from __future__ import annotations

import contextlib
import os
import pickle
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import IO, Protocol

from studies.labeling.rounds.learner_process import receive, send
from studies.simulation.run.task import Lost, Report, Task, Told

_THREAD_VARIABLES = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
_NEED_BYTES = (
    1_500_000_000  # of a process with a network, features of some ten thousand images and a round's work
)


class Crew(Protocol):
    """Does tasks in the background; to be used from one thread, and closed."""

    @property
    def size(self) -> int:
        """How many tasks it takes at a time."""
        ...

    def submit(self, task: Task) -> None:
        """Begin a task; there may be no more than ``size``."""
        ...

    def next(self, seconds: float) -> Report | None:
        """The next report, ``None`` if none comes within so long. Every task ends in one that is not ``Told``."""
        ...

    def close(self) -> None:
        """Drop what is being done."""
        ...


@dataclass
class _Child:
    process: subprocess.Popen[bytes]
    reader: threading.Thread
    key: str = ""  # of the task that it has


class LocalCrew:
    """Processes that end with this one, however it ends; one that was killed is replaced."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._reports: SimpleQueue[tuple[int, Report | None]] = SimpleQueue()
        self._children: dict[int, _Child] = {}
        self._number = 0

    @property
    def size(self) -> int:
        """How many processes there are."""
        return self._size

    def submit(self, task: Task) -> None:
        """Begin a task in a process that has none."""
        free = next((child for child in self._children.values() if not child.key), None)
        child = free or self._started((os.cpu_count() or 1) if task.prepare else task.run.threads)
        child.key = task.run.key
        # A process that has ended is heard of by its reader, and its task reported lost.
        with contextlib.suppress(OSError):
            assert child.process.stdin is not None  # a pipe was asked for
            send(child.process.stdin, task)

    def next(self, seconds: float) -> Report | None:
        """The next report."""
        try:
            number, report = self._reports.get(timeout=seconds)
        except Empty:
            return None
        child = self._children.get(number)
        if report is None:
            return self._ended(number)
        if child is not None and not isinstance(report, Told):
            child.key = ""
        return report

    def close(self) -> None:
        """End all processes."""
        for number in list(self._children):
            self._ended(number)

    def pids(self) -> tuple[int, ...]:
        """The processes' ids."""
        return tuple(child.process.pid for child in self._children.values())

    def _started(self, threads: int) -> _Child:
        process = subprocess.Popen(
            [sys.executable, "-m", "studies.simulation.crews.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=_environment(threads),
        )
        assert process.stdout is not None  # a pipe was asked for
        self._number += 1
        reader = threading.Thread(
            target=_read_all, args=(process.stdout, self._number, self._reports), daemon=True
        )
        reader.start()
        child = self._children[self._number] = _Child(process, reader)
        return child

    def _ended(self, number: int) -> Lost | None:
        child = self._children.pop(number)
        child.process.kill()
        child.process.wait()
        child.reader.join()
        for pipe in (child.process.stdin, child.process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        return Lost(child.key) if child.key else None


def workers_for(runs: int, threads: int) -> int:
    """How many processes to start: as many as there is work, cores and memory for, one where there is a GPU."""
    if has_gpu():
        return 1
    cores = max(1, (os.cpu_count() or 1) // threads)
    free = free_memory()
    fitting = runs if free is None else max(1, int(free // _NEED_BYTES))
    return max(1, min(runs, cores, fitting))


def has_gpu() -> bool:
    """Whether there is a GPU that several processes would contend for the memory of."""
    return any(Path("/dev").glob("nvidia[0-9]*"))


def free_memory() -> int | None:
    """Bytes of memory that programs can have; ``None`` where the system does not say."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    return None


def _read_all(pipe: IO[bytes], number: int, reports: SimpleQueue[tuple[int, Report | None]]) -> None:
    with contextlib.suppress(EOFError, OSError, ValueError, pickle.UnpicklingError):
        while True:
            reports.put((number, receive(pipe)))
    reports.put((number, None))


def _environment(threads: int) -> dict[str, str]:
    """The child finds the program where its parent did, and its libraries take no more threads than are its share."""
    path = os.pathsep.join(path for path in sys.path if path)
    return {**os.environ, "PYTHONPATH": path, **dict.fromkeys(_THREAD_VARIABLES, str(threads))}
