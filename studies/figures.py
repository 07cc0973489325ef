"""The paper's figure from stored results: how much longer correcting a suggestion takes than verifying one."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.errors import UserError
from studies.figure_data import Point, Series, plotted_points
from studies.numerals import three_digits
from studies.palette import OkabeIto, Surface, surface

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from studies.timing.analysis import RatioRow, SummaryRow

PAPER_RATIOS = (3.0, 4.0)  # c_a / c_v as the paper reports it

_DPI = 96.0
_DIRECTLY_LABELED = 4  # groups; with more, the bars are too narrow for a label each
_NAME_LENGTH = 16


@dataclass(frozen=True)
class _Look:
    """Where the bar of a series stands within its group (of width 1), and its colours."""

    centre: float
    word: str
    fill: str
    light_dots: str  # on white, the darker of two hues; on black, the fill's own

    def dots(self, dark: bool) -> str:
        return self.fill if dark else self.light_dots


_LOOKS = {
    Series.MEAN: _Look(-0.3, "mean", OkabeIto.SKY_BLUE.value, OkabeIto.BLUE.value),
    Series.MEDIAN: _Look(0.0, "median", OkabeIto.ORANGE.value, OkabeIto.VERMILLION.value),
}
_BAR_WIDTH = 0.27
_BAR_ALPHA = 0.42  # dots, lines and numbers stand out from it
_GEOMEAN_CENTRE = 0.29


def figure_2(summary: Sequence[SummaryRow], ratios: Sequence[RatioRow], dark: bool = False) -> Figure:
    """Draw c_a / c_v for each row of ``summary``: bars over participants, a dot for each of them.

    Bars: means over participants of the ratio of means and of the ratio of medians, with SD (figure 2 of the
    paper). Diamond: the geometric mean ratio with its 95 % t interval. Dashed lines: the paper's 3 and 4.
    """
    from matplotlib.figure import Figure

    greys = surface(dark)
    figure = Figure(figsize=_size_inches(len(summary)), dpi=_DPI, facecolor=greys.base, layout="constrained")
    axes = figure.add_subplot()
    _dress(axes, dark)
    points = plotted_points(summary, ratios)
    if not points:
        axes.set_axis_off()
        _text(axes, 0.5, 0.5, "No ratio is defined yet", color=greys.muted, ha="center", size=11)
        return figure
    top = _top(points)
    axes.set_ylim(0, top)
    axes.set_xlim(-0.55, len(summary) - 0.45)
    _draw_paper_lines(axes, greys.muted)
    for x, row in enumerate(summary):
        group = (row.study, row.dataset, row.interface)
        own = [p for p in points if (p.study, p.dataset, p.interface) == group]
        _draw_group(axes, x, own, top, dark)
        _label_geomean(axes, x, own, top, len(summary) <= _DIRECTLY_LABELED, greys)
    _label_groups(axes, summary, dark)
    return figure


def _size_inches(groups: int) -> tuple[float, float]:
    return max(4.8, min(2.4 + 1.75 * groups, 11.0)), 4.4


def _dress(axes: Axes, dark: bool) -> None:
    greys = surface(dark)
    axes.set_facecolor(greys.base)
    for side in ("top", "right", "bottom"):
        axes.spines[side].set_visible(False)
    axes.spines["left"].set_color(greys.line)
    axes.tick_params(axis="y", colors=greys.muted, labelsize=10)
    axes.tick_params(axis="x", length=0, labelbottom=False)
    axes.set_xticks([])
    axes.axhline(0, color=greys.line, linewidth=1)
    axes.set_ylabel("c_a / c_v  (ratio of times)", color=greys.text, fontsize=11)


def _top(points: Sequence[Point]) -> float:
    """Return the axis's end: all points, unless a few would flatten the rest."""
    bars = max(p.ratio for p in points if not p.participant)
    everything = max(p.ratio if p.high is None else p.high for p in points)
    return max(1.12 * PAPER_RATIOS[1], 1.3 * bars, 1.08 * min(everything, 2.2 * bars))


def _draw_paper_lines(axes: Axes, colour: str) -> None:
    for ratio in PAPER_RATIOS:
        axes.axhline(ratio, color=colour, linewidth=1, linestyle=(0, (5, 4)), zorder=1)
    axes.annotate(
        "paper:\n3 to 4",
        (1.0, sum(PAPER_RATIOS) / 2),
        xycoords=("axes fraction", "data"),
        xytext=(4, 0),
        textcoords="offset points",
        va="center",
        fontsize=9,
        color=colour,
    )


def _draw_group(axes: Axes, x: int, points: Sequence[Point], top: float, dark: bool) -> None:
    for series, look in _LOOKS.items():
        own = [p for p in points if p.series is series]
        _draw_dots(axes, x + look.centre, [p.ratio for p in own if p.participant], look, top, dark)
        for bar in (p for p in own if not p.participant):
            _draw_bar(axes, x + look.centre, bar, look, dark)
    for point in (p for p in points if p.series is Series.GEOMEAN):
        _draw_geomean(axes, x + _GEOMEAN_CENTRE, point, top, dark)


def _draw_bar(axes: Axes, x: float, bar: Point, look: _Look, dark: bool) -> None:
    greys = surface(dark)
    axes.bar(x, bar.ratio, _BAR_WIDTH, color=look.fill, alpha=_BAR_ALPHA, linewidth=0, zorder=2)
    number = three_digits(bar.ratio)
    _text(axes, x, 0.02, number, True, color=greys.text, ha="center", va="bottom", size=9, zorder=7)
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


def _draw_dots(axes: Axes, x: float, ratios: Sequence[float], look: _Look, top: float, dark: bool) -> None:
    size = max(6.0, min(26.0, 100 / math.sqrt(max(1, len(ratios)))))
    spots = [x + _scatter(i) * _BAR_WIDTH for i in range(len(ratios))]
    colours: dict[str, Any] = {"color": look.dots(dark), "edgecolors": surface(dark).base}
    inside = [(s, r) for s, r in zip(spots, ratios, strict=True) if r <= top]
    beyond = [s for s, r in zip(spots, ratios, strict=True) if r > top]
    if inside:
        xs, ys = zip(*inside, strict=True)
        axes.scatter(xs, ys, s=size, linewidths=0.5, zorder=5, **colours)
    if beyond:
        axes.scatter(beyond, [0.985 * top] * len(beyond), s=30, marker="^", zorder=5, **colours)
        label = f"{len(beyond)} above, to {three_digits(max(ratios))}"
        _text(axes, x, 1.0, label, True, color=surface(dark).muted, ha="center", va="bottom", size=8)


def _scatter(index: int) -> float:
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


def _draw_geomean(axes: Axes, x: float, point: Point, top: float, dark: bool) -> None:
    greys = surface(dark)
    if point.low is not None and point.high is not None:
        _draw_spread(axes, x, (point.low, point.ratio, point.high), dark)
        if point.high > top:
            axes.scatter([x], [0.985 * top], s=30, marker="^", color=greys.text, zorder=7)
    axes.scatter([x], [point.ratio], s=34, marker="D", color=greys.text, linewidths=0, zorder=7)


def _label_geomean(
    axes: Axes, x: int, points: Sequence[Point], top: float, roomy: bool, greys: Surface
) -> None:
    from matplotlib.patheffects import Normal, Stroke

    for point in (p for p in points if p.series is Series.GEOMEAN):
        end = point.ratio if point.high is None else point.high
        beside = roomy or end > top
        axes.annotate(
            three_digits(point.ratio),
            (x + _GEOMEAN_CENTRE, point.ratio if beside else end),
            xytext=(7, 0) if beside else (0, 5),
            textcoords="offset points",
            ha="left" if beside else "center",
            va="center" if beside else "bottom",
            fontsize=9,
            color=greys.text,
            zorder=8,
            path_effects=[Stroke(linewidth=3, foreground=greys.base), Normal()],
        )


def _label_groups(axes: Axes, summary: Sequence[SummaryRow], dark: bool) -> None:
    greys = surface(dark)
    direct = len(summary) <= _DIRECTLY_LABELED
    interfaces = len({row.interface for row in summary}) > 1
    studies = len({row.study for row in summary}) > 1
    for x, row in enumerate(summary):
        lines = [_short(row.dataset)]
        lines += [row.interface] if interfaces else []
        lines += [_short(row.study)] if studies else []
        lines.append(f"n = {row.n_participants}")
        if direct:
            words = [(look.centre, look.word) for look in _LOOKS.values()]
            for centre, word in (*words, (_GEOMEAN_CENTRE, "geom.\nmean")):
                _text(axes, x + centre, -0.015, word, True, color=greys.muted, ha="center", va="top", size=9)
        below = -0.105 if direct else -0.02
        _text(axes, x, below, "\n".join(lines), True, color=greys.text, ha="center", va="top", size=10)
    if not direct:
        _draw_legend(axes, dark)


def _draw_legend(axes: Axes, dark: bool) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    greys = surface(dark)
    handles = [
        Patch(color=look.fill, alpha=_BAR_ALPHA, label=series.value) for series, look in _LOOKS.items()
    ]
    diamond = Line2D([], [], color=greys.text, marker="D", markersize=6, label=Series.GEOMEAN.value)
    axes.legend(
        handles=[*handles, diamond],
        loc="lower left",
        bbox_to_anchor=(0, 1.03),
        ncols=3,
        frameon=False,
        fontsize=9,
        labelcolor=greys.text,
        borderpad=0,
    )


def _text(axes: Axes, x: float, y: float, text: str, across: bool = False, **style: Any) -> None:
    """Write plain text, in which ``$`` is no formula; ``across``: x in data, y in parts of the axes."""
    where = axes.get_xaxis_transform() if across else axes.transAxes
    axes.text(x, y, text, transform=where, parse_math=False, **style)


def _short(name: str) -> str:
    if len(name) <= _NAME_LENGTH:
        return name
    half = (_NAME_LENGTH - 1) // 2
    return f"{name[: _NAME_LENGTH - 1 - half]}\N{HORIZONTAL ELLIPSIS}{name[-half:]}"


def render_png(figure: Figure, width_px: int, height_px: int, ratio: float = 1.0) -> bytes:
    """Return ``figure`` as PNG for a place of that many logical pixels at ``ratio`` device pixels each."""
    figure.set_size_inches(width_px / _DPI, height_px / _DPI)
    return _image_bytes(figure, "png", _DPI * ratio)


def save_figure(figure: Figure, path: Path) -> None:
    """Write ``figure`` to a ``.png`` (300 dpi) or ``.svg`` file; the same figure gives the same bytes.

    Raises :class:`UserError` for another ending or if the file cannot be written.
    """
    kind = path.suffix.lower().removeprefix(".")
    if kind not in ("png", "svg"):
        raise UserError(f"“{path.name}” is neither .png nor .svg: choose one of these endings for a figure.")
    try:
        path.write_bytes(_image_bytes(figure, kind, 300.0))
    except OSError as error:
        raise UserError(f"“{path}” could not be written ({error.strerror}): choose another place.") from error


def _image_bytes(figure: Figure, kind: str, dpi: float) -> bytes:
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    # Neither a date nor a version nor random ids: the same numbers give the same bytes.
    metadata = {"Software": None} if kind == "png" else {"Date": None, "Creator": None}
    canvas = FigureCanvasAgg(figure) if kind == "png" else FigureCanvasSVG(figure)
    out = io.BytesIO()
    with rc_context({"svg.hashsalt": "clarifier-desktop"}):
        canvas.print_figure(out, format=kind, dpi=dpi, metadata=metadata, facecolor=figure.get_facecolor())
    return out.getvalue()
