"""Scores by margin and neighbours."""

from __future__ import annotations

import numpy as np
import pytest

from studies.finish.score import margins, score_by_folds, score_items, share_agreeing


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


def test_what_the_model_of_a_fold_calls_otherwise_has_no_score() -> None:
    by_folds = np.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]])
    assert score_by_folds(by_folds, np.array([0, 1, 0]), np.array([0, 0, 0])) == pytest.approx(
        [0.8, 0.0, 0.2]
    )


def test_a_model_that_is_surer_than_those_of_folds_labels_no_more_wrongly_than_the_sample_tells() -> None:
    """By its own scores a threshold that is read off the sample would let half as many again through."""
    chance = np.random.default_rng(5)
    by_folds = by_model = 0.0
    for _ in range(400):
        sure = 0.5 + chance.random(1000) / 2
        classes = (chance.random(1000) < 0.3 * 2 * (1 - sure)).astype(
            np.int64
        )  # of the model, and of folds: 0 is right
        drawn = chance.permutation(1000) < 200
        told = 0.5 + 2 * (sure - 0.5) ** 2
        probabilities = np.column_stack([told, 1 - told])
        score = score_by_folds(probabilities, classes, classes)
        threshold = np.sort(score[drawn & (classes > 0)])[::-1][3]
        wrong = ~drawn & (classes > 0)
        by_model += (wrong & (2 * sure - 1 > threshold)).sum() / 800
        by_folds += (wrong & (score > threshold)).sum() / 800
    assert by_folds / 400 == pytest.approx(4 / 201, rel=0.1), "as many as a frozen model's, on average"
    assert by_model > 1.3 * by_folds
