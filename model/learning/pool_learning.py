"""Self-training of a last layer on the whole pool: labels, and pseudo-labels of unlabeled items.

The pseudo-label of an unlabeled item, a distribution over classes, is the normalised product of two teachers: label
propagation on a graph of nearest neighbours (Zhou et al. 2004) and a layer trained on the labels alone. The layer is
then trained on labels and pseudo-labels together (self-training, as in Yarowsky 1995). docs/tiers.md says what it
gains, docs/tiers-history.md what else was tried. Where class names tell something of the images, they are a third
witness (:mod:`model.learning.witness`).
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
from model.learning.witness import Weight, join, weigh
from model.port import Port

POOL_ITEMS = 10_000
"""At most this many items of a pool, drawn at random, are in the graph; of the others only labels are used."""

DIRECTIONS = 640
"""Principal directions of the features that layers are trained in; more take longer and gain nothing."""

_SHARPENING = 1.5  # power of the two teachers' product
_ALIGNMENT = 0.5  # power of the correction towards an even distribution over classes; 1: wholly even
_ALIGNMENT_ROUNDS = 3
_STEPS = 8  # from the layer of the labels alone; with more the layer fits the pseudo-labels' mistakes too
_SMALLEST = 1e-12


class PoolLearner:
    """A pool's features, (n, d) float32, with the graph of nearest neighbours that labels are propagated along.

    The graph joins the items ``among``, ascending positions (by default all), at most :data:`POOL_ITEMS` of them.
    Pass ``graph`` to reuse an earlier learner's; otherwise it is made when it is first needed. The same items give the
    :data:`DIRECTIONS` that layers are trained in, if features have more (0.2 s for 3,000 items of 1,280).
    ``said`` are zero-shot probabilities of all items, (n, C), if there are any; what they counted in the last lesson
    stands in ``weight``.
    """

    def __init__(
        self,
        features: Tensor,
        among: Tensor | None = None,
        graph: Neighbours | None = None,
        said: Tensor | None = None,
    ) -> None:
        self.weight: Weight | None = None
        self._said = said
        self.features = features
        pool = torch.arange(len(features)) if among is None else among.cpu()
        order = torch.randperm(len(pool), generator=torch.Generator().manual_seed(0))
        self._graph_items = pool[order[:POOL_ITEMS].sort().values].to(features.device)
        self.graph = graph
        self._projected: tuple[Tensor, Tensor] | None = None

    def fit(self, labels: Tensor, classes: int, config: TrainingConfig, seed: int, port: Port) -> LastLayer:
        """Train a new last layer; ``labels`` are (n,) int64, -1 where there is none, on the features' device.

        First :func:`model.learning.last_layer.train_last_layer` on the labels. Then, with ``config.pool_weight`` w
        above 0, a few steps towards labels and pseudo-labels; a pseudo-label is weighted by w times 1 minus its
        entropy over log C. Raises what ``train_last_layer`` does.
        """
        known = torch.nonzero(labels >= 0).flatten()
        if config.pool_weight == 0:
            return train_last_layer(self.features[known], labels[known], classes, config, seed, port)
        features, directions = self._project()
        layer = self._self_train(features, known, labels, classes, config, seed, port)
        return layer if directions is None else replace(layer, weight=layer.weight @ directions.T)

    def _self_train(
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
        given = labels[self._graph_items]
        propagated = self._build_graph(port).spread(given.cpu(), classes).to(labels.device)[given < 0]
        unlabeled = self._graph_items[given < 0]
        if len(unlabeled) == 0:
            return first
        started = time.perf_counter()
        targets = combine(propagated, first.probabilities(features[unlabeled]))
        if self._said is not None:
            said = self._said
            self.weight = weigh(features[known], labels[known], said[known], config, seed, port)
            labeled = torch.bincount(labels[known], minlength=classes) > 0
            targets = join(targets, said[unlabeled], self.weight.power, labeled)
        weights = config.pool_weight * certainty(targets)
        one_hot = torch.nn.functional.one_hot(labels[known], classes).to(targets)
        fit = fit_soft(
            features[torch.cat([known, unlabeled])],
            torch.cat([one_hot, targets]),
            torch.cat([weights.new_ones(len(known)), weights]),
            (first.weight, first.bias),
            config.weight_decay,
            _STEPS,
            port,
        )
        epoch = Epoch(fit.loss, fit.accuracy, time.perf_counter() - started)
        stop = Stop.MINIMUM if fit.converged else Stop.EPOCHS
        return LastLayer(fit.weight, fit.bias, (*first.history, epoch), stop)

    def _project(self) -> tuple[Tensor, Tensor | None]:
        """The features in their principal directions, (n, r), and the directions, (d, r); ``None``: not projected."""
        if self.features.shape[1] <= DIRECTIONS:
            return self.features, None
        if self._projected is None:
            rows = self.features[self._graph_items]
            directions = torch.linalg.eigh(rows.T @ rows).eigenvectors[:, -DIRECTIONS:]
            self._projected = self.features @ directions, directions
        return self._projected

    def _build_graph(self, port: Port) -> Neighbours:
        if self.graph is None:
            self.graph = neighbours(self.features[self._graph_items].cpu(), port)
        return self.graph


def combine(propagated: Tensor, probabilities: Tensor) -> Tensor:
    """Return pseudo-labels, (m, C), from the two teachers' distributions, each (m, C).

    Their product, sharpened and normalised, with partial distribution alignment (after Berthelot et al. 2020): each
    class is divided by the root of its total, so that a class which is popular by chance does not reinforce itself,
    and yet a pool of uneven classes stays uneven.
    """
    targets = _normalise_rows((propagated * probabilities).clamp(min=_SMALLEST) ** _SHARPENING)
    for _ in range(_ALIGNMENT_ROUNDS):
        targets = _normalise_rows(targets / targets.sum(dim=0).clamp(min=_SMALLEST) ** _ALIGNMENT)
    return targets


def certainty(distributions: Tensor) -> Tensor:
    """Return 1 minus the entropy over log C of each row of (m, C), (m,): 0 for even, 1 for a single class."""
    most = math.log(max(2, distributions.shape[1]))
    certain: Tensor = (1 - torch.special.entr(distributions).sum(dim=1) / most).clamp(0, 1)
    return certain


def _normalise_rows(values: Tensor) -> Tensor:
    return values / values.sum(dim=1, keepdim=True)
