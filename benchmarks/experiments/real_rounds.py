"""Rounds of labeling with a simulated person who always knows the class, on features of a frozen network."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from model.learning.config import PRESETS
from model.learning.crossfit import cross_fitted
from model.learning.last_layer import LastLayer, train_last_layer
from model.port import NullPort
from model.selection.base import UNLABELED, Options, Snapshot, Tier
from model.selection.round import RoundPlan, Suggestion, select_round
from model.tiers import budgets_of

SEED_LABELS = 3  # a class
FOLDS = 5
_CONFIG = PRESETS["quick"]


@dataclass(frozen=True)
class Pool:
    """Features, (n, d) and (m, d), and true labels, (n,) and (m,), of a pool and of a test set."""

    features: Tensor
    labels: Tensor
    test_features: Tensor
    test_labels: Tensor

    @property
    def classes(self) -> int:
        return int(self.labels.max()) + 1


@dataclass(frozen=True)
class Method:
    """How a round is chosen; ``revoked``: auto-labels are given up and chosen anew each round."""

    title: str
    plan: RoundPlan
    suggestions: bool = True
    revoked: bool = False

    @property
    def audited(self) -> bool:
        """Whether the easy tier asks for an audit sample."""
        return self.plan.budgets[Tier.EASY] > 0 and self.plan.resolved.strategies[Tier.EASY] == "certified"


@dataclass(frozen=True)
class RoundResult:
    """What the rounds so far cost and reached, and how many suggestions of this round were right (0 to 1)."""

    round: int
    cost: float
    accuracy: float
    hard_right: float | None
    intermediate_right: float | None
    easy: int  # auto-labels that are in use
    easy_right: float | None


_BUDGETS = budgets_of(hard=30, intermediate=200, easy=70)
METHODS = (
    Method("AL without suggestions (BADGE)", RoundPlan({Tier.HARD: 300}), suggestions=False),
    Method("SUGGEST (BADGE)", RoundPlan({Tier.HARD: 300})),
    Method("random, with suggestions", RoundPlan({Tier.HARD: 300}, {Tier.HARD: "random"})),
    Method(
        "CLARIFIER as published (30, 200, 70)",
        RoundPlan(_BUDGETS, options=Options(n_partitions=1), published=True),
    ),
    Method("CLARIFIER, our defaults (30, 200, 70)", RoundPlan(_BUDGETS), revoked=True),
)


def run(pool: Pool, method: Method, seed: int, rounds: int, c_a: float, c_v: float) -> Iterator[RoundResult]:
    """Label round by round; the result before the first is that of the seed labels alone."""
    labels = seed_labels(pool, seed)
    audit = labels != UNLABELED
    auto = torch.zeros_like(audit)
    cost = 0.0
    asked: tuple[Suggestion, ...] = ()
    for number in range(rounds + 1):
        layer = _fit(pool, labels, seed)
        yield _result(pool, labels, auto, layer, number, cost, asked)
        if number == rounds:
            return
        if method.revoked:
            labels[auto], auto = UNLABELED, torch.zeros_like(auto)
        snapshot = _snapshot(pool, labels, auto, audit if method.audited else None, layer, seed)
        chosen = select_round(snapshot, _grown(method, number), seed=1000 * seed + number)
        asked = chosen.queue
        for suggestion in asked:
            right = bool(suggestion.label == pool.labels[suggestion.item])
            cost += c_v if right and method.suggestions else c_a
            labels[suggestion.item] = pool.labels[suggestion.item]
        for easy in chosen.auto_labels:
            labels[easy.item], auto[easy.item] = easy.label, True


def _grown(method: Method, number: int) -> RoundPlan:
    """The plan of a round; auto-labels chosen anew may be as many as would have come together by now."""
    if not method.revoked:
        return method.plan
    budgets = {**method.plan.budgets, Tier.EASY: method.plan.budgets[Tier.EASY] * (number + 1)}
    return replace(method.plan, budgets=budgets)


def seed_labels(pool: Pool, seed: int) -> Tensor:
    """Labels, (n,), of ``SEED_LABELS`` random items of each class, -1 for all others."""
    chance = torch.Generator().manual_seed(seed)
    labels = torch.full_like(pool.labels, UNLABELED)
    for label in range(pool.classes):
        items = torch.nonzero(pool.labels == label).flatten()
        labels[items[torch.randperm(len(items), generator=chance)[:SEED_LABELS]]] = label
    return labels


def _fit(pool: Pool, labels: Tensor, seed: int) -> LastLayer:
    labeled = labels != UNLABELED
    return train_last_layer(pool.features[labeled], labels[labeled], pool.classes, _CONFIG, seed, NullPort())


def _snapshot(
    pool: Pool, labels: Tensor, auto: Tensor, audit: Tensor | None, layer: LastLayer, seed: int
) -> Snapshot:
    """What the layer says; of an audit sample, which it was trained on, what layers without it say."""

    def fit(chosen: Tensor) -> Callable[[Tensor], Tensor]:
        without = _fit(pool, torch.where(chosen, labels, UNLABELED), seed)
        return lambda items: without.probabilities(pool.features[items])

    probabilities = layer.probabilities(pool.features)
    if audit is None:
        return Snapshot(probabilities, pool.features, labels, auto)
    held = torch.nonzero(audit).flatten()
    probabilities[held] = cross_fitted(fit, labels != UNLABELED, held, FOLDS, seed)
    return Snapshot(probabilities, pool.features, labels, auto, audit)


def _result(
    pool: Pool,
    labels: Tensor,
    auto: Tensor,
    layer: LastLayer,
    number: int,
    cost: float,
    asked: tuple[Suggestion, ...],
) -> RoundResult:
    predicted = layer.probabilities(pool.test_features).argmax(dim=1)
    accuracy = float((predicted == pool.test_labels).float().mean())
    easy = labels[auto] == pool.labels[auto]
    return RoundResult(
        number,
        cost,
        accuracy,
        _right(pool, asked, Tier.HARD),
        _right(pool, asked, Tier.INTERMEDIATE),
        len(easy),
        float(easy.float().mean()) if len(easy) else None,
    )


def _right(pool: Pool, asked: tuple[Suggestion, ...], tier: Tier) -> float | None:
    mine = [
        suggestion.label == int(pool.labels[suggestion.item])
        for suggestion in asked
        if suggestion.tier is tier
    ]
    return sum(mine) / len(mine) if mine else None
