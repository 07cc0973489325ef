"""The few numbers that the tables are made of."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Spread:
    """Mean, standard deviation and percentiles of some values, in the unit of the values."""

    n: int
    mean: float
    sd: float
    median: float
    p95: float
    p99: float


def spread(values: Sequence[float]) -> Spread:
    """Summarize at least two values; percentiles are interpolated, and of the signed values."""
    return Spread(
        len(values),
        statistics.mean(values),
        statistics.stdev(values),
        percentile(values, 0.5),
        percentile(values, 0.95),
        percentile(values, 0.99),
    )


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which ``share`` (0 to 1) of the values lie, interpolated between neighbours."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * share
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


@dataclass(frozen=True)
class Slope:
    """A line's slope by least squares and the standard error of it."""

    slope: float
    error: float


def slope(x: Sequence[float], y: Sequence[float]) -> Slope:
    """Fit a line through at least three points."""
    middle_x, middle_y = statistics.mean(x), statistics.mean(y)
    width = sum((a - middle_x) ** 2 for a in x)
    rise = sum((a - middle_x) * (b - middle_y) for a, b in zip(x, y, strict=True)) / width
    left = sum((b - middle_y - rise * (a - middle_x)) ** 2 for a, b in zip(x, y, strict=True))
    return Slope(rise, (left / (len(x) - 2) / width) ** 0.5)
