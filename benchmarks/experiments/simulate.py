"""Experiments with a simulated annotator on CUB-100: one run, the whole preset, and how runs an hour grow."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.experiments.real_sets import CUB, MOBILENET, found
from benchmarks.experiments.running import run_experiment
from benchmarks.places import scratch
from benchmarks.report import Line, Report, Size, aligned
from studies.simulation.figures.curves import summarise
from studies.simulation.figures.results import Panel, read_results
from studies.simulation.file.store import ExperimentStore
from studies.simulation.plan.checks import LoadedExperiment, load_experiment
from studies.simulation.plan.plan import Kind

PRESET = "cub100-frozen"
_CORES = 2  # of a run alone; those of a preset have one each


@dataclass(frozen=True)
class _Done:
    seconds: float
    runs: int
    cpu_s: float  # of all processes

    @property
    def an_hour(self) -> float:
        return 3600 * self.runs / self.seconds


def measure(size: Size, data: Path | None) -> Report:
    """Run the preset and parts of it; the network's features are computed once and kept."""
    folder = found(data, CUB, MOBILENET)[0].parent
    whole = load_experiment(PRESET)
    if size is Size.QUICK:
        whole = _part(whole, rounds=1, seeds=(1,), methods=2)
    with scratch() as place:
        _run(_part(whole, rounds=1, seeds=(1,), methods=1), folder, place / "warm.sqlite", 1)
        alone = _part(whole, seeds=(1,), methods=1)
        alone = replace(
            alone, plan=alone.plan.model_copy(update={"threads": _CORES, "costs": whole.plan.costs[:1]})
        )
        one = _run(alone, folder, place / "one.sqlite", 1)
        single = _run(whole, folder, place / "single.sqlite", 1)
        store = place / "double.sqlite"
        double = _run(whole, folder, store, 2)
        with ExperimentStore.open(store, writable=False) as opened:
            panels = read_results(opened, opened.experiments()[0]).panels
    lines = (
        Line(f"a run of {whole.plan.rounds} rounds, mean", single.seconds / single.runs, "s", high=10),
        Line("the longest, its easy tier certified, on two cores, start included", one.seconds, "s", high=10),
        Line(f"the whole preset, {double.runs} runs, 2 workers", double.seconds, "s", high=300, digits=0),
        Line("of that, time on a core", double.cpu_s, "s", digits=0),
        Line("runs an hour, 1 worker", single.an_hour, "", digits=0),
        Line("runs an hour, 2 workers", double.an_hour, "", digits=0),
        Line("2 workers over 1", double.an_hour / single.an_hour, "", low=1.8),
    )
    notes = (
        "Features are on disk before; a run begins with a new process, torch and reading them.",
        "AL without suggestions and SUGGEST are one run: only their costs differ.",
        "Efficiency over SUGGEST, at 30 accuracies: mean, least.",
    )
    return Report(
        "simulate",
        f"the experiment {PRESET}: {len(whole.plan.methods)} methods, {len(whole.plan.seeds)} seeds",
        size,
        lines,
        notes,
        _efficiencies(panels),
    )


def _part(
    loaded: LoadedExperiment,
    rounds: int | None = None,
    seeds: tuple[int, ...] | None = None,
    methods: int | None = None,
) -> LoadedExperiment:
    plan = loaded.plan
    changed = plan.model_copy(
        update={
            "rounds": rounds or plan.rounds,
            "seeds": seeds or plan.seeds,
            "methods": plan.methods[-methods:] if methods else plan.methods,
        }
    )
    return replace(loaded, plan=changed)


def _run(loaded: LoadedExperiment, data: Path, file: Path, workers: int) -> _Done:
    started, before = time.perf_counter(), _cpu_s()
    with ExperimentStore.open(file) as store:
        _, runs = run_experiment(store, loaded, data, workers)
    return _Done(time.perf_counter() - started, runs, _cpu_s() - before)


def _cpu_s() -> float:
    """What this process and those that it ended have computed."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _efficiencies(panels: Sequence[Panel]) -> str:
    rows: list[tuple[str, ...]] = [("method", *(panel.cost for panel in panels))]
    compared = [dict(_over_suggest(panel)) for panel in panels]
    for method in compared[0]:
        rows.append((method, *(by_method.get(method, "-") for by_method in compared)))
    return "\n".join(aligned(rows))


def _over_suggest(panel: Panel) -> list[tuple[str, str]]:
    rows = []
    for series, _, points in panel.over(Kind.SUGGEST):
        summary = summarise(points)
        rows.append((series.method.label, f"{summary.mean:.2f}, {summary.least:.2f}" if summary else "-"))
    return rows
