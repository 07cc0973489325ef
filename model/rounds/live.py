"""From the labels so far to a round: features or training, prediction, selection in three tiers."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from model.datasets.base import ImageSet
from model.learning.config import PRESETS, TrainingConfig
from model.learning.crossfit import cross_fitted
from model.learning.features import stored_features
from model.learning.last_layer import LastLayer
from model.learning.neighbours import Neighbours
from model.learning.pool_learning import PoolLearner
from model.learning.prediction import Prediction, predict
from model.learning.training import Epoch, TrainingError, train
from model.networks.devices import choose_device
from model.networks.loading import Loader
from model.networks.networks import Network
from model.port import Cancelled, Port
from model.rounds import selecting
from model.rounds.backbone import Backbone, choose
from model.rounds.live_values import LearnRequest, LearnResult, TrainedModel
from model.rounds.model_file import keep_model
from model.rounds.predictions import Predictions, keep_predictions
from model.selection.base import UNLABELED, Snapshot

_FOLDS = 4  # of the labels, each of which judges models that were trained without it
_LEAST_STEPS, _STEPS_PER_CLASS, _LEAST_EPOCHS = 200, 5, 5
_BATCH, _RATE = 16, 0.02
_CHECKPOINT = "training.pt"


@dataclass
class Workbench:
    """What a learner keeps between rounds: the images with those decoded, and the backbone."""

    images: ImageSet
    _backbone: Backbone | None = None
    _key: object = None
    _loader: Loader | None = None
    _graph: tuple[bytes, Neighbours | None] | None = None

    def backbone(self, request: LearnRequest, port: Port) -> Backbone:
        """The network of the request's settings, looked for once."""
        key = (request.settings.network, request.settings.weights, request.settings.preset)
        if self._backbone is None or key != self._key:
            self.close()
            self._backbone, self._key = choose(self.images, request.settings, request.shared, port), key
        return self._backbone

    def loader(self, backbone: Backbone) -> Loader:
        """The images as the backbone sees them."""
        if self._loader is None:
            self._loader = Loader(self.images, backbone.transform)
        return self._loader

    def graph(self, items: NDArray[np.int64]) -> Neighbours | None:
        """The graph of a frozen network's features that was kept for the same items."""
        return self._graph[1] if self._graph is not None and self._graph[0] == items.tobytes() else None

    def keep(self, items: NDArray[np.int64], graph: Neighbours | None) -> None:
        """Keep a graph for the next round."""
        self._graph = items.tobytes(), graph

    def close(self) -> None:
        """Stop reading images."""
        self._graph = None
        if self._loader is not None:
            self._loader.close()
            self._loader = None


@dataclass
class _Clock:
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - started


@dataclass(frozen=True)
class _Seen:
    """What the model says of the images that can be read."""

    network: Network
    positions: NDArray[np.int64]  # (m,)
    probabilities: Tensor  # (m, C)
    features: Tensor  # (m, d)
    audit: NDArray[np.bool_]  # (m,) a random sample that judges models
    unseen: NDArray[np.bool_]  # (m,) labeled, and what is honest of them comes of models not trained on them
    honest: Tensor  # (m, C) the same probabilities, of the unseen by those models
    trained_on: int
    history: tuple[Epoch, ...]


def learn(request: LearnRequest, bench: Workbench, port: Port) -> LearnResult:
    """Train on the labels so far and choose the next round.

    The same request gives the same result on a CPU with the same number of threads. What a cancelled or
    killed run did is found again. Raises ``UserError`` where there is too little to learn from, and
    :class:`model.port.Cancelled`.
    """
    torch.set_num_threads(request.threads or torch.get_num_threads())
    device = choose_device()
    clock = _Clock()
    port.progress(0, 0, "Looking at the images")
    with clock.stage("opening"):
        backbone = bench.backbone(request, port)
        loader = bench.loader(backbone)
    if backbone.frozen:
        seen = _frozen_seen(request, bench, backbone, loader, device, clock, port)
    else:
        seen = _trained_seen(request, backbone, loader, device, clock, port)
    if port.cancelled():
        raise Cancelled
    n = len(request.labels)
    labels = torch.full((n,), -1, dtype=torch.int64)
    human = (request.labels >= 0) & ~request.auto
    labels[torch.from_numpy(human)] = torch.from_numpy(request.labels[human].astype(np.int64))
    snapshot = Snapshot(
        seen.honest.to(device),
        seen.features.to(device),
        labels[seen.positions].to(device),
        audit=torch.from_numpy(seen.audit).to(device),
        honest=torch.from_numpy(seen.unseen).to(device),
        asked=torch.from_numpy(request.answered_at[seen.positions]).to(device),
    )
    chosen = selecting.choose_round(request, snapshot, seen.positions, clock.seconds, port)
    predicted, confidence = _said(seen, n)
    model = _keep(request, backbone, seen, device)
    held = seen.positions[(request.holdout & human)[seen.positions]]
    right = int((predicted[held] == request.labels[held]).sum())
    notes = dict(chosen.notes)
    if backbone.note:
        notes["network"] = backbone.note
    bad = np.setdiff1d(np.arange(n), seen.positions)
    reasons = {problem.item: problem.reason for problem in loader.problems}
    names = bench.images.items
    taken_for = selecting.confusable(seen.probabilities, labels[seen.positions])
    keep_predictions(request.work, Predictions(model.sha256, predicted, confidence, taken_for))
    return LearnResult(
        round=request.round,
        seed=request.seed,
        model=model,
        queue=chosen.queue,
        spare=chosen.spare,
        auto_labels=chosen.auto_labels,
        predicted=predicted,
        confidence=confidence,
        holdout_n=len(held),
        holdout_right=right,
        confusable=taken_for,
        notes=notes,
        seconds=clock.seconds,
        problems={int(i): reasons.get(names[int(i)], "The image cannot be read.") for i in bad},
    )


def _training_rows(request: LearnRequest, positions: NDArray[np.int64]) -> NDArray[np.int64]:
    """Rows of ``positions`` that train the model; raises where they are too few."""
    usable = (request.labels >= 0) & ~request.holdout
    rows = np.flatnonzero(usable[positions])
    if len(np.unique(request.labels[positions[rows]])) < 2:
        raise TrainingError(
            "A model needs labeled images of two classes at least: label some of another class first."
        )
    return rows


def _frozen_seen(
    request: LearnRequest,
    bench: Workbench,
    backbone: Backbone,
    loader: Loader,
    device: torch.device,
    clock: _Clock,
    port: Port,
) -> _Seen:
    classes = len(request.classes)
    network = backbone.make(classes, request.seed, port)
    with clock.stage("features"):
        found = stored_features(
            network, loader, range(len(request.labels)), request.work / "features", device, port
        )
    rows = _training_rows(request, found.positions)
    labels = torch.from_numpy(request.labels[found.positions].astype(np.int64))
    pool = np.flatnonzero(~request.holdout[found.positions])
    items = found.positions[pool]
    learner = PoolLearner(found.values, torch.from_numpy(pool), bench.graph(items))

    def fitted(chosen: Tensor) -> LastLayer:
        given = torch.where(chosen, labels, UNLABELED)
        return learner.fit(given, classes, backbone.config, request.seed, port)

    with clock.stage("training"):
        training = torch.zeros(len(labels), dtype=torch.bool)
        training[torch.from_numpy(rows)] = True
        layer = fitted(training)
        bench.keep(items, learner.graph)
        probabilities = layer.probabilities(found.values)
        layer.put_into(network)
    with clock.stage("audit"):
        audit = (request.holdout & (request.labels >= 0) & ~request.auto)[found.positions]
        unseen, honest = audit, probabilities
        random = (request.random & ~request.holdout & ~request.auto & (request.labels >= 0))[found.positions]
        human = training & torch.from_numpy(~request.auto[found.positions])
        if (audit.any() or random.sum() >= 2 * _FOLDS) and bool(human.any()):

            def fit(chosen: Tensor):  # type: ignore[no-untyped-def]
                part = fitted(chosen)
                return lambda at: part.probabilities(found.values[at])

            held = torch.nonzero(human).flatten()
            # Labels of one class alone may be left in a part: too few to judge by yet.
            with suppress(TrainingError):
                honest = probabilities.index_copy(
                    0, held, cross_fitted(fit, training, held, _FOLDS, request.seed)
                )
                audit = audit if audit.any() else random
                unseen = audit | human.numpy()
    return _Seen(
        network, found.positions, probabilities, found.values, audit, unseen, honest, len(rows), layer.history
    )


def _trained_seen(
    request: LearnRequest, backbone: Backbone, loader: Loader, device: torch.device, clock: _Clock, port: Port
) -> _Seen:
    everything = np.arange(len(request.labels))
    rows = _training_rows(request, everything)
    network = backbone.make(len(request.classes), request.seed, port)
    with clock.stage("training"):
        config = for_few_labels(backbone.config, len(rows), len(request.classes))
        trained = train(
            network,
            loader,
            rows,
            request.labels[rows].astype(np.int64),
            config,
            device,
            request.seed,
            port,
            request.work / _CHECKPOINT,
        )
    with clock.stage("prediction"):
        found = predict(trained.network, loader, everything, device, port)
    probabilities = found.probabilities
    if backbone.config.pool_weight:
        with clock.stage("pool"):
            layer = _taught_by_the_pool(request, found, rows, backbone.config, port)
            probabilities = layer.probabilities(found.features)
            layer.put_into(trained.network)
    audit = (request.holdout & (request.labels >= 0) & ~request.auto)[found.positions]
    return _Seen(
        trained.network,
        found.positions,
        probabilities,
        found.features,
        audit,
        audit,
        probabilities,
        len(rows),
        trained.history,
    )


def _taught_by_the_pool(
    request: LearnRequest, found: Prediction, rows: NDArray[np.int64], config: TrainingConfig, port: Port
) -> LastLayer:
    """A new last layer on what the trained network sees, so that the unlabeled images teach it too."""
    training = np.isin(found.positions, rows)
    labels = torch.from_numpy(np.where(training, request.labels[found.positions], UNLABELED).astype(np.int64))
    pool = torch.from_numpy(np.flatnonzero(~request.holdout[found.positions]))
    learner = PoolLearner(found.features.float(), pool)
    return learner.fit(labels, len(request.classes), config, request.seed, port)


def for_few_labels(config: TrainingConfig, labels: int, classes: int) -> TrainingConfig:
    """The quick settings for training a network on few labels: small batches, and so many epochs that steps suffice.

    Ending at a training accuracy would end before batch normalisation knows the images: 30 drawn digits are
    learned in 40 steps, and 13 % of the others told right then; after 200 steps 80 %. Many classes take more: of 242
    drawn characters with 726 labels 230 steps told 7 % and 1,150 steps 63 %.
    """
    if config not in (PRESETS["quick"], PRESETS["pool"]):
        return config
    steps = -(-labels // _BATCH)
    wanted = max(_LEAST_STEPS, _STEPS_PER_CLASS * classes)
    epochs = max(_LEAST_EPOCHS, -(-wanted // steps))
    return replace(config, batch_size=_BATCH, epochs=epochs, learning_rate=_RATE, stop_accuracy=None)


def _said(seen: _Seen, n: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    predicted = np.full(n, -1, np.int32)
    confidence = np.zeros(n, np.float32)
    top = seen.probabilities.max(dim=1)
    predicted[seen.positions] = top.indices.numpy()
    confidence[seen.positions] = top.values.numpy()
    return predicted, confidence


def _keep(request: LearnRequest, backbone: Backbone, seen: _Seen, device: torch.device) -> TrainedModel:
    sha256, file = keep_model(
        request.work, seen.network, backbone.transform, request.classes, seen.trained_on
    )
    return TrainedModel(
        sha256=sha256,
        file=file.name,
        network=backbone.name,
        settings=repr(backbone.config),
        trained_on=seen.trained_on,
        history=tuple((epoch.loss, epoch.accuracy) for epoch in seen.history),
        device=device.type,
    )
