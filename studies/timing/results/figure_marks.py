"""What the paper's figure is made of: bars, dots, spreads, and the geometric mean beside them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from studies.charts.lines import write
from studies.charts.palette import OkabeIto, Surface, surface
from studies.numerals import three_digits
from studies.timing.results.figure_data import PlottedRatio, Statistic

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True)
class MarkStyle:
    """Where the bar of a series stands within its group (of width 1), and its colours."""

    centre: float
    word: str
    fill: str
    light_dots: str  # on white, the darker of two hues; on black, the fill's own

    def dots(self, dark: bool) -> str:
        """Return the colour of the dots."""
        return self.fill if dark else self.light_dots


LOOKS = {
    Statistic.MEAN: MarkStyle(-0.3, "mean", OkabeIto.SKY_BLUE.value, OkabeIto.BLUE.value),
    Statistic.MEDIAN: MarkStyle(0.0, "median", OkabeIto.ORANGE.value, OkabeIto.VERMILLION.value),
}
_BAR_WIDTH = 0.27
BAR_ALPHA = 0.42  # dots, lines and numbers stand out from it
GEOMEAN_CENTRE = 0.29


def draw_group(axes: Axes, x: int, points: Sequence[PlottedRatio], top: float, dark: bool) -> None:
    """Draw all points of one data set around ``x``; what is above ``top`` is marked at the edge."""
    for series, style in LOOKS.items():
        own = [p for p in points if p.series is series]
        _draw_dots(axes, x + style.centre, [p.ratio for p in own if p.participant], style, top, dark)
        for bar in (p for p in own if not p.participant):
            _draw_bar(axes, x + style.centre, bar, style, dark)
    for point in (p for p in points if p.series is Statistic.GEOMEAN):
        _draw_geomean(axes, x + GEOMEAN_CENTRE, point, top, dark)


def _draw_bar(axes: Axes, x: float, bar: PlottedRatio, style: MarkStyle, dark: bool) -> None:
    greys = surface(dark)
    axes.bar(x, bar.ratio, _BAR_WIDTH, color=style.fill, alpha=BAR_ALPHA, linewidth=0, zorder=2)
    number = three_digits(bar.ratio)
    write(axes, x, 0.02, number, True, color=greys.text, ha="center", va="bottom", size=9, zorder=7)
    if bar.low is not None and bar.high is not None:
        _draw_spread(axes, x, (max(0.0, bar.low), bar.ratio, bar.high), dark)


def _draw_spread(axes: Axes, x: float, ends: tuple[float, float, float], dark: bool) -> None:
    from matplotlib.patheffects import Normal, Stroke

    low, middle, high = ends
    greys = surface(dark)
    halo = [Stroke(linewidth=3.4, foreground=greys.base), Normal()]
    _, _, lines = axes.errorbar(
        x,
        middle,
        yerr=[[middle - low], [high - middle]],
        fmt="none",
        ecolor=greys.text,
        capsize=4,
        elinewidth=1.5,
        zorder=6,
    )
    for line in lines:
        line.set_path_effects(halo)


def _draw_dots(
    axes: Axes, x: float, ratios: Sequence[float], style: MarkStyle, top: float, dark: bool
) -> None:
    size = max(6.0, min(26.0, 100 / math.sqrt(max(1, len(ratios)))))
    spots = [x + scatter_place(i) * _BAR_WIDTH for i in range(len(ratios))]
    colours: dict[str, Any] = {"color": style.dots(dark), "edgecolors": surface(dark).base}
    inside = [(s, r) for s, r in zip(spots, ratios, strict=True) if r <= top]
    beyond = [s for s, r in zip(spots, ratios, strict=True) if r > top]
    if inside:
        xs, ys = zip(*inside, strict=True)
        axes.scatter(xs, ys, s=size, linewidths=0.5, zorder=5, **colours)
    if beyond:
        axes.scatter(beyond, [0.985 * top] * len(beyond), s=30, marker="^", zorder=5, **colours)
        label = f"{len(beyond)} above, to {three_digits(max(ratios))}"
        write(axes, x, 1.0, label, True, color=surface(dark).muted, ha="center", va="bottom", size=8)


def scatter_place(index: int) -> float:
    """Return a place in (-0.4, 0.4) for dot ``index``, evenly spread, clear of the middle, always the same.

    Van der Corput's sequence in base 2, left and right in turn.
    """
    side = 1 if index % 2 else -1
    rest, value, step = index // 2 + 1, 0.0, 0.5
    while rest:
        value += step * (rest & 1)
        rest >>= 1
        step /= 2
    return side * (0.1 + 0.3 * value)


def _draw_geomean(axes: Axes, x: float, point: PlottedRatio, top: float, dark: bool) -> None:
    greys = surface(dark)
    if point.low is not None and point.high is not None:
        _draw_spread(axes, x, (point.low, point.ratio, point.high), dark)
        if point.high > top:
            axes.scatter([x], [0.985 * top], s=30, marker="^", color=greys.text, zorder=7)
    axes.scatter([x], [point.ratio], s=34, marker="D", color=greys.text, linewidths=0, zorder=7)


def label_geomean(axes: Axes, x: int, points: Sequence[PlottedRatio], greys: Surface) -> None:
    """Write the geometric mean ratio beside its diamond."""
    from matplotlib.patheffects import Normal, Stroke

    for point in (p for p in points if p.series is Statistic.GEOMEAN):
        axes.annotate(
            three_digits(point.ratio),
            (x + GEOMEAN_CENTRE, point.ratio),
            xytext=(7, 0),
            textcoords="offset points",
            ha="left",
            va="center",
            fontsize=9,
            color=greys.text,
            zorder=8,
            path_effects=[Stroke(linewidth=3, foreground=greys.base), Normal()],
        )
