"""LogDetMI maximised as the authors' code does it: lazily, on gains that may be out of date."""

from __future__ import annotations

import heapq
from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray

from model.selection.functions.gradients import Factors
from model.selection.functions.logdet import Chain, Given, LogDetMI


class LazyLogDetMI(LogDetMI):
    """LogDetMI by submodlib's LazyGreedy, which the published code calls.

    The item with the largest known gain is looked at anew, and taken if it still beats the known gains of all
    others (Minoux 1978). That is greedy where gains only fall. LogDetMI's may rise as picks are added, so that
    the picks differ from greedy's: this is here to compare with what was published. Ties go to the lowest row.
    """

    def _settle(self, queries: list[Factors], length: int, poll: Callable[[], None]) -> list[Chain]:
        given = self._condition(queries, poll)
        self._check_positive(self._variance / given.variance)
        return [self._lazily(given, number, length, poll) for number in range(len(queries))]

    def _lazily(self, given: Given, number: int, length: int, poll: Callable[[], None]) -> Chain:
        variances = [self._variance.cpu().double().numpy(), given.variance[number].cpu().double().numpy()]
        gains = np.log(variances[0] / variances[1])
        heap = [(-gain, item) for item, gain in enumerate(gains.tolist())]
        heapq.heapify(heap)
        roots = _Root(length), _Root(length)
        items: list[int] = []
        taken: list[float] = []
        while len(items) < length:
            poll()
            item = heapq.heappop(heap)[1]
            rows = self._rows(given, number, items, item)
            d = [root.vary(row, v[item]) for root, row, v in zip(roots, rows, variances, strict=True)]
            self._check_positive(torch.tensor(d[0] / d[1]))
            gain = float(np.log(d[0] / d[1]))
            if heap and gain < -heap[0][0]:
                heapq.heappush(heap, (-gain, item))
                continue
            items.append(item)
            taken.append(gain)
            for root in roots:
                root.grow()
        return Chain(np.array(items, np.int64), np.array(taken))

    def _rows(self, given: Given, number: int, items: list[int], item: int) -> list[NDArray[np.float64]]:
        """An item's row in both matrices, at the picks so far."""
        index = torch.tensor([*items, item], device=given.variance.device)
        some, known = self._pool.take(index), given.of(index, number)
        first = some.inner(some.take(slice(len(items), None)))[:-1, 0]
        second = first - known[:-1] @ known[-1]
        return [row.cpu().double().numpy() for row in (first, second)]


class _Root:
    """The Cholesky factor of a matrix over the picks, which grows by a row a pick."""

    def __init__(self, length: int) -> None:
        self._root = np.zeros((length, length))
        self._size = 0
        self._last: NDArray[np.floating] = np.zeros(0)

    def vary(self, row: NDArray[np.float64], variance: float) -> float:
        """Return an item's variance given the picks, and keep its row."""
        size = self._size
        solved: NDArray[np.floating] = np.linalg.solve(self._root[:size, :size], row)
        left = float(variance - solved @ solved)
        self._last = np.append(solved, np.sqrt(max(left, 0)))
        return left

    def grow(self) -> None:
        """Make the item that was looked at last a pick."""
        self._root[self._size, : self._size + 1] = self._last
        self._size += 1
