"""The figure of learning: times by the tenth of a block, over participants."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from typing import TYPE_CHECKING

from studies.charts.lines import frame_axes, write
from studies.charts.palette import OkabeIto, surface
from studies.charts.typeface import in_typeface
from studies.table_files import write_rows
from studies.timing.file.store import Store
from studies.timing.results.groups import geometric_mean, over_people
from studies.timing.results.learning import Cell, block_sizes, timed_trials

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COLOURS = {"verify": OkabeIto.BLUE, "correct": OkabeIto.VERMILLION, "scratch": OkabeIto.PURPLE}
_PARTS = 10
_MOST_PANELS = 6


@dataclass(frozen=True)
class LearningPoint:
    """One plotted number: over participants, in one tenth of blocks."""

    study: str
    dataset: str
    interface: str
    kind: str
    tenth: int  # from 1
    n_participants: int
    geomean_s: float
    low_s: float | None  # of its 95 % t interval on logs
    high_s: float | None


def learning_points(store: Store) -> tuple[LearningPoint, ...]:
    """Every number that the figure draws: geometric means over participants of their geometric means of kept trials."""
    sizes = block_sizes(store)
    times: defaultdict[tuple[Cell, int], defaultdict[str, list[float]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for trial in timed_trials(store):
        if trial.kept:
            tenth = 1 + (trial.trial - 1) * _PARTS // sizes[trial.session, trial.block]
            times[trial[:4], tenth][trial.participant].append(trial.response_time_s)
    points = []
    for (cell, tenth), people in sorted(times.items()):
        means = [geometric_mean(own) for own in people.values()]
        interval = over_people(means)
        low, high = (interval.low, interval.high) if interval else (None, None)
        points.append(LearningPoint(*cell, tenth, len(means), geometric_mean(means), low, high))
    return tuple(points)


def learning_csv(points: Sequence[LearningPoint]) -> str:
    """The plotted numbers as CSV, one row a number, in full precision."""
    out = io.StringIO()
    write_rows(out, [[field.name for field in fields(LearningPoint)], *map(astuple, points)], end="\n")
    return out.getvalue()


@in_typeface
def learning_figure(points: Sequence[LearningPoint], dark: bool = False) -> Figure:
    """Draw a panel for each data set and interface, at most six: a line for each kind, and its 95 % interval."""
    from matplotlib.figure import Figure

    greys = surface(dark)
    panels = list(dict.fromkeys((p.study, p.dataset, p.interface) for p in points))[:_MOST_PANELS]
    columns = max(1, min(3, len(panels)))
    rows = max(1, -(-len(panels) // columns))
    figure = Figure(
        figsize=(max(4.8, 3.4 * columns), 0.5 + 3.0 * rows),
        dpi=96.0,
        facecolor=greys.base,
        layout="constrained",
    )
    grid = figure.subplots(rows, columns, squeeze=False, sharex=True)
    several = len({study for study, _, _ in panels}) > 1
    for place, axes in enumerate(grid.flat):
        if place >= len(panels):
            axes.set_axis_off()
            continue
        study, dataset, interface = panels[place]
        _dress(axes, f"{dataset}, {interface}" + (f"\n{study}" if several else ""), dark)
        for kind in _COLOURS:
            own = [p for p in points if (p.study, p.dataset, p.interface) == panels[place] and p.kind == kind]
            _draw(axes, own, kind)
        axes.set_ylim(bottom=0)
        if place == 0:
            axes.legend(frameon=False, fontsize=9, labelcolor=greys.text)
    if not panels:
        write(grid[0, 0], 0.5, 0.5, "No trial is kept yet", color=greys.muted, ha="center", size=11)
    return figure


def _draw(axes: Axes, points: Sequence[LearningPoint], kind: str) -> None:
    if not points:
        return
    colour = _COLOURS[kind].value
    axes.plot(
        [p.tenth for p in points], [p.geomean_s for p in points], color=colour, marker="o", ms=4, label=kind
    )
    sure = [(p.tenth, p.low_s, p.high_s) for p in points if p.low_s is not None and p.high_s is not None]
    if sure:
        places, lows, highs = zip(*sure, strict=True)
        axes.fill_between(places, lows, highs, color=colour, alpha=0.2, linewidth=0)


def _dress(axes: Axes, title: str, dark: bool) -> None:
    greys = surface(dark)
    frame_axes(axes, dark)
    axes.tick_params(colors=greys.muted, labelsize=9)
    axes.set_title(title, color=greys.text, fontsize=10, parse_math=False)
    axes.set_xlabel("tenth of the block", color=greys.text, fontsize=9)
    axes.set_ylabel("seconds", color=greys.text, fontsize=9)
