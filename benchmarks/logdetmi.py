"""The intermediate tier by LogDetMI, against the matrix arithmetic that it needs and against submodlib."""

from __future__ import annotations

import math
import multiprocessing
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import torch

from benchmarks.matrix_rate import matrix_rate, settle
from benchmarks.report import Limit, Line, Peer, Report, Size
from benchmarks.synthetic_pool import synthetic_pool
from model.gradients import Factors, gradient_factors
from model.port import NullPort
from model.selection import intermediate  # noqa: F401 (it registers itself)
from model.selection.base import Snapshot
from model.selection.registry import select
from model.selection.submodlib_engine import Submodlib, available

_GOAL_TIMES = 3.0  # of the arithmetic's own time
_GOAL_FASTER = 1000.0
_GOAL_MIB = 3 * 1024.0
_GOAL_GPU_S = 1.0
_PARTITIONS = 5  # the authors' for this pool
_SECONDS, _GIB = 600.0, 8.0  # what submodlib may take for a class


@dataclass(frozen=True)
class _Case:
    n: int
    classes: int
    d: int
    labeled: int  # items of each class
    picks: int  # for each class
    submodlib: tuple[int, int]  # sizes of a partition that submodlib is given
    repeats: int

    def operations(self) -> float:
        """Of the matrix products for all classes: kernel with the queries, its solve, the picks' rows, both solves."""
        n, q, s = self.n, self.labeled, self.picks
        kernel = 2 * q * n * (self.d + self.classes) + q * q * n
        rows = 2 * s * n * (self.d + self.classes) + 2 * s * q * n + 2 * s * s * n
        return float(self.classes * (kernel + rows))


@dataclass(frozen=True)
class _Ours:
    seconds: float
    operations_a_second: float
    picks: int
    peak_mib: float | None
    gpu_seconds: float | None


_CASES = {
    Size.FULL: _Case(40_000, 100, 512, 100, 25, (2_000, 4_000), 3),
    Size.QUICK: _Case(2_000, 10, 64, 20, 5, (200, 400), 1),
}


def measure(size: Size) -> Report:
    """Select in a new process, whose peak memory is then this work's alone; then let submodlib do a class."""
    case = _CASES[size]
    _say(f"{case.n:,} items, {case.classes} classes")
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as other:
        ours = other.submit(_select, case).result()
    limit = case.operations() / ours.operations_a_second
    rate = f"{case.operations() / 1e9:,.0f} GFLOP at {ours.operations_a_second / 1e9:.0f} GFLOP/s"
    budget = case.classes * case.picks
    lines = [
        Line("time", ours.seconds, "s", high=_GOAL_TIMES * limit, limit=Limit(rate, limit)),
        Line("time over the arithmetic's own", ours.seconds / limit, "times", high=_GOAL_TIMES),
        Line("picks", ours.picks, f"of {budget:,}", low=budget, digits=0),
    ]
    if ours.peak_mib is not None:
        lines.append(Line("peak memory of the process", ours.peak_mib, "MiB", high=_GOAL_MIB, digits=0))
    if ours.gpu_seconds is not None:
        lines.append(Line("time on the GPU", ours.gpu_seconds, "s", high=_GOAL_GPU_S))
    notes = [
        "Time: all classes with conflicts settled by refill, no partition, the best of "
        f"{case.repeats}; the rate is the best before and after.",
        "The limit counts the picks alone; chains are longer, for classes that lose an item to another.",
    ]
    if ours.gpu_seconds is None:
        notes.append("No CUDA device: the line of the GPU is left out.")
    if available():
        lines += _submodlib_lines(case, ours.seconds, notes)
    else:
        notes.append("submodlib is not installed: its lines are left out.")
    title = f"{case.picks} picks for each of {case.classes} classes from {case.n:,} items, d = {case.d}"
    return Report("logdetmi", title, size, tuple(lines), tuple(notes))


def _submodlib_lines(case: _Case, ours: float, notes: list[str]) -> list[Line]:
    small, large = case.submodlib
    picks = math.ceil(case.picks / _PARTITIONS)
    first, second = (_submodlib(case, n, picks) for n in case.submodlib)
    exponent = math.log(second / first) / math.log(large / small)
    part = case.n / _PARTITIONS
    whole = second * (part / large) ** exponent * _PARTITIONS * case.classes
    notes.append(
        f"submodlib as the authors used it: LazyGreedy in {_PARTITIONS} partitions of {part:,.0f}. Measured is "
        f"one class of one partition, with {picks} picks, given the kernels. Its time for the whole is "
        f"EXTRAPOLATED: from {large:,} to {part:,.0f} items by the exponent of the two measured, times "
        f"{_PARTITIONS * case.classes} chains."
    )
    return [
        Line(f"submodlib, one class, {small:,} items", first, "s"),
        Line(f"submodlib, one class, {large:,} items", second, "s"),
        Line("growth exponent of submodlib", exponent, ""),
        Line(
            "times faster than submodlib (extrapolated)",
            whole / ours,
            "times",
            low=_GOAL_FASTER,
            peer=Peer("submodlib's seconds", round(whole)),
            digits=0,
        ),
        Line("submodlib, the whole (extrapolated)", whole / 3600, "h"),
    ]


def _submodlib(case: _Case, n: int, picks: int) -> float:
    """Seconds for one class of a partition of n items."""
    _say(f"submodlib, {n:,} items")
    snapshot = synthetic_pool(n, case.classes, case.d, case.labeled, seed=n)
    index = snapshot.query_set(0)
    pool = _vectors(snapshot, snapshot.unlabeled, None)
    query = _vectors(snapshot, index, snapshot.labels[index])
    kernels = [left.inner(right).numpy() for left, right in ((pool, pool), (query, query), (pool, query))]
    port = NullPort()
    with Submodlib(_SECONDS, _GIB) as engine:
        engine.chain("gcmi", None, None, kernels[2][:20], 1, 1.0, 1.0, True, port)  # starts the process
        started = time.perf_counter()
        engine.chain("logdetmi", kernels[0], kernels[1], kernels[2], picks, 1.0, 1.0, True, port)
        return time.perf_counter() - started


def _vectors(snapshot: Snapshot, index: torch.Tensor, labels: torch.Tensor | None) -> Factors:
    probabilities, features = snapshot.probabilities[index], snapshot.features[index]
    return gradient_factors(probabilities, features, labels, bias=True, saturated=True).normalized()


def _select(case: _Case) -> _Ours:
    snapshot = synthetic_pool(case.n, case.classes, case.d, case.labeled, seed=0)
    before = matrix_rate()
    seconds, picks = _best(snapshot, case)
    rate = max(before, matrix_rate())
    peak = _peak_mib()
    gpu = None
    if torch.cuda.is_available():
        there = Snapshot(snapshot.probabilities.cuda(), snapshot.features.cuda(), snapshot.labels.cuda())
        gpu = _best(there, case)[0]
    return _Ours(seconds, rate, picks, peak, gpu)


def _best(snapshot: Snapshot, case: _Case) -> tuple[float, int]:
    """The shortest time of the repeats, after a first run, and the number of picks."""
    device = snapshot.labels.device.type
    times, picks = [], 0
    for _ in range(case.repeats + 1):
        settle(device)
        started = time.perf_counter()
        picks = len(select("logdetmi", snapshot, case.classes * case.picks))
        settle(device)
        times.append(time.perf_counter() - started)
    return min(times[1:]), picks


def _peak_mib() -> float | None:
    """The most memory that this process ever held, where the system tells."""
    status = Path("/proc/self/status")
    if not status.exists():
        return None
    (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def _say(text: str) -> None:
    print(f"logdetmi: {text}", file=sys.stderr, flush=True)
