from __future__ import annotations

import numpy as np
import pytest
import torch

from model.selection.functions import smi
from model.selection.functions.gradients import Factors
from model.selection.functions.smi import Function


def vectors(n: int, seed: int, d: int = 3) -> Factors:
    chance = torch.Generator().manual_seed(seed)
    return Factors(None, torch.randn(n, d, generator=chance, dtype=torch.float64)).normalized()


def psi(values):
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.log(1 + values)


def value(function: Function, pool, cross, eta: float, taken: list[int]) -> float:
    """The function by its definition."""
    if not taken:
        return 0.0
    mine = cross[taken]
    zero = np.maximum(mine, 0)
    if function is Function.FLQMI:
        return float(zero.max(axis=0).sum() + eta * zero.max(axis=1).sum())
    if function is Function.FLVMI:
        nearest = np.maximum(pool[:, taken], 0).max(axis=1)
        return float(np.minimum(nearest, eta * np.maximum(cross, 0).max(axis=1)).sum())
    if function is Function.GCMI:
        return float(mine.sum())
    return float(eta * psi(mine.sum(axis=1)).sum() + psi(mine.sum(axis=0)).sum())


def naive(function: Function, pool: Factors, queries: Factors, eta: float, length: int):
    own, cross = pool.inner(pool).numpy(), pool.inner(queries).numpy()
    taken: list[int] = []
    gains = []
    for _ in range(length):
        before = value(function, own, cross, eta, taken)
        found = [
            -np.inf if item in taken else value(function, own, cross, eta, [*taken, item]) - before
            for item in range(len(pool))
        ]
        found = [gain if np.isfinite(gain) else -np.inf for gain in found]
        best = max(found)
        taken.append(next(i for i, gain in enumerate(found) if gain >= best - 1e-9 and i not in taken))
        gains.append(found[taken[-1]])
    return taken, gains


@pytest.mark.parametrize("eta", [0.3, 1.0, 2.0])
@pytest.mark.parametrize("function", list(Function))
def test_the_picks_are_those_of_naive_greedy(function: Function, eta: float):
    for seed in range(12):
        pool, queries = vectors(40, seed), [vectors(1 + seed % 5, 100 + seed), vectors(4, 200 + seed)]
        found = list(smi.chains(function, pool, queries, 7, eta))
        for query, chain in zip(queries, found, strict=True):
            if function is Function.COM:  # whether sums fall below -1 is another test's
                continue
            items, gains = naive(function, pool, query, eta, 7)
            assert chain.items.tolist() == items
            assert chain.gains == pytest.approx(gains, abs=1e-9)


@pytest.mark.parametrize("lowest", [0.0, -0.3, -1.0])
def test_com_is_greedy_where_similarities_are_negative_too(lowest: float):
    chance = np.random.default_rng(0)
    for seed in range(20):
        features = torch.from_numpy(chance.uniform(lowest, 1, (40, 3)))
        queries = Factors(None, torch.from_numpy(chance.uniform(lowest, 1, (4, 3)))).normalized()
        pool = Factors(None, features).normalized()
        (chain,) = smi.chains(Function.COM, pool, [queries], 7, 0.5)
        items, gains = naive(Function.COM, pool, queries, 0.5, 7)
        assert chain.items.tolist() == items, seed
        assert chain.gains == pytest.approx(gains, abs=1e-9)


def test_in_com_what_has_no_value_comes_last():
    pool = Factors(None, torch.tensor([[-1.0], [1.0], [-1.0]], dtype=torch.float64))
    queries = Factors(None, torch.tensor([[1.0], [1.0]], dtype=torch.float64))
    (chain,) = smi.chains(Function.COM, pool, [queries], 3)
    assert chain.items.tolist() == [1, 0, 2]
    assert (chain.gains[1:] < -1e300).all()
    assert np.isfinite(chain.gains).all()
    assert chain.gains[0] == pytest.approx(np.log(3) + 2 * np.log(2))


def test_in_com_many_without_a_value_come_last_in_order():
    pool = Factors(None, torch.tensor([[1.0], *[[-1.0]] * 50], dtype=torch.float64))
    queries = Factors(None, torch.tensor([[1.0], [1.0]], dtype=torch.float64))
    (chain,) = smi.chains(Function.COM, pool, [queries], 40)
    assert chain.items.tolist() == list(range(40))


def test_golden_numbers():
    pool = Factors(None, torch.tensor([[0.6, 0.8], [1.0, 0.0], [-1.0, 0.0]], dtype=torch.float64))
    queries = Factors(None, torch.tensor([[1.0, 0.0], [0.0, 1.0]], dtype=torch.float64))

    def run(function: Function):
        (chain,) = smi.chains(function, pool, [queries], 2, 0.5)
        return chain.items.tolist(), chain.gains.tolist()

    # similarities: (0.6, 0.8), (1, 0), (-1, 0); among the pool 0.6, -0.6, -1
    assert run(Function.FLQMI) == ([0, 1], pytest.approx([0.6 + 0.8 + 0.5 * 0.8, 0.4 + 0.5]))
    assert run(Function.GCMI) == ([0, 1], pytest.approx([1.4, 1.0]))
    # the most of each is 0.4, 0.5 and 0: item 0 covers 0.4 + 0.5, and nothing is left
    assert run(Function.FLVMI) == ([0, 1], pytest.approx([0.9, 0.0]))
    both = 0.5 * np.log(2.4) + np.log(1.6) + np.log(1.8)
    assert run(Function.COM) == ([0, 1], pytest.approx([both, 0.5 * np.log(2) + np.log(2.6 / 1.6)]))


@pytest.mark.parametrize("function", list(Function))
def test_of_identical_items_the_lowest_is_picked_first(function: Function):
    pool = Factors(None, torch.ones(50, 2))
    (chain,) = smi.chains(function, pool.normalized(), [pool.take(slice(3)).normalized()], 6)
    assert chain.items.tolist() == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize("function", list(Function))
def test_more_picks_than_items_are_all_items(function: Function):
    (chain,) = smi.chains(function, vectors(5, 0), [vectors(2, 1)], 9)
    assert sorted(chain.items) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("function", list(Function))
def test_blocks_change_nothing(function: Function, monkeypatch: pytest.MonkeyPatch):
    pool, queries = vectors(50, 0), [vectors(3, 1), vectors(5, 2)]
    whole = list(smi.chains(function, pool, queries, 8))
    monkeypatch.setattr(smi, "_BLOCK", 7)
    monkeypatch.setattr(smi, "_BATCH", 3)
    for a, b in zip(whole, smi.chains(function, pool, queries, 8), strict=True):
        assert a.items.tolist() == b.items.tolist()
        assert a.gains == pytest.approx(b.gains)


@pytest.mark.parametrize("function", list(Function))
def test_it_stops_when_told_to(function: Function):
    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(smi.chains(function, vectors(9, 0), [vectors(2, 1)], 3, poll=stop))
