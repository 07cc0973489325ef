"""k-means on features that fall into groups."""

from __future__ import annotations

import pytest
import torch

from model.port import Cancelled, NullPort
from model.selection.functions.clusters import cluster_features


def make_groups(each: int = 30) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(0)
    centres = torch.eye(5, 8)
    labels = torch.arange(5).repeat_interleave(each)
    return centres[labels] + 0.05 * torch.randn(len(labels), 8, generator=generator), labels


def test_groups_are_found_however_long_their_features_are() -> None:
    features, labels = make_groups()
    found = cluster_features(features * torch.linspace(0.1, 9, len(labels))[:, None], 5, 1, NullPort())
    pairs = set(zip(found.cluster.tolist(), labels.tolist(), strict=True))
    assert len(pairs) == 5
    assert float(found.distance.max()) < 0.5


def test_the_same_seed_gives_the_same_clusters() -> None:
    features, _ = make_groups()
    first, again = (cluster_features(features, 12, 7, NullPort()) for _ in range(2))
    assert torch.equal(first.cluster, again.cluster)
    assert torch.equal(first.distance, again.distance)


def test_images_that_are_all_the_same_are_no_mistake() -> None:
    found = cluster_features(torch.ones(6, 3), 4, 1, NullPort())
    assert float(found.distance.max()) < 1e-3
    assert len(found.cluster) == 6
    assert set(cluster_features(torch.eye(3), 9, 1, NullPort()).cluster.tolist()) == {0, 1, 2}


def test_grouping_can_be_cancelled() -> None:
    class Stopped(NullPort):
        def cancelled(self) -> bool:
            return True

    with pytest.raises(Cancelled):
        cluster_features(torch.eye(3), 2, 1, Stopped())
