"""What models say of labeled items that they were not trained on, without setting any aside."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

Fit = Callable[[Tensor], Callable[[Tensor], Tensor]]
"""Trains on the items of a mask, (n,) bool, and returns what gives probabilities, (k, C), for positions (k,)."""


def cross_fitted(fit: Fit, labeled: Tensor, held: Tensor, folds: int, seed: int) -> Tensor:
    """Return probabilities of the items ``held`` by models that were trained without them, (h, C).

    ``labeled`` (n,) bool says which items have labels to train on, ``held``, (h,) int64 and among them, which
    are wanted. They are split at random into ``folds`` parts (at most h); for each part a model is trained on all
    labeled items but those of the part (Stone 1974). So a random sample of labeled items can both train the
    model and serve as the audit sample of the certified easy tier; the models are trained on a little
    less than the one in use, so the audit errs on the side of caution.
    """
    if folds < 2 or len(held) == 0:
        raise ValueError("Cross-fitting needs two parts and an item at least.")
    order = torch.randperm(len(held), generator=torch.Generator().manual_seed(seed))
    said = []
    for part in order.tensor_split(min(folds, len(held))):
        rest = labeled.clone()
        rest[held[part]] = False
        said.append(fit(rest)(held[part]))
    return torch.cat(said)[order.argsort()]
