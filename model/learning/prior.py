"""Going on from a model of other images: its last layer, and one of the labels here, joined as labels come."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from model.learning.config import TrainingConfig
from model.learning.crossfit import cross_fitted
from model.learning.last_layer import LastLayer, train_last_layer
from model.port import Port

HALF = 200
"""Labels with which the layer of the labels counts half as much as the earlier one, which it never replaces alone."""
_FOLDS = 4
_LEAST = 8  # labels by which the earlier model may be found wrong


def join(prior: LastLayer, new: LastLayer, labels: int) -> LastLayer:
    """The product of experts of an earlier layer and of one trained on so many labels.

    It is the sum of their logits, those of the new one times labels / (labels + :data:`HALF`). docs/labeling.md says
    what it was measured on.
    """
    return prior.plus(new.times(labels / (labels + HALF)))


def helps(
    prior: LastLayer,
    features: Tensor,
    labels: Tensor,
    classes: int,
    config: TrainingConfig,
    seed: int,
    port: Port,
) -> bool:
    """Whether labels (k,) of features (k, d) are as likely by both layers joined as by a layer of labels alone.

    The latter is cross-fitted: an earlier model that is wrong here costs some labels, and not all that come later.
    Raises :class:`model.port.Cancelled`.
    """
    if len(labels) < _LEAST:
        return True

    def fit(chosen: Tensor) -> Callable[[Tensor], Tensor]:
        rows = torch.nonzero(chosen).flatten().to(features.device)
        if bool((labels[rows] == labels[rows][0]).all()):
            return lambda items: features.new_zeros(len(items), classes)
        layer = train_last_layer(features[rows], labels[rows], classes, config, seed, port)
        return lambda items: layer.logits(features[items.to(features.device)])

    every = torch.arange(len(labels))
    alone = cross_fitted(fit, torch.ones(len(labels), dtype=torch.bool), every, _FOLDS, seed)
    both = prior.logits(features) + len(labels) / (len(labels) + HALF) * alone
    losses = [torch.nn.functional.cross_entropy(logits, labels) for logits in (both, alone)]
    return bool(losses[0] <= losses[1])
