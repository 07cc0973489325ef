"""The score by which the program takes images: how far the likeliest class is ahead, and how many neighbours agree."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studies.finish.exact import Floats

NEIGHBOURS = 15


def score_items(probabilities: Floats, agreeing: Floats) -> Floats:
    """Margin of the two likeliest classes times the mean of 1 and the share of the nearest labels that agree, (n,).

    ``probabilities`` (n, C); ``agreeing`` (n,) of the :data:`NEIGHBOURS` nearest labeled items, the share with the
    likeliest class, an item's own label not among them. Any score is valid that was made without looking at which
    items are in the sample; this one lets the program label more than confidence does (see docs/finish.md).
    """
    score: Floats = margins(probabilities) * (1 + agreeing) / 2
    return score


def margins(probabilities: Floats) -> Floats:
    """How far the likeliest class is ahead of the next, (n,), by ``probabilities`` (n, C) of two classes or more."""
    top = np.partition(probabilities, -2, axis=1)[:, -2:]
    ahead: Floats = top[:, 1] - top[:, 0]
    return ahead


def score_by_folds(by_folds: Floats, predicted: NDArray[np.int64], labels: NDArray[np.int64]) -> Floats:
    """Scores (m,) of unlabeled items by probabilities ``by_folds`` (m, C); 0 where the class
    ``predicted`` (m,) by them is another than the class ``labels`` (m,) that the program would give.

    A threshold is read off scores out of fold. The model that labels is surer than models of folds, which have seen
    fewer labels, and not always as much better: above the threshold it would label more than the sample tells of. By
    the fold's own score, each wrong label is a wrong one of a fold above the threshold, which the sample does tell of.
    """
    return np.where(predicted == labels, margins(by_folds), 0.0)


def share_agreeing(
    features: Floats, labeled: Floats, labels: NDArray[np.int64], predicted: NDArray[np.int64], own: bool
) -> Floats:
    """Of each item's nearest labeled items the share with its ``predicted`` class, (n,).

    ``features`` (n, d) and ``labeled`` (m, d) are of unit length or alike; ``labels`` (m,). ``own``: the items are the
    labeled ones themselves, in the same order, and none counts as its own neighbour.
    """
    count = min(NEIGHBOURS, len(labels) - own)
    if count < 1:
        return np.zeros(len(features))
    near = features @ labeled.T - 0.5 * (labeled**2).sum(axis=1)
    if own:
        np.fill_diagonal(near, -np.inf)
    nearest = np.argpartition(-near, count - 1, axis=1)[:, :count]
    shares: Floats = (labels[nearest] == predicted[:, None]).mean(axis=1)
    return shares
