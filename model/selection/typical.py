"""The hard tier by what is typical: images in the middle of groups of which none is labeled yet (TypiClust)."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from model.names import UNKNOWN
from model.port import Port
from model.selection.base import Options, Picks, Snapshot, Tier
from model.selection.functions.clusters import cluster_features
from model.selection.hard import predictions
from model.selection.registry import Strategy, register

_DIRECTIONS = 64  # principal ones, in which groups are sought: 20 times faster than in 1,280
_LEAST_SIZE = 4  # items a cluster, on average


def typical(snapshot: Snapshot, pool: Tensor, budget: int, options: Options, seed: int, port: Port) -> Picks:
    """Pick from each of the largest groups without a label the item that is nearest to the group's centre.

    After Hacohen, Dekel and Weinshall (2022): k-means makes as many clusters as there are labels and picks together,
    with :data:`_LEAST_SIZE` items each on average at least; where all have labels, those with most items for each label
    come first. The score is the number of unlabeled items of the cluster for each label that it will have; a
    cluster's first label counts as many more as there are items.
    """
    labeled = int((snapshot.labels != UNKNOWN).sum())
    count = max(1, min(labeled + budget, len(snapshot) // _LEAST_SIZE))
    clusters = cluster_features(_project(snapshot.features.cpu().float()), count, seed, port)
    items = pool.cpu()
    group, distance = clusters.cluster[items], clusters.distance[items]
    known = torch.bincount(clusters.cluster[(snapshot.labels != UNKNOWN).cpu()], minlength=count)
    left = torch.bincount(group, minlength=count).double()
    # The place of each item in its group, the nearest to the centre first.
    order = torch.from_numpy(np.lexsort((distance.numpy(), group.numpy())))
    starts = torch.cumsum(left.long(), 0) - left.long()
    place = torch.empty(len(items), dtype=torch.int64)
    place[order] = torch.arange(len(items)) - starts[group[order]]
    fresh = (
        (known[group] == 0) & (place == 0)
    ).double()  # groups that no label has reached: before all others
    score = left[group] / (1 + known[group] + place) + fresh * len(snapshot)
    chosen = torch.argsort(score, descending=True, stable=True)[:budget]
    picked = pool[chosen.to(pool.device)]
    return Picks.of(picked, predictions(snapshot, picked), score[chosen], budget)


def _project(features: Tensor) -> Tensor:
    """Features of length 1, centred, in their principal directions."""
    unit = torch.nn.functional.normalize(features, dim=1)
    centred = unit - unit.mean(dim=0)
    if centred.shape[1] <= _DIRECTIONS:
        return centred
    directions = torch.linalg.eigh(centred.T @ centred).eigenvectors[:, -_DIRECTIONS:]
    projected: Tensor = centred @ directions
    return projected


register("typical", Strategy("Typical of unlabeled groups", Tier.HARD, typical))
