"""Typical images of groups without a label."""

from __future__ import annotations

import torch

from model.selection import select
from model.selection.base import Snapshot


def in_groups(sizes: list[int], labeled: list[int]) -> tuple[Snapshot, torch.Tensor]:
    """Tight groups of the given sizes, in the first ``labeled`` of which an item has a label each; and the groups."""
    group = torch.cat([torch.full((size,), number) for number, size in enumerate(sizes)])
    generator = torch.Generator().manual_seed(1)
    features = torch.eye(len(sizes), 12)[group] + 0.02 * torch.randn(len(group), 12, generator=generator)
    labels = torch.full((len(group),), -1)
    for number in labeled:
        labels[int((group == number).nonzero()[0])] = number % 2
    return Snapshot(torch.full((len(group), 2), 0.5), features, labels), group


def test_the_largest_groups_without_a_label_come_first() -> None:
    snapshot, group = in_groups([30, 8, 20, 12, 25], labeled=[0, 2])
    picks = select("typical", snapshot, 3)
    assert group[torch.from_numpy(picks.items)].tolist() == [4, 3, 1]


def test_a_pick_stands_in_the_middle_of_its_group() -> None:
    snapshot, group = in_groups([10, 10], labeled=[0])
    features = snapshot.features.clone()
    features[12] = torch.eye(2, 12)[1]  # the very middle
    picks = select("typical", Snapshot(snapshot.probabilities, features, snapshot.labels), 1)
    others = features[group == 1]
    distance = (others - others.mean(dim=0)).norm(dim=1)
    assert distance[int(picks.items[0]) - 10] <= distance.median()
    assert group[int(picks.items[0])] == 1
