"""The graph of a pool: who is joined to whom, and labels spread along it, by hand."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from model.learning.neighbours import near_duplicates, neighbours
from model.port import Cancelled, NullPort
from tests.model.watcher import Watcher


def two_pairs() -> torch.Tensor:
    """Less their mean, 0 and 1 point one way, 2 and 3 the other, each pair at a right angle to nobody."""
    return torch.tensor([[2.0, 1.0], [2.0, 1.0], [0.0, 1.0], [0.0, 1.0]])


def test_each_is_joined_to_what_points_its_way():
    weights = neighbours(two_pairs(), NullPort(), nearest=3).weights.toarray()
    expected = np.zeros((4, 4))
    expected[[0, 1, 2, 3], [1, 0, 3, 2]] = 1.0  # cosine 1 both ways: 2 over the root of 2 times 2
    assert weights == pytest.approx(expected)


def test_nearer_ones_count_for_more():
    angles = torch.deg2rad(torch.tensor([0.0, 20.0, 60.0]))
    one_way = torch.stack([angles.cos(), angles.sin()], dim=1)
    around = torch.cat([one_way, -one_way])  # so that the mean is 0
    weights = neighbours(around, NullPort(), nearest=5).weights.toarray()
    cubes = np.cos(np.deg2rad([[0, 20, 60], [20, 0, 40], [60, 40, 0]])) ** 3
    np.fill_diagonal(cubes, 0)
    degrees = cubes.sum(axis=1)
    assert weights[:3, :3] == pytest.approx(cubes / np.sqrt(np.outer(degrees, degrees)), abs=1e-5)
    assert not weights[:3, 3:].any(), "those at a right angle or beyond are not joined"


def test_labels_spread_to_their_pair_alone():
    graph = neighbours(two_pairs(), NullPort(), nearest=1)
    told = graph.spread(torch.tensor([0, -1, -1, -1]), 2)
    assert told[1].tolist() == pytest.approx([1 - 0.0005 / 1.001, 0.0005 / 1.001], abs=1e-5)
    assert told[2].tolist() == pytest.approx([0.5, 0.5])
    assert told.sum(dim=1).tolist() == pytest.approx([1.0] * 4)


def test_a_class_counts_once_however_many_its_labels():
    graph = neighbours(
        torch.tensor([[1.0, 0.0], [1.0, 0.0], [1.0, 0.0], [1.0, 0.0], [-4.0, 0.0]]), NullPort()
    )
    told = graph.spread(torch.tensor([0, 0, 1, -1, -1]), 2)
    assert told[3].tolist() == pytest.approx([0.5, 0.5], abs=1e-3)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_small_and_equal_pools(n: int):
    graph = neighbours(torch.ones(n, 3), NullPort())
    assert len(graph) == n
    assert graph.spread(torch.full((n,), -1), 4).tolist() == [pytest.approx([0.25] * 4)] * n


def test_blocks_join_as_one_would(monkeypatch: pytest.MonkeyPatch):
    features = torch.randn(50, 6, generator=torch.Generator().manual_seed(1))
    whole = neighbours(features, NullPort()).weights.toarray()
    monkeypatch.setattr("model.learning.neighbours._CHUNK", 7)
    assert neighbours(features, NullPort()).weights.toarray() == pytest.approx(whole, abs=1e-5)


def test_it_can_be_cancelled():
    with pytest.raises(Cancelled):
        neighbours(two_pairs(), Watcher(stop_after=0))


def test_near_duplicates_are_pairs_above_a_cosine():
    angles = torch.deg2rad(torch.tensor([0.0, 10.0, 60.0]))
    one_way = torch.stack([angles.cos(), angles.sin()], dim=1)
    around = torch.cat([one_way, -one_way])  # so that the mean is 0
    assert near_duplicates(around, 0.95, NullPort())[0].tolist() == [[0, 1], [3, 4]]
    pairs, cosines = near_duplicates(around, 0.6, NullPort())
    assert pairs.tolist() == [[0, 1], [1, 2], [3, 4], [4, 5]]
    assert cosines == pytest.approx(np.cos(np.deg2rad([10, 50, 10, 50])), abs=1e-5)
    assert near_duplicates(torch.ones(1, 3), 0.5, NullPort())[0].shape == (0, 2)
