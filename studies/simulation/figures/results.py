"""What a store holds of an experiment, grouped as the figures draw it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np

from model.tiers import Tier
from studies.simulation.figures.curves import Curve, Efficiency, Spread, efficiency
from studies.simulation.file.store import ExperimentStore, Head
from studies.simulation.plan.plan import Kind

_ROUNDS = """
SELECT data, cost_setting, method, seed, round, cost, accuracy, hard_right, intermediate_right, easy_right
FROM results WHERE experiment_id = ? ORDER BY data, cost_setting, method, seed, round"""


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
class Failure:
    """A run that is not done."""

    data: str
    method: str
    seed: int
    error: str


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


def read_results(store: ExperimentStore, head: Head) -> Results:
    """Read an experiment; runs count with the rounds that they have."""
    number = (head.experiment_id,)
    methods = {
        row[0]: MethodInfo(row[0], Kind(row[1]), row[2], (row[3], row[4], row[5]))
        for row in store.query(
            "SELECT method, kind, hard, hard_budget, intermediate_budget, easy_budget FROM methods "
            "WHERE experiment_id = ? ORDER BY position",
            number,
        )
    }
    grouped = _grouped(store.query(_ROUNDS, number), methods)
    keys = "SELECT DISTINCT run_key FROM cells WHERE experiment_id = ?"
    runs, done = store.query(
        f"SELECT count(*), coalesce(sum(finished), 0) FROM progress WHERE run_key IN ({keys})",  # noqa: S608
        number,
    )[0]
    rows = store.query(
        "SELECT DISTINCT device || ', threads: ' || threads, versions FROM rounds "  # noqa: S608
        f"WHERE run_key IN ({keys})",
        number,
    )
    seconds = store.query(
        "SELECT coalesce(sum(seconds_training + seconds_audit + seconds_hard + seconds_intermediate + seconds_easy), "  # noqa: S608
        f"0) FROM rounds WHERE run_key IN ({keys})",
        number,
    )[0][0]
    return Results(
        head,
        tuple(_panels(store, head, grouped, list(methods))),
        runs,
        done,
        _failures(store, head),
        tuple(sorted({device for device, _ in rows})),
        tuple(sorted({_listed(found) for _, found in rows})),
        seconds / 3600,
    )


def _listed(versions: str) -> str:
    return ", ".join(f"{name} {number}" for name, number in json.loads(versions).items())


_Grouped = dict[tuple[str, str], dict[str, Series]]


def _grouped(rows: list[tuple[Any, ...]], methods: dict[str, MethodInfo]) -> _Grouped:
    found: _Grouped = {}
    for (data, cost, method), mine in groupby(rows, key=itemgetter(0, 1, 2)):
        curves: list[Curve] = []
        tiers: list[tuple[Tier, int, float]] = []
        for seed, of_run in groupby(mine, key=itemgetter(3)):
            listed = list(of_run)
            values = np.array([row[5:7] for row in listed], np.float64)
            curves.append(Curve(seed, values[:, 0], values[:, 1]))
            tiers += [
                (tier, row[4], right)
                for row in listed
                for tier, right in zip(Tier, row[7:10], strict=True)
                if right is not None
            ]
        found.setdefault((data, cost), {})[method] = Series(methods[method], tuple(curves), tuple(tiers))
    return found


def _panels(store: ExperimentStore, head: Head, grouped: _Grouped, order: list[str]) -> Iterator[Panel]:
    number = (head.experiment_id,)
    datasets = store.query(
        "SELECT data, published FROM datasets WHERE experiment_id = ? ORDER BY position", number
    )
    costs = store.query(
        "SELECT cost, verify, correct, unaided, drawn_from IS NOT NULL FROM cost_settings "
        "WHERE experiment_id = ? ORDER BY position",
        number,
    )
    for data, published in datasets:
        for cost, verify, correct, unaided, drawn in costs:
            series = grouped.get((data, cost), {})
            if series:
                listed = tuple(series[label] for label in order if label in series)
                yield Panel(data, published, cost, verify, correct, unaided, bool(drawn), listed)


def _failures(store: ExperimentStore, head: Head) -> tuple[Failure, ...]:
    rows = store.query(
        "SELECT c.data, min(c.method), c.seed, p.last_error FROM cells AS c "
        "JOIN progress AS p ON p.run_key = c.run_key "
        "WHERE c.experiment_id = ? AND NOT p.finished AND p.last_error IS NOT NULL "
        "GROUP BY c.run_key ORDER BY 1, 2, 3",
        (head.experiment_id,),
    )
    return tuple(Failure(*row) for row in rows)
