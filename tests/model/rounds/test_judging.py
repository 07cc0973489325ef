"""What labels that a model has not seen say of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch

from model.port import NullPort
from model.rounds.live import learn
from model.rounds.live_values import LearnerSettings
from model.rounds.workbench import Workbench
from tests.model.coloured import Coloured
from tests.model.random_weights import random_weights
from tests.model.rounds.asking import N, mask, request

NETWORK = "mobilenet_v3_small"


def test_peoples_labels_are_judged_out_of_fold_where_the_folder_is_to_be_certified(tmp_path):
    file = tmp_path / "weights.pth"
    torch.save(random_weights(NETWORK), file)
    frozen = LearnerSettings(network=NETWORK, weights=file)
    images = Coloured(N)
    plain = request(tmp_path, images, settings=frozen)
    assert learn(plain, Workbench(images), NullPort()).judged is None
    random = mask(N, *np.flatnonzero(plain.labels >= 0))
    found = learn(replace(plain, judge=True, random=random), Workbench(images), NullPort())
    assert found.judged is not None
    judged = found.judged
    expected = np.flatnonzero((plain.labels >= 0) & ~plain.auto)
    assert np.array_equal(np.sort(judged.items), expected)
    assert judged.out_of_fold.labels.shape == (len(expected), len(plain.classes))
    assert judged.model.labels.shape == (N, len(plain.classes))
    rows = judged.items[~plain.holdout[judged.items]]
    at = np.isin(judged.items, rows)
    in_fold = judged.model.probabilities[rows]
    assert not np.allclose(in_fold, judged.out_of_fold.probabilities[at]), "the model has seen these labels"
    assert np.allclose(judged.by_folds.probabilities[rows], judged.out_of_fold.probabilities[at])
    left = np.flatnonzero(plain.labels < 0)
    by_model = judged.model.probabilities[left]
    assert judged.by_folds.labels.shape == judged.model.labels.shape
    assert not np.allclose(by_model, judged.by_folds.probabilities[left]), "models of folds saw fewer labels"
