"""Probabilities that mean what they say: temperature scaling by labels that the model was not trained on."""

from __future__ import annotations

import math

import torch
from torch import Tensor

LEAST_TO_CALIBRATE = 20
"""Labels that a model was not trained on, without which nobody knows how often its predictions are right."""
_TEMPERATURES = torch.logspace(-1, 1.5, 101)  # 0.1 to 32
_USUAL, _SPREAD = 0.5, 0.5  # of the temperature's logarithm: self-trained models are somewhat too sure
_LEAST_PROBABILITY = 1e-6


def fit_temperature(probabilities: Tensor, judged: Tensor, labels: Tensor) -> float | None:
    """Return the temperature at which probabilities, (m, C), fit labels best.

    ``labels`` (k,) int64 of the rows ``judged`` (k,) are a random sample that the model was not trained on. The
    temperature is the likeliest one (Guo et al. 2017) under a normal prior on its logarithm, without which a few labels
    that are all right would make every prediction certain. ``None`` for fewer than ``LEAST_TO_CALIBRATE`` labels.
    """
    if len(labels) < LEAST_TO_CALIBRATE:
        return None
    logs = _logs(probabilities[judged])
    losses = [_loss(logs, labels, float(temperature)) for temperature in _TEMPERATURES]
    return float(_TEMPERATURES[min(range(len(losses)), key=losses.__getitem__)])


def at_temperature(probabilities: Tensor, temperature: float) -> Tensor:
    """Return probabilities, (m, C), at a temperature; the likeliest class stays the same."""
    return (_logs(probabilities) / temperature).softmax(dim=1)


def calibrate(probabilities: Tensor, judged: Tensor, labels: Tensor) -> Tensor | None:
    """Return the probabilities at the temperature that :func:`fit_temperature` finds, if it finds one."""
    temperature = fit_temperature(probabilities, judged, labels)
    return None if temperature is None else at_temperature(probabilities, temperature)


def _logs(probabilities: Tensor) -> Tensor:
    return probabilities.clamp_min(_LEAST_PROBABILITY).log()


def _loss(logs: Tensor, labels: Tensor, temperature: float) -> float:
    given = (logs / temperature).log_softmax(dim=1).gather(1, labels[:, None])
    return float(-given.sum()) + (math.log(temperature) - _USUAL) ** 2 / (2 * _SPREAD**2)
