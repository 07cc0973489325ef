"""The hard tier by the model's own doubt: random, entropy, least confidence, margin."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from model.port import Port
from model.selection.base import Options, Picks, Select, Snapshot, Tier
from model.selection.registry import Strategy, register

_ROWS = 16_384  # looked at together, so that no second matrix of the pool's size is made


def predictions(snapshot: Snapshot, items: Tensor) -> Tensor:
    """Return the likeliest class of each of ``items``, (m,) int64; of equally likely ones the lowest."""
    return _by_rows(snapshot, items, lambda rows: rows.argmax(dim=1))


def entropy(probabilities: Tensor) -> Tensor:
    """Return the entropy in nats of each row of (m, C) probabilities, (m,), where 0 log 0 = 0."""
    entropies: Tensor = torch.special.entr(probabilities).sum(dim=1)
    return entropies


def least_confidence(probabilities: Tensor) -> Tensor:
    """Return 1 minus the largest of each row of (m, C) probabilities, (m,)."""
    return 1 - probabilities.amax(dim=1)


def margin(probabilities: Tensor) -> Tensor:
    """Return minus the gap of the two largest of each row of (m, C) probabilities, (m,); of one class, -1."""
    if probabilities.shape[1] == 1:
        return -probabilities[:, 0]
    largest = probabilities.topk(2, dim=1).values
    return largest[:, 1] - largest[:, 0]


def select_random(
    snapshot: Snapshot, pool: Tensor, budget: int, options: Options, seed: int, port: Port
) -> Picks:
    """Choose uniformly; the score is the number drawn for an item."""
    return _largest(snapshot, pool, budget, np.random.default_rng(seed).random(len(pool)))


def _by(doubt: Callable[[Tensor], Tensor]) -> Select:
    """The items of most doubt; of equal ones those of the lowest positions. The seed is not used."""

    def select(
        snapshot: Snapshot, pool: Tensor, budget: int, options: Options, seed: int, port: Port
    ) -> Picks:
        scores = _by_rows(snapshot, pool, doubt)
        return _largest(snapshot, pool, budget, scores.cpu().numpy())

    return select


def _largest(snapshot: Snapshot, pool: Tensor, budget: int, scores: NDArray[np.floating]) -> Picks:
    order = np.argsort(-scores, kind="stable")[:budget]
    items = pool[torch.from_numpy(order).to(pool.device)]
    return Picks.of(items, predictions(snapshot, items), torch.from_numpy(scores[order]), budget)


def _by_rows(snapshot: Snapshot, items: Tensor, of: Callable[[Tensor], Tensor]) -> Tensor:
    return torch.cat([of(snapshot.probabilities[some]) for some in torch.split(items, _ROWS)])


register("random", Strategy("Random", Tier.HARD, select_random))
register("sample", Strategy("Random sample", Tier.INTERMEDIATE, select_random))
register("entropy", Strategy("Entropy", Tier.HARD, _by(entropy)))
register("least-confidence", Strategy("Least confidence", Tier.HARD, _by(least_confidence)))
register("margin", Strategy("Margin", Tier.HARD, _by(margin)))
