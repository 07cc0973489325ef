"""Out-of-fold predictions of labeled items, so that none need be set aside."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

Fit = Callable[[Tensor], Callable[[Tensor], Tensor]]
"""Trains on the items of a mask, (n,) bool, and returns what gives probabilities, (k, C), for positions (k,)."""


def cross_fitted(
    fit: Fit, labeled: Tensor, held: Tensor, folds: int, seed: int, others: Tensor | None = None
) -> Tensor:
    """Return out-of-fold probabilities of the items ``held``, (h, C), and then those of the ``others``, (o, C).

    ``labeled`` (n,) bool: items with labels to train on; ``held`` (h,) int64: those of them to predict. The latter are
    split at random into ``folds`` folds (at most h); for each fold a model is trained on all labeled items outside
    it (Stone 1974). So a random sample of labeled items can both train the model and serve as the audit sample of
    the certified easy tier; each model sees a little less than the one in use, so the audit errs on the side of
    caution. ``others`` (o,) int64 have no label: each is predicted by the model of one fold, at random, so that what
    models of folds say of labeled and of unlabeled items can be compared.

    Raises ``ValueError`` for fewer than two folds or no item.
    """
    if folds < 2 or len(held) == 0:
        raise ValueError("Cross-fitting needs at least two folds and one item.")
    generator = torch.Generator().manual_seed(seed)
    order = torch.randperm(len(held), generator=generator)
    without = held.new_empty(0) if others is None else others
    shuffled = torch.randperm(len(without), generator=generator)
    count = min(folds, len(held))
    predictions, more = [], []
    for fold, beside in zip(order.tensor_split(count), shuffled.tensor_split(count), strict=True):
        rest = labeled.clone()
        rest[held[fold]] = False
        found = fit(rest)(torch.cat([held[fold], without[beside]]))
        predictions.append(found[: len(fold)])
        more.append(found[len(fold) :])
    return torch.cat([torch.cat(predictions)[order.argsort()], torch.cat(more)[shuffled.argsort()]])
