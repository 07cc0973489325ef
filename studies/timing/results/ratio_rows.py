"""The paper's figure for many groups: a row for each, with its numbers in columns beside it, none over another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from studies.charts.lines import frame_axes
from studies.charts.palette import surface
from studies.numerals import three_digits
from studies.timing.results.figure_data import PlottedRatio, Statistic
from studies.timing.results.figure_marks import BAR_ALPHA, LOOKS, scatter_place

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from studies.timing.results.rows import SummaryRow

_PLACES = {Statistic.MEAN: -0.27, Statistic.MEDIAN: 0.0, Statistic.GEOMEAN: 0.27}  # of a row's height
_WORDS = {  # each with the sign that it is drawn as, in the order of a row
    Statistic.MEAN: "\N{BLACK SQUARE}\nmeans",
    Statistic.MEDIAN: "\N{BLACK SQUARE}\nmedians",
    Statistic.GEOMEAN: "\N{BLACK DIAMOND} geom.\nmeans",
}
_COLUMNS = {Statistic.MEAN: 26, Statistic.MEDIAN: 68, Statistic.GEOMEAN: 112}  # pt from the axes
_BAR = 0.22
_POINT = 8.5  # text, pt
INCHES_A_ROW = 0.31
INCHES_AROUND = 1.1


def draw_rows(
    axes: Axes,
    groups: Sequence[tuple[str, SummaryRow]],
    points: Sequence[PlottedRatio],
    top: float,
    dark: bool,
) -> None:
    """Draw each group by its name; ``top``: the axis's end."""
    greys = surface(dark)
    frame_axes(axes, dark, ("bottom",))
    axes.set_xlim(0, top)
    axes.set_ylim(len(groups) - 0.45, -0.55)
    axes.tick_params(axis="x", colors=greys.muted, labelsize=9.5)
    axes.tick_params(axis="y", length=0, labelsize=_POINT)
    axes.set_yticks(range(len(groups)), [name for name, _ in groups], color=greys.text, parse_math=False)
    axes.set_xlabel("c_a / c_v (ratio of times)", color=greys.text, fontsize=9.5)
    for line in range(1, len(groups)):
        axes.axhline(line - 0.5, color=greys.grid, linewidth=0.6, zorder=0)
    for series, at in _COLUMNS.items():
        colour = LOOKS[series].dots(dark) if series in LOOKS else greys.text
        _write_beside(axes, at, (1.005, axes.transAxes), _WORDS[series], va="bottom", color=colour)
    for place, (_, row) in enumerate(groups):
        group = (row.study, row.dataset, row.interface)
        for point in (p for p in points if (p.study, p.dataset, p.interface) == group):
            if not point.participant:
                _draw_mean(axes, place, point, top, dark)
        _draw_people(
            axes, place, [p for p in points if (p.study, p.dataset, p.interface) == group], top, dark
        )


def _draw_mean(axes: Axes, row: int, point: PlottedRatio, top: float, dark: bool) -> None:
    greys, y = surface(dark), row + _PLACES[point.series]
    if point.series is Statistic.GEOMEAN:
        axes.scatter([point.ratio], [y], s=20, marker="D", color=greys.text, linewidths=0, zorder=7)
    else:
        fill = LOOKS[point.series].fill
        axes.barh(y, point.ratio, _BAR, color=fill, alpha=BAR_ALPHA, linewidth=0, zorder=2)
    if point.low is not None and point.high is not None:
        ends = [max(0.0, point.low), min(top, point.high)]
        axes.plot(ends, [y, y], color=greys.text, linewidth=1.1, zorder=6)
    at = (row, axes.transData)
    _write_beside(axes, _COLUMNS[point.series], at, three_digits(point.ratio), va="center", color=greys.text)


def _write_beside(axes: Axes, right_pt: float, at: tuple[float, Any], text: str, **style: Any) -> None:
    """Write to the right of the axes; ``at``: how high, and in which coordinates."""
    from matplotlib.transforms import blended_transform_factory

    axes.annotate(
        text,
        (1, at[0]),
        xycoords=blended_transform_factory(axes.transAxes, at[1]),
        xytext=(right_pt, 0),
        textcoords="offset points",
        ha="center",
        fontsize=_POINT,
        annotation_clip=False,
        **style,
    )


def _draw_people(axes: Axes, row: int, points: Sequence[PlottedRatio], top: float, dark: bool) -> None:
    for series, look in LOOKS.items():
        ratios = [p.ratio for p in points if p.participant and p.series is series]
        places = [row + _PLACES[series] + scatter_place(i) * _BAR for i in range(len(ratios))]
        # What is beyond the end stands at it, as an arrow.
        for beyond, sign in ((False, "o"), (True, ">")):
            own = [
                (min(r, 0.99 * top), y) for r, y in zip(ratios, places, strict=True) if (r > top) is beyond
            ]
            if own:
                xs, ys = zip(*own, strict=True)
                axes.scatter(xs, ys, s=7, marker=sign, color=look.dots(dark), linewidths=0, zorder=5)
