"""What accuracy costs with planned budgets, learning from the pool and a certified easy tier, beside SUGGEST."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from benchmarks import real_sets
from benchmarks.progress import TerminalPort
from benchmarks.real_rounds import Pool
from benchmarks.report import Line, Report, Size, aligned
from benchmarks.tier_rounds import Floats, Stage, Way, efficiency, run
from model.config import PRESETS
from model.last_layer import train_last_layer
from model.pool_learning import PoolLearner
from model.port import NullPort

RATIOS = (2.0, 3.0, 4.0, 6.0)
LEVELS = 30
SEEDS = {Size.FULL: (1, 2, 3, 4, 5), Size.QUICK: (1, 2)}
MOST = 5.0  # an efficiency counts as this at most in a mean: just above the seed labels' accuracy it has no bound
_OF_ALL = 0.95  # of the accuracy that all labels give, the highest level
SUGGEST = Way("SUGGEST (BADGE)")
RANDOM = Way("random, with suggestions", hard="random")
FULL = Way("full method", preset="pool", intermediate_share=None, easy=True)
WAYS = (
    SUGGEST,
    RANDOM,
    FULL,
    Way("SUGGEST, learning from the pool", preset="pool"),
    Way("planned, labels alone", intermediate_share=None),
    Way("LogDetMI nine tenths, labels alone", intermediate_share=0.9, intermediate="logdetmi"),
)
_HEAD = (
    "set",
    "c_a:c_v",
    "method",
    "over SUGGEST: mean",
    "worst",
    "over random: mean",
    "worst",
    "free",
    "easy",
)
Runs = Mapping[tuple[str, float], list[list[Stage]]]  # by title and ratio, of each seed


@dataclass(frozen=True)
class Trial:
    """A set and how many items a round asks about at so many labels."""

    name: str
    pool: Callable[[], Pool]
    batch: Callable[[int], int]
    least_mean: float | None = None  # the goal for the mean efficiency at 4:1


@dataclass(frozen=True)
class Judged:
    """Efficiency over the levels: mean and worst of those with a finite one, how many cost nothing."""

    mean: float
    worst: float
    free: int
    missed: int  # levels that were not reached


def measure(size: Size, data: Path | None) -> Report:
    """Run all methods on all sets; at quick size on clusters of points, without data."""
    trials = _clusters() if size is Size.QUICK else _real(data)
    lines: list[Line] = []
    rows: list[tuple[str, ...]] = [_HEAD]
    for trial in trials:
        pool = trial.pool()
        runs, levels = _all_runs(trial, pool, size)
        lines += _lines(trial, runs, levels)
        rows += _rows(trial, runs, levels)
    return Report(
        "tiers",
        f"Efficiency over SUGGEST at {LEVELS} accuracy levels, {len(SEEDS[size])} seeds, 3 seed labels a class",
        size,
        tuple(lines),
        (
            f"Levels from the mean accuracy of the seed labels with SUGGEST to {_OF_ALL:.0%} of what all labels give.",
            "Free: levels that the seed labels reach with this method; left out. "
            f"In a mean a level counts {MOST:g} at most.",
            "Easy: auto-labels over all rounds and seeds, and the share of them that is wrong.",
        ),
        "\n".join(aligned(rows)),
    )


def judged(values: Floats) -> Judged:
    """Sum up the efficiencies at the levels, inf where free and nan where not reached."""
    finite = values[np.isfinite(values)]
    missed = int(np.isnan(values).sum())
    if len(finite) == 0:
        return Judged(float("nan"), float("nan"), int(np.isinf(values).sum()), missed)
    mean = float(np.minimum(finite, MOST).mean())
    return Judged(mean, float(finite.min()), int(np.isinf(values).sum()), missed)


def _real(data: Path | None) -> tuple[Trial, ...]:
    files = real_sets.found(data, real_sets.CUB, real_sets.CIFAR, real_sets.OMNIGLOT, real_sets.MOBILENET)
    cub, cifar, omniglot, weights = files
    return (
        Trial("CUB-100", lambda: real_sets.frozen_features(cub, weights), lambda _: 300, 1.5),
        Trial("CIFAR-10", lambda: real_sets.cifar_features(cifar, weights), lambda n: max(30, n // 3)),
        Trial("Omniglot", lambda: real_sets.omniglot_features(omniglot, weights), lambda _: 242),
    )


def _clusters() -> tuple[Trial, ...]:
    def pool() -> Pool:
        chance = torch.Generator().manual_seed(0)
        centres = torch.randn(8, 12, generator=chance)
        labels = torch.arange(600) % 8
        points = centres[labels] + 1.1 * torch.randn(600, 12, generator=chance)
        return Pool(points[:400], labels[:400], points[400:], labels[400:])

    return (Trial("clusters", pool, lambda _: 24),)


def _all_runs(trial: Trial, pool: Pool, size: Size) -> tuple[Runs, Floats]:
    layer = train_last_layer(pool.features, pool.labels, pool.classes, PRESETS["quick"], 0, NullPort())
    predicted = layer.probabilities(pool.test_features).argmax(dim=1)
    top = _OF_ALL * 100 * float((predicted == pool.test_labels).float().mean())
    learner, port = PoolLearner(pool.features), TerminalPort()
    runs: dict[tuple[str, float], list[list[Stage]]] = {}
    seeds = SEEDS[size]
    for place, way in enumerate(WAYS):
        port.progress(place, len(WAYS), f"{trial.name}: {way.title}")
        planned = way.intermediate_share is None
        for ratio in RATIOS if planned and size is Size.FULL else RATIOS[2:3]:
            found = [run(pool, learner, way, seed, ratio, trial.batch, top) for seed in seeds]
            runs[way.title, ratio] = found
            if not planned or size is Size.QUICK:  # a choice that does not look at costs is the same at all
                runs.update({(way.title, other): found for other in RATIOS})
    low = float(np.mean([stages[0].accuracy for stages in runs[SUGGEST.title, 4.0]]))
    return runs, np.linspace(low, top, LEVELS + 1)[1:]


def _over(runs: Runs, way: Way, other: Way, ratio: float, levels: Floats) -> Judged:
    return judged(efficiency(runs[way.title, ratio], runs[other.title, ratio], levels, ratio, 1.0))


def _lines(trial: Trial, runs: Runs, levels: Floats) -> list[Line]:
    lines = []
    for ratio in RATIOS:
        over = _over(runs, FULL, SUGGEST, ratio, levels)
        goal = trial.least_mean if ratio == 4.0 else None
        lines.append(Line(f"{trial.name}, {ratio:g}:1, mean", over.mean, "", low=goal))
        worst = over.worst if over.missed == 0 else 0.0
        lines.append(Line(f"{trial.name}, {ratio:g}:1, worst level", worst, "", low=1.0))
        easy, wrong = _easy(runs[FULL.title, ratio])
        share = 100 * wrong / easy if easy else 0.0
        lines.append(Line(f"{trial.name}, {ratio:g}:1, wrong auto-labels", share, "%", high=3.0))
    return lines


def _rows(trial: Trial, runs: Runs, levels: Floats) -> list[tuple[str, ...]]:
    rows = []
    for ratio in RATIOS:
        for way in WAYS:
            suggest, random = (_over(runs, way, other, ratio, levels) for other in (SUGGEST, RANDOM))
            easy, wrong = _easy(runs[way.title, ratio])
            rows.append(
                (
                    trial.name,
                    f"{ratio:g}",
                    way.title,
                    *(f"{value:.2f}" for value in (suggest.mean, suggest.worst, random.mean, random.worst)),
                    str(suggest.free),
                    f"{easy:,}, {wrong / easy:.1%}" if easy else "-",
                )
            )
    return rows


def _easy(runs: Sequence[Sequence[Stage]]) -> tuple[int, int]:
    stages = [stage for one in runs for stage in one]
    return sum(stage.easy for stage in stages), sum(stage.easy_wrong for stage in stages)
