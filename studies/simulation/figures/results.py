"""What a store holds of an experiment, grouped as the figures draw it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from operator import attrgetter

import numpy as np

from model.tiers import PerTier, Tier
from studies.simulation.figures.curves import Curve, Efficiency, Spread, efficiency
from studies.simulation.figures.finish import FinishSeries, group_finish
from studies.simulation.figures.folders import FolderSeries, group_folders
from studies.simulation.file.reader import ExperimentReader, Failure, Head
from studies.simulation.plan.plan import Kind


@dataclass(frozen=True)
class MethodInfo:
    """A method as the experiment names it."""

    label: str
    kind: Kind
    strategies: PerTier[str]
    budgets: PerTier[int]


@dataclass(frozen=True)
class RoundPoint:
    """A round of a method over its runs."""

    round: int
    cost: Spread
    accuracy: Spread


@dataclass(frozen=True)
class TierPoint:
    """How often a tier's suggestions of a round were right, over runs."""

    tier: Tier
    round: int
    right: Spread


@dataclass(frozen=True)
class Series:
    """The runs of one method on one data set at one cost."""

    method: MethodInfo
    curves: tuple[Curve, ...]
    tiers: tuple[tuple[Tier, int, float], ...]  # of every run: tier, round, right share

    @cached_property
    def points(self) -> tuple[RoundPoint, ...]:
        """Means over the runs that have the round."""
        longest = max(len(curve.cost) for curve in self.curves)
        found = []
        for number in range(longest):
            having = [curve for curve in self.curves if len(curve.cost) > number]
            cost = Spread.of([float(curve.cost[number]) for curve in having])
            found.append(RoundPoint(number, cost, Spread.of([float(c.accuracy[number]) for c in having])))
        return tuple(found)

    @cached_property
    def tier_points(self) -> tuple[TierPoint, ...]:
        """Means over the runs, by tier and round."""
        shares: dict[tuple[Tier, int], list[float]] = {}
        for tier, number, right in self.tiers:
            shares.setdefault((tier, number), []).append(right)
        order = sorted(shares, key=lambda key: (list(Tier).index(key[0]), key[1]))
        return tuple(TierPoint(*key, Spread.of(shares[key])) for key in order)


@dataclass(frozen=True)
class Panel:
    """All methods on one data set at one cost."""

    data: str
    published: str
    cost: str
    verify: float
    correct: float
    unaided: float
    drawn: bool
    series: tuple[Series, ...]
    folders: tuple[FolderSeries, ...] = ()  # of the methods that label whole folders
    finish: tuple[FinishSeries, ...] = ()  # the same, of experiments in which one has a goal

    def over(self, kind: Kind) -> Iterator[tuple[Series, Series, tuple[Efficiency, ...]]]:
        """Each other method's efficiency over the method of ``kind`` with the same strategy in the hard tier."""
        references = [series for series in self.series if series.method.kind is kind]
        for series in self.series:
            if series.method.kind is Kind.AL or not references:
                continue
            strategy = series.method.strategies[Tier.HARD]
            same = [one for one in references if one.method.strategies[Tier.HARD] == strategy]
            reference = (same or references)[0]
            if series is reference:
                continue
            yield series, reference, efficiency(series.curves, reference.curves)


@dataclass(frozen=True)
class Results:
    """An experiment with what has been run of it."""

    head: Head
    panels: tuple[Panel, ...]
    runs: int
    runs_done: int
    failures: tuple[Failure, ...]
    devices: tuple[str, ...]
    versions: tuple[str, ...]
    hours: float  # of computing, all runs together


def read_results(store: ExperimentReader, head: Head) -> Results:
    """Read an experiment; runs count with the rounds that they have."""
    number = head.experiment_id
    methods = _read_methods(store, number)
    effort, machines = store.effort(number), store.machines(number)
    return Results(
        head,
        tuple(_make_panels(store, number, _group(store, number, methods), list(methods))),
        effort.runs,
        effort.runs_done,
        tuple(store.failures(number)),
        tuple(sorted({machine.device for machine in machines})),
        tuple(sorted({machine.versions for machine in machines})),
        effort.seconds / 3600,
    )


_KNOWN = {tier.value: tier for tier in Tier}
_SERIES = attrgetter("data", "cost_setting", "method")
_Grouped = dict[tuple[str, str], dict[str, Series]]


def _read_methods(store: ExperimentReader, number: int) -> dict[str, MethodInfo]:
    by_method = {
        (stored.method, tier): stored
        for stored in store.method_tiers(number)
        if (tier := _KNOWN.get(stored.tier)) is not None
    }

    def info(method: str, kind: Kind) -> MethodInfo:
        tiers = {tier: by_method[method, tier] for tier in Tier if (method, tier) in by_method}
        return MethodInfo(
            method,
            kind,
            PerTier({tier: stored.strategy for tier, stored in tiers.items()}, ""),
            PerTier({tier: stored.budget for tier, stored in tiers.items()}, 0),
        )

    return {stored.method: info(stored.method, stored.kind) for stored in store.methods(number)}


def _group(store: ExperimentReader, number: int, methods: dict[str, MethodInfo]) -> _Grouped:
    """By data set and cost, the series of each method."""
    grouped: _Grouped = {}
    tiers: dict[tuple[str, str, str], list[tuple[Tier, int, float]]] = {}
    for stored in store.tiers(number):
        if stored.tier in _KNOWN:
            of_series = tiers.setdefault(_SERIES(stored), [])
            of_series.append((_KNOWN[stored.tier], stored.round, stored.right_share))
    for key, of_method in groupby(store.rounds(number), key=_SERIES):
        data, cost, method = key
        curves: list[Curve] = []
        for seed, of_run in groupby(of_method, key=attrgetter("seed")):
            run = list(of_run)
            costs, accuracies = (np.array([getattr(r, name) for r in run]) for name in ("cost", "accuracy"))
            curves.append(Curve(seed, costs.astype(np.float64), accuracies.astype(np.float64)))
        series = Series(methods[method], tuple(curves), tuple(tiers.get(key, ())))
        grouped.setdefault((data, cost), {})[method] = series
    return grouped


def _make_panels(
    store: ExperimentReader, number: int, grouped: _Grouped, order: list[str]
) -> Iterator[Panel]:
    costs = store.costs(number)
    kinds = {stored.method: stored.kind for stored in store.methods(number)}
    folders = group_folders(store.folder_rounds(number), kinds)
    finish = group_finish(store.finish_rounds(number), kinds)
    for dataset in store.datasets(number):
        for cost in costs:
            series = grouped.get((dataset.data, cost.cost), {})
            if series:
                yield Panel(
                    dataset.data,
                    dataset.published,
                    cost.cost,
                    cost.verify,
                    cost.correct,
                    cost.unaided,
                    cost.drawn,
                    tuple(series[label] for label in order if label in series),
                    tuple(folders.get((dataset.data, cost.cost), ())),
                    tuple(finish.get((dataset.data, cost.cost), ())),
                )
