"""A project's accuracy as figures: against minutes, for a file, with its numbers; against labels, for a report."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from studies.charts.lines import Line, Look, draw_line, dress, name_lines, say
from studies.charts.palette import OkabeIto, surface
from studies.charts.typeface import in_typeface
from studies.estimates import Share
from studies.labeling.file.store import ProjectStore
from studies.labeling.planning.costs import rates
from studies.labeling.project.loading import load
from studies.labeling.rounds.panel import Point, curve
from studies.table_files import write_whole
from studies.timing.results.figure_2 import save_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_INCHES = (6.4, 4.2)
_AXES = 0.84  # of the figure's height
_LOOKS = {
    "as it was labeled": Look(OkabeIto.BLUE.value, "solid", "o"),
    "SUGGEST alone": Look(OkabeIto.VERMILLION.value, (0, (5, 2)), "s"),
    "without suggestions": Look(OkabeIto.GREEN.value, (0, (1, 1.5)), "^"),
}
_COLUMNS = ("round", "cost_s", "without_suggestions_s", "suggest_alone_s", "held_out", "right")


@in_typeface
def accuracy_figure(points: Sequence[Point]) -> Figure:
    """Draw accuracy on the held-out sample, with its 95 % interval (Wilson 1927), against the labels' cost in minutes.

    Beside it, what the same labels would have cost with SUGGEST alone and without suggestions.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=_INCHES, facecolor=surface(False).base, layout="constrained")
    axes = figure.add_subplot()
    dress(axes, "", "minutes of labeling", "accuracy on the held-out sample, %", False)
    axes.set_ylim(0, 100)
    known = [p for p in points if p.accuracy.value is not None]
    if not known:
        say(axes, "No accuracy was measured yet", False)
        return figure
    percent, errors = _in_percent([p.accuracy for p in known])
    nothing = [None] * len(known)  # no spread but that of the accuracy, drawn once
    lines = [
        Line("as it was labeled", [p.cost_s / 60 for p in known], percent, nothing),
        Line("SUGGEST alone", [p.suggest_s / 60 for p in known], percent, nothing),
        Line("without suggestions", [p.unaided_s / 60 for p in known], percent, nothing),
    ]
    for line in lines[1:]:
        draw_line(axes, line, _LOOKS[line.name])
    axes.errorbar(
        [p.cost_s / 60 for p in known],
        percent,
        errors,
        color=OkabeIto.BLUE.value,
        marker="o",
        markersize=5,
        capsize=3,
    )
    axes.set_xlim(left=0)
    name_lines(axes, lines, _LOOKS, 72 * _INCHES[1] * _AXES, False)
    return figure


@in_typeface
def labels_figure(points: Sequence[tuple[int, Share]], dark: bool = False) -> Figure:
    """Draw accuracy on the held-out sample, with its 95 % interval (Wilson 1927), against the labels trained on.

    ``points``: of each round's model its labels and its accuracy, none of nothing.
    """
    from matplotlib.figure import Figure

    greys = surface(dark)
    figure = Figure(figsize=_INCHES, facecolor=greys.base, layout="constrained")
    axes = figure.add_subplot()
    axes.set_facecolor(greys.base)
    for side, spine in axes.spines.items():
        spine.set_visible(side not in ("top", "right"))
        spine.set_color(greys.line)
    axes.tick_params(colors=greys.muted)
    axes.set_xlabel("labels that the model was trained on", color=greys.text)
    axes.set_ylabel("accuracy on the held-out sample, %", color=greys.text)
    axes.set_ylim(0, 100)
    percent, errors = _in_percent([accuracy for _, accuracy in points])
    colour = (OkabeIto.SKY_BLUE if dark else OkabeIto.BLUE).value
    axes.errorbar([n for n, _ in points], percent, errors, color=colour, marker="o", markersize=5, capsize=3)
    axes.set_xlim(left=0)
    return figure


def _in_percent(shares: Sequence[Share]) -> tuple[list[float], list[list[float]]]:
    """Shares in percent, and how far their limits lie below and above them."""
    percent = [100 * (share.value or 0.0) for share in shares]
    limits = [share.wilson() for share in shares]
    # Of a share of 0 or 1 rounding may put the limit on the wrong side of it.
    low = [max(0.0, share - 100 * limit.low) for share, limit in zip(percent, limits, strict=True) if limit]
    high = [max(0.0, 100 * limit.high - share) for share, limit in zip(percent, limits, strict=True) if limit]
    return percent, [low, high]


def save_accuracy(store: ProjectStore, to: Path) -> Path:
    """Write the figure of a project to a ``.png`` or ``.svg`` file and its numbers beside it; returns their file.

    Raises ``UserError`` where that cannot be.
    """
    loaded = load(store)
    points = curve(
        loaded.tally, loaded.rounds, loaded.models, rates(loaded.settings.costs, loaded.tally, add_up=True)
    )
    save_figure(accuracy_figure(points), to)
    numbers = to.with_name(f"{to.stem}.numbers.csv")

    def fill(file: TextIO) -> None:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(_COLUMNS)
        for number, p in enumerate(points, start=1):
            times = (f"{s:.3f}" for s in (p.cost_s, p.unaided_s, p.suggest_s))
            writer.writerow([number, *times, p.accuracy.total, p.accuracy.right])

    write_whole(numbers, fill)
    return numbers
