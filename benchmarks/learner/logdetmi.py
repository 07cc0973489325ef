"""The intermediate tier by LogDetMI, against the matrix arithmetic that it needs and against submodlib."""

from __future__ import annotations

import math
import multiprocessing
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np
import torch

from benchmarks.learner.matrix_rate import matrix_rate, settle
from benchmarks.learner.peak_memory import peak_mib
from benchmarks.learner.synthetic_pool import synthetic_pool
from benchmarks.report import Limit, Line, Report, Size
from model.port import NullPort
from model.selection import select
from model.selection.base import Snapshot
from model.selection.functions.gradients import Factors, gradient_factors
from model.selection.functions.submodlib_engine import Submodlib, available

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
    used, given = (_Growth(case, a, b) for a, b in zip(first, second, strict=True))
    part, numbers = case.n // _PARTITIONS, (case.d + 1) * case.classes
    notes += [
        f"submodlib as the authors used it: LazyGreedy in {_PARTITIONS} partitions of {part:,}, on cosines of gradient "
        f"embeddings of {numbers:,} numbers, computed for each class as DISTIL's strategy does. Measured is one class "
        f"of one partition, with {picks} picks. Its time for the whole is EXTRAPOLATED: from {large:,} to {part:,} "
        f"items by the exponent of the two measured, times {_PARTITIONS * case.classes} chains.",
        "Given the kernels: without the time that they take, which a program that shares them between classes saves.",
    ]
    return [
        Line(f"submodlib, one class, {small:,} items", first[0], "s"),
        Line(f"submodlib, one class, {large:,} items", second[0], "s"),
        Line("growth exponent", used.exponent, ""),
        Line("submodlib, the whole (extrapolated)", used.whole, "s", digits=0),
        Line(
            "times faster than submodlib (extrapolated)",
            used.whole / ours,
            "times",
            low=_GOAL_FASTER,
            digits=0,
        ),
        Line(f"submodlib given the kernels, {small:,} items", first[1], "s"),
        Line(f"submodlib given the kernels, {large:,} items", second[1], "s"),
        Line("growth exponent, given the kernels", given.exponent, ""),
        Line("times faster, given the kernels (extrapolated)", given.whole / ours, "times", digits=0),
    ]


class _Growth:
    """What two sizes say about a partition, and about all chains of all partitions."""

    def __init__(self, case: _Case, first: float, second: float) -> None:
        small, large = case.submodlib
        self.exponent = math.log(second / first) / math.log(large / small)
        partition = second * (case.n / _PARTITIONS / large) ** self.exponent
        self.whole = partition * _PARTITIONS * case.classes


def _submodlib(case: _Case, n: int, picks: int) -> tuple[float, float]:
    """Seconds for one class of a partition of n items, and those without its kernels."""
    _say(f"submodlib, {n:,} items")
    snapshot = synthetic_pool(n, case.classes, case.d, case.labeled, seed=n)
    index = snapshot.query_set(0)
    pool = _embedding(_vectors(snapshot, snapshot.unlabeled, None))
    query = _embedding(_vectors(snapshot, index, snapshot.labels[index]))
    port = NullPort()
    with Submodlib(_SECONDS, _GIB) as engine:
        engine.chain("gcmi", None, None, np.eye(9), 1, 1.0, 1.0, True, port)  # starts the process
        started = time.perf_counter()
        own, inner, cross = ((a @ b.T).numpy() for a, b in ((pool, pool), (query, query), (pool, query)))
        given = time.perf_counter()
        engine.chain("logdetmi", own, inner, cross, picks, 1.0, 1.0, True, port)
        return time.perf_counter() - started, time.perf_counter() - given


def _embedding(vectors: Factors) -> torch.Tensor:
    """The vectors in full, (n, C (d + 1))."""
    assert vectors.delta is not None
    features = torch.nn.functional.pad(vectors.features, (1, 0), value=1.0)
    return (vectors.delta[:, :, None] * features[:, None, :]).flatten(start_dim=1)


def _vectors(snapshot: Snapshot, index: torch.Tensor, labels: torch.Tensor | None) -> Factors:
    probabilities, features = snapshot.probabilities[index], snapshot.features[index]
    return gradient_factors(probabilities, features, labels, bias=True, saturated=True).normalized()


def _select(case: _Case) -> _Ours:
    snapshot = synthetic_pool(case.n, case.classes, case.d, case.labeled, seed=0)
    before = matrix_rate()
    seconds, picks = _best(snapshot, case)
    rate = max(before, matrix_rate())
    peak = peak_mib()
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


def _say(text: str) -> None:
    print(f"logdetmi: {text}", file=sys.stderr, flush=True)
