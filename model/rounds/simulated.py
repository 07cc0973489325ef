"""Looking at a pool with a newly trained model, and choosing from it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from model.learning.crossfit import cross_fitted
from model.learning.training import seed_of
from model.port import Port
from model.rounds.learner import Learner, Seen
from model.rounds.simulated_values import UNLABELED, Choice, Picked
from model.selection.base import Options, Partitions, Snapshot
from model.selection.round import RoundPlan, select_round
from model.tiers import Tier

FOLDS = 4  # in which labels judge models that were trained without them


@dataclass(frozen=True)
class Audit:
    """What judges models: ``sample`` (n,) was drawn at random; ``asked`` (n,) int64: larger is later."""

    sample: NDArray[np.bool_]
    asked: NDArray[np.int64]


@dataclass(frozen=True)
class Look:
    """A model's view of the pool, how it does on the test part, and what it took."""

    snapshot: Snapshot
    accuracy: float  # on the test part, 0 to 1
    audit_accuracy: float | None  # on the random sample, cross-fitted
    seconds: dict[str, float]


def look(
    learner: Learner,
    training: NDArray[np.int32],
    labels: NDArray[np.int32],
    auto: NDArray[np.bool_],
    audit: Audit | None,
    seed: int,
    port: Port,
) -> Look:
    """Train on labels ``training`` (n,), -1 where there is none, and see what is to be chosen from.

    The next round is chosen with ``labels`` (n,), of which the program gave ``auto`` (n,). With ``audit`` the
    snapshot holds for all items that a person labeled what models say that were trained without them. Raises
    :class:`model.learning.training.TrainingError`.
    """
    given = torch.from_numpy(labels.astype(np.int64))
    seconds: dict[str, float] = {}
    started = time.perf_counter()
    seen = learner.fit(torch.from_numpy(training.astype(np.int64)), seed, port)
    seconds["training"] = time.perf_counter() - started
    accuracy = float((seen.tested.argmax(dim=1).cpu().numpy() == learner.test_labels).mean())
    honest, audit_accuracy = seen.probabilities, None
    if audit is not None:
        started = time.perf_counter()
        human = torch.from_numpy((labels != UNLABELED) & ~auto)
        honest, audit_accuracy = _audited(learner, seen, given, human, audit, seed, port)
        seconds["audit"] = time.perf_counter() - started
    there = learner.device
    snapshot = Snapshot(honest, seen.features, given.to(there), torch.from_numpy(auto).to(there))
    if audit is not None:
        sample, asked = (torch.from_numpy(values).to(there) for values in (audit.sample, audit.asked))
        snapshot = replace(snapshot, audit=sample, honest=human.to(there), asked=asked)
    return Look(snapshot, accuracy, audit_accuracy, seconds)


def pick(seen: Look, choice: Choice, budgets: tuple[int, int, int], seed: int, port: Port) -> Picked:
    """Choose a round with ``budgets`` of the hard, intermediate and easy tier."""
    options = Options(
        eta=choice.eta,
        ridge=choice.ridge,
        partitions=Partitions(choice.partitions),
        n_partitions=choice.n_partitions,
        max_error=choice.max_error,
    )
    plan = RoundPlan(
        *budgets,
        hard=choice.hard,
        intermediate=choice.intermediate,
        easy=choice.easy,
        options=options,
        published=choice.published,
    )
    chosen = select_round(seen.snapshot, plan, seed, port)
    picks = (*chosen.queue, *chosen.auto_labels)
    number = {tier: index for index, tier in enumerate(Tier)}
    return Picked(
        np.array([one.item for one in picks], np.int64),
        np.array([one.label for one in picks], np.int64),
        np.array([number[one.tier] for one in picks], np.int8),
        {tier.value: note for tier, note in chosen.notes.items()},
        {tier.value: taken for tier, taken in chosen.seconds.items()},
    )


def _audited(
    learner: Learner, seen: Seen, labels: Tensor, human: Tensor, audit: Audit, seed: int, port: Port
) -> tuple[Tensor, float]:
    held = torch.nonzero(human).flatten()

    def fit(chosen: Tensor) -> Callable[[Tensor], Tensor]:
        kept = torch.where(chosen, labels, UNLABELED)
        return lambda items: learner.fit_for(kept, items, seed_of(seed, 1), port)

    found = cross_fitted(fit, labels != UNLABELED, held, FOLDS, seed)
    right = (found.argmax(dim=1) == labels[held])[torch.from_numpy(audit.sample)[held]].float().mean()
    honest = seen.probabilities.clone()
    honest[held.to(honest.device)] = found.to(honest.device)
    return honest, float(right)


def use_threads(count: int) -> None:
    """How many threads this process computes with."""
    torch.set_num_threads(count)
