"""Zero-shot probabilities beside labels, by a stand-in for an encoder: names are right in a known share of classes."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
import torch
from torch import Tensor

from model.learning.config import preset
from model.learning.pool_learning import PoolLearner
from model.learning.witness import LEAST_LABELS, POWERS, Weight, join, multiply, weigh
from model.port import NullPort

POOL = preset("pool")
CLASSES, DIMENSIONS, ITEMS = 10, 64, 300


@dataclass(frozen=True)
class StandIn:
    """Images about directions of classes, and what names say of them."""

    features: Tensor  # (n, d), of length 10
    classes: Tensor  # (n,)
    said: Tensor  # (n, C)

    def labels(self, count: int, among: int = CLASSES, seed: int = 0) -> Tensor:
        """``count`` labels drawn from the first classes, -1 elsewhere."""
        free = torch.nonzero(self.classes < among).flatten()
        chosen = free[torch.randperm(len(free), generator=torch.Generator().manual_seed(seed))[:count]]
        return torch.full_like(self.classes, -1).index_copy(0, chosen, self.classes[chosen])

    def right(self, probabilities: Tensor, labels: Tensor) -> float:
        """The share of unlabeled items that are told."""
        return float((probabilities.argmax(dim=1) == self.classes)[labels < 0].float().mean())


def stand_in(share: float, noise: float = 0.2, seed: int = 0) -> StandIn:
    """Names of ``share`` of the classes are their directions, those of the others mean nothing."""
    chance = torch.Generator().manual_seed(seed)
    directions = torch.nn.functional.normalize(torch.randn(CLASSES, DIMENSIONS, generator=chance), dim=1)
    others = torch.nn.functional.normalize(torch.randn(CLASSES, DIMENSIONS, generator=chance), dim=1)
    classes = torch.arange(ITEMS) % CLASSES
    images = directions[classes] + noise * torch.randn(ITEMS, DIMENSIONS, generator=chance)
    images = torch.nn.functional.normalize(images, dim=1)
    known = (torch.arange(CLASSES) < round(share * CLASSES)).unsqueeze(1)
    said = (40 * images @ torch.where(known, directions, others).T).softmax(dim=1)
    return StandIn(10 * images, classes, said)


def taught(made: StandIn, labels: Tensor, with_names: bool = True) -> tuple[float, Weight | None]:
    """The share told by a layer of the pool's lesson, and what the names counted in it."""
    learner = PoolLearner(made.features, said=made.said if with_names else None)
    layer = learner.fit(labels, CLASSES, POOL, 0, NullPort())
    return made.right(layer.probabilities(made.features), labels), learner.weight


def test_the_product_by_hand():
    found = multiply(torch.tensor([[0.5, 0.5], [0.9, 0.1]]), torch.tensor([[0.8, 0.2], [0.36, 0.64]]), 0.5)
    # 0.5 sqrt 0.8 : 0.5 sqrt 0.2 = 2 : 1; 0.9 x 0.6 : 0.1 x 0.8 = 54 : 8
    assert torch.allclose(found, torch.tensor([[2 / 3, 1 / 3], [54 / 62, 8 / 62]]), atol=1e-6)


def test_classes_without_a_label_are_left_what_names_give_them():
    targets, said = torch.tensor([[0.6, 0.4, 0.0]]), torch.tensor([[0.3, 0.2, 0.5]])
    labeled = torch.tensor([True, True, False])
    found = join(targets, said, 1.0, labeled)
    # 0.6 x 0.3 : 0.4 x 0.2 = 18 : 8 of the half that is left
    assert torch.allclose(found, torch.tensor([[0.5 * 18 / 26, 0.5 * 8 / 26, 0.5]]), atol=1e-5)
    assert torch.equal(join(targets, said, 0.0, labeled), targets)
    certain = join(targets, torch.tensor([[0.0, 0.0, 1.0]]), 1.0, labeled)
    assert torch.allclose(certain, torch.tensor([[0.0, 0.0, 1.0]]))


@pytest.mark.parametrize("labels", [10, 20])
def test_names_that_are_right_go_far_beyond_few_labels(labels):
    made = stand_in(1.0)
    given = made.labels(labels)
    (right, weight), (without, nothing) = taught(made, given), taught(made, given, with_names=False)
    assert nothing is None
    assert weight is not None
    assert weight.power > 0
    assert right > without + 0.1
    assert right > made.right(made.said, given) - 0.03


def test_names_that_mean_nothing_no_longer_count_once_labels_judge_them():
    made = stand_in(0.0)
    given = made.labels(LEAST_LABELS)
    right, weight = taught(made, given)
    assert weight is not None
    assert (weight.power, weight.labels) == (0.0, LEAST_LABELS)
    assert weight.log_loss == weight.without
    assert right == taught(made, given, with_names=False)[0]
    assert "do not help, and no longer count" in weight.sentence()


def test_names_that_are_right_for_some_count_less():
    made = stand_in(0.7)
    given = made.labels(40)
    right, weight = taught(made, given)
    assert weight is not None
    assert 0 < weight.power < 1
    assert weight.log_loss is not None
    assert weight.without is not None
    assert weight.log_loss < weight.without
    known = given >= 0
    share = float((made.said[known].argmax(dim=1) == made.classes[known]).float().mean())
    assert weight.right == pytest.approx(share)
    assert f"names alone tell {share:.0%} of 40 labels" in weight.sentence()
    assert right >= taught(made, given, with_names=False)[0] - 0.02


def test_classes_that_nobody_has_labeled_are_suggested_by_their_names():
    made = stand_in(1.0)
    given = made.labels(20, among=5)
    unseen = made.classes >= 5
    layer = PoolLearner(made.features, said=made.said).fit(given, CLASSES, POOL, 0, NullPort())
    told = layer.probabilities(made.features).argmax(dim=1) == made.classes
    assert float(told[unseen].float().mean()) > 0.9


def test_fewer_labels_do_not_judge_them():
    made = stand_in(0.0)
    known = torch.nonzero(made.labels(LEAST_LABELS - 1) >= 0).flatten()
    weight = weigh(made.features[known], made.classes[known], made.said[known], POOL, 0, NullPort())
    assert weight == Weight(1.0, 0)
    assert "until there are labels enough" in weight.sentence()


def test_labels_that_leave_a_fold_with_one_class_do_not_judge_them():
    made = stand_in(0.0)
    rows = torch.cat([torch.nonzero(made.classes == 0).flatten()[:11], torch.tensor([1])])
    weight = weigh(made.features[rows], made.classes[rows], made.said[rows], POOL, 0, NullPort())
    assert weight == Weight(1.0, 0)


def test_names_that_say_the_same_of_all_do_not_count():
    made = stand_in(1.0)
    known = torch.nonzero(made.labels(20) >= 0).flatten()
    even = torch.full((20, CLASSES), 1 / CLASSES)
    weight = weigh(made.features[known], made.classes[known], even, POOL, 0, NullPort())
    assert weight.power == POWERS[0]
