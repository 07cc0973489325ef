"""Scores by margin and neighbours."""

from __future__ import annotations

import numpy as np
import pytest

from studies.finish.score import margins, score_items, share_agreeing


def test_margins_and_neighbours_make_the_score() -> None:
    p = np.array([[0.7, 0.2, 0.1], [0.4, 0.4, 0.2]])
    assert margins(p) == pytest.approx([0.5, 0.0])
    assert score_items(p, np.array([1.0, 1.0])) == pytest.approx([0.5, 0.0])
    assert score_items(p, np.array([0.0, 1.0])) == pytest.approx([0.25, 0.0])


def test_neighbours_agree_or_not() -> None:
    labeled = np.repeat([[1.0, 0.0], [0.0, 1.0]], 20, axis=0)
    labels = np.repeat([0, 1], 20)
    items = np.array([[0.9, 0.1], [0.1, 0.9], [0.9, 0.1]])
    assert share_agreeing(items, labeled, labels, np.array([0, 1, 1]), own=False).tolist() == [1.0, 1.0, 0.0]


def test_no_label_is_its_own_neighbour() -> None:
    features = np.array([[1.0, 0.0], [1.0, 0.01], [0.0, 1.0]])
    labels = np.array([0, 1, 1])
    found = share_agreeing(features, features, labels, labels, own=True)
    assert found.tolist() == [0.0, 0.5, 0.5]
    assert share_agreeing(features[:1], features[:1], labels[:1], labels[:1], own=True).tolist() == [0.0]
