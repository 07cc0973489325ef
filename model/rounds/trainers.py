"""Models trained anew on the labels of a round: the last layer of a frozen network, or a network in full."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from model.datasets.base import UNKNOWN, Problem
from model.learning.config import TrainingConfig, for_few_labels
from model.learning.features import Features, stored_features
from model.learning.last_layer import LastLayer, layer_of, train_last_layer
from model.learning.neighbours import GraphCache
from model.learning.pool_learning import PoolLearner
from model.learning.prediction import predict
from model.learning.prior import helps, join
from model.learning.training import Stop, Trained, train
from model.networks.loading import Loader
from model.networks.networks import Network
from model.port import Port
from model.rounds.backbone import Backbone
from model.rounds.stopwatch import Stopwatch


@dataclass(frozen=True)
class PoolModel:
    """A trained model and what it predicts for the m items of the pool that can be read."""

    network: Network  # ready to predict; of a frozen one the body is shared by all models of a trainer
    layer: LastLayer  # its last layer
    rows: NDArray[np.int64]  # (m,) items, ascending
    probabilities: Tensor  # (m, C)
    features: Tensor  # (m, d)
    trained_on: int  # labels


@dataclass(frozen=True)
class Pool:
    """The n items that a model is trained for."""

    loader: Loader
    positions: NDArray[np.int64]  # (n,) of the items in the loader's images, ascending
    classes: int
    held_out: NDArray[np.bool_]  # (n,) these train nothing, not even as unlabeled items
    # (n,) whose features are wanted now; None: all. Others are not predicted
    within: NDArray[np.bool_] | None = None
    names: Tensor | None = None  # (C, d) the last layer that the classes' names make (model.rounds.by_names)

    def __len__(self) -> int:
        return len(self.positions)


class Trainer(ABC):
    """Trains a new model on whatever labels it is given. To be used from one thread."""

    def __init__(self, pool: Pool, config: TrainingConfig, device: torch.device) -> None:
        self.pool, self.config, self.device = pool, config, device
        # What a last layer's training needs is not there on every kind of accelerator.
        self.place = device if device.type == "cuda" else torch.device("cpu")

    @property
    def features_bytes(self) -> int:
        """What its features take in memory."""
        return 0

    @property
    def begins(self) -> bool:
        """Whether it makes a model of labels of fewer than two classes, or of none."""
        return False

    @property
    def said(self) -> str:
        """What the last model took from the classes' names, in a sentence; empty: nothing was to be taken."""
        return ""

    @property
    @abstractmethod
    def problems(self) -> tuple[Problem, ...]:
        """The items that could not be read so far."""

    @abstractmethod
    def fit(self, labels: Tensor, seed: int, port: Port, watch: Stopwatch) -> PoolModel:
        """Train on ``labels``, int64 (n,), ``UNKNOWN`` for items without one, and predict the pool.

        Raises :class:`model.learning.training.TrainingError` and :class:`model.port.Cancelled`.
        """

    @abstractmethod
    def fit_fold(self, labels: Tensor, items: Tensor, seed: int, port: Port) -> Tensor:
        """Train on ``labels`` and return the probabilities, (k, C) on the CPU, of the readable ``items`` (k,)."""


class LastLayerTrainer(Trainer):
    """Trains the last layer of a frozen network, on features that are computed once and kept in ``folder``."""

    def __init__(
        self,
        pool: Pool,
        backbone: Backbone,
        device: torch.device,
        folder: Path,
        port: Port,
        graphs: GraphCache | None = None,
    ) -> None:
        super().__init__(pool, backbone.config, device)
        self._prior = None if backbone.given is None else layer_of(backbone.given).to(self.place)
        self._network = backbone.make(pool.classes, 0, port)
        self._folder = folder
        wanted = pool.positions if pool.within is None else pool.positions[pool.within]
        features = self._read_features(pool.loader, wanted, port)
        self._problems = features.problems
        self.rows = np.flatnonzero(np.isin(pool.positions, features.positions))  # items that can be read
        self._features = features.values.to(self.place)
        copies = self.config.augmented_copies if self.config.augment else 0
        self._views = self._features
        if copies and not self.config.pool_weight:
            views = self._read_features(pool.loader, features.positions, port, copies)
            self._views = views.values.to(self.place)
        teaching = np.flatnonzero(~pool.held_out[self.rows])
        self._items = pool.positions[self.rows[teaching]]
        self._graphs = graphs or GraphCache()
        graph = self._graphs.graph(self._items)
        names = None if pool.names is None else pool.names.to(self.place)
        said = None if names is None else (self._features @ names.T).softmax(dim=1)
        self._first = self._prior  # before there are labels
        if names is not None and self._first is None:
            self._first = LastLayer(names, names.new_zeros(len(names)), (), Stop.MINIMUM)
        self._said = ""
        self._learner = PoolLearner(self._features, torch.from_numpy(teaching), graph, said)

    @property
    def begins(self) -> bool:
        """A given network makes a model, or the classes' names do."""
        return self._first is not None

    @property
    def said(self) -> str:
        """How much the names counted beside the labels of the last model."""
        return self._said

    @property
    def features_bytes(self) -> int:
        """What its features take in memory, with those that the last layer is trained in."""
        return 2 * self._features.nbytes

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Items whose features could not be computed."""
        return self._problems

    @property
    def features(self) -> Tensor:
        """Of the items that can be read, (m, d), where last layers are."""
        return self._features

    def features_of(self, loader: Loader, positions: NDArray[np.int64], port: Port) -> Features:
        """Features of other images, such as those that are tested on; where last layers are."""
        found = self._read_features(loader, positions, port)
        return replace(found, values=found.values.to(self.place))

    def fit(self, labels: Tensor, seed: int, port: Port, watch: Stopwatch) -> PoolModel:
        """Train a last layer on the stored features; takes seconds.

        Labels of fewer than two classes train nothing: a given network predicts the pool, or the classes' names do.
        """
        untaught = self.begins and _are_of_one_class(labels)
        with watch.stage("training"):
            layer = self._layer(labels, seed, port)
            self._said = "" if self._learner.weight is None else self._learner.weight.sentence()
            self._graphs.keep(self._items, self._learner.graph)
            probabilities = layer.probabilities(self._features)
            layer.put_into(self._network)
        count = 0 if untaught else int((labels[torch.from_numpy(self.rows)] != UNKNOWN).sum())
        return PoolModel(self._network, layer, self.rows, probabilities, self._features, count)

    def fit_fold(self, labels: Tensor, items: Tensor, seed: int, port: Port) -> Tensor:
        """Train a last layer in the same way and predict ``items`` alone."""
        layer = self._layer(labels, seed, port)
        at = torch.from_numpy(np.searchsorted(self.rows, items.numpy()))
        return layer.probabilities(self._features[at.to(self.place)]).cpu()

    def _layer(self, labels: Tensor, seed: int, port: Port) -> LastLayer:
        mine = labels[torch.from_numpy(self.rows)].to(self.place)
        if self._first is not None and _are_of_one_class(mine):
            return self._first
        new = self._layer_of_labels(mine, seed, port)
        if self._prior is None:
            return new
        known = torch.nonzero(mine != UNKNOWN).flatten()
        seen = self._features[known], mine[known], self.pool.classes
        goes_on = helps(self._prior, *seen, self.config, seed, port)
        return join(self._prior, new, len(known)) if goes_on else new

    def _layer_of_labels(self, mine: Tensor, seed: int, port: Port) -> LastLayer:
        if self.config.pool_weight:
            return self._learner.fit(mine, self.pool.classes, self.config, seed, port)
        known = torch.nonzero(mine != UNKNOWN).flatten()
        return train_last_layer(self._views[known], mine[known], self.pool.classes, self.config, seed, port)

    def _read_features(
        self, loader: Loader, positions: NDArray[np.int64], port: Port, copies: int = 0
    ) -> Features:
        return stored_features(self._network, loader, positions, self._folder, self.device, port, copies)


def _are_of_one_class(labels: Tensor) -> bool:
    known = labels[labels != UNKNOWN]
    return len(known) == 0 or bool((known == known[0]).all())


class NetworkTrainer(Trainer):
    """Trains a network on the images themselves, seen anew in every epoch.

    With a ``checkpoint`` what a training that was broken off did is done again from there, each fold's beside it.
    """

    def __init__(
        self, pool: Pool, backbone: Backbone, device: torch.device, checkpoint: Path | None = None
    ) -> None:
        super().__init__(pool, backbone.config, device)
        self._backbone, self._checkpoint = backbone, checkpoint
        self._folds = 0  # since the last model

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Images that the loader could not read."""
        return self.pool.loader.problems

    def fit(self, labels: Tensor, seed: int, port: Port, watch: Stopwatch) -> PoolModel:
        """Train a new network; with a pool weight its last layer once more, with pseudo-labels."""
        self._folds = 0
        with watch.stage("training"):
            trained = self._train(labels, self._checkpoint, seed, port)
        return self._predict(trained, labels, seed, port, watch)

    def fit_fold(self, labels: Tensor, items: Tensor, seed: int, port: Port) -> Tensor:
        """Train a network in the same way, with a checkpoint of its own, and predict ``items`` alone."""
        self._folds += 1
        path = self._checkpoint and self._checkpoint.with_stem(f"{self._checkpoint.stem}-fold-{self._folds}")
        trained = self._train(labels, path, seed, port)
        if self.config.pool_weight:
            model = self._predict(trained, labels, seed, port, Stopwatch())
            at = torch.from_numpy(np.searchsorted(model.rows, items.numpy()))
            return model.probabilities[at.to(model.probabilities.device)].cpu()
        wanted = self.pool.positions[items.numpy()]
        return predict(trained.network, self.pool.loader, wanted, self.device, port).probabilities

    def _train(self, labels: Tensor, checkpoint: Path | None, seed: int, port: Port) -> Trained:
        pool = self.pool
        rows = torch.nonzero(labels != UNKNOWN).flatten().numpy()
        network = self._backbone.make(pool.classes, seed, port)
        config = for_few_labels(self.config, len(rows), pool.classes)
        positions, given = pool.positions[rows], labels.numpy()[rows]
        return train(network, pool.loader, positions, given, config, self.device, seed, port, checkpoint)

    def _predict(
        self, trained: Trained, labels: Tensor, seed: int, port: Port, watch: Stopwatch
    ) -> PoolModel:
        network = trained.network
        with watch.stage("prediction"):
            found = predict(network, self.pool.loader, self.pool.positions, self.device, port)
        rows = np.flatnonzero(np.isin(self.pool.positions, found.positions))
        layer = replace(layer_of(network), history=trained.history, stop=trained.stop)
        features, probabilities = found.features.to(self.place), found.probabilities.to(self.place)
        if self.config.pool_weight:
            with watch.stage("pool"):
                layer = replace(self._self_train(features, rows, labels, seed, port), history=trained.history)
                probabilities = layer.probabilities(features)
                layer.put_into(network)
        count = int((labels != UNKNOWN).sum())
        return PoolModel(network, layer, rows, probabilities, features, count)

    def _self_train(
        self, features: Tensor, rows: NDArray[np.int64], labels: Tensor, seed: int, port: Port
    ) -> LastLayer:
        """A new last layer on the trained network's features, by labels and by pseudo-labels of the others."""
        teaching = torch.from_numpy(np.flatnonzero(~self.pool.held_out[rows]))
        given = labels[torch.from_numpy(rows)].to(self.place)
        return PoolLearner(features, teaching).fit(given, self.pool.classes, self.config, seed, port)


def make_trainer(
    pool: Pool,
    backbone: Backbone,
    device: torch.device,
    features: Path,
    port: Port,
    checkpoint: Path | None = None,
    graphs: GraphCache | None = None,
) -> Trainer:
    """Return the trainer of a network; computes the features of a frozen one that are not in ``features`` yet."""
    if backbone.stored:
        return LastLayerTrainer(pool, backbone, device, features, port, graphs)
    return NetworkTrainer(pool, backbone, device, checkpoint)
