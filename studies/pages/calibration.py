"""Probabilities that are right as often as they say, by what answers said of earlier suggestions.

Every suggestion that was answered, by itself or on a page, was made by a model that had not seen the image's label. So
the answers calibrate the next model's probabilities, and nobody is asked and no model trained for it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studies.pages.asking import Floats

RECENT = 400  # answers; older ones were to models that knew less
_TEMPERATURES = np.logspace(-1, 1.5, 101)  # 0.1 to 32
_USUAL, _SPREAD = 0.5, 0.5  # of the temperature's logarithm: self-trained models are somewhat too sure
_LEAST = 1e-6  # no probability counts as smaller


def fit_temperature(probabilities: Floats, right: NDArray[np.bool_]) -> float:
    """The temperature at which suggestions are right as often as the probabilities say.

    ``probabilities`` (m, k) of answered images, as the model gave them before the answer; ``right`` (m,): the likeliest
    class was the answer, or was confirmed on a page. The likeliest temperature under a normal prior on its logarithm,
    which decides alone where there are no answers.
    """
    logs = _take_logs(probabilities)
    losses = [_loss(logs, right, float(temperature)) for temperature in _TEMPERATURES]
    return float(_TEMPERATURES[int(np.argmin(losses))])


def at_temperature(probabilities: Floats, temperature: float) -> Floats:
    """The probabilities (n, k) to the power of 1 / ``temperature``, normalised; the order of classes stays."""
    scaled = _take_logs(probabilities) / temperature
    grown = np.exp(scaled - scaled.max(axis=1, keepdims=True, initial=-np.inf))
    normal: Floats = grown / grown.sum(axis=1, keepdims=True)
    return normal


def _take_logs(probabilities: Floats) -> Floats:
    logs: Floats = np.log(np.maximum(probabilities, _LEAST))
    return logs


def _loss(logs: Floats, right: NDArray[np.bool_], temperature: float) -> float:
    scaled = logs / temperature
    grown = np.exp(scaled - scaled.max(axis=1, keepdims=True, initial=-np.inf))
    sure = np.clip(1.0 / np.maximum(grown.sum(axis=1), 1.0), _LEAST, 1.0 - _LEAST)
    fit = np.log(np.where(right, sure, 1.0 - sure)).sum()
    return float((np.log(temperature) - _USUAL) ** 2 / (2 * _SPREAD**2) - fit)
