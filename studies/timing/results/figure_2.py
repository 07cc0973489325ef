"""The paper's figure from stored results: how much longer correcting a suggestion takes than verifying one."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.errors import UserError
from studies.charts.lines import frame_axes, write
from studies.charts.palette import surface
from studies.charts.typeface import in_typeface
from studies.timing.results.figure_data import PlottedRatio, plot_points
from studies.timing.results.figure_marks import (
    GEOMEAN_CENTRE,
    LOOKS,
    draw_group,
    label_geomean,
)
from studies.timing.results.ratio_rows import INCHES_A_ROW, INCHES_AROUND, draw_rows

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from studies.timing.results.rows import RatioRow, SummaryRow

PAPER_RATIOS = (3.0, 4.0)  # c_a / c_v as the paper reports it

_DPI = 96.0
_BESIDE = 4  # groups; more stand below each other, where each label has room
_LEAST_GROUPS = 1.6
_NAME_LENGTH = 16
_LINE_PT = 12.5  # of the small words below the axis


@in_typeface
def figure_2(summary: Sequence[SummaryRow], ratios: Sequence[RatioRow], dark: bool = False) -> Figure:
    """Draw c_a / c_v for each row of ``summary``: bars over participants, a dot for each of them; many as rows.

    Bars: means over participants of the ratio of means and of the ratio of medians, with SD (figure 2 of the
    paper). Diamond: the geometric mean ratio with its 95 % t interval. Dashed lines: the paper's 3 and 4.
    """
    from matplotlib.figure import Figure

    greys = surface(dark)
    figure = Figure(figsize=_size_inches(len(summary)), dpi=_DPI, facecolor=greys.base, layout="constrained")
    axes = figure.add_subplot()
    points = plot_points(summary, ratios)
    if not points:
        axes.set_axis_off()
        write(axes, 0.5, 0.5, "No ratio is defined yet", color=greys.muted, ha="center", size=11)
        return figure
    top = _top(points)
    if len(summary) > _BESIDE:
        _draw_below_each_other(axes, summary, points, top, dark)
        return figure
    _dress(axes, dark)
    axes.set_ylim(0, top)
    margin = 0.55 + max(0, _LEAST_GROUPS - len(summary)) / 2  # a lone group is not blown up
    axes.set_xlim(-margin, len(summary) - 1 + margin)
    _draw_paper_lines(axes, greys.muted)
    for x, row in enumerate(summary):
        group = (row.study, row.dataset, row.interface)
        own = [p for p in points if (p.study, p.dataset, p.interface) == group]
        draw_group(axes, x, own, top, dark)
        label_geomean(axes, x, own, greys)
    _label_groups(axes, summary, dark)
    return figure


def _size_inches(groups: int) -> tuple[float, float]:
    if groups > _BESIDE:
        return 8.0, INCHES_AROUND + INCHES_A_ROW * groups
    return max(4.8, min(2.4 + 1.75 * groups, 11.0)), 4.4


def _draw_below_each_other(
    axes: Axes, summary: Sequence[SummaryRow], points: Sequence[PlottedRatio], top: float, dark: bool
) -> None:
    named = [" \N{MIDDLE DOT} ".join(lines) for lines in _names(summary)]
    draw_rows(axes, list(zip(named, summary, strict=True)), points, top, dark)
    muted = surface(dark).muted
    for ratio in PAPER_RATIOS:
        axes.axvline(ratio, color=muted, linewidth=1, linestyle=(0, (5, 4)), zorder=1)
    write(
        axes,
        sum(PAPER_RATIOS) / 2 / top,
        1.005,
        "paper:\n3 to 4",
        color=muted,
        ha="center",
        va="bottom",
        size=8.5,
    )


def _dress(axes: Axes, dark: bool) -> None:
    greys = surface(dark)
    frame_axes(axes, dark, ("left",))
    axes.tick_params(axis="y", colors=greys.muted, labelsize=10)
    axes.tick_params(axis="x", length=0, labelbottom=False)
    axes.set_xticks([])
    axes.axhline(0, color=greys.line, linewidth=1)
    axes.set_ylabel("c_a / c_v\n(ratio of times)", color=greys.text, fontsize=10, linespacing=1.5)


def _top(points: Sequence[PlottedRatio]) -> float:
    """Return the axis's end: all points, unless a few would flatten the rest."""
    bars = max((p.ratio for p in points if not p.participant), default=0.0)
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


def _label_groups(axes: Axes, summary: Sequence[SummaryRow], dark: bool) -> None:
    greys = surface(dark)
    for x, lines in enumerate(_names(summary)):
        words = [(style.centre, style.word) for style in LOOKS.values()]
        for centre, word in (*words, (GEOMEAN_CENTRE, "geom.\nmean")):
            _below(axes, x + centre, 3, word, color=greys.muted, size=9)
        _below(axes, x, 6 + 2 * _LINE_PT, "\n".join(lines), color=greys.text, size=10)


def _names(summary: Sequence[SummaryRow]) -> list[list[str]]:
    """What each group is called: its data set, what else tells it from the others, and how many people."""
    interfaces = len({row.interface for row in summary}) > 1
    studies = len({row.study for row in summary}) > 1
    return [
        [
            _short(row.dataset),
            *([row.interface] if interfaces else []),
            *([_short(row.study)] if studies else []),
            f"n = {row.n_ratio}",
        ]
        for row in summary
    ]


def _below(axes: Axes, x: float, down_pt: float, text: str, **style: Any) -> None:
    """Write below the axis, at the same distance however high the figure is."""
    axes.annotate(
        text,
        (x, 0),
        xycoords=axes.get_xaxis_transform(),
        xytext=(0, -down_pt),
        textcoords="offset points",
        ha="center",
        va="top",
        parse_math=False,
        annotation_clip=False,
        **style,
    )


def _short(name: str) -> str:
    if len(name) <= _NAME_LENGTH:
        return name
    half = (_NAME_LENGTH - 1) // 2
    return f"{name[: _NAME_LENGTH - 1 - half]}\N{HORIZONTAL ELLIPSIS}{name[-half:]}"


def render_png(figure: Figure, width_px: int, height_px: int, ratio: float = 1.0) -> bytes:
    """Return ``figure`` as PNG for a place of that many logical pixels at ``ratio`` device pixels each."""
    figure.set_size_inches(width_px / _DPI, height_px / _DPI)
    return image_bytes(figure, "png", _DPI * ratio)


def save_figure(figure: Figure, path: Path) -> None:
    """Write ``figure`` to a ``.png`` (300 dpi) or ``.svg`` file; the same figure gives the same bytes.

    Raises :class:`UserError` for another ending or if the file cannot be written.
    """
    kind = path.suffix.lower().removeprefix(".")
    if kind not in ("png", "svg"):
        raise UserError(f"“{path.name}” is neither .png nor .svg: choose one of these endings for a figure.")
    try:
        path.write_bytes(image_bytes(figure, kind, 300.0))
    except OSError as error:
        raise UserError(f"“{path}” could not be written ({error.strerror}): choose another place.") from error


@in_typeface
def image_bytes(figure: Figure, kind: str, dpi: float) -> bytes:
    """Return ``figure`` as a file of ``kind`` png or svg; the same figure gives the same bytes."""
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
