"""One piece of work for a process anywhere: get a data set ready, or do the next round of a run."""

from __future__ import annotations

import os
import platform
import threading
import traceback
from collections import OrderedDict
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

from model.disk import require_temporary_folder
from model.errors import UserError
from model.port import NullPort, Port
from model.rounds.simulated_values import ImagesSpec, LearnerSpec, Place
from studies.simulation.plan.runs import STEP_VERSION, Run
from studies.simulation.run.advance import advance
from studies.simulation.run.state import RoundRow, State, Where

if TYPE_CHECKING:
    from model.rounds.simulated import SimulatedPool

_KEPT = 2  # learners that a process keeps in memory
_LIBRARIES = ("torch", "torchvision", "numpy")


class VersionError(UserError):
    """The program that computes is not the one that asks."""


@dataclass(frozen=True)
class RoundTask:
    """``prepare``: only open the images and compute what is to be on disk, with all threads that there are."""

    run: Run
    state: State | None
    place: Place
    prepare: bool = False


@dataclass(frozen=True)
class Prepared:
    """A data set is ready."""

    key: str


@dataclass(frozen=True)
class Done:
    """A round was done; ``state`` is what the run goes on from, ``None`` after its last round."""

    key: str
    row: RoundRow
    state: State | None
    where: Where


@dataclass(frozen=True)
class Failed:
    """A round could not be done."""

    key: str
    round: int
    error: str
    traceback: str


@dataclass(frozen=True)
class Lost:
    """The process that had a task ended by itself, or was ended."""

    key: str


@dataclass(frozen=True)
class Told:
    """How far a long task is."""

    done: int
    total: int
    text: str


Report = Prepared | Done | Failed | Lost | Told


class Workshop:
    """The learners that a process keeps: opening images and reading features takes longer than a round."""

    def __init__(self) -> None:
        self._pools: OrderedDict[tuple[ImagesSpec, LearnerSpec], SimulatedPool] = OrderedDict()
        self._lock = threading.Lock()  # a cluster's worker may have several threads

    def perform(self, task: RoundTask, port: Port) -> Prepared | Done | Failed:
        """Do a task; whatever goes wrong is in the report."""
        number = 0 if task.state is None else task.state.round
        try:
            with self._lock:
                return self._perform(task, port)
        except UserError as error:
            return Failed(task.run.key, number, str(error), "")
        except Exception as error:  # a bug: the other runs go on, and the store says where it was
            said = f"{type(error).__name__}: {error}"
            return Failed(task.run.key, number, said, traceback.format_exc())

    def close(self) -> None:
        """Let go of all learners."""
        while self._pools:
            self._pools.popitem()[1].close()

    def _perform(self, task: RoundTask, port: Port) -> Prepared | Done:
        require_temporary_folder()
        from model.rounds.simulated import use_threads

        if task.run.step_version != STEP_VERSION:
            raise VersionError(
                "A worker runs another version of CLARIFIER Desktop: install the same one everywhere."
            )
        use_threads((os.cpu_count() or 1) if task.prepare else task.run.threads)
        pool = self._pool(task, port)
        if task.prepare:
            return Prepared(task.run.key)
        row, state = advance(task.run, task.state, pool, port)
        return Done(task.run.key, row, state, Where(str(pool.trainer.device), task.run.threads, versions()))

    def _pool(self, task: RoundTask, port: Port) -> SimulatedPool:
        from model.rounds.simulated import open_simulated

        key = (task.run.images, task.run.learner)
        if key in self._pools:
            self._pools.move_to_end(key)
            return self._pools[key]
        while len(self._pools) >= _KEPT:
            self._pools.popitem(last=False)[1].close()
        pool = self._pools[key] = open_simulated(*key, task.place, port)
        return pool


def versions() -> dict[str, str]:
    """What computes here."""
    return {"python": platform.python_version()} | {name: version(name) for name in _LIBRARIES}


_WORKSHOP = Workshop()


def perform_here(task: RoundTask) -> Prepared | Done | Failed:
    """Do a task in a cluster's worker, which keeps its learners from one to the next."""
    return _WORKSHOP.perform(task, NullPort())
