from __future__ import annotations

import torch

from model.rounds.selecting import confusable


def test_classes_are_confused_with_those_that_get_their_probability():
    """Means over each class's labeled items, by hand: class 0 (0.6, 0.1, 0.3), class 1 (0.3, 0.6, 0.1)."""
    probabilities = torch.tensor(
        [[0.8, 0.1, 0.1], [0.4, 0.1, 0.5], [0.3, 0.6, 0.1], [0.0, 0.0, 1.0]], dtype=torch.float32
    )
    assert confusable(probabilities, torch.tensor([0, 0, 1, -1])) == ((2, 1), (0, 2), ())


def test_at_most_three_are_named():
    found = confusable(torch.full((2, 6), 1 / 6), torch.tensor([0, 5]))
    assert [len(others) for others in found] == [3, 0, 0, 0, 0, 3]
    assert 0 not in found[0]
    assert 5 not in found[5]
