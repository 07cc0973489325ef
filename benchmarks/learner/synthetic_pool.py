"""A pool as a half-trained network sees it: classes in clusters, some items clear and some not."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from model.datasets.base import UNKNOWN
from model.selection.base import Snapshot

_ACCURACY = 0.65
_SPREAD = 0.5  # of the logarithm of how far an item lies from its class: clear items and unclear ones
_SAMPLE = 4000
_STEPS = 20


def synthetic_pool(n: int, classes: int, d: int, labeled_per_class: int, seed: int) -> Snapshot:
    """Return n unlabeled items and ``labeled_per_class`` labeled ones of each class, in mixed order, in float32.

    Features are the class's mean, noise of an item's own scale, and a mean that all share; probabilities are the
    softmax of a linear layer on them, at a temperature at which the mean confidence is the accuracy, 65 %.
    """
    chance = torch.Generator().manual_seed(seed)
    total = n + classes * labeled_per_class
    truth = torch.randint(classes, (total,), generator=chance)
    truth[: total - n] = torch.arange(classes).repeat_interleave(labeled_per_class)
    labels = torch.where(torch.arange(total) < total - n, truth, UNKNOWN)
    order = torch.randperm(total, generator=chance)
    truth, labels = truth[order], labels[order]
    means = torch.nn.functional.normalize(torch.randn(classes, d, generator=chance))
    shared = torch.randn(d, generator=chance).abs() / d**0.5
    features = torch.randn(total, d, generator=chance)
    features *= torch.randn(total, 1, generator=chance).mul_(_SPREAD).exp_()
    features *= _noise(features[:_SAMPLE] @ means.T, means, truth[:_SAMPLE])
    features += means[truth]
    logits = features @ means.T
    probabilities = logits.mul_(_sharpness(logits[:_SAMPLE])).softmax(dim=1)
    features += shared
    return Snapshot(probabilities, features, labels)


def _noise(noise: Tensor, means: Tensor, truth: Tensor) -> float:
    """The scale of the noise at which the nearest mean is the right one in 65 % of the cases."""
    clear = (means @ means.T)[truth]

    def accuracy(scale: float) -> float:
        return float(((clear + scale * noise).argmax(dim=1) == truth).float().mean())

    return _crossing(lambda scale: _ACCURACY - accuracy(scale))


def _sharpness(logits: Tensor) -> float:
    return _crossing(lambda scale: float((scale * logits).softmax(dim=1).amax(dim=1).mean()) - _ACCURACY)


def _crossing(rising: Callable[[float], float]) -> float:
    """Where a rising function crosses 0 between 1e-4 and 1e4, by halving on the logarithm."""
    low, high = -4.0, 4.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if rising(10**middle) > 0 else (middle, high)
    return float(10**high)
