"""The arithmetic of the paper's figures: accuracy against cost, and labeling efficiency by interpolation."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LEVELS = 30
"""Accuracies at which efficiency is read off, as the paper's authors do."""


@dataclass(frozen=True)
class Curve:
    """A run: what the rounds so far cost, ascending, and the accuracy after them."""

    seed: int
    cost: NDArray[np.float64]  # (r,)
    accuracy: NDArray[np.float64]  # (r,), 0 to 1


@dataclass(frozen=True)
class Spread:
    """A mean over runs, with their standard deviation where there are two."""

    mean: float
    sd: float | None
    n: int

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """Of one value or more."""
        return cls(
            statistics.fmean(values), statistics.stdev(values) if len(values) > 1 else None, len(values)
        )


@dataclass(frozen=True)
class RatioSpread:
    """A geometric mean over runs, with their geometric standard deviation, a factor, where there are two."""

    mean: float
    sd: float | None
    n: int

    @classmethod
    def of(cls, values: Sequence[float]) -> RatioSpread:
        """Of one value or more, each above 0."""
        logs = Spread.of([math.log(value) for value in values])
        return cls(math.exp(logs.mean), None if logs.sd is None else math.exp(logs.sd), logs.n)


@dataclass(frozen=True)
class Efficiency:
    """Cost of the other method over cost of this one to reach an accuracy, over runs."""

    accuracy: float
    ratio: RatioSpread


def cost_to_reach(curve: Curve, level: float) -> float | None:
    """The least cost at which the curve, drawn with straight lines, reaches ``level``.

    ``None`` where it never does, and where it lies there from the start: then nothing had to be paid.
    """
    there = np.flatnonzero(curve.accuracy >= level)
    if len(there) == 0 or there[0] == 0:
        return None
    after = int(there[0])
    (x0, x1), (y0, y1) = curve.cost[after - 1 : after + 1], curve.accuracy[after - 1 : after + 1]
    return float(x0 + (level - y0) / (y1 - y0) * (x1 - x0))


def levels_of(curves: Sequence[Curve], count: int = LEVELS) -> NDArray[np.float64]:
    """Accuracies that every curve reaches and none begins with, evenly spaced; none where there is no such region."""
    if not curves:
        return np.zeros(0)
    low = max(float(curve.accuracy[0]) for curve in curves)
    high = min(float(curve.accuracy.max()) for curve in curves)
    return np.linspace(low, high, count + 1)[1:] if high > low else np.zeros(0)


def efficiency(ours: Sequence[Curve], others: Sequence[Curve]) -> tuple[Efficiency, ...]:
    """Labeling efficiency of one method over another (paper, section 3.1): cost(other) / cost(ours) at 30 levels.

    Runs are compared seed by seed. Levels are those that all runs of both reach; what lies outside is left out.
    """
    by_seed = {curve.seed: curve for curve in others}
    pairs = [(curve, by_seed[curve.seed]) for curve in ours if curve.seed in by_seed]
    found = []
    for level in levels_of([curve for pair in pairs for curve in pair]):
        ratios = []
        for mine, other in pairs:
            paid, would = cost_to_reach(mine, level), cost_to_reach(other, level)
            if paid and would:
                ratios.append(would / paid)
        if len(ratios) == len(pairs):
            found.append(Efficiency(float(level), RatioSpread.of(ratios)))
    return tuple(found)


@dataclass(frozen=True)
class Summary:
    """An efficiency in a few numbers."""

    mean: float  # geometric, over the levels
    least: float
    least_at: float  # accuracy
    loses_from: float | None  # the lowest level from which the ratio stays below 1
    loses_at: int  # levels below 1
    levels: int


def summarise(points: Sequence[Efficiency]) -> Summary | None:
    """``None`` of nothing."""
    if not points:
        return None
    ratios = [point.ratio.mean for point in points]
    worst = min(points, key=lambda point: point.ratio.mean)
    tail = len(ratios)
    while tail and ratios[tail - 1] < 1:
        tail -= 1
    return Summary(
        math.exp(statistics.fmean(map(math.log, ratios))),
        worst.ratio.mean,
        worst.accuracy,
        points[tail].accuracy if tail < len(points) else None,
        sum(ratio < 1 for ratio in ratios),
        len(ratios),
    )
