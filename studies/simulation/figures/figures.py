"""Figures 3 to 6 of the paper from an experiment's results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import TYPE_CHECKING

from model.tiers import Tier
from studies.charts.lines import (
    Line,
    Look,
    draw_line,
    draw_thin,
    dress,
    looks_of,
    name_lines,
    say,
    scale_ratios,
)
from studies.charts.palette import OkabeIto, surface
from studies.charts.typeface import in_typeface
from studies.numerals import counted
from studies.simulation.figures.curves import Efficiency, Spread, Summary, summarise
from studies.simulation.figures.finish import MOST_WRONG, draw_lines_of
from studies.simulation.figures.published import published_curves
from studies.simulation.figures.results import MethodInfo, Panel, Results, Series
from studies.simulation.plan.plan import Kind

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_DPI = 96.0
_PANEL_INCHES = (5.4, 3.9)
_AXES_PT = 0.76 * 72 * _PANEL_INCHES[1]  # of its height, without title and labels
_TIER_MARKERS = (
    (OkabeIto.VERMILLION, "o"),
    (OkabeIto.BLUE, "s"),
    (OkabeIto.GREEN, "D"),
    (OkabeIto.PURPLE, "^"),
    (OkabeIto.ORANGE, "v"),
    (OkabeIto.SKY_BLUE, "P"),
)
_TIERS = {
    tier: Look(colour.value, "solid", marker)
    for tier, (colour, marker) in zip(Tier, cycle(_TIER_MARKERS), strict=False)
}
_LEAST_TIERS = 3  # of a method that is worth drawing with some of them switched off
_MOST_COLUMNS = 3
FOLDER, FINISH = 7, 8
_OURS = (Kind.CLARIFIER, Kind.PLANNED)


@dataclass(frozen=True)
class Plot:
    """One figure of an experiment: which of the paper's it is like, and what it is drawn from."""

    name: str  # of its files
    title: str
    number: int  # 3 to 6; FOLDER, FINISH: of no figure of the paper
    panels: tuple[Panel, ...]

    @in_typeface
    def draw(self, dark: bool = False) -> Figure:
        """Draw it."""
        if self.number == 6:
            return _draw_figure_6(self.panels, dark)
        of_one = {FOLDER: _draw_folder, FINISH: _draw_finish, 5: _draw_figure_5}
        return of_one.get(self.number, _draw_figure_4)(self.panels[0], dark)


def plots_of(results: Results) -> tuple[Plot, ...]:
    """The figures that the results are enough for."""
    return tuple(_list_plots(results.panels))


def _list_plots(panels: Sequence[Panel]) -> Iterator[Plot]:
    for panel in panels:
        kinds = {series.method.kind for series in panel.series if not series.method.kind.whole_folder}
        if panel.folders:
            title = f"{panel.data}: time for the whole folder, costs {panel.cost}"
            yield Plot(f"folder-{slug(panel.data)}-{slug(panel.cost)}", title, FOLDER, (panel,))
        if panel.finish:
            title = f"{panel.data}: minutes against the share wrong, costs {panel.cost}"
            yield Plot(f"finish-{slug(panel.data)}-{slug(panel.cost)}", title, FINISH, (panel,))
        if kinds and len(panel.series) > 1 and kinds != {Kind.CLARIFIER}:
            number = 4 if kinds & set(_OURS) else 3
            title = f"{panel.data}: accuracy and labeling efficiency, costs {panel.cost}"
            yield Plot(f"figure-{number}-{slug(panel.data)}-{slug(panel.cost)}", title, number, (panel,))
    for data in dict.fromkeys(panel.data for panel in panels):
        of_data = [panel for panel in panels if panel.data == data]
        if any(_select_tiered(of_data[0])):
            title = f"{data}: right suggestions by tier"
            yield Plot(f"figure-5-{slug(data)}", title, 5, (of_data[0],))
        if len(ablation_of(of_data[0])) > 1:
            title = f"{data}: tiers switched off"
            yield Plot(f"figure-6-{slug(data)}", title, 6, tuple(of_data))


def slug(text: str) -> str:
    """A part of a file's name."""
    return "-".join("".join(c if c.isalnum() else " " for c in text.lower()).split()) or "x"


def ablation_of(panel: Panel) -> tuple[Series, ...]:
    """The method of all tiers with most labels, and those that are the same with some tiers switched off."""
    ours = [series for series in panel.series if series.method.kind is Kind.CLARIFIER]
    used = [tier for tier in Tier if any(series.method.budgets[tier] for series in ours)]
    if len(used) < _LEAST_TIERS:
        return ()
    whole = [series for series in ours if all(series.method.budgets[tier] for tier in used)]
    for full in sorted(whole, key=lambda series: -sum(series.method.budgets.values())):
        parts = [series for series in ours if _is_part(series.method, full.method)]
        if parts:
            return (full, *parts)
    return ()


def _is_part(method: MethodInfo, full: MethodInfo) -> bool:
    same = method.strategies[Tier.HARD] == full.strategies[Tier.HARD]
    switched = all(method.budgets[tier] in (0, whole) for tier, whole in full.budgets.items())
    return same and switched and method.budgets != full.budgets


def _select_tiered(panel: Panel) -> tuple[Series, ...]:
    ours = tuple(series for series in panel.series if series.method.kind in _OURS and series.tier_points)
    return ours or tuple(
        series for series in panel.series if series.tier_points and not series.method.kind.whole_folder
    )


def _draw_finish(panel: Panel, dark: bool) -> Figure:
    figure, axes = _make_canvas(1, 1, dark)
    lines = list(draw_lines_of(panel.finish))
    looks = looks_of([line.name for line in lines])
    dress(axes[0], panel.data, "wrong, if the program labels the rest (% of the folder)", "minutes", dark)
    for line in lines:
        draw_line(axes[0], line, looks[line.name])
    axes[0].set(xlim=(-0.2, MOST_WRONG), ylim=(0, None))
    name_lines(axes[0], lines, looks, _AXES_PT, dark)
    return figure


def _draw_folder(panel: Panel, dark: bool) -> Figure:
    figure, axes = _make_canvas(2, 1, dark)
    looks = looks_of([one.method for one in panel.folders])
    values = (
        ("person-seconds an image", "seconds", 1.0),
        ("wrong labels left (% of the folder)", "wrong", 100.0),
    )
    for place, (title, name, times) in zip(axes, values, strict=True):
        dress(place, f"{panel.data}: {title}", "share of the folder that is labeled (%)", title, dark)
        lines = []
        for one in panel.folders:
            spreads = [getattr(point, name) for point in one.points]
            sds = [None if spread.sd is None else times * spread.sd for spread in spreads]
            x = [100 * point.labeled for point in one.points]
            lines.append(Line(one.method, x, [times * spread.mean for spread in spreads], sds))
            draw_line(place, lines[-1], looks[one.method], markers=False)
        name_lines(place, lines, looks, _AXES_PT, dark)
    return figure


def _make_canvas(columns: int, rows: int, dark: bool) -> tuple[Figure, list[Axes]]:
    from matplotlib.figure import Figure

    wide, high = _PANEL_INCHES
    figure = Figure(
        figsize=(wide * columns, high * rows), dpi=_DPI, facecolor=surface(dark).base, layout="constrained"
    )
    return figure, [figure.add_subplot(rows, columns, place + 1) for place in range(rows * columns)]


def _draw_figure_4(panel: Panel, dark: bool) -> Figure:
    over = {kind: list(panel.over(kind)) for kind in (Kind.AL, Kind.SUGGEST)}
    shown = [kind for kind, pairs in over.items() if pairs]
    figure, axes = _make_canvas(1 + len(shown), 1, dark)
    looks = looks_of([series.method.label for series in panel.series])
    _draw_accuracy(axes[0], panel, panel.series, dark)
    for place, kind in zip(axes[1:], shown, strict=True):
        lines = [_make_efficiency_line(series.method, points) for series, _, points in over[kind]]
        title = f"Efficiency over {'AL without suggestions' if kind is Kind.AL else 'SUGGEST'}"
        _draw_efficiency(place, [line for line in lines if len(line.x)], looks, title, dark)
    return figure


def _draw_accuracy(axes: Axes, panel: Panel, series: Sequence[Series], dark: bool) -> None:
    unit = "s" if panel.drawn else f"units, c_a : c_v = {panel.correct:g} : {panel.verify:g}"
    dress(axes, panel.data, f"labeling cost ({unit})", "test accuracy (%)", dark)
    looks = looks_of([one.method.label for one in panel.series])
    lines = [_make_accuracy_line(one) for one in series]
    for line in lines:
        draw_line(axes, line, looks[line.name])
    for one in series:
        for curve in published_curves(panel, one.method):
            draw_thin(axes, curve.cost.tolist(), (100 * curve.accuracy).tolist(), looks[one.method.label])
    name_lines(axes, lines, looks, _AXES_PT, dark)


def _make_accuracy_line(series: Series) -> Line:
    costs = [point.cost.mean for point in series.points]
    return _percent_line(series.method.label, costs, [point.accuracy for point in series.points])


def _percent_line(name: str, x: Sequence[float], shares: Sequence[Spread]) -> Line:
    sds = [None if share.sd is None else 100 * share.sd for share in shares]
    return Line(name, x, [100 * share.mean for share in shares], sds, most=100.0)


def _make_efficiency_line(method: MethodInfo, points: Sequence[Efficiency]) -> Line:
    return Line(
        method.label,
        [100 * point.accuracy for point in points],
        [point.ratio.mean for point in points],
        [point.ratio.sd for point in points],
        factor=True,
    )


def _draw_efficiency(
    axes: Axes, lines: Sequence[Line], looks: Mapping[str, Look], title: str, dark: bool
) -> None:
    dress(axes, title, "test accuracy (%)", "cost of the other / cost of this method", dark)
    axes.axhline(1, color=surface(dark).line, linewidth=1, zorder=1)
    if not lines:
        say(axes, "No accuracy is reached by both", dark)
        return
    for line in lines:
        draw_line(axes, line, looks[line.name], markers=False)
    scale_ratios(
        axes, min(low for line in lines for low in line.y), max(high for line in lines for high in line.y)
    )
    name_lines(axes, lines, looks, _AXES_PT, dark)


def _draw_figure_5(panel: Panel, dark: bool) -> Figure:
    from matplotlib.ticker import MaxNLocator

    series = _select_tiered(panel)
    columns = min(_MOST_COLUMNS, len(series))
    figure, axes = _make_canvas(columns, -(-len(series) // columns), dark)
    for place in axes[len(series) :]:
        place.set_axis_off()
    looks = {tier.value: look for tier, look in _TIERS.items()}
    for place, one in zip(axes, series, strict=False):
        dress(place, f"{panel.data}: {one.method.label}", "round", "right suggestions (%)", dark)
        place.set_ylim(0, 102)
        lines = []
        for tier in Tier:
            points = [point for point in one.tier_points if point.tier is tier]
            if points:
                rounds = [point.round for point in points]
                lines.append(_percent_line(tier.value, rounds, [point.right for point in points]))
        for line in lines:
            draw_line(place, line, looks[line.name])
        place.xaxis.set_major_locator(MaxNLocator(integer=True))
        name_lines(place, lines, looks, _AXES_PT, dark)
    return figure


def _draw_figure_6(panels: Sequence[Panel], dark: bool) -> Figure:
    columns = min(_MOST_COLUMNS, len(panels))
    figure, axes = _make_canvas(columns, -(-len(panels) // columns), dark)
    for place in axes[len(panels) :]:
        place.set_axis_off()
    for place, panel in zip(axes, panels, strict=False):
        _draw_accuracy(place, panel, ablation_of(panel), dark)
    return figure


def verdicts(panel: Panel) -> Iterator[tuple[str, str, str]]:
    """For each of our methods: its name, the one it is compared with, and where it loses, in a sentence."""
    for kind in (Kind.SUGGEST, Kind.AL):
        for series, reference, points in panel.over(kind):
            if series.method.kind not in (*_OURS, Kind.RANDOM):
                continue
            summary = summarise(points)
            yield (
                series.method.label,
                reference.method.label,
                _say_where_it_loses(summary, len(series.curves)),
            )


def _say_where_it_loses(summary: Summary | None, runs: int) -> str:
    if summary is None:
        return "There is no accuracy that all runs of both reach."
    worst = f"{summary.least:.2f} at {summary.least_at:.1%}"
    mean = f"{summary.mean:.2f} on average over {counted(summary.levels, 'level')}"
    if not summary.loses_at:
        return f"{mean}, never below {worst} ({counted(runs, 'run')})."
    where = f"from {summary.loses_from:.1%} on" if summary.loses_from is not None else "in between"
    return (
        f"{mean}; it needs more than the other at {summary.loses_at} of them, {where}, "
        f"at worst {worst} ({counted(runs, 'run')})."
    )
