"""Rounds of labeling by a simulated person, planned or not, with and without learning from the pool; cost by level."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from benchmarks.real_rounds import Pool, seed_labels
from model.config import PRESETS
from model.crossfit import cross_fitted
from model.last_layer import LastLayer
from model.pool_learning import PoolLearner
from model.port import NullPort
from model.selection.base import UNLABELED, Options, Snapshot, Tier
from model.selection.round import Round, RoundPlan, select_round
from studies.rounds.costs import Rates, Share
from studies.rounds.planner import Asked, propose
from studies.rounds.settings import BudgetMode, Budgets, CostOrigin

MAX_ERROR = 0.03  # of the easy tier
_FOLDS = 4
_NOTHING = Share(0, 0)
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Way:
    """A method: how the last layer learns, and how a round is chosen."""

    title: str
    preset: str = "quick"
    intermediate_share: float | None = 0.0  # of what is asked; None: planned
    hard: str = "badge"
    intermediate: str = "sample"
    easy: bool = False  # whether the certified tier labels too


@dataclass(frozen=True)
class Stage:
    """After some rounds: suggestions so far that were right and wrong, test accuracy in %, and auto-labels in use."""

    right: int
    wrong: int
    accuracy: float
    easy: int
    easy_wrong: int


@dataclass
class _Labels:
    known: Tensor  # (n,) by the person, -1: none
    sample: Tensor  # (n,) bool: drawn at random
    auto: Tensor  # (n,) of the easy tier, -1: none
    seen: dict[Tier, Share] = field(
        default_factory=lambda: {Tier.HARD: _NOTHING, Tier.INTERMEDIATE: _NOTHING}
    )

    @property
    def all(self) -> Tensor:
        return torch.where(self.known != UNLABELED, self.known, self.auto)


def run(
    pool: Pool,
    learner: PoolLearner,
    way: Way,
    seed: int,
    ratio: float,
    batch: Callable[[int], int],
    enough: float,
    rounds: int = 40,
) -> list[Stage]:
    """Label until the test accuracy, in %, was ``enough`` twice; ``batch`` says how many to ask at so many labels."""
    first = seed_labels(pool, seed)
    labels = _Labels(first, first != UNLABELED, torch.full_like(first, UNLABELED))
    stages: list[Stage] = []
    right = wrong = reached = 0
    for number in range(rounds + 1):
        layer = _fit(pool, learner, way, labels.all, seed)
        predicted = layer.probabilities(pool.test_features).argmax(dim=1)
        accuracy = 100 * float((predicted == pool.test_labels).float().mean())
        asked = min(batch(int((labels.known != UNLABELED).sum())), int((labels.known == UNLABELED).sum()))
        reached += accuracy >= enough
        chosen = _choose(pool, learner, way, labels, layer, seed, ratio, number, asked)
        _auto(labels, chosen)
        mine = labels.auto != UNLABELED
        missed = int((labels.auto != pool.labels)[mine].sum())
        stages.append(Stage(right, wrong, accuracy, int(mine.sum()), missed))
        if reached == 2 or asked == 0:
            break
        for tier in (Tier.HARD, Tier.INTERMEDIATE):
            of_tier = [s for s in chosen.queue if s.tier is tier]
            accepted = sum(s.label == int(pool.labels[s.item]) for s in of_tier)
            right, wrong = right + accepted, wrong + len(of_tier) - accepted
            labels.seen[tier] = Share(accepted, len(of_tier))
            items = torch.tensor([s.item for s in of_tier], dtype=torch.int64)
            labels.known[items] = pool.labels[items]
            labels.sample[items] |= tier is Tier.INTERMEDIATE and way.intermediate == "sample"
    return stages


def _fit(pool: Pool, learner: PoolLearner, way: Way, labels: Tensor, seed: int) -> LastLayer:
    return learner.fit(labels, pool.classes, PRESETS[way.preset], seed, NullPort())


def _choose(
    pool: Pool,
    learner: PoolLearner,
    way: Way,
    labels: _Labels,
    layer: LastLayer,
    seed: int,
    ratio: float,
    number: int,
    asked: int,
) -> Round:
    probabilities = layer.probabilities(pool.features)
    sample = labels.sample & (labels.known != UNLABELED)
    if way.easy:
        held = torch.nonzero(sample).flatten()

        def fit(chosen: Tensor) -> Callable[[Tensor], Tensor]:
            rest = torch.where(chosen, labels.all, UNLABELED)
            part = _fit(pool, learner, way, rest, seed)
            return lambda items: part.probabilities(pool.features[items])

        probabilities[held] = cross_fitted(fit, labels.all != UNLABELED, held, _FOLDS, seed)
    snapshot = Snapshot(probabilities, pool.features, labels.known, audit=sample)
    hard, intermediate = _budgets(way, labels, ratio, number, asked)
    easy = len(snapshot) if way.easy else 0
    plan = RoundPlan(
        hard,
        intermediate,
        easy,
        way.hard,
        way.intermediate,
        options=Options(max_error=MAX_ERROR),
    )
    return select_round(snapshot, plan, seed=1000 * seed + number)


def _budgets(way: Way, labels: _Labels, ratio: float, number: int, asked: int) -> tuple[int, int]:
    if way.intermediate_share is not None:
        intermediate = round(asked * way.intermediate_share)
        return asked - intermediate, intermediate
    found = propose(
        Budgets(mode=BudgetMode.PLANNED, hard=asked, intermediate=0, easy=0, minutes=None),
        Asked(
            rates=Rates(1.0, ratio, ratio, CostOrigin.GIVEN, True),
            hard=labels.seen[Tier.HARD],
            intermediate=labels.seen[Tier.INTERMEDIATE],
            accuracy=None,
            left=asked,
            round=number + 1,
        ),
    )
    return found.hard, found.intermediate


def _auto(labels: _Labels, chosen: Round) -> None:
    """Auto-labels of the last round are given up for those of this one."""
    labels.auto.fill_(UNLABELED)
    for easy in chosen.auto_labels:
        labels.auto[easy.item] = easy.label


def cost_at(stages: Sequence[Stage], accuracy: float, c_a: float, c_v: float) -> float:
    """The cost of first reaching an accuracy, by linear interpolation; 0 if the seed labels did, nan if none does."""
    highest = np.maximum.accumulate([stage.accuracy for stage in stages])
    if highest[0] >= accuracy:
        return 0.0
    after = int(np.argmax(highest >= accuracy))
    if highest[after] < accuracy:
        return float("nan")
    costs = [c_v * stage.right + c_a * stage.wrong for stage in stages[after - 1 : after + 1]]
    way = (accuracy - highest[after - 1]) / (highest[after] - highest[after - 1])
    return float(costs[0] + (costs[1] - costs[0]) * way)


def efficiency(
    ours: Sequence[Sequence[Stage]], theirs: Sequence[Sequence[Stage]], levels: Floats, c_a: float, c_v: float
) -> Floats:
    """Their mean cost over ours at each level; inf where ours is 0, nan where one is undefined or both are 0."""
    costs = [
        np.array([np.mean([cost_at(stages, level, c_a, c_v) for stages in runs]) for level in levels])
        for runs in (theirs, ours)
    ]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((costs[0] == 0) & (costs[1] > 0), np.nan, costs[0] / costs[1])
