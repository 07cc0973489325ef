"""What judges the model of a round, live and simulated: held-out labels, and others out of fold."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from model.datasets.base import Problem
from model.learning.config import PRESETS, TrainingConfig
from model.learning.last_layer import LastLayer
from model.learning.training import Stop, TrainingError
from model.networks.loading import Loader
from model.networks.networks import frozen
from model.networks.transforms import small_images
from model.port import NullPort, Port
from model.rounds.learner import PoolLabels, RoundModel, labels_to_certify, train_round
from model.rounds.stopwatch import Stopwatch
from model.rounds.trainers import Pool, PoolModel, Trainer
from model.tiers import strategies_of
from tests.model.coloured import Coloured

N, READABLE = 12, np.delete(np.arange(12), 5)


class Counting(Trainer):
    """A trainer whose models know the labels they were trained on and predict class 0 for everything else."""

    def __init__(self, config: TrainingConfig = PRESETS["quick"]) -> None:
        pool = Pool(Loader(Coloured(N), small_images(8)), np.arange(N), 3, np.zeros(N, np.bool_))
        super().__init__(pool, config, torch.device("cpu"))
        self.fitted: list[list[int]] = []

    @property
    def problems(self) -> tuple[Problem, ...]:
        return ()

    def fit(self, labels: Tensor, seed: int, port: Port, watch: Stopwatch) -> PoolModel:
        layer = LastLayer(torch.zeros(3, 2), torch.zeros(3), (), Stop.MINIMUM)
        network = frozen("n", nn.Identity(), 2, 3, 0)
        probabilities = self._probabilities(labels)[torch.from_numpy(READABLE)]
        return PoolModel(network, layer, READABLE, probabilities, torch.zeros(len(READABLE), 2), 0)

    def fit_fold(self, labels: Tensor, items: Tensor, seed: int, port: Port) -> Tensor:
        return self._probabilities(labels)[items]

    def _probabilities(self, labels: Tensor) -> Tensor:
        known = torch.nonzero(labels >= 0).flatten().tolist()
        if len(labels[known].unique()) < 2:
            raise TrainingError("One class.")
        self.fitted.append(known)
        return nn.functional.one_hot(labels.clamp(min=0), 3).float()


def known(**changes: Any) -> PoolLabels:
    """Items 0 to 7 are labeled 1, 2, 1, 2 ...: 0 and 1 are held out, 2 to 4 a random sample, 7 an auto-label."""
    at = np.arange(N)
    labels = np.where(at < 8, 1 + at % 2, -1)
    given = PoolLabels(labels, at == 7, at < 2, (at >= 2) & (at < 5), at + 10)
    return replace(given, **changes)


def snapshot_of(trainer: Trainer, labels: PoolLabels, least: int | None) -> RoundModel:
    return train_round(trainer, labels, least, 1, NullPort(), Stopwatch())


def items(mask: Tensor) -> list[int]:
    return [int(item) for item in READABLE[mask.numpy()]]


def test_out_of_fold_predictions_judge_by_held_out_and_random_labels_together():
    trainer = Counting()
    learned = snapshot_of(trainer, known(), 5)
    snapshot = learned.snapshot
    assert trainer.fitted[0] == [2, 3, 4, 5, 6, 7], "all but held-out labels, auto-labels too"
    folds = trainer.fitted[1:]
    assert len(folds) == 4
    assert set.union(*map(set, folds)) == {2, 3, 4, 5, 6}, (
        "auto-labels know the part's labels: none in a fold"
    )
    assert items(snapshot.audit) == [0, 1, 2, 3, 4]
    assert items(snapshot.out_of_fold) == [0, 1, 2, 3, 4, 6], "5 cannot be read, 7 is the program's"
    # Held-out items and those of a fold are unknown to the model that predicts them; it says class 0.
    assert items(snapshot.probabilities.argmax(dim=1) > 0) == [7]
    assert learned.audit_accuracy == 0.0
    # A held-out item was drawn before everything else, however late it was labeled.
    assert snapshot.query_order.tolist() == [-1, -1, *(READABLE[2:] + 10).tolist()]


@pytest.mark.parametrize(
    ("least", "config"),
    [(None, PRESETS["quick"]), (6, PRESETS["quick"]), (5, replace(PRESETS["quick"], folds=0))],
    ids=["nothing is certified by it", "too few labels to certify anything", "no folds"],
)
def test_otherwise_held_out_labels_alone_judge_and_nothing_is_trained_for_it(least, config):
    trainer = Counting(config)
    learned = snapshot_of(trainer, known(), least)
    assert len(trainer.fitted) == 1
    assert items(learned.snapshot.audit) == items(learned.snapshot.out_of_fold) == [0, 1]
    without = snapshot_of(trainer, known(held_out=np.zeros(N, np.bool_)), least)
    assert not without.snapshot.audit.any()
    assert without.audit_accuracy is None


def test_a_part_with_one_class_left_ends_the_judging_and_not_the_round():
    labels = np.where(np.arange(N) < 4, 1, -1)
    labels[6] = 2
    learned = snapshot_of(Counting(), known(labels=labels), 3)
    assert items(learned.snapshot.audit) == [0, 1]


def test_people_who_labeled_only_held_out_items_judge_by_them():
    at = np.arange(N)
    learned = snapshot_of(Counting(), known(auto=(at >= 2) & (at < 8)), 2)
    assert items(learned.snapshot.audit) == [0, 1]


@pytest.mark.parametrize("keep", [True, False])
def test_auto_labels_are_kept_or_given_up_for_selection(keep):
    snapshot = snapshot_of(Counting(), known(keep_auto=keep), None).snapshot
    assert items(snapshot.auto) == ([7] if keep else [])
    assert items(snapshot.labels >= 0) == [0, 1, 2, 3, 4, 6, *([7] if keep else [])]


def test_labels_of_one_class_are_too_few():
    with pytest.raises(TrainingError, match="two classes at least"):
        snapshot_of(Counting(), known(labels=np.where(np.arange(N) < 8, 1, -1)), None)


def test_how_many_labels_it_takes():
    assert labels_to_certify(strategies_of(), False, 0.03) == 99
    assert labels_to_certify(strategies_of(), True, 0.03) is None
    assert labels_to_certify(strategies_of(easy="highest-confidence"), False, 0.03) is None
