"""Submodular mutual information by facility location, graph cut and concave functions over a pool."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from model.selection.functions.gradients import Factors
from model.selection.functions.logdet import Chain

_BATCH, _LARGEST_BATCH = 16, 256  # items whose gains are looked at together: more where bounds tell little
_BLOCK = 1024
_CACHED = 1 << 19  # numbers that stay in a processor's cache
_KEPT = 1 << 28  # numbers of a pool's kernel that are kept in memory, for FLVMI
_TIE = 1e-6


class Function(Enum):
    """The functions, of picks A and queries Q, with kernel s (Kaushal et al. 2021), as submodlib computes them.

    Negative similarities count as 0 in FLQMI and FLVMI, as there. COM takes psi(x) = log(1 + x); an item that
    brings a sum to -1 or below has no value, and is taken when nothing else is left. GCMI knows no eta.
    """

    FLQMI = "flqmi"  # sum_{q in Q} max_{a in A} s_aq + eta sum_{a in A} max_{q in Q} s_aq
    FLVMI = "flvmi"  # sum_{i in pool} min(max_{a in A} s_ai, eta max_{q in Q} s_iq)
    GCMI = "gcmi"  # sum_{a in A} sum_{q in Q} s_aq
    COM = "com"  # eta sum_{a in A} psi(sum_{q in Q} s_aq) + sum_{q in Q} psi(sum_{a in A} s_aq)


def chains(
    function: Function,
    pool: Factors,
    queries: Sequence[Factors],
    length: int,
    eta: float = 1.0,
    poll: Callable[[], None] = lambda: None,
) -> Iterator[Chain]:
    """Yield the first ``length`` picks of naive greedy, or all n, for each query set (q vectors, q > 0).

    An item's gain is looked at only while an upper bound of it says that it might be the largest: for
    FLQMI and FLVMI, which are submodular, any earlier gain; for COM, log(1 + x) <= x. Ties go to the lowest
    row. Memory: |Q| x n numbers. FLVMI compares the pool with itself: its time grows with n^2, and its memory
    up to 2^28 numbers; a pool of more is compared block by block, again and again. ``poll`` is called often
    and may raise.
    """
    length = min(length, len(pool))
    if function is Function.FLVMI:
        caps = torch.stack([_nearest(pool, query, poll) * eta for query in queries])
        kernel = _PoolKernel(pool, poll)
        for cap, first in zip(caps, _first_of_flvmi(kernel, caps, poll), strict=True):
            yield _chain(_Flvmi(kernel, cap, first), length, poll)
        return
    kinds: dict[Function, Callable[[Tensor, float], _GreedyFunction]]
    kinds = {Function.FLQMI: _Flqmi, Function.GCMI: _Gcmi, Function.COM: _Com}
    for query in queries:
        yield _chain(kinds[function](_cross(pool, query, poll), eta), length, poll)


class _GreedyFunction(Protocol):
    """A function with the picks so far."""

    bounds: Tensor  # (n,): no gain is larger

    def gains(self, index: Tensor) -> Tensor:
        """What items would add, (m,)."""
        ...

    def take(self, item: int) -> None:
        """Make an item a pick."""
        ...


class _Flqmi:
    def __init__(self, cross: Tensor, eta: float) -> None:
        self._cross = cross.clamp_(min=0)
        self._relevance = eta * cross.amax(dim=1)
        self._nearest = cross.new_zeros(cross.shape[1])
        self.bounds = cross.sum(dim=1) + self._relevance

    def gains(self, index: Tensor) -> Tensor:
        closer = (self._cross[index] - self._nearest).clamp_(min=0)
        return closer.sum(dim=1) + self._relevance[index]

    def take(self, item: int) -> None:
        self._nearest = torch.maximum(self._nearest, self._cross[item])


class _Gcmi:
    def __init__(self, cross: Tensor, eta: float) -> None:  # noqa: ARG002 (as the others)
        self.bounds = cross.sum(dim=1)
        self._sums = self.bounds.clone()

    def gains(self, index: Tensor) -> Tensor:
        return self._sums[index]

    def take(self, item: int) -> None:
        """Change nothing: the function is modular."""


class _Com:
    def __init__(self, cross: Tensor, eta: float) -> None:
        self._cross = cross
        self._relevance = eta * cross.sum(dim=1).log1p()
        self._sums = cross.new_zeros(cross.shape[1])
        self._update_bounds()

    def gains(self, index: Tensor) -> Tensor:
        grown = (self._sums + self._cross[index]).log1p() - self._sums.log1p()
        return _replace_missing(grown.sum(dim=1) + self._relevance[index])

    def take(self, item: int) -> None:
        self._sums = self._sums + self._cross[item]
        self._update_bounds()

    def _update_bounds(self) -> None:
        self.bounds = _replace_missing(self._cross @ (1 / (1 + self._sums)) + self._relevance)


class _PoolKernel:
    """The pool's similarities with itself, negative ones 0; kept if they are few, else computed when asked."""

    def __init__(self, pool: Factors, poll: Callable[[], None]) -> None:
        self._pool = pool
        self._kept: Tensor | None = None
        if len(pool) ** 2 <= _KEPT:
            kept = pool.features.new_empty(len(pool), len(pool))
            for part in _blocks(len(pool)):
                poll()
                kept[part] = self.rows(part)
            self._kept = kept

    def __len__(self) -> int:
        return len(self._pool)

    def rows(self, index: Tensor | slice) -> Tensor:
        """Return the similarities of some items with all, (m, n); not to be changed."""
        if self._kept is not None:
            return self._kept[index]
        return self._pool.take(index).inner(self._pool).clamp_(min=0)


class _Flvmi:
    def __init__(self, kernel: _PoolKernel, caps: Tensor, first: Tensor) -> None:
        self._kernel, self._caps, self.bounds = kernel, caps, first
        self._nearest = torch.zeros_like(caps)

    def gains(self, index: Tensor) -> Tensor:
        before = torch.minimum(self._nearest, self._caps)
        covered = torch.maximum(self._kernel.rows(index), before)
        torch.minimum(covered, self._caps, out=covered)
        return covered.sub_(before).sum(dim=1)  # in this order nothing gained is 0, not a rounding error

    def take(self, item: int) -> None:
        self._nearest = torch.maximum(self._nearest, self._kernel.rows(slice(item, item + 1))[0])


def _chain(search: _GreedyFunction, length: int, poll: Callable[[], None]) -> Chain:
    left = torch.ones_like(search.bounds, dtype=torch.bool)
    items, gains = np.zeros(length, np.int64), np.zeros(length)
    for step in range(length):
        values, known, batch = search.bounds, ~left, _BATCH
        while True:
            poll()
            index = torch.nonzero(~known).flatten()
            index = index[values[index].topk(min(batch, len(index))).indices]
            batch = min(2 * batch, _LARGEST_BATCH)
            values[index] = search.gains(index)
            known[index] = True
            best = values[known & left].max()
            least = best - _TIE * best.abs()
            if not bool((~known & (values >= least)).any()):
                break
        pick = int((left & known & (values >= least)).to(torch.uint8).argmax())
        items[step], gains[step], left[pick] = pick, float(values[pick]), False
        search.take(pick)
    return Chain(items, gains)


def _replace_missing(gains: Tensor) -> Tensor:
    """Gains with what has no value last, but before what is not looked at."""
    least = torch.finfo(gains.dtype).min
    return torch.nan_to_num(gains, nan=least, posinf=least, neginf=least)


def _blocks(n: int) -> Iterator[slice]:
    return (slice(start, start + _BLOCK) for start in range(0, n, _BLOCK))


def _cross(pool: Factors, queries: Factors, poll: Callable[[], None]) -> Tensor:
    """K_UQ, (n, q)."""
    cross = pool.features.new_empty(len(pool), len(queries))
    for part in _blocks(len(pool)):
        poll()
        cross[part] = pool.take(part).inner(queries)
    return cross


def _nearest(pool: Factors, queries: Factors, poll: Callable[[], None]) -> Tensor:
    return _cross(pool, queries, poll).amax(dim=1).clamp_(min=0)


def _first_of_flvmi(pool: _PoolKernel, caps: Tensor, poll: Callable[[], None]) -> Tensor:
    """What each item alone would be worth to each query set, (query sets, n)."""
    first = torch.zeros_like(caps)
    rows = max(1, _CACHED // len(pool)) if caps.device.type == "cpu" else _BLOCK
    covered = caps.new_empty(min(rows, len(pool)), len(pool))
    for part in _blocks(len(pool)):
        kernel = pool.rows(part)
        for start in range(0, len(kernel), rows):
            some = kernel[start : start + rows]
            items = slice(part.start + start, part.start + start + len(some))
            for cap, sums in zip(caps, first, strict=True):
                poll()
                sums[items] = torch.minimum(some, cap, out=covered[: len(some)]).sum(dim=1)
    return first
