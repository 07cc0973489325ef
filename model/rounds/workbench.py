"""What a learner keeps from one request to the next, and the trainer of a request."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from model.datasets.base import ImageSet
from model.learning.config import preset
from model.learning.neighbours import GraphCache
from model.networks.devices import choose_device
from model.networks.loading import Loader
from model.port import Port
from model.rounds.backbone import Backbone, choose, go_on_from
from model.rounds.by_names import NameReader
from model.rounds.comparing import network_of
from model.rounds.learner import PoolLabels
from model.rounds.live_values import GIVEN_FILE, LearnRequest
from model.rounds.model_file import load_model, read_model, temperature_of
from model.rounds.stopwatch import Stopwatch
from model.rounds.trainers import Pool, Trainer, make_trainer

_CHECKPOINT = "training.pt"
_KEPT_BYTES = 512 * 2**20  # features up to this size stay in memory from one refit to the next


@dataclass
class Workbench:
    """What a learner keeps between rounds: the images with those decoded, the backbone, the pool's graph, and for
    refits the trainer with its features.
    """

    images: ImageSet
    graphs: GraphCache = field(default_factory=GraphCache)
    names: NameReader = field(default_factory=NameReader)
    trainers: dict[tuple[int, bytes], Trainer] = field(
        default_factory=dict
    )  # by classes and what they look at
    _backbone: Backbone | None = None
    _key: object = None
    _loader: Loader | None = None

    def backbone(self, request: LearnRequest, port: Port) -> Backbone:
        """The network of the request's settings, looked for once."""
        settings = request.settings
        network = network_of(request)
        given = request.given
        key = (network, settings.weights, settings.preset, given, given and request.classes)
        if self._backbone is None or key != self._key or request.look_again:
            self.close()
            self._backbone = _choose(self.images, network, request, port)
            self._key = key
        return self._backbone

    def loader(self, backbone: Backbone) -> Loader:
        """The images as the backbone sees them."""
        if self._loader is None:
            self._loader = Loader(self.images, backbone.transform)
        return self._loader

    def close(self) -> None:
        """Stop reading images."""
        self.graphs.clear()
        self.trainers.clear()
        if self._loader is not None:
            self._loader.close()
            self._loader = None


def _choose(images: ImageSet, network: str, request: LearnRequest, port: Port) -> Backbone:
    settings, given = request.settings, request.given
    config = preset(settings.preset)
    if given is None:
        places = request.shared, settings.weights, port, request.laboratory
        return choose(images, network, config, *places)
    file = request.work / GIVEN_FILE
    trained, transform, _ = load_model(file, sha256=given.sha256)
    temperature = temperature_of(read_model(file, given.sha256))
    return go_on_from(trained, transform, given.outputs, len(request.classes), temperature, config)


def kept_trainer(request: LearnRequest, bench: Workbench, backbone: Backbone, port: Port) -> Trainer:
    """The trainer of the last refit where it serves: reading features takes longer than training on them."""
    seen = request.holdout.tobytes() + looked_at(request).tobytes() + repr(request.names).encode()
    key = len(request.classes), seen
    trainer = bench.trainers.get(key)
    if trainer is None:
        trainer = make_pool_trainer(request, bench, backbone, Stopwatch(), port)
        bench.trainers.clear()
        if trainer.features_bytes <= _KEPT_BYTES:
            bench.trainers[key] = trainer
    return trainer


def make_pool_trainer(
    request: LearnRequest, bench: Workbench, backbone: Backbone, watch: Stopwatch, port: Port
) -> Trainer:
    """The trainer of a request's items; computes features of a frozen network that are not there yet."""
    loader, items, classes = bench.loader(backbone), np.arange(len(request.labels)), len(request.classes)
    names = bench.names.read(request, backbone.name, port).weight if backbone.stored else None
    pool = Pool(loader, items, classes, request.holdout, request.within, names)
    features, checkpoint = request.work / "features", request.work / _CHECKPOINT
    with watch.stage("features" if backbone.stored else "opening"):
        return make_trainer(pool, backbone, choose_device(), features, port, checkpoint, bench.graphs)


def pool_labels(request: LearnRequest) -> PoolLabels:
    """What a request says of its items."""
    return PoolLabels(
        labels=request.labels.astype(np.int64),
        auto=request.auto,
        held_out=request.holdout,
        random=request.random,
        order=request.order,
    )


def looked_at(request: LearnRequest) -> NDArray[np.bool_]:
    """(n,) the items that a request is about."""
    return np.ones(len(request.labels), np.bool_) if request.within is None else request.within
