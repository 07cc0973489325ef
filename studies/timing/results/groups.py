"""Times of a participant as results take them, and their averages over participants with intervals."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from studies.estimates import T975, Interval


@dataclass(frozen=True)
class Ratios:
    """c_a / c_v of a participant by the three means; ``None`` where a kind has no time."""

    mean: float | None = None
    median: float | None = None
    geomean: float | None = None

    @classmethod
    def of(cls, verify_s: Sequence[float], correct_s: Sequence[float]) -> Ratios:
        """From the kept times of both kinds, in s."""
        if not verify_s or not correct_s:
            return cls()
        return cls(
            statistics.fmean(correct_s) / statistics.fmean(verify_s),
            statistics.median(correct_s) / statistics.median(verify_s),
            geometric_mean(correct_s) / geometric_mean(verify_s),
        )


def geometric_mean(times: Sequence[float]) -> float:
    """Of positive numbers, at least one."""
    return math.exp(statistics.fmean(map(math.log, times)))


def over_people(values: Iterable[float]) -> Interval | None:
    """The geometric mean with its 95 % t interval on logs, as the view ``summary``; ``None`` of fewer than two."""
    logs = [math.log(value) for value in values]
    if len(logs) < 2:
        return None
    centre = statistics.fmean(logs)
    half = T975[min(len(logs) - 1, len(T975)) - 1] * statistics.stdev(logs) / math.sqrt(len(logs))
    return Interval(math.exp(centre), math.exp(centre - half), math.exp(centre + half))
