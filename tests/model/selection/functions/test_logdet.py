from __future__ import annotations

import heapq
import math

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from model.selection.base import SelectionError
from model.selection.functions import logdet
from model.selection.functions.gradients import Factors
from model.selection.functions.logdet import Chain, LogDetMI
from model.selection.functions.logdet_lazy import LazyLogDetMI

Array = NDArray[np.float64]


def vectors(n: int, seed: int, delta: bool = True, d: int = 4, classes: int = 3) -> Factors:
    """Unit vectors without order."""
    chance = torch.Generator().manual_seed(seed)
    features = torch.randn(n, d, generator=chance, dtype=torch.float64)
    deltas = torch.randn(n, classes, generator=chance, dtype=torch.float64) if delta else None
    return Factors(deltas, features, bias=delta).normalized()


def matrices(pool: Factors, queries: Factors, eta: float, ridge: float) -> tuple[Array, Array]:
    """Both matrices over the whole pool, ridge included, as the formula says."""
    cross = pool.inner(queries).numpy()
    inner = queries.inner(queries).numpy() + ridge * np.eye(len(queries))
    first = pool.inner(pool).numpy() + ridge * np.eye(len(pool))
    return first, first - eta**2 * cross @ np.linalg.solve(inner, cross.T)


def gains_of(first: Array, second: Array, taken: list[int], items: list[int]) -> Array:
    """What each item adds to the difference of log determinants, by definition."""

    def values(sets: list[list[int]]) -> Array:
        index = np.array(sets)
        blocks = index[:, :, None], index[:, None, :]
        return np.asarray(np.linalg.slogdet(first[blocks])[1] - np.linalg.slogdet(second[blocks])[1])

    before = values([taken])[0] if taken else 0.0
    return np.asarray(values([[*taken, item] for item in items]) - before)


def naive(pool: Factors, queries: Factors, length: int, eta: float = 1.0, ridge: float = 1.0) -> Chain:
    first, second = matrices(pool, queries, eta, ridge)
    taken: list[int] = []
    gains: list[float] = []
    for _ in range(length):
        left = [item for item in range(len(pool)) if item not in taken]
        found = gains_of(first, second, taken, left)
        best = int(np.argmax(found))
        taken.append(left[best])
        gains.append(float(found[best]))
    return Chain(np.array(taken), np.array(gains))


def lazily(pool: Factors, queries: Factors, length: int) -> list[int]:
    """submodlib's LazyGreedy on gains by definition."""
    first, second = matrices(pool, queries, 1.0, 1.0)
    every = list(range(len(pool)))
    heap = [(-gain, item) for gain, item in zip(gains_of(first, second, [], every), every, strict=True)]
    heapq.heapify(heap)
    taken: list[int] = []
    while len(taken) < length:
        _, item = heapq.heappop(heap)
        gain = gains_of(first, second, taken, [item])[0]
        if gain >= -heap[0][0]:
            taken.append(item)
        else:
            heapq.heappush(heap, (-gain, item))
    return taken


def one(pool: Factors, queries: Factors, length: int, **options: float) -> Chain:
    (chain,) = LogDetMI(pool, **options).chains([queries], length)  # type: ignore[arg-type]
    return chain


def assert_same(chain: Chain, expected: Chain, relative: float = 1e-5) -> None:
    assert chain.items.tolist() == expected.items.tolist()
    assert chain.gains == pytest.approx(expected.gains, rel=relative, abs=1e-9)


class Counted(LogDetMI):
    """Counts how often guesses were checked."""

    checks = 0

    def _ratios(self, *arguments, **options):
        self.checks += 1
        return super()._ratios(*arguments, **options)


@pytest.mark.parametrize("eta", [0.4, 1.0])
@pytest.mark.parametrize("ridge", [0.05, 1.0])
@pytest.mark.parametrize("delta", [True, False])
def test_the_picks_are_those_of_naive_greedy(eta: float, ridge: float, delta: bool):
    for seed in range(30):
        pool, queries = vectors(40, seed, delta), vectors(2 + seed % 9, 1000 + seed, delta)
        expected = naive(pool, queries, 8, eta, ridge)
        assert_same(one(pool, queries, 8, eta=eta, ridge=ridge), expected)


def test_guesses_that_fail_change_nothing():
    checks = 0
    for seed in range(25):
        pool, queries = vectors(120, seed), vectors(6, 1000 + seed)
        search = Counted(pool, candidates=1)
        (chain,) = search.chains([queries], 9)
        assert_same(chain, naive(pool, queries, 9))
        checks += search.checks
    assert checks > 25 * 1.5, "a few candidates hold all picks hardly ever"


def test_query_sets_of_several_sizes_share_the_work():
    pool = vectors(90, 0)
    queries = [vectors(size, 10 + size) for size in (3, 1, 8, 5)]
    chains = list(LogDetMI(pool, candidates=6).chains(queries, 6))
    for query, chain in zip(queries, chains, strict=True):
        assert_same(chain, naive(pool, query, 6))


@pytest.mark.parametrize(("block", "together"), [(7, 1), (16, 90 * 9), (1024, 1 << 24)])
def test_blocks_and_groups_change_nothing(monkeypatch: pytest.MonkeyPatch, block: int, together: int):
    monkeypatch.setattr(logdet, "_BLOCK", block)
    monkeypatch.setattr(logdet, "_AT_ONCE", together)
    pool, queries = vectors(90, 3), [vectors(4, seed) for seed in range(100, 105)]
    for query, chain in zip(queries, LogDetMI(pool, candidates=10).chains(queries, 7), strict=True):
        assert_same(chain, naive(pool, query, 7))


def test_single_precision_agrees_with_double():
    pool, queries = vectors(3000, 1, d=48, classes=10), vectors(60, 2, d=48, classes=10)
    assert pool.delta is not None
    assert queries.delta is not None
    halved = [
        Factors(f.delta.float(), f.features.float(), True) for f in (pool, queries) if f.delta is not None
    ]
    double, single = one(pool, queries, 20), one(halved[0], halved[1], 20)
    assert_same(single, double, relative=1e-4)


def test_one_item_and_one_query_by_hand():
    pool = Factors(None, torch.tensor([[0.6, 0.8]], dtype=torch.float64))
    queries = Factors(None, torch.tensor([[1.0, 0.0]], dtype=torch.float64))
    # The cosine is 0.6: log(1 + 1) - log(1 + 1 - 0.5^2 0.6^2 / (1 + 1))
    assert one(pool, queries, 1, eta=0.5).gains[0] == pytest.approx(math.log(2 / (2 - 0.25 * 0.36 / 2)))


def test_the_gains_add_up_to_the_mutual_information():
    pool, queries = vectors(30, 5), vectors(6, 6)
    chain = one(pool, queries, 10)
    both = torch.cat([pool.features[chain.items], queries.features])
    assert pool.delta is not None
    assert queries.delta is not None
    together = Factors(torch.cat([pool.delta[chain.items], queries.delta]), both, True)

    def entropy(rows: slice) -> float:
        kernel = together.inner(together)[rows, rows]
        return float(torch.logdet(kernel + torch.eye(len(kernel), dtype=kernel.dtype)))

    mutual = entropy(slice(10)) + entropy(slice(10, None)) - entropy(slice(None))
    assert chain.gains.sum() == pytest.approx(mutual)


def test_of_identical_items_the_lowest_is_picked_first():
    some = vectors(5, 8)
    pool = some.take(torch.arange(5).repeat(40))
    queries = vectors(4, 9)
    items = one(pool, queries, 12).items
    for kind in range(5):
        mine = items[items % 5 == kind]
        assert mine.tolist() == sorted(mine) == list(range(kind, kind + 5 * len(mine), 5))


def test_vectors_of_length_0_add_nothing_and_come_last():
    pool = Factors(None, torch.tensor([[0.0, 0.0], [1.0, 0.0], [0.0, 0.0]]))
    queries = Factors(None, torch.tensor([[1.0, 0.0]]))
    chain = one(pool, queries, 3)
    assert chain.items.tolist() == [1, 0, 2]
    assert chain.gains[1:].tolist() == [0, 0]


def test_more_picks_than_items_are_all_items():
    pool, queries = vectors(5, 1), vectors(3, 2)
    chain = one(pool, queries, 9)
    assert sorted(chain.items) == [0, 1, 2, 3, 4]
    assert_same(chain, naive(pool, queries, 5))


def test_an_eta_that_leaves_no_determinant_is_refused():
    pool = queries = vectors(6, 4)
    for search in (LogDetMI, LazyLogDetMI):
        with pytest.raises(SelectionError, match="at most 1"):
            list(search(pool, eta=3.0).chains([queries], 4))
    assert_same(one(pool, vectors(1, 5), 4, eta=1.1), naive(pool, vectors(1, 5), 4, eta=1.1))


def test_a_determinant_that_is_lost_only_after_picks_is_refused():
    alike = Factors(None, torch.ones(12, 1, dtype=torch.float64))
    # k picks leave 1 + k - 1.3^2 3 k / (3 + 1) = 1 - 0.2675 k
    assert len(one(alike, alike.take(slice(3)), 3, eta=1.3).items) == 3
    with pytest.raises(SelectionError):
        one(alike, alike.take(slice(3)), 4, eta=1.3)


@pytest.mark.parametrize("ridge", [0.0, -1.0, math.nan])
def test_the_ridge_must_be_above_0(ridge: float):
    with pytest.raises(SelectionError, match="ridge"):
        LogDetMI(vectors(3, 0), ridge=ridge)


@pytest.mark.parametrize("eta", [-0.1, math.nan])
def test_eta_must_not_be_negative(eta: float):
    with pytest.raises(SelectionError, match="Eta"):
        LogDetMI(vectors(3, 0), eta=eta)


def test_it_stops_when_told_to():
    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(LogDetMI(vectors(9, 0)).chains([vectors(2, 1)], 3, stop))


def test_stale_gains_give_the_picks_of_lazy_greedy_which_are_others():
    different = 0
    for seed in range(25):
        pool, queries = vectors(40, seed), vectors(6, 1000 + seed)
        (chain,) = LazyLogDetMI(pool).chains([queries], 8)
        assert chain.items.tolist() == lazily(pool, queries, 8)
        different += chain.items.tolist() != naive(pool, queries, 8).items.tolist()
    assert different > 2


def test_stale_gains_pick_all_there_are():
    (chain,) = LazyLogDetMI(vectors(4, 0)).chains([vectors(2, 1)], 9)
    assert sorted(chain.items) == [0, 1, 2, 3]
