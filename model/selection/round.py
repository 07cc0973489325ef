"""One round of CLARIFIER: what a person is asked about and what the program labels, chosen tier by tier."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum

import numpy as np
import torch
from numpy.typing import NDArray

from model.names import EVEN_STRATEGIES
from model.port import Cancelled, NullPort, Port
from model.selection.base import (
    Conflicts,
    Embedding,
    Options,
    Partitions,
    Picks,
    SelectionError,
    Snapshot,
    Tier,
)
from model.selection.registry import select, strategy
from model.tiers import PerTier, strategies_for

_PEOPLE_FIRST = tuple(sorted(Tier, key=lambda tier: not tier.asked))


class Order(Enum):
    """Which tier chooses first; what it picks is no longer in the pool of the later ones."""

    PAPER = _PEOPLE_FIRST  # hard, intermediate, easy
    AUTHORS = _PEOPLE_FIRST[::-1]


@dataclass(frozen=True)
class RoundPlan:
    """How many items each tier takes, by which strategy, and in which order.

    A tier that ``budgets`` or ``strategies`` leave out takes nothing, and chooses by its usual strategy
    (:attr:`model.tiers.Tier.strategy`). With ``published`` the round is what the authors' code does, whatever the
    fields say that it settles (:attr:`resolved`). Raises :class:`SelectionError` for a strategy that is not of its
    tier and a negative budget.
    """

    budgets: Mapping[Tier, int]
    strategies: Mapping[Tier, str] = field(default_factory=dict)
    options: Options = field(default_factory=Options)
    order: Order = Order.PAPER
    published: bool = False

    def __post_init__(self) -> None:
        budgets = PerTier(self.budgets, 0)
        strategies = strategies_for(self.strategies)
        object.__setattr__(self, "budgets", budgets)
        object.__setattr__(self, "strategies", strategies)
        for tier in Tier:
            strategy(strategies[tier], tier)
            if budgets[tier] < 0:
                raise SelectionError(
                    f"The budget of the {tier.value} tier is {budgets[tier]}; give 0 or more."
                )

    @property
    def resolved(self) -> RoundPlan:
        """The plan itself or, if ``published``, with all that the authors' code settles.

        That is: the easy tier first, from each predicted class its share; the query sets of all labeled items, with
        gradients of weights and bias, eta and lambda 1; lazy greedy, in contiguous chunks of the pool, an item
        that two classes want lost to one of them; BADGE on gradients of the weights. The strategies of the
        other tiers, the budgets and the number of chunks are the plan's: the authors ran several.
        """
        if not self.published:
            return self
        options = replace(
            self.options,
            bias=False,
            embedding=Embedding.GRADIENT,
            eta=1.0,
            ridge=1.0,
            lazy=True,
            conflicts=Conflicts.DROP,
            partitions=Partitions.CONTIGUOUS,
            auto_in_queries=True,
        )
        strategies = {**self.strategies, Tier.EASY: "per-class-confidence"}
        return replace(self, strategies=strategies, options=options, order=Order.AUTHORS, published=False)


@dataclass(frozen=True)
class Suggestion:
    """An item of the pool and the class suggested for it."""

    item: int
    tier: Tier
    label: int
    score: float  # what the tier's strategy thought of it, in the strategy's own units


@dataclass(frozen=True)
class Round:
    """What a person is asked about and what the program labels, each in the order of choice; no item twice."""

    queue: tuple[Suggestion, ...]  # of the tiers that a person is asked about
    auto_labels: tuple[Suggestion, ...]  # of the others: they become labels as they are
    notes: Mapping[Tier, str]  # of tiers with something to say, such as why they took fewer than asked
    seconds: Mapping[Tier, float] = field(compare=False)  # how long each tier took


def select_round(
    snapshot: Snapshot,
    plan: RoundPlan,
    seed: int = 0,
    port: Port | None = None,
    spared: NDArray[np.int64] | None = None,
) -> Round:
    """Choose the items of one round (paper, section 4 and figure 1).

    The same snapshot, plan and ``seed`` (0 or more) give the same round. Each tier has random numbers of its own, so
    another strategy in one tier changes what others draw from, not how they draw. ``spared``: items that a person is
    asked about only where a strategy draws evenly (certificates rest on such draws). Raises :class:`SelectionError`
    for what the strategies cannot select from and :class:`model.port.Cancelled`.
    """
    plan, port = plan.resolved, port or NullPort()
    seeds = dict(zip(Tier, np.random.SeedSequence(seed).generate_state(len(Tier)).tolist(), strict=True))
    free = torch.zeros(len(snapshot), dtype=torch.bool)
    free[snapshot.unlabeled.cpu()] = True
    may_be_asked = torch.ones(len(snapshot), dtype=torch.bool)
    if spared is not None:
        may_be_asked[torch.from_numpy(spared)] = False
    picks: dict[Tier, Picks] = {}
    seconds: dict[Tier, float] = {}
    for tier in plan.order.value:
        if port.cancelled():
            raise Cancelled
        spares = tier.asked and plan.strategies[tier] not in EVEN_STRATEGIES
        watcher = _TierPort(port, tier)
        watcher.progress(0, 0, "selecting")
        start = time.perf_counter()
        picks[tier] = select(
            plan.strategies[tier],
            snapshot,
            plan.budgets[tier],
            pool=torch.nonzero(free & may_be_asked if spares else free).flatten(),
            options=plan.options,
            seed=seeds[tier],
            port=watcher,
        )
        free[torch.from_numpy(picks[tier].items)] = False
        seconds[tier] = time.perf_counter() - start
    chosen = {tier: _suggestions(tier, taken) for tier, taken in picks.items()}
    return Round(
        queue=tuple(s for tier in plan.order.value if tier.asked for s in chosen[tier]),
        auto_labels=tuple(s for tier in plan.order.value if not tier.asked for s in chosen[tier]),
        notes={tier: taken.note for tier, taken in picks.items() if taken.note},
        seconds=seconds,
    )


def _suggestions(tier: Tier, picks: Picks) -> tuple[Suggestion, ...]:
    columns = (picks.items.tolist(), picks.suggestions.tolist(), picks.scores.tolist())
    return tuple(Suggestion(item, tier, label, score) for item, label, score in zip(*columns, strict=True))


class _TierPort:
    """Puts the tier's name before the text of its progress."""

    def __init__(self, port: Port, tier: Tier) -> None:
        self._port, self._name = port, f"{tier.title} tier"

    def progress(self, done: int, total: int, text: str) -> None:
        self._port.progress(done, total, f"{self._name}: {text}")

    def cancelled(self) -> bool:
        return self._port.cancelled()
