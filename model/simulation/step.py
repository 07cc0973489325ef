"""Looking at a pool with a newly trained model, and choosing from it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from model.crossfit import cross_fitted
from model.port import Port
from model.selection.base import Options, Partitions, Snapshot
from model.selection.round import RoundPlan, select_round
from model.simulation.learner import Learner, Seen
from model.simulation.values import UNLABELED, Choice, Picked
from model.tiers import Tier
from model.training import seed_of

FOLDS = 4  # in which the labels of a random sample judge models that were trained without them


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
    audit: NDArray[np.bool_] | None,
    seed: int,
    port: Port,
) -> Look:
    """Train on labels ``training`` (n,), -1 where there is none, and see what is to be chosen from.

    The next round is chosen with ``labels`` (n,), of which the program gave ``auto`` (n,). With ``audit`` (n,), a
    random sample that a person labeled, the snapshot holds for these items what models say that were trained
    without them. Raises :class:`model.training.TrainingError`.
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
        honest, audit_accuracy = _audited(learner, seen, given, audit, seed, port)
        seconds["audit"] = time.perf_counter() - started
    snapshot = Snapshot(
        honest,
        seen.features,
        given.to(learner.device),
        torch.from_numpy(auto).to(learner.device),
        torch.from_numpy(np.zeros_like(auto) if audit is None else audit).to(learner.device),
    )
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
    learner: Learner, seen: Seen, labels: Tensor, audit: NDArray[np.bool_], seed: int, port: Port
) -> tuple[Tensor, float]:
    held = torch.nonzero(torch.from_numpy(audit)).flatten()

    def fit(chosen: Tensor) -> Callable[[Tensor], Tensor]:
        kept = torch.where(chosen, labels, UNLABELED)
        return lambda items: learner.fit_for(kept, items, seed_of(seed, 1), port)

    found = cross_fitted(fit, labels != UNLABELED, held, FOLDS, seed)
    right = float((found.argmax(dim=1) == labels[held]).float().mean())
    honest = seen.probabilities.clone()
    honest[held.to(honest.device)] = found.to(honest.device)
    return honest, right


def use_threads(count: int) -> None:
    """How many threads this process computes with."""
    torch.set_num_threads(count)
