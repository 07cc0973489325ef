"""The easy tier by confidence: overall as in the paper, and by predicted class as in the authors' code."""

import numpy as np
import pytest
import torch

from model.selection import select
from model.selection.base import Snapshot


def snapshot(confidence, predicted, classes=3, labels=None):
    """A pool with the given largest probabilities, (n,), and predicted classes, (n,)."""
    confidence = torch.tensor(confidence, dtype=torch.float64)
    n = len(confidence)
    probabilities = ((1 - confidence) / (classes - 1)).unsqueeze(1).repeat(1, classes)
    probabilities[torch.arange(n), torch.tensor(predicted)] = confidence
    labels = torch.full((n,), -1) if labels is None else torch.tensor(labels)
    return Snapshot(probabilities, torch.zeros(n, 2), labels)


def test_the_most_confident_come_first_and_of_equals_the_first():
    picks = select("highest-confidence", snapshot([0.7, 0.9, 0.8, 0.9, 0.95], [0, 1, 2, 0, 1]), 4)
    assert picks.items.tolist() == [4, 1, 3, 2]
    assert picks.suggestions.tolist() == [1, 1, 0, 2]
    assert picks.scores.tolist() == pytest.approx([0.95, 0.9, 0.9, 0.8])
    assert picks.note == ""


def test_labeled_items_are_passed_over():
    picks = select("highest-confidence", snapshot([0.9, 0.8, 0.7], [0, 0, 0], labels=[1, -1, -1]), 1)
    assert picks.items.tolist() == [1]


def test_each_class_has_its_share_of_the_budget():
    # floor(4 (c + 1) / 3) - floor(4 c / 3) for c = 0, 1, 2: 1, 1, 2.
    given = snapshot([0.9, 0.95, 0.8, 0.7, 0.6, 0.65, 0.5], [0, 0, 1, 1, 2, 2, 2])
    picks = select("per-class-confidence", given, 4)
    assert picks.items.tolist() == [1, 2, 5, 4]
    assert picks.suggestions.tolist() == [0, 1, 2, 2]
    assert picks.note == ""


def test_what_a_rare_class_leaves_is_not_spent_elsewhere():
    given = snapshot([0.9, 0.95, 0.8, 0.7, 0.6, 0.99], [0, 0, 0, 0, 1, 0])
    picks = select("per-class-confidence", given, 6)
    assert picks.items.tolist() == [5, 1, 4]
    assert "2 classes are predicted less often" in picks.note
    assert "3 of 6 labels are left unspent" in picks.note


def test_the_shares_agree_with_a_plain_loop():
    rng = np.random.default_rng(0)
    for _ in range(50):
        n, classes, budget = int(rng.integers(5, 60)), int(rng.integers(2, 7)), int(rng.integers(1, 40))
        budget = min(budget, n)
        confidence = np.round(rng.uniform(0.6, 1, n), 1)  # many ties
        predicted = rng.integers(classes, size=n)
        picks = select("per-class-confidence", snapshot(confidence, predicted, classes), budget)
        expected = set()
        for label in range(classes):
            share = budget * (label + 1) // classes - budget * label // classes
            mine = [i for i in np.argsort(-confidence, kind="stable") if predicted[i] == label]
            expected |= set(mine[:share])
        assert set(picks.items.tolist()) == expected
        assert (np.diff(picks.scores) <= 0).all()
