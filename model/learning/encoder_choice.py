"""Which features the last layer stands on, chosen by how well it predicts the labels so far, out of fold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from model.learning.calibration import at_temperature, fit_temperature
from model.learning.config import TrainingConfig
from model.learning.crossfit import cross_fitted
from model.learning.encoder_scores import JOINED, EncoderChoice, Score
from model.learning.last_layer import train_last_layer
from model.learning.training import TrainingError
from model.port import Port

_FOLDS = 5
_LENGTH = 10.0  # of each encoder's part: about that of their own features
_ERRORS = 1.0  # standard errors by which a dearer candidate must be better
_LEAST = 1e-12


def join_features(parts: Iterable[Tensor]) -> Tensor:
    """Return features (n, d1), (n, d2) ... side by side, each row of each part scaled to the same length."""
    scaled = [part * (_LENGTH / part.norm(dim=1, keepdim=True).clamp_min(_LEAST)) for part in parts]
    return torch.cat(scaled, dim=1)


def with_joined(features: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return the candidates: the encoders' own features in the order given, and where there are two, both joined."""
    joined = {JOINED: join_features(features.values())} if len(features) > 1 else {}
    return {**features, **joined}


def choose_encoder(
    candidates: Mapping[str, Tensor],
    labels: Tensor,
    classes: int,
    config: TrainingConfig,
    seed: int,
    port: Port,
) -> EncoderChoice | None:
    """Compare candidates by cross-validation; ``None`` where labels are too few to judge each other by.

    ``candidates`` are features of the labeled items, (m, d) each, the cheapest first; ``labels`` are (m,) int64. A
    candidate replaces a cheaper one if its log loss is lower by more than the standard error of the difference, item by
    item. Raises :class:`model.port.Cancelled`.
    """
    scores: dict[str, Score] = {}
    chosen, best = "", np.empty(0, np.float64)
    for name, features in candidates.items():
        port.progress(len(scores), len(candidates), f"Comparing encoders on {len(labels):,} labels")
        try:
            losses, accuracy = _judge(features, labels, classes, config, seed, port)
        except TrainingError:  # a fold lacks all classes but one
            return None
        scores[name] = Score(accuracy, float(losses.mean()))
        if not chosen or _is_better(losses, best):
            chosen, best = name, losses
    return EncoderChoice(chosen, len(labels), scores) if chosen else None


def _is_better(losses: NDArray[np.float64], best: NDArray[np.float64]) -> bool:
    gain = best - losses
    return bool(gain.mean() > _ERRORS * gain.std() / np.sqrt(len(gain)))


def _judge(
    features: Tensor, labels: Tensor, classes: int, config: TrainingConfig, seed: int, port: Port
) -> tuple[NDArray[np.float64], float]:
    """The log loss of each label, (m,), out of fold and calibrated, and the accuracy."""
    found = out_of_fold(features, labels, classes, config, seed, port)
    every = torch.arange(len(labels))
    temperature = fit_temperature(found, every, labels)
    shown = found if temperature is None else at_temperature(found, temperature)
    given = shown.gather(1, labels[:, None])[:, 0].clamp_min(_LEAST)
    accuracy = float((found.argmax(dim=1) == labels).float().mean())
    return -given.log().double().numpy(), accuracy


def out_of_fold(
    features: Tensor, labels: Tensor, classes: int, config: TrainingConfig, seed: int, port: Port
) -> Tensor:
    """Return the probabilities, (m, C), of last layers that did not see the label, trained on labels alone."""

    def fit(chosen: Tensor) -> Callable[[Tensor], Tensor]:
        layer = train_last_layer(features[chosen], labels[chosen], classes, config, seed, port)
        return lambda items: layer.probabilities(features[items])

    every = torch.ones(len(labels), dtype=torch.bool)
    return cross_fitted(fit, every, torch.arange(len(labels)), _FOLDS, seed)
