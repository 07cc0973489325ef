"""What learns in a simulated run: a network trained anew each round, or a last layer on stored features."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from model.datasets.base import DataError
from model.datasets.splits import Part, Split, open_split
from model.learning.config import TrainingConfig
from model.learning.features import stored_features
from model.learning.last_layer import LastLayer, train_last_layer
from model.learning.pool_learning import PoolLearner
from model.learning.prediction import Prediction, predict
from model.learning.training import train
from model.networks.devices import choose_device
from model.networks.loading import Loader
from model.networks.networks import Network, build, pad_as_tensorflow
from model.networks.transforms import CIFAR_MEAN, CIFAR_STD, IMAGENET_MEAN, IMAGENET_STD, Transform
from model.networks.weights import frozen_network
from model.port import Port
from model.rounds.live import for_few_labels
from model.rounds.simulated_values import UNLABELED, ImagesSpec, LearnerSpec, Place, Scale

_HALF = (0.5, 0.5, 0.5)
_SCALES = {
    Scale.CIFAR: (CIFAR_MEAN, CIFAR_STD),
    Scale.IMAGENET: (IMAGENET_MEAN, IMAGENET_STD),
    Scale.HALF: (_HALF, _HALF),
}


@dataclass(frozen=True)
class Seen:
    """What a trained model says of the pool and of the test part, on the learner's device."""

    probabilities: Tensor  # (n, C)
    features: Tensor  # (n, d)
    tested: Tensor  # (m, C)


class Learner(ABC):
    """A pool of n images with their true classes, m images to test on, and a model that is trained anew."""

    def __init__(self, pool: NDArray[np.int64], test: NDArray[np.int64], classes: int) -> None:
        self.labels, self.test_labels, self.classes = pool, test, classes
        self.device = choose_device()

    @abstractmethod
    def fit(self, labels: Tensor, seed: int, port: Port) -> Seen:
        """Train on ``labels``, int64 (n,), -1 where there is none, and look at everything."""

    @abstractmethod
    def fit_for(self, labels: Tensor, items: Tensor, seed: int, port: Port) -> Tensor:
        """Train on ``labels`` and return the probabilities, (k, C) on the CPU, of ``items`` (k,)."""

    @abstractmethod
    def close(self) -> None:
        """Let go of threads and files."""


def make_learner(images: ImagesSpec, spec: LearnerSpec, place: Place, port: Port) -> Learner:
    """Open the images and, for stored features, compute those that are not on disk.

    Raises :class:`model.errors.UserError` for images and weights that cannot be used.
    """
    split = open_split(images.dataset, images.path, place.cache, images.test_per_class)
    split = Split(split.pool.fewer(images.pool_images), split.test.fewer(images.test_images))
    if len(split.pool) == 0 or len(split.test) == 0:
        raise DataError(f"The data set {images.dataset} has no images to label or none to test on.")
    return (_Stored if spec.stored else _Trained)(split, spec, place, port)


def transform_of(spec: LearnerSpec) -> Transform:
    """How the network sees images."""
    mean, std = _SCALES[spec.scale]
    return Transform(spec.size, spec.resize, spec.padding, spec.flip, mean, std)


class _Stored(Learner):
    """The last layer of a frozen network, on features that lie on disk."""

    def __init__(self, split: Split, spec: LearnerSpec, place: Place, port: Port) -> None:
        super().__init__(split.pool.labels, split.test.labels, len(split.classes))
        self._config = spec.config
        network = _network(spec, self.classes, 0, place.cache / "weights", port)
        copies = spec.config.augmented_copies if spec.config.augment else 0
        self._pool = self._features(split.pool, network, spec, place.features, port, 0)
        self._test = self._features(split.test, network, spec, place.features, port, 0)
        self._training = (
            self._features(split.pool, network, spec, place.features, port, copies) if copies else self._pool
        )
        self._of_pool = PoolLearner(self._pool)

    def _features(
        self, part: Part, network: Network, spec: LearnerSpec, folder: Path, port: Port, copies: int
    ) -> Tensor:
        with Loader(part.images, transform_of(spec), cache_bytes=0) as loader:
            found = stored_features(network, loader, part.positions, folder, self.device, port, copies)
        if found.problems:
            first = found.problems[0]
            raise DataError(
                f"{len(found.problems)} images of {part.images.name} cannot be read, the first of them "
                f"{first.item}: {first.reason}"
            )
        return found.values.to(self.device)

    def fit(self, labels: Tensor, seed: int, port: Port) -> Seen:
        layer = self._layer(labels, seed, port)
        return Seen(layer.probabilities(self._pool), self._pool, layer.probabilities(self._test))

    def fit_for(self, labels: Tensor, items: Tensor, seed: int, port: Port) -> Tensor:
        layer = self._layer(labels, seed, port)
        return layer.probabilities(self._pool[items.to(self.device)]).cpu()

    def _layer(self, labels: Tensor, seed: int, port: Port) -> LastLayer:
        if self._config.pool_weight:
            return self._of_pool.fit(labels.to(self.device), self.classes, self._config, seed, port)
        return train_last_layer(*self._labeled(labels), self.classes, self._config, seed, port)

    def _labeled(self, labels: Tensor) -> tuple[Tensor, Tensor]:
        rows = torch.nonzero(labels != UNLABELED).flatten()
        return self._training[rows.to(self.device)], labels[rows].to(self.device)

    def close(self) -> None:
        pass


class _Trained(Learner):
    """A network that sees the images themselves in every epoch."""

    def __init__(self, split: Split, spec: LearnerSpec, place: Place, _port: Port) -> None:
        super().__init__(split.pool.labels, split.test.labels, len(split.classes))
        self._split, self._spec, self._weights = split, spec, place.cache / "weights"
        transform = transform_of(spec)
        self._loader = Loader(split.pool.images, transform)
        same = split.test.images is split.pool.images
        self._test_loader = self._loader if same else Loader(split.test.images, transform)

    def fit(self, labels: Tensor, seed: int, port: Port) -> Seen:
        network = self._fitted(labels, seed, port)
        pool = self._predict(network, self._loader, self._split.pool, port)
        test = self._predict(network, self._test_loader, self._split.test, port)
        if self._spec.config.pool_weight:
            features = pool.features.to(self.device)
            layer = self._of_pool(features, labels, seed, port)
            tested = layer.probabilities(test.features.to(self.device))
            return Seen(layer.probabilities(features), features, tested)
        return Seen(
            pool.probabilities.to(self.device),
            pool.features.to(self.device),
            test.probabilities.to(self.device),
        )

    def fit_for(self, labels: Tensor, items: Tensor, seed: int, port: Port) -> Tensor:
        network = self._fitted(labels, seed, port)
        if self._spec.config.pool_weight:
            pool = self._predict(network, self._loader, self._split.pool, port)
            features = pool.features.to(self.device)
            layer = self._of_pool(features, labels, seed, port)
            return layer.probabilities(features[items.to(self.device)]).cpu()
        part = Part(self._split.pool.images, self._split.pool.positions[items.cpu().numpy()])
        return self._predict(network, self._loader, part, port).probabilities

    def _of_pool(self, features: Tensor, labels: Tensor, seed: int, port: Port) -> LastLayer:
        """A last layer trained anew on what the network sees, so that unlabeled images teach it too."""
        return PoolLearner(features).fit(labels.to(self.device), self.classes, self._spec.config, seed, port)

    def _fitted(self, labels: Tensor, seed: int, port: Port) -> Network:
        spec, pool = self._spec, self._split.pool
        rows = torch.nonzero(labels != UNLABELED).flatten().numpy()
        network = _network(spec, self.classes, seed, self._weights, port)
        config: TrainingConfig = for_few_labels(spec.config, len(rows), self.classes)
        given = labels.numpy()[rows]
        train(network, self._loader, pool.positions[rows], given, config, self.device, seed, port)
        return network

    def _predict(self, network: Network, loader: Loader, part: Part, port: Port) -> Prediction:
        found = predict(network, loader, part.positions, self.device, port)
        if len(found.positions) < len(part):
            first = loader.problems[0]
            raise DataError(
                f"Images of {part.images.name} cannot be read, the first of them {first.item}: {first.reason}"
            )
        return found

    def close(self) -> None:
        self._loader.close()
        self._test_loader.close()


def _network(spec: LearnerSpec, classes: int, seed: int, folder: Path, port: Port) -> Network:
    if not spec.frozen:
        return build(spec.network, classes, spec.size, seed)
    network = frozen_network(spec.network, classes, seed, folder, spec.weights, port)
    if spec.same_padding:
        pad_as_tensorflow(network)
    return network
