"""A round of a simulated run: the learner of live rounds, with true labels to test it on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from model.datasets.base import DataError, ImageSet, Problem
from model.datasets.splits import Part, Split, open_split
from model.learning.prediction import predict
from model.names import AUTO
from model.networks.devices import choose_device
from model.networks.loading import Loader
from model.networks.networks import Network, build, pad_as_tensorflow
from model.networks.transforms import CIFAR_MEAN, CIFAR_STD, IMAGENET_MEAN, IMAGENET_STD, Transform
from model.networks.weights import frozen_network
from model.port import Port
from model.rounds.backbone import Backbone, choose
from model.rounds.learner import PoolLabels, train_round
from model.rounds.simulated_answers import group_classes, read_answers
from model.rounds.simulated_values import ImagesSpec, LearnerSpec, Picked, Place, Scale, SelectionSettings
from model.rounds.stopwatch import Stopwatch
from model.rounds.trainers import LastLayerTrainer, Pool, PoolModel, Trainer, make_trainer
from model.selection.base import Options, Snapshot
from model.selection.functions.clusters import cluster_features
from model.selection.round import RoundPlan, select_round
from model.tiers import PerTier, Tier

_HALF = (0.5, 0.5, 0.5)
_SCALES = {
    Scale.CIFAR: (CIFAR_MEAN, CIFAR_STD),
    Scale.IMAGENET: (IMAGENET_MEAN, IMAGENET_STD),
    Scale.HALF: (_HALF, _HALF),
}


@dataclass(frozen=True)
class TestedRound:
    """The pool as a newly trained model predicts it, how that does on the test part, and what it took."""

    snapshot: Snapshot
    accuracy: float  # on the test part, 0 to 1
    audit_accuracy: float | None  # on the audit sample, out of fold
    seconds: dict[str, float]
    by_folds: Tensor | None = None  # (n, C), as in :class:`model.rounds.learner.RoundModel`


class TestPart:
    """The m images that models are tested on; with a frozen network their features are computed once."""

    __test__ = False  # not one of pytest's

    def __init__(
        self, part: Part, labels: NDArray[np.int64], loader: Loader, trainer: Trainer, port: Port
    ) -> None:
        self._part, self._labels, self._loader, self._device = part, labels, loader, trainer.device
        self._features: Tensor | None = None
        if isinstance(trainer, LastLayerTrainer):
            features = trainer.features_of(loader, part.positions, port)
            refuse_unreadable(part, len(features.positions), features.problems)
            self._features = features.values

    def accuracy(self, model: PoolModel, port: Port) -> float:
        """Return the share of a model's predictions that are right, 0 to 1."""
        if self._features is not None:
            probabilities = model.layer.probabilities(self._features)
        else:
            prediction = predict(model.network, self._loader, self._part.positions, self._device, port)
            refuse_unreadable(self._part, len(prediction.positions), self._loader.problems)
            probabilities = prediction.probabilities
        return float((probabilities.argmax(dim=1).cpu().numpy() == self._labels).mean())


@dataclass(frozen=True)
class SimulatedPool:
    """A pool of n images with their true classes, ``labels`` (n,), a trainer, and how its models are tested.

    ``answers`` (n,): what the annotator takes the images for.
    """

    trainer: Trainer
    labels: NDArray[np.int64]
    answers: NDArray[np.int64]
    accuracy: Callable[[PoolModel, Port], float]  # on the test part, 0 to 1
    close: Callable[[], None]  # stops reading images

    @property
    def classes(self) -> int:
        """How many there are."""
        return self.trainer.pool.classes


def open_simulated(images: ImagesSpec, spec: LearnerSpec, place: Place, port: Port) -> SimulatedPool:
    """Open the images and, for a frozen network, compute the features that are not on disk.

    Raises :class:`model.errors.UserError` for images and weights that cannot be used.
    """
    split = open_split(images.dataset, images.path, place.cache, images.test_per_class)
    split = Split(split.pool.fewer(images.pool_images), split.test.fewer(images.test_images))
    if len(split.pool) == 0 or len(split.test) == 0:
        raise DataError(f"The data set {images.dataset} has no images to label or none to test on.")
    backbone = backbone_of(spec, split.pool.images, place, port)
    loader = _loader(split.pool, backbone)
    test_loader = loader if split.test.images is split.pool.images else _loader(split.test, backbone)
    held_out = np.zeros(len(split.pool), np.bool_)
    group = group_classes(images, split.classes)
    pool = Pool(loader, split.pool.positions, int(group.max()) + 1, held_out)
    trainer = make_trainer(pool, backbone, choose_device(), place.features, port)
    if isinstance(trainer, LastLayerTrainer):
        refuse_unreadable(split.pool, len(trainer.rows), trainer.problems)
    test = TestPart(split.test, group[split.test.labels], test_loader, trainer, port)
    labels = group[split.pool.labels]
    answers = read_answers(images, split.pool.positions, labels, pool.classes)

    def close() -> None:
        loader.close()
        test_loader.close()

    return SimulatedPool(trainer, labels, answers, test.accuracy, close)


def _loader(part: Part, backbone: Backbone) -> Loader:
    # Where features are stored, no image is decoded twice.
    if backbone.stored:
        return Loader(part.images, backbone.transform, cache_bytes=0)
    return Loader(part.images, backbone.transform)


def backbone_of(spec: LearnerSpec, images: ImageSet, place: Place, port: Port) -> Backbone:
    """Return the network of a plan; "auto" is chosen as for live rounds.

    Raises :class:`DataError` if "auto" would have to do without weights: another machine would choose another network.
    """
    weights = place.cache / "weights"
    if spec.network == AUTO:
        backbone = choose(images, AUTO, spec.config, weights, spec.weights, port)
        if backbone.note:
            raise DataError(f"{backbone.note} Name a network in the plan, or give a file of weights.")
        return backbone

    def make(classes: int, seed: int, port: Port) -> Network:
        if not spec.frozen:
            return build(spec.network, classes, spec.size, seed)
        network = frozen_network(spec.network, classes, seed, weights, spec.weights, port)
        if spec.same_padding:
            pad_as_tensorflow(network)
        return network

    mean, std = _SCALES[spec.scale]
    transform = Transform(spec.size, spec.resize, spec.padding, spec.flip, mean, std)
    return Backbone(spec.network, spec.stored, transform, spec.config, make)


def train_and_test(
    pool: SimulatedPool, known: PoolLabels, least_audit: int | None, seed: int, port: Port
) -> TestedRound:
    """Train on the labels so far (:func:`model.rounds.learner.train_round`) and test the model.

    Raises :class:`model.learning.training.TrainingError`, and :class:`DataError` for images that cannot be read.
    """
    watch = Stopwatch()
    learned = train_round(pool.trainer, known, least_audit, seed, port, watch)
    images, positions = pool.trainer.pool.loader.images, pool.trainer.pool.positions
    refuse_unreadable(Part(images, positions), len(learned.model.rows), pool.trainer.problems)
    accuracy = pool.accuracy(learned.model, port)
    return TestedRound(learned.snapshot, accuracy, learned.audit_accuracy, watch.seconds, learned.by_folds)


def refuse_unreadable(part: Part, readable: int, problems: Sequence[Problem]) -> None:
    """Raise :class:`DataError` if not all images of a part can be read: a run must be the same everywhere."""
    lacking = len(part) - readable
    if lacking:
        count = "1 image" if lacking == 1 else f"{lacking:,} images"
        first = problems[0]
        raise DataError(
            f"{count} of {part.images.name} cannot be read, the first of them {first.item}: {first.reason}"
        )


def pick(
    learned: TestedRound, choice: SelectionSettings, budgets: PerTier[int], seed: int, port: Port
) -> Picked:
    """Choose a round of ``budgets``."""
    plan = RoundPlan(budgets, choice.strategies, Options.of(choice), published=choice.published)
    chosen = select_round(learned.snapshot, plan, seed, port)
    picks = (*chosen.queue, *chosen.auto_labels)
    number = {tier: index for index, tier in enumerate(Tier)}
    return Picked(
        np.array([one.item for one in picks], np.int64),
        np.array([one.label for one in picks], np.int64),
        np.array([number[one.tier] for one in picks], np.int8),
        {tier.value: note for tier, note in chosen.notes.items()},
        {tier.value: taken for tier, taken in chosen.seconds.items()},
    )


def cluster_pool(
    pool: SimulatedPool, count: int, seed: int, port: Port
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Clusters of the pool's images on a frozen network's features: numbers (n,) and distances to centres (n,).

    Raises :class:`DataError` for a network that is trained in full: it has no features before there are labels.
    """
    if not isinstance(pool.trainer, LastLayerTrainer):
        raise DataError(
            "Images are grouped by a frozen network's features: say frozen = true and stored = true."
        )
    clusters = cluster_features(pool.trainer.features, count, seed, port)
    return clusters.cluster.numpy(), clusters.distance.double().numpy()


def use_threads(count: int) -> None:
    """How many threads this process computes with."""
    torch.set_num_threads(count)
