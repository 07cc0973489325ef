"""Labels that may be wrong, as the learner sees them: out-of-fold probabilities, and images that look the same."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from model.learning.calibration import calibrate
from model.learning.neighbours import near_duplicates
from model.learning.training import TrainingError
from model.port import Port
from model.rounds.learner import PoolLabels, train_round
from model.rounds.live_values import LearnRequest
from model.rounds.stopwatch import Stopwatch
from model.rounds.trainers import LastLayerTrainer, Trainer
from model.rounds.workbench import Workbench, kept_trainer, pool_labels

ALIKE = 0.85
"""The cosine of the centred features of a frozen network from which on images are near-duplicates: docs/finish.md."""
_THE_SAME = 0.999  # the same picture, whatever else is alike
_AGREEING = 0.8  # of near-duplicates, where they tell anything


@dataclass(frozen=True)
class Checked:
    """What models that did not see a label predict for its image; k labels of a person."""

    items: NDArray[np.int64]  # (k,) those that can be read, ascending
    labels: NDArray[np.int64]  # (k,) their class indices
    probabilities: NDArray[np.float32]  # (k, C) out of fold
    calibrated: bool  # on these labels; too few otherwise
    pairs: NDArray[np.int64]  # (p, 2) places of labels whose images look the same, the lower one first


def check(request: LearnRequest, bench: Workbench, port: Port) -> Checked:
    """Judge the labels of a person in a request; raises as :func:`check_labels` and ``live.learn`` do."""
    torch.set_num_threads(request.threads or torch.get_num_threads())
    port.progress(0, 0, "Looking at the images")
    trainer = kept_trainer(request, bench, bench.backbone(request, port), port)
    return check_labels(trainer, pool_labels(request), request.seed, port)


def check_labels(trainer: Trainer, known: PoolLabels, seed: int, port: Port) -> Checked:
    """Cross-fit the labels of a person as the learner's audit does, and compare the images of a frozen network.

    Held-out labels, which train nothing, are predicted by the model of all others. The features of a network that is
    trained in full say little but the class: nothing is compared by them. Raises ``TrainingError`` where there is too
    little to learn from, and :class:`model.port.Cancelled`.
    """
    if not trainer.config.folds:
        raise TrainingError(
            "With these training settings no label is judged by a model that did not see it: choose quick or pool."
        )
    learned = train_round(trainer, known, 0, seed, port, Stopwatch())
    model, snapshot = learned.model, learned.snapshot
    judged = snapshot.out_of_fold.cpu().numpy()
    if judged.sum() < known.human[model.rows].sum():
        raise TrainingError(
            "Too few labels to check them: each class needs several, so that a model can learn it without the one it "
            "judges."
        )
    rows = torch.from_numpy(np.flatnonzero(judged))
    labels = known.labels[model.rows[judged]]
    probabilities = snapshot.probabilities.cpu().float()
    calibrated = calibrate(probabilities, rows, torch.from_numpy(labels))
    shown = probabilities if calibrated is None else calibrated
    pairs = np.zeros((0, 2), np.int64)
    if isinstance(trainer, LastLayerTrainer):
        pairs = pairs_that_tell(model.features[rows.to(model.features.device)], labels, port)
    return Checked(model.rows[judged], labels, shown[rows].numpy(), calibrated is not None, pairs)


def pairs_that_tell(features: torch.Tensor, labels: NDArray[np.int64], port: Port) -> NDArray[np.int64]:
    """Near-duplicates; where their labels often differ they tell nothing, and only the same picture counts."""
    pairs, cosines = near_duplicates(features, ALIKE, port)
    agree = labels[pairs[:, 0]] == labels[pairs[:, 1]]
    near = cosines < _THE_SAME
    told = not near.any() or agree[near].mean() >= _AGREEING
    return pairs if told else pairs[~near]
