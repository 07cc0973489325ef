"""A crew of a Dask cluster: the same tasks, done by its workers on whatever machines."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from model.errors import UserError
from studies.simulation.run.task import Lost, Report, RoundTask, perform_here

_CONNECT_S = 10.0


class ClusterError(UserError):
    """A cluster that cannot be used."""


class DaskCrew:
    """The workers of a scheduler; tasks of a worker that is gone are done by another.

    All of them need this program, and the images at the same path. Raises :class:`ClusterError`.
    """

    def __init__(self, address: str) -> None:
        try:
            # Not by an import: where it is there, its types are half known, and where it is not, none.
            self._dask: Any = import_module("distributed")
        except ImportError:
            raise ClusterError(
                "Dask is not installed: add it with pip install 'clarifier-desktop[learn,cluster]', here and on all "
                "workers."
            ) from None
        try:
            self._client: Any = self._dask.Client(address, timeout=_CONNECT_S)
        except (OSError, ValueError) as error:
            raise ClusterError(
                f"No Dask scheduler answers at {address}: check the address, such as tcp://HOST:8786. ({error})"
            ) from None
        self._address = address
        self._futures: dict[Any, str] = {}

    @property
    def size(self) -> int:
        """How many threads the workers have by now."""
        with self._connected():
            threads: dict[str, int] = self._client.nthreads()
        return max(1, sum(threads.values()))

    def submit(self, task: RoundTask) -> None:
        """Begin a task; where there is no worker yet it waits for one."""
        name = f"{task.run.data}-{task.run.method.label}-{task.run.seed}-{uuid.uuid4().hex}"
        with self._connected():
            future = self._client.submit(perform_here, task, key=name, pure=False)
        self._futures[future] = task.run.key

    def next(self, seconds: float) -> Report | None:
        """The next report."""
        try:
            with self._connected():
                self._dask.wait(list(self._futures), timeout=seconds, return_when="FIRST_COMPLETED")
        except (TimeoutError, self._dask.TimeoutError):
            return None
        future = next(future for future in self._futures if future.done())
        key = self._futures.pop(future)
        # A task that took one worker after the other with it, and one that the scheduler forgot when it went.
        if future.status != "finished":
            future.release()
            return Lost(key)
        with self._connected():
            report: Report = future.result()
        future.release()
        return report

    def close(self) -> None:
        """Drop what is being done and leave the cluster as it is."""
        # A scheduler that is gone has dropped them itself.
        with contextlib.suppress(OSError, CancelledError, self._dask.TimeoutError):
            self._client.cancel(list(self._futures), force=True)
        self._futures.clear()
        with contextlib.suppress(OSError, CancelledError, self._dask.TimeoutError):
            self._client.close()

    @contextmanager
    def _connected(self) -> Iterator[None]:
        """Say in a sentence that the scheduler is gone; its timeouts pass."""
        try:
            yield
        except (TimeoutError, self._dask.TimeoutError):
            raise
        except (OSError, CancelledError, self._dask.CancelledError):
            raise ClusterError(
                f"The Dask scheduler at {self._address} is gone. Start it and run the same command again: "
                "it goes on after the rounds that are stored."
            ) from None
