"""What a store holds of an experiment, grouped as the figures draw it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from operator import attrgetter

import numpy as np

from model.tiers import Tier
from studies.simulation.figures.curves import Curve, Efficiency, Spread, efficiency
from studies.simulation.file.reader import ExperimentReader, Failure, Head, StoredRound
from studies.simulation.plan.plan import Kind


@dataclass(frozen=True)
class MethodInfo:
    """A method as the experiment names it."""

    label: str
    kind: Kind
    hard: str
    budgets: tuple[int, int, int]


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

    def over(self, kind: Kind) -> Iterator[tuple[Series, Series, tuple[Efficiency, ...]]]:
        """Each other method's efficiency over the method of ``kind`` with the same strategy in the hard tier."""
        references = [series for series in self.series if series.method.kind is kind]
        for series in self.series:
            if series.method.kind is Kind.AL or not references:
                continue
            same = [one for one in references if one.method.hard == series.method.hard]
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
    methods = {
        stored.method: MethodInfo(
            stored.method,
            stored.kind,
            stored.hard,
            (stored.hard_budget, stored.intermediate_budget, stored.easy_budget),
        )
        for stored in store.methods(number)
    }
    effort, machines = store.effort(number), store.machines(number)
    return Results(
        head,
        tuple(_panels(store, number, _group(store.rounds(number), methods), list(methods))),
        effort.runs,
        effort.runs_done,
        tuple(store.failures(number)),
        tuple(sorted({machine.device for machine in machines})),
        tuple(sorted({machine.versions for machine in machines})),
        effort.seconds / 3600,
    )


_Grouped = dict[tuple[str, str], dict[str, Series]]


def _group(rounds: list[StoredRound], methods: dict[str, MethodInfo]) -> _Grouped:
    """By data set and cost, the series of each method."""
    grouped: _Grouped = {}
    for (data, cost, method), of_method in groupby(rounds, key=attrgetter("data", "cost_setting", "method")):
        curves: list[Curve] = []
        tiers: list[tuple[Tier, int, float]] = []
        for seed, of_run in groupby(of_method, key=attrgetter("seed")):
            run = list(of_run)
            costs, accuracies = (np.array([getattr(r, name) for r in run]) for name in ("cost", "accuracy"))
            curves.append(Curve(seed, costs.astype(np.float64), accuracies.astype(np.float64)))
            tiers += [
                (tier, stored.round, right)
                for stored in run
                for tier in Tier
                if (right := getattr(stored, f"{tier.value}_right")) is not None
            ]
        grouped.setdefault((data, cost), {})[method] = Series(methods[method], tuple(curves), tuple(tiers))
    return grouped


def _panels(store: ExperimentReader, number: int, grouped: _Grouped, order: list[str]) -> Iterator[Panel]:
    costs = store.costs(number)
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
                )
