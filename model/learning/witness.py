"""Zero-shot probabilities as one more witness of the pool's lesson, weighted by what the labels say of them.

The witness is believed as it is until there are labels enough to judge it by. From then on its weight is the power, 0
allowed, at which its product with the last layer's probabilities has the lowest cross-validated log loss.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from model.learning.config import TrainingConfig
from model.learning.encoder_choice import out_of_fold
from model.learning.training import TrainingError
from model.port import Port

POWERS = (0.0, 0.25, 0.5, 1.0)
"""Of the zero-shot probabilities; 0: they say nothing."""

LEAST_LABELS = 10
"""Fewer labels do not judge the witness."""

_LEAST_GAIN = 0.01  # nats a label
_SMALLEST = 1e-12


@dataclass(frozen=True)
class Weight:
    """How much the witness counts, and why."""

    power: float  # one of POWERS
    labels: int  # that judged it; 0: too few yet
    log_loss: float | None = None  # nats a label, out of fold, with the witness at this power
    without: float | None = None  # without the witness
    right: float | None = None  # 0 to 1, of these labels, that the witness alone tells

    def sentence(self) -> str:
        """One line for a person."""
        if self.right is None:
            return "The classes' names count until there are labels enough to judge them by."
        found = f"names alone tell {self.right:.0%} of {self.labels:,} labels"
        return f"The classes' names {'help' if self.power else 'do not help, and no longer count'}: {found}."


def weigh(
    features: Tensor, labels: Tensor, said: Tensor, config: TrainingConfig, seed: int, port: Port
) -> Weight:
    """Choose the witness's power by labels: ``features`` (k, d), ``labels`` (k,) int64, ``said`` (k, C) zero-shot.

    The last layers that it is judged beside are trained on labels alone, without those that they predict. A higher
    power must lower the loss by 0.01. Raises :class:`model.port.Cancelled`.
    """
    if len(labels) < LEAST_LABELS:
        return Weight(1.0, 0)
    try:
        found = out_of_fold(features, labels, said.shape[1], config, seed, port)
    except TrainingError:  # a fold lacks all classes but one
        return Weight(1.0, 0)
    losses = [_log_loss(multiply(found, said, power), labels) for power in POWERS]
    best = 0
    for place in range(1, len(POWERS)):
        if losses[place] < losses[best] - _LEAST_GAIN:
            best = place
    right = float((said.argmax(dim=1) == labels).float().mean())
    return Weight(POWERS[best], len(labels), losses[best], losses[0], right)


def multiply(probabilities: Tensor, said: Tensor, power: float) -> Tensor:
    """Return the normalised product of probabilities, (m, C), and the witness's at a power."""
    return _normalised(probabilities.clamp_min(_SMALLEST) * said.clamp_min(_SMALLEST) ** power)


def join(targets: Tensor, said: Tensor, power: float, labeled: Tensor) -> Tensor:
    """Return pseudo-labels, (m, C), of what labels say and what the witness says, each (m, C).

    ``labeled`` (C,) bool: classes that have a label. Among these it is their product; what the witness gives to the
    other classes, of which labels can say nothing, is left to them.
    """
    if power == 0:
        return targets
    elsewhere = torch.where(labeled, torch.zeros_like(said), said)
    among = torch.where(labeled, multiply(targets, said, power), torch.zeros_like(said))
    rest = 1 - elsewhere.sum(dim=1, keepdim=True)
    return rest * _normalised(among.clamp_min(_SMALLEST) * labeled) + elsewhere


def _normalised(values: Tensor) -> Tensor:
    return values / values.sum(dim=1, keepdim=True)


def _log_loss(probabilities: Tensor, labels: Tensor) -> float:
    return float(-probabilities.gather(1, labels[:, None]).clamp_min(_SMALLEST).log().mean())
