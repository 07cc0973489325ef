"""What accuracy costs with planned budgets, learning from the pool and a certified easy tier, beside SUGGEST.

The shipped experiments are run as they are, planned anew at each ratio of costs. Their results are kept: what was run
once is not run again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.experiments.real_sets import CIFAR, CUB, MOBILENET, OMNIGLOT, found
from benchmarks.experiments.running import run_experiment
from benchmarks.places import cache
from benchmarks.report import Line, Report, Size, aligned
from studies.simulation.figures.curves import LEVELS, efficiency, summarise
from studies.simulation.figures.results import Panel, Series, read_results
from studies.simulation.file.store import ExperimentStore, Head
from studies.simulation.plan.checks import load_experiment
from studies.simulation.plan.plan import Kind

WRONG = 3.0  # % of the easy tier's labels at most
_EASY = (
    "SELECT coalesce(sum(n_easy), 0), coalesce(sum(n_easy_right), 0) FROM results "
    "WHERE experiment_id = ? AND data = ? AND method = ? AND cost_setting = ?"
)
_HEAD = ("set", "c_a:c_v", "method", "over", "mean", "least", "at", "levels", "below 1", "easy labels, wrong")


@dataclass(frozen=True)
class Trial:
    """A shipped experiment and the least mean efficiency that is wanted of it at 4:1."""

    name: str
    files: tuple[str, ...]
    least_mean: float | None = None


FULL = (
    Trial("cub100-frozen", (CUB, MOBILENET), 1.5),
    Trial("cifar10-frozen", (CIFAR, MOBILENET)),
    Trial("omniglot", (OMNIGLOT,)),
)
QUICK = (Trial("digits", ()),)


def measure(size: Size, data: Path | None) -> Report:
    """Run the experiments, at quick size a round of one that needs no data."""
    lines: list[Line] = []
    rows: list[tuple[str, ...]] = [_HEAD]
    for trial in FULL if size is Size.FULL else QUICK:
        folder = found(data, *trial.files)[0].parent if trial.files else None
        loaded = load_experiment(trial.name)
        if size is Size.QUICK:
            plan = loaded.plan
            some = tuple(method for method in plan.methods if method.kind in (Kind.SUGGEST, Kind.PLANNED))
            changed = plan.model_copy(update={"rounds": 1, "seeds": (1,), "methods": some})
            loaded = replace(loaded, plan=changed)
        with ExperimentStore.open(cache() / f"tiers-{size.value}-{trial.name}.sqlite") as store:
            head, _ = run_experiment(store, loaded, folder)
            for panel in read_results(store, head).panels:
                lines += _lines(store, head, trial, panel)
                rows += _rows(store, head, panel)
    return Report(
        "tiers",
        f"efficiency over SUGGEST at {LEVELS} accuracies",
        size,
        tuple(lines),
        (
            "Accuracies that every run of both methods reaches and none begins with; mean: geometric.",
            "Easy labels: over all rounds and seeds, and the share of them that is wrong.",
        ),
        "\n".join(aligned(rows)),
    )


def _easy(store: ExperimentStore, head: Head, panel: Panel, method: str) -> tuple[int, int]:
    """How many labels the easy tier gave, and how many of them are wrong."""
    given, right = store.query(_EASY, (head.experiment_id, panel.data, method, panel.cost))[0]
    return int(given), int(given - right)


def _lines(store: ExperimentStore, head: Head, trial: Trial, panel: Panel) -> list[Line]:
    lines = []
    for series, _, points in panel.over(Kind.SUGGEST):
        if series.method.kind is not Kind.PLANNED:
            continue
        summary, what = summarise(points), f"{panel.data}, {panel.cost}"
        mean, least = (summary.mean, summary.least) if summary else (0.0, 0.0)
        goal = trial.least_mean if panel.correct == 4 * panel.verify else None
        given, wrong = _easy(store, head, panel, series.method.label)
        lines += [
            Line(f"{what}, mean", mean, "", low=goal),
            Line(f"{what}, least", least, "", low=1.0),
            Line(f"{what}, easy labels", given, "", digits=0),
            Line(f"{what}, of them wrong", 100 * wrong / given if given else 0.0, "%", high=WRONG),
        ]
    return lines


def _rows(store: ExperimentStore, head: Head, panel: Panel) -> list[tuple[str, ...]]:
    """Each method over every way of asking with suggestions alone, SUGGEST that learns from the pool among them."""
    compared = [one for one in panel.series if one.method.kind is not Kind.AL]
    references = [one for one in compared if one.method.kind in (Kind.SUGGEST, Kind.RANDOM)]
    return [
        _row(store, head, panel, series, other)
        for other in references
        for series in compared
        if series is not other
    ]


def _row(store: ExperimentStore, head: Head, panel: Panel, series: Series, other: Series) -> tuple[str, ...]:
    given, wrong = _easy(store, head, panel, series.method.label)
    easy = f"{given:,}, {wrong / given:.1%}" if given else "-"
    names = (panel.data, panel.cost, series.method.label, other.method.label)
    summary = summarise(efficiency(series.curves, other.curves))
    if summary is None:
        return (*names, *("-",) * 5, easy)
    least = (f"{summary.least:.2f}", f"{summary.least_at:.1%}")
    return (*names, f"{summary.mean:.2f}", *least, str(summary.levels), str(summary.loses_at), easy)
