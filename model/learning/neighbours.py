"""The graph of nearest neighbours of a pool, label propagation along it, and items that look the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
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
    items, others, weights = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], [np.zeros(0, np.float32)]
    for rows, cosines, indices in _nearest(features, nearest, port):
        items.append(np.repeat(rows, cosines.shape[1]))
        others.append(indices.flatten())
        weights.append(cosines.flatten().clip(min=0) ** _POWER)
    one_way = csr_array(
        (np.concatenate(weights), (np.concatenate(items), np.concatenate(others))), shape=(n, n)
    )
    return Neighbours(_normalise(one_way))


def near_duplicates(
    features: Tensor, least: float, port: Port
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Pairs of rows, (p, 2), the lower one first, whose centred features have a cosine of ``least`` at least; and it.

    Of each row the :data:`NEAREST` nearest are looked at; time and errors as of :func:`neighbours`.
    """
    pairs, alike = [np.zeros((0, 2), np.int64)], [np.zeros(0, np.float32)]
    for rows, cosines, indices in _nearest(features, NEAREST, port):
        place, rank = np.nonzero(cosines >= least)
        pairs.append(np.sort(np.stack([rows[place], indices[place, rank]], axis=1), axis=1))
        alike.append(cosines[place, rank])
    found, first = np.unique(np.concatenate(pairs), axis=0, return_index=True)
    return found, np.concatenate(alike)[first]


def _nearest(
    features: Tensor, nearest: int, port: Port
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float32], NDArray[np.int64]]]:
    """Chunk by chunk rows (k,), the cosines (k, c) of the rows nearest to each, the largest first, and those rows."""
    n = len(features)
    centred = features - features.mean(dim=0)
    unit = centred / centred.norm(dim=1, keepdim=True).clamp(min=_SMALLEST)
    count = min(nearest, n - 1)
    for start in range(0, n if count > 0 else 0, _CHUNK):
        if port.cancelled():
            raise Cancelled
        port.progress(start, n, "Comparing the images")
        cosine = unit[start : start + _CHUNK] @ unit.T
        rows = torch.arange(len(cosine))
        cosine[rows, start + rows] = -1
        best = cosine.topk(count, dim=1)
        yield start + rows.numpy(), best.values.float().cpu().numpy(), best.indices.cpu().numpy()


def _normalise(one_way: csr_array) -> csr_array:
    both = csr_array(one_way + one_way.T)
    degrees = np.asarray(both.sum(axis=1), np.float32).ravel()
    roots = np.sqrt(np.maximum(degrees, _SMALLEST))
    rows = np.repeat(np.arange(len(roots)), np.diff(both.indptr))
    both.data = (both.data / (roots[rows] * roots[both.indices])).astype(np.float32)
    return both


class GraphCache:
    """The graph of nearest neighbours of the last pool: making it takes longer than a last layer's training."""

    def __init__(self) -> None:
        self._items: bytes | None = None
        self._graph: Neighbours | None = None

    def graph(self, items: NDArray[np.int64]) -> Neighbours | None:
        """The graph that was kept for the same items."""
        return self._graph if self._items == items.tobytes() else None

    def keep(self, items: NDArray[np.int64], graph: Neighbours | None) -> None:
        """Keep a graph for the next round."""
        self._items, self._graph = items.tobytes(), graph

    def clear(self) -> None:
        """Forget it."""
        self._items = self._graph = None
