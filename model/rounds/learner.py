"""One round's learning, live and simulated: train, predict the pool, and judge the model by labels it has not seen.

Live and simulated rounds differ in where labels come from and in what a model is tested on, and in nothing here.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from model.datasets.base import UNKNOWN
from model.learning.crossfit import cross_fitted
from model.learning.training import TrainingError, seed_of
from model.port import Cancelled, Port
from model.rounds.stopwatch import Stopwatch
from model.rounds.trainers import PoolModel, Trainer
from model.selection.base import Snapshot
from model.selection.certified import least_sample
from model.tiers import Tier

_CERTIFIED = "certified"


@dataclass(frozen=True)
class PoolLabels:
    """What is known of the n items of a pool when a round begins."""

    labels: NDArray[np.int64]  # (n,) class indices, UNKNOWN for items without one; people's and the program's
    auto: NDArray[np.bool_]  # (n,) auto-labels
    held_out: NDArray[np.bool_]  # (n,) never trained on and never chosen
    random: NDArray[np.bool_]  # (n,) drawn evenly at random from the items that had no label then
    order: NDArray[np.int64]  # (n,) query order: larger was drawn later; of held-out items it does not matter
    keep_auto: bool = False  # for selection; otherwise auto-labels are given up and chosen anew

    @property
    def training(self) -> NDArray[np.int64]:
        """(n,) labels that the model is trained on."""
        return np.where(self.held_out, UNKNOWN, self.labels)

    @property
    def human(self) -> NDArray[np.bool_]:
        """(n,) labeled by a person."""
        human: NDArray[np.bool_] = (self.labels != UNKNOWN) & ~self.auto
        return human

    @property
    def audit(self) -> NDArray[np.bool_]:
        """(n,) labels of a person that are a random sample: the held-out items and those drawn at random."""
        sample: NDArray[np.bool_] = self.human & (self.held_out | self.random)
        return sample


@dataclass(frozen=True)
class RoundModel:
    """The model of a round, and the pool as selection sees it."""

    model: PoolModel
    snapshot: Snapshot  # of the items ``model.rows``, on the trainer's device
    audit_accuracy: float | None  # 0 to 1, on the audit sample out of fold; None without one
    by_folds: Tensor | None = (
        None  # (m, C) by models of folds, none of which saw the item's label; None: not trained
    )

    @property
    def judged(self) -> bool:
        """Whether people's labels have out-of-fold probabilities in the snapshot."""
        return self.by_folds is not None


def labels_to_certify(strategies: Mapping[Tier, str], published: bool, max_error: float) -> int | None:
    """Return how large an audit sample must be for a strategy to certify anything; ``None`` if none needs one."""
    certified = _CERTIFIED in strategies.values() and not published
    return least_sample(max_error) if certified else None


def train_round(
    trainer: Trainer, known: PoolLabels, least_audit: int | None, seed: int, port: Port, watch: Stopwatch
) -> RoundModel:
    """Train on all labels but held-out ones and predict the pool.

    With ``least_audit`` and an audit sample of that many labels at least, all labels of people get out-of-fold
    probabilities: in each of ``trainer.config.folds`` parts those of a model trained on the people's labels in the
    other parts (auto-labels are left out: models that knew the part's labels gave them). The sample then judges the
    model. Otherwise only held-out labels do: the trainings, one a part, would be for nothing.

    Raises :class:`model.learning.training.TrainingError` for labels of fewer than two classes, unless the
    trainer begins without, and :class:`model.port.Cancelled`.
    """
    if len(np.unique(known.training[known.training != UNKNOWN])) < 2 and not trainer.begins:
        raise TrainingError(
            "A model needs labeled images of two classes at least: label some of another class first."
        )
    model = trainer.fit(torch.from_numpy(known.training), seed, port, watch)
    sample = known.audit
    judged = least_audit is not None and trainer.config.folds and sample[model.rows].sum() >= least_audit
    by_folds = None
    if judged:
        with watch.stage("audit"):
            by_folds = _out_of_fold(trainer, model, known, seed, port)
    if port.cancelled():
        raise Cancelled
    return _round_model(trainer, model, known, by_folds)


def given_round(trainer: Trainer, known: PoolLabels, seed: int, port: Port, watch: Stopwatch) -> RoundModel:
    """What the network that the trainer was given predicts for the pool, whatever labels there are.

    They judge it later: none of a folder's certificates rests on a model that was never asked about.
    """
    nothing = torch.full((len(known.labels),), UNKNOWN, dtype=torch.int64)
    return _round_model(trainer, trainer.fit(nothing, seed, port, watch), known, None)


def _round_model(
    trainer: Trainer, model: PoolModel, known: PoolLabels, by_folds: Tensor | None
) -> RoundModel:
    rows, device = model.rows, trainer.device
    probabilities = model.probabilities
    if by_folds is not None:
        trained = torch.from_numpy((known.human & ~known.held_out)[rows]).to(probabilities.device)
        probabilities = torch.where(trained[:, None], by_folds, probabilities)
    judges = known.human & (known.held_out if by_folds is None else True)
    sample = known.audit & judges
    given_up = known.auto & (not known.keep_auto)
    labels = np.where(given_up, UNKNOWN, known.labels)
    # Held-out items were drawn before anything was chosen, however late they are labeled.
    order = np.where(known.held_out, known.order.min(initial=0) - 1, known.order)

    def moved(values: NDArray[np.generic]) -> Tensor:
        return torch.from_numpy(values[rows]).to(device)

    snapshot = Snapshot(
        probabilities.to(device),
        model.features.to(device),
        moved(labels),
        auto=moved(known.auto & ~given_up),
        audit=moved(sample),
        out_of_fold=moved(judges),
        query_order=moved(order),
    )
    at = sample[rows]
    predicted = probabilities.argmax(dim=1).cpu().numpy()
    accuracy = float((predicted == labels[rows])[at].mean()) if at.any() else None
    return RoundModel(model, snapshot, accuracy, by_folds)


def _out_of_fold(
    trainer: Trainer, model: PoolModel, known: PoolLabels, seed: int, port: Port
) -> Tensor | None:
    """Probabilities, (m, C), by models of folds of what has no label or a person's; ``None`` if a part is too small.

    Of items that the program labeled they are the model's.
    """
    labels = torch.from_numpy(known.training)
    trained = torch.from_numpy(known.human & ~known.held_out)
    held = torch.from_numpy(model.rows[trained.numpy()[model.rows]])
    if len(held) == 0:
        return model.probabilities
    folds = trainer.config.folds
    numbers = itertools.count(1)

    def fit(chosen: Tensor) -> Callable[[Tensor], Tensor]:
        kept = torch.where(chosen, labels, UNKNOWN)
        watcher = _FoldPort(port, f"Judging the model, {next(numbers)} of {folds}")
        return lambda items: trainer.fit_fold(kept, items, seed_of(seed, 1), watcher)

    # Labels of one class alone may be left in a part: too few to judge by yet.
    with suppress(TrainingError):
        others = torch.from_numpy(model.rows[known.training[model.rows] == UNKNOWN])
        found = cross_fitted(fit, trained, held, folds, seed, others)
        at = torch.from_numpy(np.searchsorted(model.rows, torch.cat([held, others]).numpy()))
        probabilities = model.probabilities.clone()
        probabilities[at.to(probabilities.device)] = found.to(probabilities.device)
        return probabilities
    return None


class _FoldPort:
    """Says that a fold's model is trained, whose learning curve nobody is to see."""

    def __init__(self, port: Port, name: str) -> None:
        self._port, self._name = port, name

    def progress(self, done: int, total: int, text: str) -> None:
        """Tell how far the fold is."""
        self._port.progress(done, total, f"{self._name}. {text}")

    def cancelled(self) -> bool:
        """Whether to stop."""
        return self._port.cancelled()
