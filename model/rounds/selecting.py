"""A live round's selection: the tiers' picks, a ranking beyond them, and which classes are confused with each other."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from model.datasets.base import UNKNOWN
from model.port import Port
from model.rounds.live_values import Chosen, LearnRequest, Likeliest
from model.selection.base import Options, Snapshot
from model.selection.round import Round, RoundPlan, Suggestion, select_round
from model.tiers import Tier, asked, split

_LIKELIEST = 6  # classes of each item that are told: as many as an answer's cost depends on
_TOP = 5
_CONFUSED_WITH = 3


@dataclass(frozen=True)
class ChosenRound:
    """What a round asks about, what can be asked about besides, and what the program labels."""

    queue: tuple[Chosen, ...]
    spare: tuple[Chosen, ...]
    auto_labels: tuple[Chosen, ...]
    notes: Mapping[str, str]


def choose_round(
    request: LearnRequest,
    snapshot: Snapshot,
    positions: NDArray[np.int64],
    seconds: dict[str, float],
    port: Port,
) -> ChosenRound:
    """Run the tiers on the part of the pool that may be chosen; rows of ``snapshot`` are items ``positions``.

    Held-out and excluded items stay in the snapshot only for what their labels tell: the audit sample and the
    query sets of labeled items.
    """
    free = ~(request.excluded | request.holdout)[positions]
    labeled = (snapshot.labels >= 0).cpu().numpy()
    kept = np.flatnonzero(free | labeled)
    part = _part(snapshot, kept)
    plan = _plan(request, request.budgets)
    port.progress(0, 0, "Choosing what to ask next")
    certified = (
        np.zeros(len(kept), np.bool_) if request.certified is None else request.certified[positions][kept]
    )
    chosen = select_round(part, plan, request.seed, port, np.flatnonzero(certified))
    for tier, took in chosen.seconds.items():
        seconds[tier.value] = took
    started = time.perf_counter()
    spare = _spare(request, part, chosen, certified, port)
    seconds["ranking ahead"] = time.perf_counter() - started
    rows = positions[kept]

    def named(suggestion: Suggestion) -> Chosen:
        return Chosen(
            item=int(rows[suggestion.item]),
            tier=suggestion.tier.value,
            strategy=plan.resolved.strategies[suggestion.tier],
            label=suggestion.label,
            score=suggestion.score,
            top=likeliest(part.probabilities[suggestion.item]),
        )

    return ChosenRound(
        tuple(map(named, chosen.queue)),
        tuple(map(named, spare)),
        tuple(map(named, chosen.auto_labels)),
        {tier.value: note for tier, note in chosen.notes.items()},
    )


def confusable(probabilities: Tensor, labels: Tensor) -> tuple[tuple[int, ...], ...]:
    """For each class the others that the model gives most probability to, over the items labeled with it."""
    found: list[tuple[int, ...]] = []
    for label in range(probabilities.shape[1]):
        mine = probabilities[labels == label]
        if len(mine) == 0:
            found.append(())
            continue
        mean = mine.mean(dim=0)
        mean[label] = -1
        order = mean.argsort(descending=True)[:_CONFUSED_WITH].tolist()
        found.append(tuple(other for other in order if other != label))
    return tuple(found)


def _part(snapshot: Snapshot, rows: NDArray[np.int64]) -> Snapshot:
    at = torch.from_numpy(rows)
    return Snapshot(
        snapshot.probabilities[at],
        snapshot.features[at],
        snapshot.labels[at],
        auto=snapshot.auto[at],
        audit=snapshot.audit[at],
        out_of_fold=snapshot.out_of_fold[at],
        query_order=snapshot.query_order[at],
    )


def _plan(request: LearnRequest, budgets: Mapping[Tier, int]) -> RoundPlan:
    settings = request.settings
    return RoundPlan(budgets, settings.strategies, Options.of(settings), published=settings.published)


def _spare(
    request: LearnRequest, part: Snapshot, chosen: Round, certified: NDArray[np.bool_], port: Port
) -> tuple[Suggestion, ...]:
    """The next picks, in the proportion of the budgets of the tiers that a person is asked about."""
    ahead = split(request.spare, asked(request.budgets))
    if not any(ahead.values()):
        return ()
    taken = [s.item for s in (*chosen.queue, *chosen.auto_labels)]
    left = np.setdiff1d(np.flatnonzero(~certified), np.array(taken, np.int64))
    again = select_round(_part(part, left), _plan(request, ahead), request.seed + 1, port)
    return tuple(Suggestion(int(left[s.item]), s.tier, s.label, s.score) for s in again.queue)


def likeliest(probabilities: Tensor) -> tuple[tuple[int, float], ...]:
    """Return the likeliest of C classes, at most five, with their probabilities."""
    best = probabilities.topk(min(_TOP, len(probabilities)))
    return tuple(zip(best.indices.tolist(), best.values.tolist(), strict=True))


def list_likeliest(rows: NDArray[np.int64], probabilities: Tensor, n: int) -> Likeliest:
    """The likeliest classes of n items, by ``probabilities`` (m, C) of those in ``rows`` (m,)."""
    count = min(_LIKELIEST, probabilities.shape[1])
    labels = np.full((n, count), UNKNOWN, np.int32)
    values = np.zeros((n, count), np.float32)
    top = probabilities.topk(count, dim=1)
    labels[rows], values[rows] = top.indices.numpy(), top.values.numpy()
    return Likeliest(labels, values)
