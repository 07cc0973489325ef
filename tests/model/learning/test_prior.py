"""A layer of other images and one of the labels here, joined."""

from __future__ import annotations

import torch

from model.learning.config import PRESETS
from model.learning.last_layer import LastLayer, train_last_layer
from model.learning.prior import HALF, helps, join
from model.port import NullPort

CONFIG = PRESETS["quick"]
MIDDLES = 3 * torch.eye(3, 6)


def images(count: int, seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    labels = torch.arange(count) % 3
    noise = torch.randn(count, 6, generator=torch.Generator().manual_seed(seed))
    return MIDDLES[labels] + noise, labels


def layer(count: int, seed: int) -> LastLayer:
    return train_last_layer(*images(count, seed), 3, CONFIG, 0, NullPort())


def test_the_earlier_layer_counts_whole_and_the_new_one_by_its_labels():
    prior, new = layer(90, 1), layer(30, 2)
    features, _ = images(5, 3)
    joined = join(prior, new, HALF).logits(features)
    torch.testing.assert_close(joined, prior.logits(features) + new.logits(features) / 2)
    torch.testing.assert_close(join(prior, new, 0).logits(features), prior.logits(features))


def test_a_model_that_is_right_here_helps_and_one_of_other_classes_does_not():
    prior = layer(90, 1)
    wrong = LastLayer(prior.weight.roll(1, 0), prior.bias.roll(1), (), prior.stop)
    features, labels = images(30, 4)
    assert helps(prior, features, labels, 3, CONFIG, 0, NullPort())
    assert not helps(wrong, features, labels, 3, CONFIG, 0, NullPort())
    few, theirs = images(3, 5)
    assert helps(wrong, few, theirs, 3, CONFIG, 0, NullPort()), "three labels cannot tell"
