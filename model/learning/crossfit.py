"""Out-of-fold predictions of labeled items, so that none need be set aside."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

Fit = Callable[[Tensor], Callable[[Tensor], Tensor]]
"""Trains on the items of a mask, (n,) bool, and returns what gives probabilities, (k, C), for positions (k,)."""


def cross_fitted(fit: Fit, labeled: Tensor, held: Tensor, folds: int, seed: int) -> Tensor:
    """Return out-of-fold probabilities of the items ``held``, (h, C).

    ``labeled`` (n,) bool: items with labels to train on; ``held`` (h,) int64: those of them to predict. The latter are
    split at random into ``folds`` folds (at most h); for each fold a model is trained on all labeled items outside
    it (Stone 1974). So a random sample of labeled items can both train the model and serve as the audit sample of
    the certified easy tier; each model sees a little less than the one in use, so the audit errs on the side of
    caution. Raises ``ValueError`` for fewer than two folds or no item.
    """
    if folds < 2 or len(held) == 0:
        raise ValueError("Cross-fitting needs at least two folds and one item.")
    order = torch.randperm(len(held), generator=torch.Generator().manual_seed(seed))
    predictions = []
    for fold in order.tensor_split(min(folds, len(held))):
        rest = labeled.clone()
        rest[held[fold]] = False
        predictions.append(fit(rest)(held[fold]))
    return torch.cat(predictions)[order.argsort()]
