"""Exact chances and limits of shares: sampling without replacement, in one draw or in several, and Clopper-Pearson.

By logarithms of factorials, in numpy alone: scipy.stats has one draw's chance but no chain of draws, and takes seconds
to load in a process that shows a window. scipy.special is imported where a limit is asked for that has no finite sum.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_NEGLIGIBLE = 1e-12  # chances below it are left out of sums
_GROUPS = 8  # of draws; more are put together, each as if drawn from its group's first and largest pool


@dataclass(frozen=True)
class Draw:
    """``drawn`` items were drawn evenly at random, without replacement, from the ``pool`` that had no label then."""

    pool: int
    drawn: int

    def __post_init__(self) -> None:
        if not 0 <= self.drawn <= self.pool:
            raise ValueError(f"{self.drawn} items cannot be drawn from {self.pool}")


def join_draws(draws: Sequence[Draw]) -> tuple[Draw, ...]:
    """The same draws, in order, with those put together between which nothing was labeled in another way.

    Where more than a few are left, neighbours are put together too, as if drawn from the first one's pool: the larger
    the pool, the weaker what a sample says of it. Raises ``ValueError`` where a pool is larger than what the draw
    before it left: then images came in, of which the sample knows nothing.
    """
    joined: list[Draw] = []
    for draw in draws:
        if joined and draw.pool > joined[-1].pool - joined[-1].drawn:
            raise ValueError("a later pool holds more than the earlier draw left of its own")
        if joined and draw.pool == joined[-1].pool - joined[-1].drawn:
            joined[-1] = Draw(joined[-1].pool, joined[-1].drawn + draw.drawn)
        elif draw.drawn:
            joined.append(draw)
    parts = np.array_split(np.arange(len(joined)), min(_GROUPS, max(1, len(joined))))
    return tuple(Draw(joined[p[0]].pool, sum(joined[i].drawn for i in p)) for p in parts if len(p))


def chance_of_few(found: int, wrong: int, draws: Sequence[Draw], overlooked: float = 0.0) -> float:
    """The chance that at most ``found`` of ``wrong`` wrong items of the first pool are drawn and seen.

    With one draw it is the hypergeometric distribution's P(X <= found). None of the wrong ones leaves the pool but by
    being drawn, which is the worst case (see :mod:`studies.finish.folder_rule`). Each wrong one is ``overlooked`` with
    that chance when it is drawn.
    """
    if overlooked <= 0:
        return _chance_of_few_seen(found, wrong, draws)
    if found >= wrong:
        return 1.0
    if found < 0 or (draws and wrong > draws[0].pool):
        return 0.0
    chances, least = _count_drawn(wrong, wrong, draws)
    few = _chance_of_few_of(found, least + np.arange(len(chances)), 1 - overlooked)
    return float(min(1.0, (chances * few).sum() + max(0.0, 1.0 - chances.sum())))


def chance_of_few_leaving(found: int, wrong: int, draws: Sequence[Draw], gone: Sequence[int]) -> float:
    """As :func:`chance_of_few`, where so many of the wrong ones had left the pool before each draw, undrawn."""
    return _chance_of_few_seen(found, wrong, draws, gone)


def _chance_of_few_seen(
    found: int, wrong: int, draws: Sequence[Draw], gone: Sequence[int] | None = None
) -> float:
    if found >= wrong:
        return 1.0
    if found < 0 or (draws and wrong > draws[0].pool):
        return 0.0
    return float(min(1.0, _count_drawn(found, wrong, draws, gone)[0].sum()))


def _count_drawn(
    most: int, wrong: int, draws: Sequence[Draw], gone: Sequence[int] | None = None
) -> tuple[Floats, int]:
    """The chance of each number of the wrong ones that is drawn, up to ``most``; and the first of those numbers."""
    chances: Floats = np.array([1.0])  # of each number found so far, from ``least``
    least = 0
    for number, draw in enumerate(draws):
        so_far = least + np.arange(len(chances))
        there = np.clip(wrong - so_far - (gone[number] if gone else 0), 0, draw.pool)
        low, high = _likely(draw, int(there[-1]), int(there[0]))
        added = np.arange(low, min(high, most - least) + 1)
        if not len(added):
            return np.zeros(1), least
        step = _hypergeometric(added, draw.pool, there[:, None], draw.drawn) * chances[:, None]
        sums = so_far[:, None] + added - least - low
        inside = sums <= most - least - low
        chances = np.bincount(sums[inside], step[inside], minlength=1).astype(np.float64)
        least += low
        kept = np.flatnonzero(chances > _NEGLIGIBLE)
        if not len(kept):
            return chances, least
        chances, least = chances[kept[0] : kept[-1] + 1], least + int(kept[0])
    return chances, least


def _likely(draw: Draw, fewest: int, most: int) -> tuple[int, int]:
    """Between which numbers a draw lies that hits ``fewest`` to ``most`` wrong ones, but for a chance of e^-28 or so.

    Bernstein's inequality, which holds without replacement too (Hoeffding 1963).
    """
    share = draw.drawn / draw.pool
    by = 20 + 7.5 * np.sqrt(most * share * (1 - share))
    return max(0, int(fewest * share - by)), min(draw.drawn, most, int(np.ceil(most * share + by)))


def _hypergeometric(x: NDArray[np.int64], pool: int, wrong: NDArray[np.int64], drawn: int) -> Floats:
    """P(x of the ``wrong`` among the drawn), by broadcasting; 0 where impossible. ``wrong`` is from 0 to ``pool``."""
    logs = log_factorials(pool)
    right, others = wrong - x, drawn - x  # wrong ones left, right ones drawn
    rest = pool - drawn - right  # right ones left
    possible = (right >= 0) & (others >= 0) & (rest >= 0)
    right, others, rest = (np.where(possible, count, 0) for count in (right, others, rest))
    fixed = logs[wrong] + logs[pool - wrong] + (logs[drawn] + logs[pool - drawn] - logs[pool])
    each = fixed - logs[x] - logs[right] - logs[others] - logs[rest]
    chances: Floats = np.where(possible, np.exp(np.minimum(each, 0.0)), 0.0)
    return chances


def _chance_of_few_of(found: int, drawn: NDArray[np.int64], p: float) -> Floats:
    """P(X <= ``found``), X binomial of each of ``drawn`` (m,) and ``p``."""
    from scipy.special import bdtr

    few: Floats = np.where(drawn > found, bdtr(found, np.maximum(drawn, found + 1), p), 1.0)
    return few


def log_factorials(most: int) -> Floats:
    """The logarithms of 0!, 1!, ... up to ``most``! at least."""
    return _table(1 << max(12, int(most).bit_length()))


@lru_cache(maxsize=8)
def _table(size: int) -> Floats:
    table: Floats = np.zeros(size)
    table[1:] = np.cumsum(np.log(np.arange(1, size, dtype=np.longdouble)))
    table.setflags(write=False)
    return table


def upper_limit(found: int, total: int, chance: float) -> float:
    """The one-sided upper limit of a share, 0 to 1 (Clopper and Pearson 1934); 1 of nothing."""
    from scipy.special import betaincinv

    if not 0 <= found <= total:
        raise ValueError(f"{found} of {total} is no share")
    return 1.0 if found == total else float(betaincinv(found + 1, total - found, 1 - chance))


def lower_limit(found: int, total: int, chance: float) -> float:
    """The one-sided lower limit of a share, 0 to 1; 0 of nothing."""
    return 1.0 - upper_limit(total - found, total, chance)


def last_where(holds: Callable[[int], bool], most: int, guess: int = 0) -> int:
    """The largest number from 0 to ``most`` that holds, if all below one that holds do too; -1 if none does.

    Looked for from ``guess`` on, outwards.
    """
    if most < 0:
        return -1
    low, high = -1, most + 1  # holds (or is below all), does not hold (or is above all)
    at, step = min(max(guess, 0), most), 1
    up = holds(at)
    while True:
        low, high = (at, high) if up else (low, at)
        at = low + step if up else high - step
        if not low < at < high:
            break
        if holds(at) != up:
            low, high = (low, at) if up else (at, high)
            break
        step *= 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low
