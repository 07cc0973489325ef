"""What labels that a model has not seen say of it: calibrated probabilities, and predictions out of fold."""

from __future__ import annotations

import numpy as np
import torch

from model.datasets.base import UNKNOWN
from model.learning.calibration import at_temperature, fit_temperature
from model.rounds import selecting
from model.rounds.learner import PoolLabels, RoundModel
from model.rounds.live_values import Judged, Likeliest
from model.rounds.trainers import PoolModel


def calibrated(model: PoolModel, known: PoolLabels) -> tuple[float | None, torch.Tensor, Likeliest]:
    """The temperature, if it could be measured; probabilities at it, (m, C); and the likeliest classes of each item."""
    probabilities = model.probabilities.cpu()
    temperature = fit_temperature(probabilities, *_unseen_labels(known, model))
    shown = probabilities if temperature is None else at_temperature(probabilities, temperature)
    return temperature, shown, selecting.list_likeliest(model.rows, shown, len(known.labels))


def judge_labels(learned: RoundModel, n: int) -> Judged | None:
    """What was predicted of people's labels out of fold, and of all items, by their likeliest classes."""
    if learned.by_folds is None:
        return None
    model, snapshot = learned.model, learned.snapshot
    at = torch.nonzero(snapshot.out_of_fold).flatten().cpu()
    places = np.arange(len(at))
    return Judged(
        model.rows[at.numpy()],
        selecting.list_likeliest(places, snapshot.probabilities.cpu()[at], len(at)),
        selecting.list_likeliest(model.rows, model.probabilities.cpu(), n),
        selecting.list_likeliest(model.rows, learned.by_folds.cpu(), n),
    )


def human_labels(known: PoolLabels, model: PoolModel) -> torch.Tensor:
    """People's labels of the model's rows, (m,), -1 where there is none."""
    return torch.from_numpy(np.where(known.human, known.labels, UNKNOWN)[model.rows])


def _unseen_labels(known: PoolLabels, model: PoolModel) -> tuple[torch.Tensor, torch.Tensor]:
    """Rows of the held-out items that have a label, and the labels: no model was trained on them."""
    rows = np.flatnonzero((known.held_out & known.human)[model.rows])
    return torch.from_numpy(rows), torch.from_numpy(known.labels[model.rows[rows]])
