"""A project's accuracy against minutes as a figure for a file, with its numbers."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from studies.charts.palette import OkabeIto, surface
from studies.charts.typeface import in_typeface
from studies.labeling.file.store import ProjectStore
from studies.labeling.planning.costs import rates
from studies.labeling.project.loading import load
from studies.labeling.rounds.panel import Point, curve
from studies.table_files import write_whole
from studies.timing.results.figure_2 import save_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_INCHES = (6.4, 4.2)
_COLUMNS = ("round", "cost_s", "without_suggestions_s", "suggest_alone_s", "held_out", "right")


@in_typeface
def accuracy_figure(points: Sequence[Point]) -> Figure:
    """Draw accuracy on the held-out sample, with its 95 % interval (Wilson 1927), against the labels' cost in minutes.

    Beside it, what the same labels would have cost with SUGGEST alone and without suggestions.
    """
    from matplotlib.figure import Figure

    greys = surface(False)
    figure = Figure(figsize=_INCHES, facecolor=greys.base, layout="constrained")
    axes = figure.add_subplot()
    axes.set_facecolor(greys.base)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.set_xlabel("minutes of labeling")
    axes.set_ylabel("accuracy on the held-out sample, %")
    axes.set_ylim(0, 100)
    known = [p for p in points if p.accuracy.value is not None]
    if not known:
        axes.text(0.5, 0.5, "No accuracy was measured yet", transform=axes.transAxes, ha="center")
        return figure
    percent = [100 * (p.accuracy.value or 0.0) for p in known]
    limits = [p.accuracy.wilson() for p in known]
    # Of a share of 0 or 1 rounding may put the limit on the wrong side of it.
    low = [max(0.0, share - 100 * limit.low) for share, limit in zip(percent, limits, strict=True) if limit]
    high = [max(0.0, 100 * limit.high - share) for share, limit in zip(percent, limits, strict=True) if limit]
    lines = (
        ("without suggestions", [p.unaided_s / 60 for p in known], OkabeIto.GREEN.value, ":", "^"),
        ("SUGGEST alone", [p.suggest_s / 60 for p in known], OkabeIto.VERMILLION.value, "--", "s"),
    )
    for name, minutes, colour, dashes, sign in lines:
        axes.plot(minutes, percent, color=colour, linestyle=dashes, marker=sign, markersize=4, label=name)
    axes.errorbar(
        [p.cost_s / 60 for p in known],
        percent,
        [low, high],
        color=OkabeIto.BLUE.value,
        marker="o",
        markersize=5,
        capsize=3,
        label="as it was labeled",
    )
    axes.set_xlim(left=0)
    axes.legend(frameon=False, loc="lower right")
    return figure


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
