"""The numbers of the paper's figure: ratios of every participant and over all of them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from enum import Enum
from typing import TYPE_CHECKING

from studies.table_files import write_rows

if TYPE_CHECKING:
    from studies.timing.results.rows import RatioRow, SummaryRow


class Statistic(str, Enum):
    """The three ratios of a participant's times, as the paper and as we take them."""

    MEAN = "ratio of means"
    MEDIAN = "ratio of medians"
    GEOMEAN = "ratio of geometric means"


class ErrorBar(str, Enum):
    """What ``low`` and ``high`` of a point are."""

    NONE = ""
    SD = "mean - SD, mean + SD"
    INTERVAL = "95 % t interval on log ratios"


@dataclass(frozen=True)
class PlottedRatio:
    """One plotted number: of a participant, or of all (``participant`` empty)."""

    study: str
    dataset: str
    interface: str
    series: Statistic
    participant: str
    ratio: float
    low: float | None = None
    high: float | None = None
    spread: ErrorBar = ErrorBar.NONE


def plot_points(summary: Sequence[SummaryRow], ratios: Sequence[RatioRow]) -> tuple[PlottedRatio, ...]:
    """Return every number that :func:`figure_2` draws, group by group; what is undefined is left out."""
    return tuple(point for row in summary for point in _points_of_group(row, ratios))


def _points_of_group(row: SummaryRow, ratios: Sequence[RatioRow]) -> list[PlottedRatio]:
    group = (row.study, row.dataset, row.interface)
    people = [r for r in ratios if (r.study, r.dataset, r.interface) == group]
    points = []
    for series, mean, sd, name in (
        (Statistic.MEAN, row.ratio_mean, row.ratio_mean_sd, "ratio_mean"),
        (Statistic.MEDIAN, row.ratio_median, row.ratio_median_sd, "ratio_median"),
    ):
        if mean is not None and sd is None:
            points.append(PlottedRatio(*group, series, "", mean))
        elif mean is not None and sd is not None:
            points.append(PlottedRatio(*group, series, "", mean, mean - sd, mean + sd, ErrorBar.SD))
        own = [(person.participant, getattr(person, name)) for person in people]
        points += [PlottedRatio(*group, series, code, ratio) for code, ratio in own if ratio is not None]
    if row.ratio_geomean is not None:
        low, high = row.ratio_geomean_low, row.ratio_geomean_high
        spread = ErrorBar.NONE if low is None or high is None else ErrorBar.INTERVAL
        points.append(PlottedRatio(*group, Statistic.GEOMEAN, "", row.ratio_geomean, low, high, spread))
    return points


def figure_csv(summary: Sequence[SummaryRow], ratios: Sequence[RatioRow]) -> str:
    """Return the plotted numbers as CSV, one row a number, in full precision."""
    out = io.StringIO()
    head = [field.name for field in fields(PlottedRatio)]
    points = (
        [v.value if isinstance(v, Enum) else v for v in astuple(p)] for p in plot_points(summary, ratios)
    )
    write_rows(out, [head, *points], end="\n")
    return out.getvalue()
