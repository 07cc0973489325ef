"""submodlib's greedy maximisation in a process of its own, with limits of time and memory."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model import children
from model.disk import is_there
from model.port import Cancelled, Port
from model.selection.base import SelectionError

Kernel = NDArray[np.floating]
Chain = tuple[NDArray[np.int64], NDArray[np.float64]]

FUNCTIONS = ("logdetmi", "flvmi", "flqmi", "gcmi", "com")
_SQUARE = ("logdetmi", "flvmi")  # functions that compare the pool's items with one another
_OWN = "or choose the engine 'own', which needs nothing else"
_GIB = 1 << 30
# Measured: 57 to 60 bytes for each pair of items, as list, as numbers of Python, and in submodlib's four copies.
_BYTES_A_PAIR = 64
_LONGEST_PAUSE = 0.05


def available() -> bool:
    """Whether submodlib is installed; nothing is imported to find out."""
    return importlib.util.find_spec("submodlib_cpp") is not None


def need_bytes(function: str, n: int, queries: int, budget: int) -> int:
    """Return about how much memory submodlib takes for n items of a pool and a class's query set."""
    if function not in _SQUARE:
        return _BYTES_A_PAIR * n * queries
    together = n + queries
    return _BYTES_A_PAIR * together * (together + queries + budget)


class Submodlib:
    """A process that runs submodlib, started with the first chain and kept for the next ones.

    ``seconds`` and ``gib`` (2^30 bytes) limit each chain. Raises :class:`SelectionError` where submodlib is
    not installed.
    """

    def __init__(self, seconds: float, gib: float) -> None:
        if not available():
            raise SelectionError(
                "submodlib is not installed. Its wheels exist for Python 3.10 to 3.12 on Linux (x86-64) and macOS "
                f"(Apple silicon): install submodlib-py there, {_OWN}."
            )
        self._seconds, self._gib = seconds, gib
        self._running: _Child | None = None

    def __enter__(self) -> Submodlib:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process and remove its files; a later chain starts a new one."""
        if self._running is not None:
            self._running.close()
            self._running = None

    def chain(
        self,
        function: str,
        pool_kernel: Kernel | None,
        query_kernel: Kernel | None,
        cross_kernel: Kernel,
        budget: int,
        eta: float,
        ridge: float,
        lazy: bool,
        port: Port,
    ) -> Chain:
        """Return the greedy maximiser's items, positions (k,) in the pool, and their gains (k,), as they were taken.

        ``pool_kernel`` (n, n) concerns logdetmi and flvmi, ``query_kernel`` (q, q) logdetmi, ``cross_kernel``
        (n, q) all of ``FUNCTIONS``; submodlib computes with their numbers as float32. k is ``budget``, or n if that is
        less. The optimizer is its NaiveGreedy, or LazyGreedy where ``lazy``; both go on when gains are zero or
        negative. gcmi has no eta, and logdetmi alone has a ridge (its lambda). A kernel that is the very array of the
        chain before is taken to be unchanged.

        Raises :class:`SelectionError` if submodlib needs more than the limits, ends by itself or gives gains
        that are NaN, and :class:`Cancelled` if the port says so.
        """
        n, queries = cross_kernel.shape
        if function not in FUNCTIONS or min(n, queries, budget) < 1:
            raise ValueError(f"no chain of {budget} items by {function} with {n} items and {queries} queries")
        self.refuse_large(function, n, queries, budget)
        job = {"function": function, "queries": queries, "budget": min(budget, n), "eta": eta, "ridge": ridge}
        job |= {"lazy": lazy, "seconds": self._seconds, "bytes": int(self._gib * _GIB)}
        kernels = {"pool": pool_kernel, "query": query_kernel, "cross": cross_kernel}
        try:
            if self._running is None:
                self._running = _Child()
            answer = self._running.ask(job, {k: v for k, v in kernels.items() if v is not None})
            found = self._wait(answer, port)
        except BaseException:
            self.close()
            raise
        return self._read(found)

    def refuse_large(self, function: str, n: int, queries: int, budget: int) -> None:
        """Raise :class:`SelectionError` if n items of a pool would take more memory than the limit."""
        need = need_bytes(function, n, queries, budget) / _GIB
        if need > self._gib:
            raise SelectionError(
                f"submodlib would take about {need:.1f} GiB for {n:,} items, and the limit is {self._gib:g}. "
                f"Cut the pool into more partitions, {_OWN}."
            )

    def _wait(self, answer: Path, port: Port) -> dict[str, Any]:
        assert self._running is not None
        end = time.monotonic() + self._seconds
        pause = 0.001
        while not is_there(answer):
            if port.cancelled():
                raise Cancelled
            if (describe_end := self._running.describe_end()) is not None and not is_there(answer):
                raise SelectionError(f"submodlib ended by itself ({describe_end}). Select again, {_OWN}.")
            if time.monotonic() > end:
                raise SelectionError(
                    f"submodlib was stopped after {self._seconds:g} seconds for one class. "
                    f"Allow more time, cut the pool into more partitions, {_OWN}."
                )
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
        found: dict[str, Any] = json.loads(answer.read_text())
        answer.unlink()
        return found

    def _read(self, found: dict[str, Any]) -> Chain:
        error = found.get("error")
        if error == "memory":
            raise SelectionError(
                f"submodlib needed more memory than the limit of {self._gib:g} GiB. "
                f"Cut the pool into more partitions, {_OWN}."
            )
        if error == "indefinite":
            raise SelectionError("submodlib's gains are NaN. Choose an eta of 1 or less, or a larger ridge.")
        if error:
            raise SelectionError(f"submodlib refused the job ({error}). Select again, {_OWN}.")
        return np.array(found["items"], np.int64), np.array(found["gains"], np.float64)


class _Child:
    """The running process and the folder through which it is spoken to."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="submodlib-", ignore_cleanup_errors=True)
        self._words = Path(self._folder.name) / "words.txt"
        self._jobs = 0
        self._stored: dict[str, Kernel] = {}
        script = Path(__file__).with_name("submodlib_child.py")
        one_thread = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL")}
        with self._words.open("wb") as words:
            self._process = subprocess.Popen(
                children.command(str(script)),
                stdin=subprocess.PIPE,
                stdout=words,
                stderr=words,
                env=children.environment(one_thread),
                creationflags=children.NO_WINDOW,
            )

    def ask(self, job: dict[str, object], kernels: dict[str, Kernel]) -> Path:
        """Hand a job over and return the file that will hold the answer."""
        self._jobs += 1
        folder = Path(self._folder.name)
        answer = folder / f"answer-{self._jobs}.json"
        for name, kernel in kernels.items():
            if kernel is not self._stored.get(name):  # the pool's own is the same for every class
                np.save(folder / f"{name}.npy", kernel.astype(np.float32))
        self._stored = dict(kernels)
        line = json.dumps({**job, "kernels": str(folder), "answer": str(answer)})
        assert self._process.stdin is not None
        with contextlib.suppress(
            OSError
        ):  # of a process that describe_end: who waits for the answer finds out
            self._process.stdin.write(line.encode() + b"\n")
            self._process.stdin.flush()
        return answer

    def describe_end(self) -> str | None:
        """How the process ended, with its last words, or ``None`` while it runs."""
        code = self._process.poll()
        if code is None:
            return None
        words = self._words.read_text(errors="replace").strip().splitlines()
        return f"code {code}{': ' + words[-1] if words else ''}"

    def close(self) -> None:
        """End the process at once and remove the folder."""
        self._process.kill()
        self._process.wait()
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        self._folder.cleanup()
