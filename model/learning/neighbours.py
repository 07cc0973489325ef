"""The graph of nearest neighbours of a pool, and label propagation along it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from scipy.sparse import csr_array
from torch import Tensor

from model.port import Cancelled, Port

NEAREST = 10
_POWER = 3  # of the cosine, so that nearer neighbours count for more
_ALPHA = 0.9  # of Zhou et al.: how much of an item's distribution is its neighbours'
_STEPS = 20
_SMOOTHING = 1e-3  # of a distribution is spread over all classes
_SMALLEST = 1e-12
_CHUNK = 1024  # rows of the similarity matrix at a time


@dataclass(frozen=True)
class Neighbours:
    """A graph of n items: ``weights`` (n, n), symmetric, float32, each entry over the root of both degrees."""

    weights: csr_array

    def __len__(self) -> int:
        return int(self.weights.shape[0])

    def spread(self, labels: Tensor, classes: int) -> Tensor:
        """Return distributions over classes, (n, C) float32, from labels, (n,) int64 with -1 for none.

        Label spreading (Zhou et al. 2004): F <- alpha S F + (1 - alpha) Y, 20 times. Each class counts as one
        in Y, however many items are labeled with it. An item that no label reaches gets the uniform distribution.
        """
        known = torch.nonzero(labels >= 0).flatten()
        y = torch.zeros(len(labels), classes)
        y[known, labels[known]] = 1
        given = (y / y.sum(dim=0).clamp(min=1)).numpy()
        spread = given.copy()
        for _ in range(_STEPS):
            spread = _ALPHA * (self.weights @ spread) + (1 - _ALPHA) * given
        distributions = torch.from_numpy(spread.astype(np.float32))
        sums = distributions.sum(dim=1, keepdim=True)
        distributions = torch.where(sums > _SMALLEST, distributions / sums.clamp(min=_SMALLEST), 1 / classes)
        return (distributions + _SMOOTHING / classes) / (1 + _SMOOTHING)


def neighbours(features: Tensor, port: Port, nearest: int = NEAREST) -> Neighbours:
    """Join each item to its ``nearest`` by cosine similarity of the centred features, (n, d).

    Items at a right angle or beyond are not joined. Takes n^2 d multiplications: 0.5 s for 3,000 items of 1,280.
    Raises :class:`model.port.Cancelled`.
    """
    n = len(features)
    centred = features - features.mean(dim=0)
    unit = centred / centred.norm(dim=1, keepdim=True).clamp(min=_SMALLEST)
    count = min(nearest, n - 1)
    items, others, weights = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], [np.zeros(0, np.float32)]
    for start in range(0, n if count > 0 else 0, _CHUNK):
        if port.cancelled():
            raise Cancelled
        port.progress(start, n, "Comparing the images")
        cosine = unit[start : start + _CHUNK] @ unit.T
        rows = torch.arange(len(cosine))
        cosine[rows, start + rows] = -1
        best = cosine.topk(count, dim=1)
        items.append(np.repeat(np.arange(start, start + len(cosine)), count))
        others.append(best.indices.flatten().cpu().numpy())
        weights.append(best.values.clamp(min=0).pow(_POWER).flatten().float().cpu().numpy())
    one_way = csr_array(
        (np.concatenate(weights), (np.concatenate(items), np.concatenate(others))), shape=(n, n)
    )
    return Neighbours(_normalise(one_way))


def _normalise(one_way: csr_array) -> csr_array:
    both = csr_array(one_way + one_way.T)
    degrees = np.asarray(both.sum(axis=1), np.float32).ravel()
    roots = np.sqrt(np.maximum(degrees, _SMALLEST))
    rows = np.repeat(np.arange(len(roots)), np.diff(both.indptr))
    both.data = (both.data / (roots[rows] * roots[both.indices])).astype(np.float32)
    return both
