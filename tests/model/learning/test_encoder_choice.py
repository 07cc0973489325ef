"""The features that the last layer stands on are those that predict the labels best, out of fold."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch

from model.learning.config import PRESETS
from model.learning.encoder_choice import choose_encoder, join_features, out_of_fold, with_joined
from model.learning.encoder_scores import FIRST_LABELS, JOINED, EncoderChoice, Score, is_due, read_choice
from model.port import Cancelled, NullPort

CONFIG = PRESETS["quick"]
LABELS = torch.arange(60) % 3


def features(spread: float, part: slice = slice(0, 3), seed: int = 0) -> torch.Tensor:
    """Classes along axes of their own; those outside of ``part`` look the same."""
    generator = torch.Generator().manual_seed(seed)
    centres = torch.zeros(3, 8)
    for label in range(3):
        centres[label, label if label in range(3)[part] else 7] = 5.0
    return centres[LABELS] + spread * torch.randn(len(LABELS), 8, generator=generator)


class Stopped(NullPort):
    def cancelled(self) -> bool:
        return True


def choose(**candidates: torch.Tensor):
    return choose_encoder(candidates, LABELS, 3, CONFIG, 0, NullPort())


def test_the_one_that_predicts_better_is_chosen_wherever_it_stands():
    good, bad = features(1.0), features(8.0)
    for candidates in ({"small": bad, "better": good}, {"small": good, "better": bad}):
        found = choose(**candidates)
        assert found is not None
        assert candidates[found.chosen] is good
        assert list(found.scores) == ["small", "better"]
        assert found.scores[found.chosen].accuracy > 0.9
        assert found.labels == 60


def test_a_dearer_one_that_is_no_better_is_not_chosen():
    found = choose(small=features(2.0), better=features(2.0, seed=1), same=features(2.0))
    assert found is not None
    assert found.chosen == "small"


def test_two_that_see_different_things_are_joined():
    candidates = with_joined({"small": features(0.7, slice(0, 1)), "better": features(0.7, slice(1, 2), 1)})
    assert list(candidates) == ["small", "better", JOINED]
    found = choose(**candidates)
    assert found is not None
    assert found.chosen == JOINED
    assert "joined, chosen at 60 labels (small " in found.sentence()
    assert list(with_joined({"small": features(1.0)})) == ["small"]


def test_joined_features_have_the_same_length_in_each_part():
    joined = join_features([torch.full((2, 3), 7.0), torch.tensor([[1e-3, 0.0], [0.0, 0.0]])])
    assert joined.shape == (2, 5)
    assert joined[:, :3].norm(dim=1) == pytest.approx(10.0)
    assert joined[:, 3:].norm(dim=1).tolist() == pytest.approx([10.0, 0.0])


def test_no_label_is_predicted_by_a_layer_that_saw_it():
    # Features that name each item: a layer that saw the item would be right, one that did not cannot be.
    alone = torch.eye(len(LABELS))
    right = out_of_fold(alone, LABELS, 3, CONFIG, 0, NullPort()).argmax(1) == LABELS
    assert float(right.float().mean()) < 0.5


def test_scores_are_those_of_an_own_computation():
    found = choose(small=features(3.0))
    assert found is not None
    probabilities = out_of_fold(features(3.0), LABELS, 3, CONFIG, 0, NullPort()).numpy()
    assert found.scores["small"].accuracy == pytest.approx((probabilities.argmax(1) == LABELS.numpy()).mean())
    logs = np.log(np.clip(probabilities, 1e-6, None))
    plain = []
    for temperature in np.logspace(-1, 1.5, 101):
        scaled = np.exp(logs / temperature)
        scaled /= scaled.sum(1, keepdims=True)
        plain.append(-np.log(scaled[np.arange(60), LABELS.numpy()]).mean())
    assert min(plain) <= found.scores["small"].log_loss + 1e-6
    assert found.scores["small"].log_loss == pytest.approx(min(plain), abs=0.02)


def test_too_few_labels_choose_nothing_and_a_cancellation_ends_it():
    few = torch.tensor([0, 0, 0, 0, 1])
    assert choose_encoder({"small": torch.randn(5, 4)}, few, 2, CONFIG, 0, NullPort()) is None
    assert choose_encoder({}, LABELS, 3, CONFIG, 0, NullPort()) is None
    with pytest.raises(Cancelled):
        choose_encoder({"small": features(1.0)}, LABELS, 3, CONFIG, 0, Stopped())


def test_comparisons_come_at_twice_as_many_labels_and_choices_are_written_and_read():
    assert not is_due(FIRST_LABELS - 1, None)
    assert is_due(FIRST_LABELS, None)
    choice = EncoderChoice("better", 30, {"small": Score(0.5, 1.25), "better": Score(0.75, 0.5)})
    assert not is_due(59, choice)
    assert is_due(60, choice)
    assert read_choice(json.loads(json.dumps(choice.as_dict()))) == choice
    assert read_choice(None) is None
