"""k-means on a frozen network's features: groups of images that look alike, before anybody has labeled one."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from model.port import Cancelled, Port

_STEPS = 20


@dataclass(frozen=True)
class Clusters:
    """n items in k clusters; some may be empty."""

    cluster: Tensor  # (n,) int64
    distance: Tensor  # (n,) float32 to the centre, of features of length 1


def cluster_features(features: Tensor, count: int, seed: int, port: Port) -> Clusters:
    """Group features (n, d) by k-means (Lloyd 1982) from k-means++ (Arthur and Vassilvitskii 2007).

    Features are scaled to length 1. The same seed gives the same clusters on a CPU with the same number of threads.
    ``count`` is at most n. Raises :class:`model.port.Cancelled`.
    """
    x = torch.nn.functional.normalize(features, dim=1)
    centres = _choose_centres(x, min(count, len(x)), torch.Generator().manual_seed(seed))
    nearest = x.new_zeros(len(x), dtype=torch.int64)
    for step in range(_STEPS):
        if port.cancelled():
            raise Cancelled
        port.progress(step, _STEPS, "Grouping the images")
        before, nearest = nearest, _measure(x, centres).argmin(dim=1)
        if step and bool((before == nearest).all()):
            break
        sums = torch.zeros_like(centres).index_add_(0, nearest, x)
        sizes = torch.bincount(nearest, minlength=len(centres)).unsqueeze(1)
        centres = torch.where(sizes > 0, sums / sizes.clamp(min=1), centres)
    distances = _measure(x, centres)
    nearest = distances.argmin(dim=1)
    return Clusters(nearest.cpu(), distances.gather(1, nearest.unsqueeze(1)).flatten().cpu())


def _choose_centres(x: Tensor, count: int, generator: torch.Generator) -> Tensor:
    chosen = [int(torch.randint(len(x), (1,), generator=generator))]
    squared = _measure(x, x[chosen]).flatten() ** 2
    while len(chosen) < count:
        weights = squared.cpu().double()
        if not bool(weights.sum() > 0):  # all that is left equals a centre
            weights = torch.ones(len(x), dtype=torch.float64)
        chosen.append(int(torch.multinomial(weights, 1, generator=generator)))
        squared = torch.minimum(squared, _measure(x, x[chosen[-1:]]).flatten() ** 2)
    return x[chosen].clone()


def _measure(x: Tensor, centres: Tensor) -> Tensor:
    """Distances, (n, k), of items to centres."""
    squared = (x * x).sum(dim=1, keepdim=True) - 2 * x @ centres.T + (centres * centres).sum(dim=1)
    return squared.clamp(min=0).sqrt()
