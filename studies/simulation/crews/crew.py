"""Who does the tasks: processes of this machine, each with its own share of the cores."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Protocol

from model.children import Child, End
from studies.simulation.run.task import Lost, Report, RoundTask, Told

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

    def submit(self, task: RoundTask) -> None:
        """Begin a task; there may be no more than ``size``."""
        ...

    def next(self, seconds: float) -> Report | None:
        """The next report, ``None`` if none comes within so long. Every task ends in one that is not ``Told``."""
        ...

    def close(self) -> None:
        """Drop what is being done."""
        ...


@dataclass
class _Worker:
    child: Child
    key: str = ""  # of the task that it does


class LocalCrew:
    """Processes that end with this one, however it ends; one that was killed is replaced."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._reports: SimpleQueue[tuple[int, Report | End]] = SimpleQueue()
        self._workers: dict[int, _Worker] = {}
        self._number = 0

    @property
    def size(self) -> int:
        """How many processes there are."""
        return self._size

    def submit(self, task: RoundTask) -> None:
        """Begin a task in a process that has none."""
        free = next((worker for worker in self._workers.values() if not worker.key), None)
        worker = free or self._start((os.cpu_count() or 1) if task.prepare else task.run.threads)
        worker.key = task.run.key
        # The end of a process is delivered like a report, and its task reported lost.
        with contextlib.suppress(OSError):
            worker.child.send(task)

    def next(self, seconds: float) -> Report | None:
        """The next report."""
        try:
            number, report = self._reports.get(timeout=seconds)
        except Empty:
            return None
        if isinstance(report, End):
            return self._end(number)
        worker = self._workers.get(number)
        if worker is not None and not isinstance(report, Told):
            worker.key = ""
        return report

    def close(self) -> None:
        """End all processes."""
        for number in list(self._workers):
            self._end(number)

    def pids(self) -> tuple[int, ...]:
        """The processes' ids."""
        return tuple(worker.child.pid for worker in self._workers.values())

    def _start(self, threads: int) -> _Worker:
        """A process whose libraries take no more threads than its share."""
        self._number += 1
        number = self._number
        child = Child(
            "studies.simulation.crews.worker",
            deliver=lambda report: self._reports.put((number, report)),
            variables=dict.fromkeys(_THREAD_VARIABLES, str(threads)),
        )
        worker = self._workers[number] = _Worker(child)
        return worker

    def _end(self, number: int) -> Lost | None:
        worker = self._workers.pop(number)
        worker.child.end()
        return Lost(worker.key) if worker.key else None


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
