"""The figure of pages: seconds an image in each way of asking, and the chance from which a page is cheaper."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import TYPE_CHECKING

from studies.charts.lines import frame_axes, write
from studies.charts.palette import OkabeIto, surface
from studies.charts.typeface import in_typeface
from studies.numerals import three_digits
from studies.timing.results.page_figure_data import PagePoint, Way

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COLOURS = {
    Way.UNAIDED: OkabeIto.PURPLE,
    Way.CORRECT: OkabeIto.VERMILLION,
    Way.VERIFY: OkabeIto.BLUE,
    Way.PAGE: OkabeIto.GREEN,
    Way.BREAK_EVEN: OkabeIto.GREEN,
}
_STEP = 0.21  # between two ways of one data set
_HALF = 0.07  # half of a mean's stroke


@in_typeface
def page_figure(points: Sequence[PagePoint], dark: bool = False) -> Figure:
    """Draw a dot for each participant and a stroke for their mean (of times, the geometric one)."""
    from matplotlib.figure import Figure

    greys = surface(dark)
    groups = list(dict.fromkeys((point.study, point.dataset) for point in points))
    width = max(6.4, min(3.4 + 1.9 * len(groups), 12.0))
    figure = Figure(figsize=(width, 4.4), dpi=96.0, facecolor=greys.base, layout="constrained")
    times, chances = figure.subplots(1, 2, width_ratios=(2.2, 1))
    for axes in (times, chances):
        _dress(axes, groups, dark)
    times.set_yscale("log")
    times.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    times.yaxis.set_minor_formatter(lambda value, _: f"{value:g}" if f"{value:e}"[0] in "25" else "")
    times.set_ylabel("seconds an image", color=greys.text, fontsize=10)
    chances.set_ylim(-0.03, 1.03)
    chances.set_ylabel(
        "chance of a right suggestion\nabove which a page is cheaper", color=greys.text, fontsize=10
    )
    if not points:
        write(times, 0.5, 0.5, "No page was confirmed yet", color=greys.muted, ha="center", size=11)
    timed = [way for way in Way if way is not Way.BREAK_EVEN]
    for x, group in enumerate(groups):
        own = [point for point in points if (point.study, point.dataset) == group]
        for place, way in enumerate(timed):
            at = x + (place - 1.5) * _STEP
            _draw(times, at, way, [p.value for p in own if p.series is way], dark)
        _draw(chances, x, Way.BREAK_EVEN, [p.value for p in own if p.series is Way.BREAK_EVEN], dark)
    if not any(point.series is Way.BREAK_EVEN for point in points):
        words = "needs more pages,\nand c_v and c_a\nof the same images"
        write(chances, 0.5, 0.5, words, color=greys.muted, ha="center", va="center", size=9)
    _draw_legend(times, timed, dark)
    return figure


def _draw(axes: Axes, x: float, way: Way, values: list[float], dark: bool) -> None:
    if not values:
        return
    colour, greys = _COLOURS[way].value, surface(dark)
    mean = statistics.mean(values) if way is Way.BREAK_EVEN else statistics.geometric_mean(values)
    axes.scatter([x] * len(values), values, s=26, color=colour, alpha=0.7, linewidths=0, zorder=3)
    axes.plot([x - _HALF, x + _HALF], [mean, mean], color=greys.text, linewidth=2, zorder=4)
    axes.annotate(
        three_digits(mean),
        (x + _HALF, mean),
        xytext=(2, 0),
        textcoords="offset points",
        va="center",
        fontsize=8,
        color=greys.text,
    )


def _dress(axes: Axes, groups: Sequence[tuple[str, str]], dark: bool) -> None:
    greys = surface(dark)
    several = len({study for study, _ in groups}) > 1
    frame_axes(axes, dark)
    axes.tick_params(which="both", colors=greys.muted, labelsize=10)
    axes.set_xlim(-0.6, max(1, len(groups)) - 0.4)
    names = [f"{dataset}\n{study}" if several else dataset for study, dataset in groups]
    axes.set_xticks(range(len(groups)), names, color=greys.text, parse_math=False)


def _draw_legend(axes: Axes, ways: Sequence[Way], dark: bool) -> None:
    from matplotlib.lines import Line2D

    handles = [
        Line2D([], [], color=_COLOURS[way].value, marker="o", linestyle="", label=way.value) for way in ways
    ]
    axes.legend(
        handles=handles,
        loc="lower left",
        bbox_to_anchor=(0, 1.02),
        ncols=4,
        frameon=False,
        fontsize=9,
        labelcolor=surface(dark).text,
    )
