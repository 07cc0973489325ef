"""Rounds on CUB-100 with a frozen network: what accuracy costs with the shipped experiment's methods at 4:1."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.experiments.real_sets import CUB, MOBILENET, found
from benchmarks.experiments.running import run_experiment
from benchmarks.places import scratch
from benchmarks.report import Line, Report, Size, aligned
from model.tiers import Tier
from studies.simulation.figures.results import Panel, Series, read_results
from studies.simulation.file.store import ExperimentStore
from studies.simulation.plan.checks import LoadedExperiment, load_experiment

PRESET = "cub100-frozen"
SEEDS = {Size.FULL: (1, 2, 3), Size.QUICK: (1,)}
ROUNDS = {Size.FULL: 6, Size.QUICK: 1}


def measure(size: Size, data: Path | None) -> Report:
    """Run all methods from the same seed labels; the network's features are computed once and kept."""
    folder = found(data, CUB, MOBILENET)[0].parent
    loaded = shortened(size)
    start = time.perf_counter()
    with scratch() as place, ExperimentStore.open(place / "real-data.sqlite") as store:
        head, runs = run_experiment(store, loaded, folder)
        panel = read_results(store, head).panels[0]
    seconds = (time.perf_counter() - start) / runs
    cost = loaded.plan.costs[0]
    lines = [Line("one run, mean, on one of the cores", seconds, "s"), *map(_final, panel.series)]
    return Report(
        "real-data",
        f"CUB-100, frozen MobileNetV2, {ROUNDS[size]} rounds of 300 from 300 labels, "
        f"c_a = {cost.correct:g}, c_v = {cost.verify:g}, {len(SEEDS[size])} seeds",
        size,
        tuple(lines),
        ("Mean over the seeds; seed labels and auto-labels cost nothing.",),
        "\n".join(aligned(_rows(panel))),
    )


def shortened(size: Size) -> LoadedExperiment:
    """The shipped experiment with a part of its seeds and one ratio of costs."""
    loaded = load_experiment(PRESET)
    update = {"rounds": ROUNDS[size], "seeds": SEEDS[size], "costs": loaded.plan.costs[:1]}
    return replace(loaded, plan=loaded.plan.model_copy(update=update))


def _final(series: Series) -> Line:
    last = series.points[-1]
    what = f"{series.method.label}: accuracy after the last round, at a cost of {last.cost.mean:,.0f}"
    return Line(what, 100 * last.accuracy.mean, "%", digits=1)


def _rows(panel: Panel) -> list[tuple[str, ...]]:
    head = ("method", "round", "cost", "test accuracy", *(f"{tier.value} right" for tier in Tier))
    return [head, *(row for series in panel.series for row in _rows_of(series))]


def _rows_of(series: Series) -> Iterator[tuple[str, ...]]:
    right = {(point.tier, point.round): f"{100 * point.right.mean:.1f}" for point in series.tier_points}
    for point in series.points:
        spread = f" +- {100 * point.accuracy.sd:.1f}" if point.accuracy.sd is not None else ""
        yield (
            series.method.label,
            str(point.round),
            f"{point.cost.mean:,.0f}",
            f"{100 * point.accuracy.mean:.1f}{spread}",
            *(right.get((tier, point.round), "-") for tier in Tier),
        )
