"""Rounds on CUB-100 with a frozen network: what accuracy costs with five methods."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.experiments.real_rounds import METHODS, Method, Pool, RoundResult, run
from benchmarks.experiments.real_sets import CUB, MOBILENET, found, frozen_features
from benchmarks.report import Line, Report, Size

SEEDS = {Size.FULL: (1, 2, 3), Size.QUICK: (1,)}
ROUNDS = {Size.FULL: 6, Size.QUICK: 1}
C_A, C_V = 4.0, 1.0
_HEAD = ("method", "round", "cost", "test accuracy", "hard right", "intermediate right", "easy", "easy right")


@dataclass(frozen=True)
class _Run:
    method: Method
    seed: int
    rounds: tuple[RoundResult, ...]
    seconds: float


def measure(size: Size, data: Path | None) -> Report:
    """Run all methods from the same seed labels; the network's features are computed once and kept."""
    images, weights = found(data, CUB, MOBILENET)
    pool = frozen_features(images, weights)
    runs = [_run(pool, method, seed, ROUNDS[size]) for method in METHODS for seed in SEEDS[size]]
    seconds = statistics.mean(one.seconds for one in runs)
    lines = [Line("one run, mean", seconds, "s")]
    lines += [_final(method, _of(runs, method)) for method in METHODS]
    return Report(
        "real-data",
        f"CUB-100, frozen MobileNetV2, {ROUNDS[size]} rounds of 300 from 300 labels, "
        f"c_a = {C_A:g}, c_v = {C_V:g}, {len(SEEDS[size])} seeds",
        size,
        tuple(lines),
        (
            "Mean over the seeds; seed labels and auto-labels cost nothing. The last layer is trained with "
            "the preset 'quick'.",
            "Easy: how many items the program has labeled so far, and the share of them that is right.",
        ),
        _table(runs),
    )


def _run(pool: Pool, method: Method, seed: int, rounds: int) -> _Run:
    start = time.perf_counter()
    results = tuple(run(pool, method, seed, rounds, C_A, C_V))
    return _Run(method, seed, results, time.perf_counter() - start)


def _of(runs: Sequence[_Run], method: Method) -> list[_Run]:
    return [one for one in runs if one.method is method]


def _final(method: Method, runs: Sequence[_Run]) -> Line:
    last = [one.rounds[-1] for one in runs]
    what = f"{method.title}: accuracy after the last round, at a cost of {_mean(r.cost for r in last):,.0f}"
    return Line(what, 100 * _mean(r.accuracy for r in last), "%", digits=1)


def _table(runs: Sequence[_Run]) -> str:
    rows: list[tuple[str, ...]] = [_HEAD]
    for method in METHODS:
        mine = _of(runs, method)
        for results in zip(*(one.rounds for one in mine), strict=True):
            rows.append(_row(method, results))
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    lines = ["| " + " | ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)) + " |" for row in rows]
    return "\n".join([lines[0], "|" + "|".join("-" * (w + 2) for w in widths) + "|", *lines[1:]])


def _row(method: Method, results: Sequence[RoundResult]) -> tuple[str, ...]:
    accuracy = [100 * r.accuracy for r in results]
    spread = f" +- {statistics.stdev(accuracy):.1f}" if len(accuracy) > 1 else ""
    return (
        method.title,
        str(results[0].round),
        f"{_mean(r.cost for r in results):,.0f}",
        f"{statistics.mean(accuracy):.1f}{spread}",
        _share([r.hard_right for r in results]),
        _share([r.intermediate_right for r in results]),
        f"{_mean(r.easy for r in results):.0f}",
        _share([r.easy_right for r in results]),
    )


def _mean(values: Iterable[float]) -> float:
    return statistics.mean(values)


def _known_mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return statistics.mean(known) if known else None


def _share(values: Iterable[float | None]) -> str:
    mean = _known_mean(values)
    return "-" if mean is None else f"{100 * mean:.1f}"
