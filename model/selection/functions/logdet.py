"""Greedy maximisation of the log-determinant mutual information over a large pool: exact, by matrix products."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from model.errors import SelectionError
from model.selection.functions.gradients import Factors

CANDIDATES = 256
# Items in a block, whose products with the queries stay in a core's cache, and numbers in the products of the
# whole pool with several query sets; on other devices, starting work costs more than waiting for memory.
_BLOCK, _AT_ONCE = 1024, 1 << 24
_DEVICE_BLOCK, _DEVICE_AT_ONCE = 1 << 17, 1 << 28
_MORE = 8  # items that a failed step adds to the candidates
_TIE = {torch.float32: 1e-6, torch.float64: 1e-12}  # relative, of d1 / d2


@dataclass(frozen=True)
class Chain:
    """What greedy takes for one class, in order."""

    items: NDArray[np.int64]  # (k,), rows of the pool
    gains: NDArray[np.float64]  # (k,), what each added


@dataclass(frozen=True)
class Given:
    """What query sets explain of the pool."""

    explained: Tensor  # (blocks, all queries, block): W = eta L^-1 K_QU, with L L^T = K_Q + lambda
    variance: Tensor  # (query sets, n): K_ii + lambda - |W_i|^2
    rows: list[slice]  # of each query set in ``explained``

    def of(self, index: Tensor, number: int) -> Tensor:
        """The columns of W that belong to items, as rows, (m, q)."""
        block = self.explained.shape[2]
        return self.explained[index // block, self.rows[number], index % block]


@dataclass
class _Search:
    """What is known of the picks for one query set."""

    number: int
    candidates: NDArray[np.int64]  # ascending
    prefix: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))  # settled picks

    def learn(self, guess: NDArray[np.int64], best: NDArray[np.int64], ratios: Tensor) -> None:
        """Keep the picks that were right and the first right one beside the guess; add what was better."""
        step = int(np.nonzero(guess != best)[0][0])
        better = ratios[step:].topk(min(_MORE, ratios.shape[1]), dim=1).indices.flatten().cpu().numpy()
        self.prefix = best[: step + 1]
        self.candidates = np.union1d(self.candidates, np.concatenate([best[step:], better]))


@dataclass(frozen=True)
class _Guess:
    """Greedy's choice within the candidates, with the Cholesky factors of both matrices over it."""

    items: NDArray[np.int64]  # (s,), rows of the pool
    gains: NDArray[np.float64]
    first: NDArray[np.float64]  # (s, s), lower: of K_A + lambda
    second: NDArray[np.float64]  # (s, s), lower: of K_A + lambda - eta^2 K_AQ (K_Q + lambda)^-1 K_QA


class LogDetMI:
    """LogDetMI of subsets of one pool, for one query set after another.

    I(A; Q) = logdet(K_A + lambda) - logdet(K_A + lambda - eta^2 K_AQ (K_Q + lambda)^-1 K_QA)

    (Kaushal et al. 2021, as submodlib computes it), K the inner products of ``pool`` (n vectors) and queries.
    The gain of item i is log d1_i / d2_i, its conditional variances given A without and with Q, which grow
    into two Cholesky factorisations (Chen, Zhang, Zhou 2018). Neither is run over the pool pick by pick: greedy
    runs within a few candidates, then all picks at once are checked against every item of the pool by one
    triangular product, and candidates are added where the pool held a better one. What comes out is what naive
    greedy takes; the function is not submodular in A, so stale gains would not do. Items whose d1 / d2 differ
    by less than a rounding error are a tie, which the lowest row wins.

    Memory: |Q| x n numbers, kept from one query set to the next. Raises :class:`SelectionError` for a ridge
    (lambda) that is not above 0 and a negative eta.
    """

    def __init__(
        self, pool: Factors, eta: float = 1.0, ridge: float = 1.0, candidates: int = CANDIDATES
    ) -> None:
        if not ridge > 0:
            raise SelectionError(f"The ridge (lambda) is {ridge:g}; LogDetMI needs one above 0.")
        if not eta >= 0:
            raise SelectionError(f"Eta is {eta:g}; give 0 or more.")
        self._pool, self._eta, self._ridge, self._candidates = pool, eta, ridge, candidates
        self._variance = pool.squared_norms() + ridge
        self._stores: dict[str, Tensor] = {}
        cpu = self._variance.device.type == "cpu"
        self._block, self._at_once = (_BLOCK, _AT_ONCE) if cpu else (_DEVICE_BLOCK, _DEVICE_AT_ONCE)
        self._tie = _TIE[pool.features.dtype]

    def chains(
        self, queries: Sequence[Factors], length: int, poll: Callable[[], None] = lambda: None
    ) -> Iterator[Chain]:
        """Yield the first ``length`` picks of greedy, or all n, for each query set (q vectors, q > 0).

        ``poll`` is called often and may raise. Raises :class:`SelectionError` if eta above 1 leaves the second
        matrix without a determinant.
        """
        length = min(length, len(self._pool))
        for some in self._groups(queries):
            yield from self._settle(some, length, poll)

    def _groups(self, queries: Sequence[Factors]) -> Iterator[list[Factors]]:
        """Query sets whose products are large enough together, and not too large."""
        group: list[Factors] = []
        for query in queries:
            if group and sum(map(len, [*group, query])) * len(self._pool) > self._at_once:
                yield group
                group = []
            group.append(query)
        if group:
            yield group

    def _settle(self, queries: list[Factors], length: int, poll: Callable[[], None]) -> list[Chain]:
        given = self._condition(queries, poll)
        first = self._variance / given.variance
        self._check_positive(first)
        few = min(max(self._candidates, length), len(self._pool))
        searches = [_Search(number, _top(ratios, few)) for number, ratios in enumerate(first)]
        chains: dict[int, Chain] = {}
        while searches:
            guesses = [self._speculate(search, given, length) for search in searches]
            ratios = self._ratios(searches, guesses, given, poll)
            self._check_positive(ratios)
            best = self._first_of_best(ratios)
            for row, (search, guess) in enumerate(zip(list(searches), guesses, strict=True)):
                if np.array_equal(best[row], guess.items):
                    chains[search.number] = Chain(guess.items, guess.gains)
                    searches.remove(search)
                else:
                    search.learn(guess.items, best[row], ratios[row])
        return [chains[number] for number in range(len(queries))]

    def _condition(self, queries: list[Factors], poll: Callable[[], None]) -> Given:
        inverses = [(self._eta * _inverse_root(query, self._ridge)).to(self._variance) for query in queries]
        ends = np.cumsum([len(query) for query in queries]).tolist()
        rows = [slice(end - len(query), end) for end, query in zip(ends, queries, strict=True)]
        every = _concatenate(queries)
        blocks = -(-len(self._pool) // self._block)
        explained = self._store("explained", blocks, len(every), min(self._block, len(self._pool)))
        variance = self._variance.repeat(len(queries), 1)
        for number, (part, items) in enumerate(self._blocks()):
            poll()
            kernel = self._kernel(every, items)
            for which, mine in enumerate(rows):
                block = torch.mm(inverses[which], kernel[mine], out=explained[number, mine, : len(items)])
                variance[which, part] -= torch.mul(block, block, out=kernel[mine]).sum(dim=0)
        return Given(explained, variance, rows)

    def _speculate(self, search: _Search, given: Given, length: int) -> _Guess:
        index = torch.from_numpy(search.candidates).to(given.variance.device)
        few = self._pool.take(index)
        first = few.inner(few)
        known = given.of(index, search.number)
        second = torch.addmm(first, known, known.T, alpha=-1)
        ridge = self._ridge * np.eye(len(few))
        matrices = [matrix.cpu().double().numpy() + ridge for matrix in (first, second)]
        return self._greedy(search, matrices[0], matrices[1], length)

    def _greedy(
        self, search: _Search, first: NDArray[np.float64], second: NDArray[np.float64], length: int
    ) -> _Guess:
        """Naive greedy on both matrices, (m, m), of the candidates; it starts with the settled picks."""
        d1, d2 = first.diagonal().copy(), second.diagonal().copy()
        v1, v2 = np.zeros((length, len(d1))), np.zeros((length, len(d1)))
        picks, gains = np.zeros(length, np.int64), np.zeros(length)
        picks[: len(search.prefix)] = np.searchsorted(search.candidates, search.prefix)
        left = np.ones(len(d1), bool)
        for step in range(length):
            if self._eta > 1 and not (d2[left] > 0).all():
                raise self._indefinite()
            ratios = np.divide(d1, d2, out=np.zeros_like(d1), where=left)
            if step >= len(search.prefix):
                picks[step] = np.argmax(ratios >= ratios.max() * (1 - self._tie))
            best = picks[step]
            gains[step], left[best] = np.log(ratios[best]), False
            for matrix, d, v in ((first, d1, v1), (second, d2, v2)):
                v[step] = (matrix[best] - v[:step, best] @ v[:step]) / np.sqrt(d[best])
                d -= v[step] ** 2
        return _Guess(search.candidates[picks], gains, v1[:, picks].T, v2[:, picks].T)

    def _ratios(
        self, searches: list[_Search], guesses: list[_Guess], given: Given, poll: Callable[[], None]
    ) -> Tensor:
        """d1 / d2 of every item before every pick, (searches, s, n); 0 from the pick on for what is picked."""
        many, steps, like = len(guesses), len(guesses[0].items), given.variance
        picks = torch.from_numpy(np.stack([guess.items for guess in guesses])).to(like.device)
        chosen = self._pool.take(picks.flatten())
        numbers = [search.number for search in searches]
        known = [given.of(index, number) for index, number in zip(picks, numbers, strict=True)]
        first, second = (
            torch.from_numpy(np.linalg.inv(np.stack(roots))).to(like)
            for roots in ([guess.first for guess in guesses], [guess.second for guess in guesses])
        )
        before = like.new_ones(steps, steps).tril(-1)
        sums = before.expand(many, steps, steps)
        ratios = self._store("ratios", many, steps, len(self._pool))
        for number, (part, items) in enumerate(self._blocks()):
            poll()
            kernel = self._kernel(chosen, items).view(many, steps, len(items))
            rows = torch.bmm(first, kernel)
            d1 = torch.baddbmm(self._variance[part], sums, rows.square_(), alpha=-1)
            for row, which in enumerate(numbers):
                block = given.explained[number, given.rows[which], : len(items)]
                kernel[row].addmm_(known[row], block, alpha=-1)
            torch.bmm(second, kernel, out=rows)
            d2 = torch.baddbmm(like[numbers, None, part], sums, rows.square_(), alpha=-1)
            torch.div(d1, d2, out=ratios[:, :, part])
        for mine, index in zip(ratios, picks, strict=True):
            mine[:, index] = torch.where(before > 0, 0, mine[:, index])
        return ratios

    def _first_of_best(self, ratios: Tensor) -> NDArray[np.int64]:
        least = ratios.amax(dim=2, keepdim=True) * (1 - self._tie)
        return (ratios >= least).to(torch.uint8).argmax(dim=2).cpu().numpy()

    def _check_positive(self, ratios: Tensor) -> None:
        if self._eta > 1 and not bool(((ratios >= 0) & torch.isfinite(ratios)).all()):
            raise self._indefinite()

    def _indefinite(self) -> SelectionError:
        return SelectionError(
            f"With eta {self._eta:g} the query set would explain more of an item than there is; "
            f"give an eta of at most 1, or a ridge (lambda) larger than {self._ridge:g}."
        )

    def _kernel(self, rows: Factors, items: Factors) -> Tensor:
        """K, (rows, items), in a place that the next call overwrites."""
        shape = len(rows), len(items)
        out = self._store("kernel", *shape)
        torch.mm(rows.features, items.features.T, out=out)
        if rows.delta is None or items.delta is None:
            return out
        deltas = torch.mm(rows.delta, items.delta.T, out=self._store("deltas", *shape))
        return torch.addcmul(deltas, deltas, out, out=out) if rows.bias else out.mul_(deltas)

    def _blocks(self) -> Iterator[tuple[slice, Factors]]:
        for start in range(0, len(self._pool), self._block):
            part = slice(start, min(start + self._block, len(self._pool)))
            yield part, self._pool.take(part)

    def _store(self, name: str, *shape: int) -> Tensor:
        """Memory that is asked for once: pages new to the process cost as much as the arithmetic."""
        held, size = self._stores.get(name), math.prod(shape)
        if held is None or len(held) < size:
            held = self._stores[name] = self._variance.new_empty(size)
        return held[:size].view(shape)


def _inverse_root(queries: Factors, ridge: float) -> Tensor:
    """L^-1 in double precision, (q, q), where L L^T = K_Q + lambda."""
    unit = torch.eye(len(queries), dtype=torch.float64)
    root = torch.linalg.cholesky(queries.inner(queries).cpu().double() + ridge * unit)
    inverse: Tensor = torch.linalg.solve_triangular(root, unit, upper=False)
    return inverse


def _concatenate(several: list[Factors]) -> Factors:
    deltas = [factors.delta for factors in several if factors.delta is not None]
    features = torch.cat([factors.features for factors in several])
    return Factors(torch.cat(deltas) if deltas else None, features, several[0].bias)


def _top(values: Tensor, count: int) -> NDArray[np.int64]:
    return np.sort(values.topk(count).indices.cpu().numpy())
