"""BAIT against the same greedy steps with matrices that are built and inverted in full."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from model.port import Cancelled
from model.selection import bait, select
from model.selection.base import Snapshot
from tests.model.watcher import Watcher


def snapshot(n: int, classes: int, d: int, labeled: int = 0, seed: int = 0, scale: float = 1.0) -> Snapshot:
    chance = torch.Generator().manual_seed(seed)
    logits = 2 * torch.randn(n, classes, generator=chance, dtype=torch.float64)
    features = scale * (1 + torch.randn(n, d, generator=chance, dtype=torch.float64))
    labels = torch.full((n,), -1)
    labels[torch.randperm(n, generator=chance)[:labeled]] = 0
    return Snapshot(logits.softmax(dim=1), features, labels)


def information(of: Snapshot, exact: bool) -> Tensor:
    """Of each item, (n, side, side)."""
    found = []
    for p, h in zip(of.probabilities, of.features, strict=True):
        curvature = torch.diag(p) - torch.outer(p, p)
        if not exact:
            curvature = torch.eye(1, dtype=p.dtype) * curvature.trace() / len(p)
        found.append(torch.kron(curvature, torch.outer(h, h)))
    return torch.stack(found)


def plain(of: Snapshot, budget: int, exact: bool) -> tuple[list[int], dict[int, float]]:
    """Algorithm 1 as it is written."""
    each, pool = information(of, exact), of.unlabeled
    fisher = each[pool].mean(dim=0)
    matrix = torch.eye(each.shape[1], dtype=each.dtype) + each[of.labels >= 0].sum(dim=0)

    def trace(m: Tensor) -> float:
        return float((torch.linalg.inv(m) @ fisher).trace())

    picks: list[int] = []
    falls: dict[int, float] = {}
    for _ in range(min(2 * budget, len(pool))):
        left = [i for i in pool.tolist() if i not in picks]
        best = min(left, key=lambda i: trace(matrix + each[i]))
        falls[best] = trace(matrix) - trace(matrix + each[best])
        picks.append(best)
        matrix = matrix + each[best]
    while len(picks) > budget:
        least = min(picks, key=lambda i: trace(matrix - each[i]))
        picks.remove(least)
        matrix = matrix - each[least]
    return picks, falls


@pytest.mark.parametrize("exact", [True, False])
@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("renew", ["often", "seldom"])
def test_the_picks_are_those_of_the_plain_algorithm(
    exact: bool, seed: int, renew: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(bait, "_EXACT_SIDE", 1024 if exact else 0)
    monkeypatch.setattr(bait, "_BLOCK", 64)
    if renew == "often":
        monkeypatch.setattr(bait, "_RENEW", 2)
    of = snapshot(24, classes=2 + seed % 3, d=3, labeled=4 * (seed % 2), seed=seed)
    found = select("bait", of, 6)
    picks, falls = plain(of, 6, exact)
    assert found.items.tolist() == picks
    assert found.scores.tolist() == pytest.approx([falls[i] for i in picks])
    assert found.suggestions.tolist() == of.probabilities[found.items].argmax(dim=1).tolist()


def test_by_hand():
    # Two classes, p = (1/2, 1/2): the curvature is (1/4) [1 -1; -1 1], of which the one eigenvalue not 0 is 1/2;
    # so with one feature h an item adds h^2 / 2 to the one variance that matters, and F is the mean of that.
    features = torch.tensor([[1.0], [2.0], [0.0]], dtype=torch.float64)
    of = Snapshot(torch.full((3, 2), 0.5, dtype=torch.float64), features, torch.full((3,), -1))
    found = select("bait", of, 1)
    mean = (0.5 + 2.0) / 3
    assert found.items.tolist() == [1]
    assert found.scores.tolist() == pytest.approx([mean - mean / (1 + 2.0)])


def test_the_wider_of_two_is_the_approximation(monkeypatch: pytest.MonkeyPatch):
    assert bait._is_exact(snapshot(10, 4, 5), 10)
    assert not bait._is_exact(snapshot(1, 100, 11), 1)
    monkeypatch.setattr(bait, "_EXACT_WORK", 10 * 4 * 4 * 5 - 1)
    assert not bait._is_exact(snapshot(10, 4, 5), 10)


def test_in_float32_the_picks_are_as_good(monkeypatch: pytest.MonkeyPatch):
    of = snapshot(200, classes=5, d=16, labeled=20, seed=3, scale=30.0)
    monkeypatch.setattr(bait, "_EXACT_SIDE", 0)
    wanted = select("bait", of, 20)
    monkeypatch.setattr(bait, "_DOUBLE", 0)
    single = Snapshot(of.probabilities.float(), of.features.float(), of.labels)
    found = select("bait", single, 20)
    assert left(of, found.items.tolist()) == pytest.approx(left(of, wanted.items.tolist()), rel=1e-3)


def left(of: Snapshot, picks: list[int]) -> float:
    each = information(of, exact=False)
    matrix = (
        torch.eye(each.shape[1], dtype=each.dtype) + each[of.labels >= 0].sum(dim=0) + each[picks].sum(dim=0)
    )
    return float((torch.linalg.inv(matrix) @ each[of.unlabeled].mean(dim=0)).trace())


@pytest.mark.parametrize("exact", [True, False])
def test_it_leaves_less_than_chance_does(exact: bool, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bait, "_EXACT_SIDE", 1024 if exact else 0)
    of = snapshot(100, classes=3, d=6, seed=8)
    mine = left(of, select("bait", of, 10).items.tolist())
    assert all(mine < left(of, select("random", of, 10, seed=seed).items.tolist()) for seed in range(20))


def test_the_whole_pool_needs_no_backward_pass():
    of = snapshot(9, classes=3, d=2)
    assert sorted(select("bait", of, 9).items.tolist()) == list(range(9))


@pytest.mark.parametrize("scale", [1e-12, 1e9, 1e30])
def test_features_of_any_scale(scale: float):
    found = select("bait", snapshot(30, classes=3, d=4, scale=scale), 5)
    assert len(set(found.items.tolist())) == 5


def test_probabilities_that_sum_to_1_but_for_rounding():
    of = snapshot(200, classes=12, d=30)
    single = Snapshot(of.probabilities.float(), of.features.float(), of.labels)
    assert select("bait", single, 5).items.tolist() == select("bait", of, 5).items.tolist()


def test_cancelled():
    with pytest.raises(Cancelled):
        select("bait", snapshot(30, classes=3, d=4), 5, port=Watcher(stop_after=0))


def test_progress_counts_both_passes():
    port = Watcher()
    select("bait", snapshot(30, classes=3, d=4), 5, port=port)
    assert [(done, total) for done, total, _ in port.told] == [(step, 15) for step in range(1, 16)]
