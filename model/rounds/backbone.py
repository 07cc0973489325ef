"""Which network sees the images of a live round, and how they come to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from model.datasets.base import ImageSet
from model.datasets.images import ImageError
from model.errors import UserError
from model.learning.config import TrainingConfig, preset
from model.networks.networks import NETWORKS, Network, build
from model.networks.transforms import CIFAR_MEAN, CIFAR_STD, Transform, fine_grained
from model.networks.weights import WeightsError, frozen_network
from model.port import Port
from model.rounds.live_values import LearnerSettings

AUTO = "auto"
FROZEN = "mobilenet_v2"  # what "auto" takes for images of some size: features in 30 ms on a core
_SMALL_PX = 64
_DRAWN_PX = 32  # signs without colour are told apart at this size
_SAMPLE = 32  # images by which sizes and colours are judged
_SMALL_NETWORK = "small-cnn"


@dataclass(frozen=True)
class Backbone:
    """A network before its last layer is trained, and the transform that it sees images by."""

    name: str
    frozen: bool
    transform: Transform
    config: TrainingConfig
    make: Callable[[int, int, Port], Network]  # classes, seed, port
    note: str = ""  # why it is not what one would expect


def choose(images: ImageSet, settings: LearnerSettings, weights: Path, port: Port) -> Backbone:
    """Return the network of the settings; "auto" chooses by the images' size and by the weights that can be had.

    Raises :class:`model.networks.networks.NetworkError` and :class:`model.learning.config.ConfigError`.
    """
    config = preset(settings.preset)
    side, grey = _look(images)
    if settings.network == AUTO:
        if side <= _SMALL_PX:
            return _trained(_SMALL_NETWORK, side, grey, config)
        return _auto_frozen(settings, weights, config, grey, port)
    if settings.network in NETWORKS:
        return _trained(settings.network, side, grey, config)
    return _frozen(settings.network, settings, weights, config)


def _auto_frozen(
    settings: LearnerSettings, weights: Path, config: TrainingConfig, grey: bool, port: Port
) -> Backbone:
    found = _frozen(FROZEN, settings, weights, config)
    try:
        found.make(2, 0, port)
    except (WeightsError, OSError) as error:
        reason = str(error) if isinstance(error, UserError) else type(error).__name__
        small = _trained(_SMALL_NETWORK, _DRAWN_PX if grey else _SMALL_PX, grey, config)
        note = f"Weights that know photographs could not be had, so a small network learns from nothing. {reason}"
        return Backbone(small.name, False, small.transform, config, small.make, note)
    return found


def _frozen(name: str, settings: LearnerSettings, weights: Path, config: TrainingConfig) -> Backbone:
    def make(classes: int, seed: int, port: Port) -> Network:
        return frozen_network(name, classes, seed, weights, settings.weights, port)

    return Backbone(name, True, fine_grained(), config, make)


def _trained(name: str, side: int, grey: bool, config: TrainingConfig) -> Backbone:
    size = 16 if side <= 16 else _DRAWN_PX if side <= _DRAWN_PX else _SMALL_PX
    # Drawn signs without colour, such as digits, mean something else in the mirror.
    transform = Transform(size, size, size // 8, not grey, CIFAR_MEAN, CIFAR_STD)

    def make(classes: int, seed: int, _port: Port) -> Network:
        return build(name, classes, size, seed)

    return Backbone(name, False, transform, config, make)


def _look(images: ImageSet) -> tuple[int, bool]:
    """The median longer side of a sample, in pixels, and whether none of it has colour."""
    sides, grey = [], True
    for index in np.linspace(0, len(images) - 1, min(_SAMPLE, len(images))).astype(int):
        try:
            image = images.image(int(index), (_SMALL_PX + 1, _SMALL_PX + 1))
        except ImageError:
            continue
        sides.append(max(image.size))
        pixels = np.asarray(image)
        grey = grey and bool((pixels[..., :1] == pixels).all())
    return (int(np.median(sides)) if sides else _SMALL_PX), grey
