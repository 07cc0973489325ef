"""BADGE against k-means++ on gradients that are built in full."""

from __future__ import annotations

import itertools
from collections import Counter

import numpy as np
import pytest
import torch
from scipy.stats import chi2
from torch import Tensor

from model.port import Cancelled
from model.selection import badge, select
from model.selection.base import Options, SelectionError, Snapshot
from tests.model.watcher import Watcher


def snapshot(
    n: int, classes: int = 4, d: int = 5, seed: int = 1, dtype: torch.dtype = torch.float64
) -> Snapshot:
    chance = torch.Generator().manual_seed(seed)
    logits = 2 * torch.randn(n, classes, generator=chance, dtype=torch.float64)
    features = torch.randn(n, d, generator=chance, dtype=torch.float64)
    return Snapshot(logits.softmax(dim=1).to(dtype), features.to(dtype), torch.full((n,), -1))


def squared_distances(of: Snapshot, bias: bool = False) -> Tensor:
    """All squared distances, (n, n), by building the gradients; the diagonal holds the squared lengths."""
    p, h = of.probabilities.double(), of.features.double()
    if bias:
        h = torch.cat([torch.ones(len(h), 1, dtype=h.dtype), h], dim=1)
    delta = p - torch.nn.functional.one_hot(p.argmax(dim=1), p.shape[1])
    gradients = (delta[:, :, None] * h[:, None, :]).flatten(start_dim=1)
    squared = (gradients[:, None] - gradients[None]).square().sum(dim=2)
    return squared + torch.diag(gradients.square().sum(dim=1))


def chances(squared: Tensor, budget: int) -> dict[tuple[int, ...], float]:
    """The chance of each sequence of picks."""
    first = int(squared.diagonal().argmax())
    between = squared - torch.diag(squared.diagonal())
    found = {}
    for rest in itertools.permutations([i for i in range(len(squared)) if i != first], budget - 1):
        chance, nearest = 1.0, between[first]
        for pick in rest:
            chance *= float(nearest[pick] / nearest.sum())
            nearest = torch.minimum(nearest, between[pick])
        found[(first, *rest)] = chance
    return found


def p_value(counts: Counter[tuple[int, ...]], expected: dict[tuple[int, ...], float]) -> float:
    """Of the chi-square test, rare sequences taken together."""
    assert set(counts) <= set(expected)
    draws = sum(counts.values())
    cells = [(counts[s], draws * e) for s, e in expected.items() if draws * e >= 5]
    cells.append((draws - sum(c for c, _ in cells), draws - sum(e for _, e in cells)))
    statistic = sum((c - e) ** 2 / e for c, e in cells if e > 0)
    return float(chi2.sf(statistic, len(cells) - 1))


@pytest.mark.parametrize("updates", ["as they pay", "never", "always"])
@pytest.mark.parametrize("candidates", [256, 3])
def test_sequences_are_drawn_as_by_plain_k_means_plus_plus(
    updates: str, candidates: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(badge, "_CANDIDATES", candidates)
    if updates != "as they pay":
        monkeypatch.setattr(badge._Sampler, "_worth_an_update", lambda _: updates == "always")
    pool = snapshot(6)
    counts = Counter(tuple(select("badge", pool, 4, seed=seed).items.tolist()) for seed in range(1000))
    assert len(counts) > 40
    assert p_value(counts, chances(squared_distances(pool), 4)) > 1e-3


def test_the_test_tells_a_wrong_draw():
    pool = snapshot(6)
    wrong = Counter(tuple(select("badge", pool, 4, seed=seed).items.tolist()) for seed in range(1000))
    by_distance = chances(squared_distances(pool).sqrt(), 4)
    assert p_value(wrong, by_distance) < 1e-6


@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize("small", [False, True])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_scores_are_the_squared_distances_at_the_time(
    bias: bool, small: bool, dtype: torch.dtype, monkeypatch: pytest.MonkeyPatch
):
    if small:
        for name, value in {"_CANDIDATES": 8, "_ROWS": 7, "_PRODUCTS": 21, "_HELD": 4}.items():
            monkeypatch.setattr(badge, name, value)
    pool = snapshot(50, dtype=dtype)
    picks = select("badge", pool, 30, options=Options(bias=bias), seed=3)
    squared = squared_distances(pool, bias)
    items = picks.items.tolist()
    wanted = [float(squared[items[0], items[0]])]
    wanted += [float(squared[items[place], items[:place]].min()) for place in range(1, 30)]
    np.testing.assert_allclose(picks.scores, wanted, rtol=1e-9 if dtype == torch.float64 else 1e-4)
    assert items[0] == int(squared.diagonal().argmax())


def test_only_the_pool_is_drawn_from():
    pool = snapshot(60)
    some = torch.arange(1, 60, 4)
    picks = select("badge", pool, 15, pool=some, seed=2)
    assert sorted(picks.items.tolist()) == some.tolist()


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_copies_of_picks_come_last_and_uniformly(dtype: torch.dtype):
    three = snapshot(3, d=300, dtype=dtype)
    kind = torch.arange(60) % 3
    copies = Snapshot(three.probabilities[kind], 100 + three.features[kind], torch.full((60,), -1))
    rest = []
    for seed in range(20):
        picks = select("badge", copies, 20, seed=seed)
        assert sorted(kind[picks.items[:3]].tolist()) == [0, 1, 2]
        assert (picks.scores[:3] > 0).all()
        assert (picks.scores[3:] == 0).all()
        assert len(set(picks.items.tolist())) == 20
        rest += picks.items[3:].tolist()
    assert set(rest) | set(picks.items[:1].tolist()) == set(range(60))


def test_without_any_gradient_the_draw_is_uniform():
    sure = torch.nn.functional.one_hot(torch.arange(40) % 4, 4).float()
    pool = Snapshot(
        sure, torch.randn(40, 3, generator=torch.Generator().manual_seed(0)), torch.full((40,), -1)
    )
    firsts = {int(select("badge", pool, 5, seed=seed).items[0]) for seed in range(40)}
    assert len(firsts) > 15


def test_features_that_overflow_are_refused_in_a_sentence():
    pool = snapshot(10, dtype=torch.float32)
    with pytest.raises(SelectionError, match="too large"):
        select("badge", Snapshot(pool.probabilities, pool.features * 1e30, pool.labels), 3)


@pytest.mark.parametrize("stop_after", [0, 1])
def test_cancelled(stop_after: int):
    with pytest.raises(Cancelled):
        select("badge", snapshot(30), 10, port=Watcher(stop_after))


def test_progress_ends_at_the_budget():
    port = Watcher()
    select("badge", snapshot(30), 10, port=port)
    told = [(done, total) for done, total, _ in port.told]
    assert told[0] == (1, 10)
    assert told[-1] == (10, 10)
