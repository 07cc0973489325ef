"""The model's own doubt, against numbers known by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from model.selection import hard, select
from model.selection.base import Picks, Snapshot

ROWS = torch.tensor(
    [
        [0.5, 0.5, 0.0],  # two classes even
        [0.4, 0.3, 0.3],  # least confident, most entropy
        [0.0, 1.0, 0.0],  # sure
        [0.6, 0.2, 0.2],
        [0.1, 0.2, 0.7],
    ],
    dtype=torch.float64,
)


def snapshot(rows: torch.Tensor = ROWS) -> Snapshot:
    return Snapshot(rows, torch.ones(len(rows), 2), torch.full((len(rows),), -1))


def picks(name: str, budget: int = 5, seed: int = 0) -> Picks:
    return select(name, snapshot(), budget, seed=seed)


def test_entropy():
    found = picks("entropy")
    by_hand = [math.log(2), -0.4 * math.log(0.4) - 0.6 * math.log(0.3), 0.0]
    assert hard.entropy(ROWS[:3]).tolist() == pytest.approx(by_hand)
    assert found.items.tolist() == [1, 3, 4, 0, 2]
    assert found.scores[-1] == 0


def test_least_confidence():
    found = picks("least-confidence")
    assert found.items.tolist() == [1, 0, 3, 4, 2]
    assert found.scores.tolist() == pytest.approx([0.6, 0.5, 0.4, 0.3, 0.0])


def test_margin():
    found = picks("margin")
    assert found.items.tolist() == [0, 1, 3, 4, 2]
    assert found.scores.tolist() == pytest.approx([0.0, -0.1, -0.4, -0.5, -1.0])


def test_of_one_class_every_margin_is_the_same():
    found = select("margin", snapshot(torch.ones(4, 1)), 3)
    assert found.items.tolist() == [0, 1, 2]
    assert found.scores.tolist() == [-1.0] * 3


@pytest.mark.parametrize("name", ["random", "entropy", "least-confidence", "margin"])
def test_the_suggestion_is_the_prediction_and_of_equal_ones_the_lowest_class(name: str):
    found = picks(name)
    assert dict(zip(found.items.tolist(), found.suggestions.tolist(), strict=True)) == {
        0: 0,
        1: 0,
        2: 1,
        3: 0,
        4: 2,
    }


@pytest.mark.parametrize("name", ["entropy", "least-confidence", "margin"])
def test_equal_items_are_taken_from_the_lowest_position_on(name: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(hard, "_ROWS", 7)
    same = snapshot(torch.tensor([0.2, 0.5, 0.3]).expand(40, 3))
    assert select(name, same, 30).items.tolist() == list(range(30))


def test_margins_too_close_for_float32_sums_are_still_told_apart():
    rows = torch.tensor([[0.5 + 3e-8, 0.5 - 3e-8], [0.5, 0.5], [0.5 + 6e-8, 0.5 - 6e-8]])
    assert select("margin", snapshot(rows), 3).items.tolist() == [1, 0, 2]


def test_random_is_uniform():
    counts = np.zeros(5)
    for seed in range(2000):
        counts[picks("random", 2, seed).items] += 1
    expected = 2000 * 2 / 5
    # Items of one draw exclude each other, so the statistic is below that of 4 degrees of freedom.
    assert ((counts - expected) ** 2 / expected).sum() < 18.5  # 99.9 %


def test_random_takes_items_in_the_order_of_its_numbers():
    found = picks("random")
    assert sorted(found.items.tolist()) == list(range(5))
    assert (np.diff(found.scores) < 0).all()
