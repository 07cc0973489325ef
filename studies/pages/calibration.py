"""Probabilities that are right as often as they say, by what answers said of earlier suggestions.

Every suggestion that was answered, by itself or on a page, was made by a model that had not seen the image's label. So
the answers calibrate the next model's probabilities, and nobody is asked and no model trained for it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studies.pages.asking import Floats

RECENT = 400  # answers; older ones were to models that knew less
AS_SELF_TRAINED, AS_MEASURED = (
    0.5,
    0.0,
)  # usual logarithm of the temperature: self-trained models are somewhat too sure
_TEMPERATURES = np.logspace(-1, 1.5, 101)  # 0.1 to 32
_SPREAD = 0.5  # of the temperature's logarithm, around what is usual
_LEAST = 1e-6  # no probability counts as smaller


def fit_temperature(probabilities: Floats, right: NDArray[np.bool_], usual: float = AS_SELF_TRAINED) -> float:
    """The temperature at which suggestions are right as often as the probabilities say.

    ``probabilities`` (m, k) of answered images, as the model gave them before the answer; ``right`` (m,): the likeliest
    class was the answer, or was confirmed on a page. The likeliest temperature under a normal prior on its logarithm
    around ``usual``, which decides alone where there are no answers.
    """
    logs = _take_logs(probabilities)
    losses = [_loss(logs, right, float(temperature), usual) for temperature in _TEMPERATURES]
    return float(_TEMPERATURES[int(np.argmin(losses))])


def at_temperature(probabilities: Floats, temperature: float) -> Floats:
    """The probabilities (n, k) to the power of 1 / ``temperature``, normalised; the order of classes stays."""
    scaled = _take_logs(probabilities) / temperature
    grown = np.exp(scaled - scaled.max(axis=1, keepdims=True, initial=-np.inf))
    normal: Floats = grown / grown.sum(axis=1, keepdims=True)
    return normal


def spread_rest(likeliest: Floats, classes: int) -> Floats:
    """All ``classes`` of which only the ``likeliest`` (n, m) are known, the rest spread evenly: (n, classes)."""
    known = likeliest.shape[1]
    others = classes - known
    if others <= 0:
        return likeliest
    rest = np.maximum(1.0 - likeliest.sum(axis=1, keepdims=True), 0.0)
    return np.hstack([likeliest, np.repeat(rest / others, others, axis=1)])


def scale_likeliest(likeliest: Floats, classes: int, temperature: float) -> Floats:
    """The ``likeliest`` (n, m) of ``classes`` at a temperature, as :func:`at_temperature` of :func:`spread_rest`."""
    others = classes - likeliest.shape[1]
    if others <= 0:
        return at_temperature(likeliest, temperature)
    rest = np.maximum(1.0 - likeliest.sum(axis=1, keepdims=True), 0.0)
    logs = _take_logs(np.hstack([likeliest, rest / others])) / temperature
    grown = np.exp(logs - logs.max(axis=1, keepdims=True, initial=-np.inf))
    total = grown[:, :-1].sum(axis=1, keepdims=True) + others * grown[:, -1:]
    scaled: Floats = grown[:, :-1] / total
    return scaled


def _take_logs(probabilities: Floats) -> Floats:
    logs: Floats = np.log(np.maximum(probabilities, _LEAST))
    return logs


def _loss(logs: Floats, right: NDArray[np.bool_], temperature: float, usual: float) -> float:
    scaled = logs / temperature
    grown = np.exp(scaled - scaled.max(axis=1, keepdims=True, initial=-np.inf))
    sure = np.clip(1.0 / np.maximum(grown.sum(axis=1), 1.0), _LEAST, 1.0 - _LEAST)
    fit = np.log(np.where(right, sure, 1.0 - sure)).sum()
    return float((np.log(temperature) - usual) ** 2 / (2 * _SPREAD**2) - fit)
