"""A last layer that learns from all of the pool: from labels, and from what they say of the items around them.

Where labels are few, an unlabeled item is not without a message: it looks like others. Each gets a distribution over
classes from two witnesses, the graph of nearest neighbours and a layer trained on the labels alone, and the layer is
then taught by labels and distributions together (self-training, as in Yarowsky 1995, with label spreading, Zhou et
al. 2004, as the second witness). docs/tiers.md says what it gives and what else was tried.
"""

from __future__ import annotations

import math
import time
from dataclasses import replace

import torch
from torch import Tensor

from model.learning.config import TrainingConfig
from model.learning.last_layer import LastLayer, train_last_layer
from model.learning.logistic import fit_soft
from model.learning.neighbours import Neighbours, neighbours
from model.learning.training import Epoch, Stop
from model.port import Port

POOL_ITEMS = 10_000
"""So many items of a larger pool are compared, drawn at random; the others teach by their labels alone."""

DIRECTIONS = 640
"""So many principal directions of the features are learned from: with more, training takes longer and tells no more."""

_SHARPER = 1.5  # power of the two witnesses' product
_ALIGNED = 0.5  # power by which classes that would get more than their even share are held back
_ROUNDS = 3  # of alignment
_STEPS = 8  # from the layer of the labels alone; more follow the distributions' mistakes too
_LEAST = 1e-12


class PoolLearner:
    """A pool's features, (n, d) float32, with the graph of the items that unlabeled ones are taught of.

    These are those of ``among``, ascending positions (by default all), at most :data:`POOL_ITEMS`. ``graph`` is
    theirs where it is known from a learner before; otherwise it is made when it is first needed. They also give the
    :data:`DIRECTIONS` that layers are trained in, where features have more; 3,000 of 1,280 take 0.2 s, once.
    """

    def __init__(
        self, features: Tensor, among: Tensor | None = None, graph: Neighbours | None = None
    ) -> None:
        self.features = features
        pool = torch.arange(len(features)) if among is None else among.cpu()
        order = torch.randperm(len(pool), generator=torch.Generator().manual_seed(0))
        self._compared = pool[order[:POOL_ITEMS].sort().values].to(features.device)
        self.graph = graph
        self._turned: tuple[Tensor, Tensor] | None = None

    def fit(self, labels: Tensor, classes: int, config: TrainingConfig, seed: int, port: Port) -> LastLayer:
        """Train a new last layer; ``labels`` are (n,) int64, -1 where there is none, on the features' device.

        First :func:`model.learning.last_layer.train_last_layer` on the labels. Then, with ``config.pool_weight`` w
        above 0, a few steps towards labels and the unlabeled items' distributions, each item of which counts w times
        1 minus its entropy over log C. Raises what ``train_last_layer`` does.
        """
        known = torch.nonzero(labels >= 0).flatten()
        if config.pool_weight == 0:
            return train_last_layer(self.features[known], labels[known], classes, config, seed, port)
        features, directions = self._in_directions()
        layer = self._taught(features, known, labels, classes, config, seed, port)
        return layer if directions is None else replace(layer, weight=layer.weight @ directions.T)

    def _taught(
        self,
        features: Tensor,
        known: Tensor,
        labels: Tensor,
        classes: int,
        config: TrainingConfig,
        seed: int,
        port: Port,
    ) -> LastLayer:
        first = train_last_layer(features[known], labels[known], classes, config, seed, port)
        here = labels[self._compared]
        told = self._joined(port).spread(here.cpu(), classes).to(labels.device)[here < 0]
        unlabeled = self._compared[here < 0]
        if len(unlabeled) == 0:
            return first
        started = time.perf_counter()
        targets = joined(told, first.probabilities(features[unlabeled]))
        counts = config.pool_weight * certainty(targets)
        one_hot = torch.nn.functional.one_hot(labels[known], classes).to(targets)
        fit = fit_soft(
            features[torch.cat([known, unlabeled])],
            torch.cat([one_hot, targets]),
            torch.cat([counts.new_ones(len(known)), counts]),
            (first.weight, first.bias),
            config.weight_decay,
            _STEPS,
            port,
        )
        epoch = Epoch(fit.loss, fit.accuracy, time.perf_counter() - started)
        stop = Stop.MINIMUM if fit.converged else Stop.EPOCHS
        return LastLayer(fit.weight, fit.bias, (*first.history, epoch), stop)

    def _in_directions(self) -> tuple[Tensor, Tensor | None]:
        """The features in their principal directions, (n, r), and these, (d, r); where all count, as they are."""
        if self.features.shape[1] <= DIRECTIONS:
            return self.features, None
        if self._turned is None:
            compared = self.features[self._compared]
            directions = torch.linalg.eigh(compared.T @ compared).eigenvectors[:, -DIRECTIONS:]
            self._turned = self.features @ directions, directions
        return self._turned

    def _joined(self, port: Port) -> Neighbours:
        if self.graph is None:
            self.graph = neighbours(self.features[self._compared].cpu(), port)
        return self.graph


def joined(told: Tensor, probabilities: Tensor) -> Tensor:
    """Return one distribution an item, (m, C), of what neighbours and the layer say, each (m, C).

    Their product, sharpened, and partly aligned: a class that would get more than its even share of the items is held
    back by the root of the excess, so that what is popular by chance does not feed itself, and yet pools of
    uneven classes stay so (after Berthelot et al. 2020).
    """
    both = _rows((told * probabilities).clamp(min=_LEAST) ** _SHARPER)
    for _ in range(_ROUNDS):
        both = _rows(both / both.sum(dim=0).clamp(min=_LEAST) ** _ALIGNED)
    return both


def certainty(distributions: Tensor) -> Tensor:
    """Return 1 minus the entropy over log C of each row of (m, C), (m,): 0 for even, 1 for a single class."""
    most = math.log(max(2, distributions.shape[1]))
    certain: Tensor = (1 - torch.special.entr(distributions).sum(dim=1) / most).clamp(0, 1)
    return certain


def _rows(values: Tensor) -> Tensor:
    return values / values.sum(dim=1, keepdim=True)
