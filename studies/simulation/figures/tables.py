"""The plotted numbers as CSV."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator

from studies.simulation.figures.curves import RatioSpread, Spread
from studies.simulation.figures.figures import FINISH, FOLDER, Plot, ablation_of
from studies.simulation.figures.finish import draw_lines_of
from studies.simulation.figures.published import published_curves
from studies.simulation.figures.results import Panel, Series
from studies.simulation.plan.plan import Kind
from studies.table_files import write_rows

HEAD = ("data", "cost_setting", "what", "method", "over", "tier", "round", "x", "y", "sd", "runs")
"""``x`` and ``y`` are cost and accuracy of ``accuracy`` and of ``published`` (one run of the paper's authors), accuracy
and ratio of costs of ``efficiency`` (a geometric mean, its ``sd`` a factor), round and share of right ones of
``suggestions``, share of the folder that is labeled and what it says of ``seconds an image`` and ``wrong labels`` (a
share of the folder), and percent of the folder that would be wrong and ``minutes``; shares from 0 to 1."""

_Row = tuple[object, ...]


def plotted_csv(plot: Plot) -> str:
    """Every number that a figure draws, in full precision."""
    out = io.StringIO()
    write_rows(out, [HEAD, *_list_rows(plot)], end="\n")
    return out.getvalue()


def _list_rows(plot: Plot) -> Iterator[_Row]:
    for panel in plot.panels:
        if plot.number == FOLDER:
            yield from _list_folders(panel)
            continue
        if plot.number == FINISH:
            yield from _list_finish(panel)
            continue
        if plot.number == 5:
            yield from _list_tiers(panel)
            continue
        series = ablation_of(panel) if plot.number == 6 else panel.series
        yield from _list_accuracies(panel, series)
        if plot.number != 6:
            yield from _list_efficiencies(panel)
        yield from _list_published(panel, series)


def _make_row(
    panel: Panel,
    what: str,
    method: str,
    over: str,
    tier: str,
    at: tuple[object, float],
    y: Spread | RatioSpread,
) -> _Row:
    return (panel.data, panel.cost, what, method, over, tier, *at, y.mean, y.sd, y.n)


def _list_accuracies(panel: Panel, series: Iterable[Series]) -> Iterator[_Row]:
    for one in series:
        for point in one.points:
            at = (point.round, point.cost.mean)
            yield _make_row(panel, "accuracy", one.method.label, "", "", at, point.accuracy)


def _list_efficiencies(panel: Panel) -> Iterator[_Row]:
    for kind in (Kind.AL, Kind.SUGGEST):
        for one, reference, points in panel.over(kind):
            for point in points:
                names = (one.method.label, reference.method.label)
                yield _make_row(panel, "efficiency", *names, "", ("", point.accuracy), point.ratio)


def _list_tiers(panel: Panel) -> Iterator[_Row]:
    for one in panel.series:
        for point in one.tier_points:
            at = (point.round, float(point.round))
            yield _make_row(panel, "suggestions", one.method.label, "", point.tier.value, at, point.right)


def _list_folders(panel: Panel) -> Iterator[_Row]:
    for one in panel.folders:
        for number, point in enumerate(one.points):
            at = (number, point.labeled)
            yield _make_row(panel, "seconds an image", one.method, "", "", at, point.seconds)
            yield _make_row(panel, "wrong labels", one.method, "", "", at, point.wrong)


def _list_finish(panel: Panel) -> Iterator[_Row]:
    for line in draw_lines_of(panel.finish):
        for number, (wrong, minutes) in enumerate(zip(line.x, line.y, strict=True)):
            at = (number, wrong)
            yield _make_row(panel, "minutes", line.name, "", "", at, Spread(minutes, None, 1))


def _list_published(panel: Panel, series: Iterable[Series]) -> Iterator[_Row]:
    for one in series:
        for curve in published_curves(panel, one.method):
            for number, (cost, accuracy) in enumerate(zip(curve.cost, curve.accuracy, strict=True)):
                at = (number, float(cost))
                yield _make_row(
                    panel, "published", one.method.label, "", "", at, Spread(float(accuracy), None, 1)
                )
