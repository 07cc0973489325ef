"""Which network learns from the images of a pool, and how they come to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn

from model.datasets.base import ImageSet
from model.datasets.image_files import ImageError, PlaceError
from model.errors import UserError
from model.learning.config import TrainingConfig
from model.names import AUTO, TRAINED_NETWORKS
from model.networks.encoders import SMALL
from model.networks.networks import Network, build, frozen
from model.networks.transforms import CIFAR_MEAN, CIFAR_STD, Transform, as_encoder_sees
from model.networks.weight_files import WeightsError
from model.networks.weights import encoder_of, frozen_network
from model.port import Port

FROZEN = SMALL  # what "auto" takes for photographs, small ones too: features in 30 ms on a core
_SMALL_PX = 64
_TINY_PX = 16  # photographs up to this size say little to an encoder
_DRAWN_PX = (
    32  # signs without colour, such as letters, can be read at this size, whatever they were scanned at
)
_SAMPLE = 32  # images by which sizes and colours are judged
_SMALL_NETWORK = TRAINED_NETWORKS[0]


@dataclass(frozen=True)
class Backbone:
    """A network before its last layer is trained, and the transform that it sees images by."""

    name: str
    stored: bool  # it is frozen, and its features are computed once
    transform: Transform
    config: TrainingConfig
    make: Callable[[int, int, Port], Network]  # classes, seed, port
    note: str = ""  # why it is not what one would expect
    given: Network | None = (
        None  # a trained one with this body, for the same classes: it goes before all labels
    )


def choose(
    images: ImageSet,
    network: str,
    config: TrainingConfig,
    weights: Path,
    file: Path | None,
    port: Port,
    laboratory: Path | None = None,
) -> Backbone:
    """Return the network of a name; "auto" chooses by the images and by the weights that can be had.

    Photographs of more than 16 pixels are seen by a frozen encoder (docs/encoders.md); small drawings without colour
    train a small network, and so does everything where no weights can be had.

    ``weights`` is the folder of downloaded ones, ``file`` those of a frozen network instead of its library's; a
    ``laboratory`` may have a folder that is looked in first. Raises
    :class:`model.networks.networks.NetworkError`.
    """
    places = _Places(weights, file, laboratory)
    if network not in (AUTO, *TRAINED_NETWORKS):
        return _frozen_backbone(network, places, config)
    side, grey = _measure(images)
    if network != AUTO or side <= _TINY_PX or (grey and side <= _SMALL_PX):
        name = _SMALL_NETWORK if network == AUTO else network
        return _trained_backbone(name, side, grey, config)
    return _auto_backbone(places, config, side, grey, port)


def go_on_from(
    network: Network,
    transform: Transform,
    outputs: Sequence[int],
    classes: int,
    temperature: float | None,
    config: TrainingConfig,
) -> Backbone:
    """Return the backbone of a trained ``network`` whose outputs are the classes ``outputs`` (-1: none) of ``classes``.

    Its body is frozen, though it may have been trained in full elsewhere. Its logits are divided by the ``temperature``
    at which they were calibrated. A class that it does not know gets the mean of those that it knows, which is never
    the likeliest; of several outputs for a class the first one counts.
    """
    given = _for_classes(network, outputs, classes, temperature or 1.0)

    def make(count: int, seed: int, _port: Port) -> Network:
        return frozen(network.name, network.body, network.width, count, seed)

    return Backbone(network.name, True, transform, config, make, given=given)


def _for_classes(network: Network, outputs: Sequence[int], classes: int, temperature: float) -> Network:
    rows: dict[int, int] = {}
    for row, output in enumerate(outputs):
        if output >= 0:
            rows.setdefault(output, row)
    with torch.no_grad():
        layer = torch.cat([network.last.weight, network.last.bias.unsqueeze(1)], dim=1) / temperature
        known = layer[list(rows.values())]
        whole = known.mean(dim=0).repeat(classes, 1)
        whole[list(rows)] = known
        last = nn.Linear(network.width, classes)
        last.weight.copy_(whole[:, :-1])
        last.bias.copy_(whole[:, -1])
    return Network(network.name, network.body, last, frozen=True).eval()


@dataclass(frozen=True)
class _Places:
    """Where weights may be."""

    folder: Path  # downloaded ones
    file: Path | None
    laboratory: Path | None


def _auto_backbone(places: _Places, config: TrainingConfig, side: int, grey: bool, port: Port) -> Backbone:
    encoder = _frozen_backbone(FROZEN, places, config)
    try:
        encoder.make(2, 0, port)
    except (WeightsError, OSError) as error:
        if places.file is not None:
            raise  # it was chosen: another network in its place would be a surprise
        reason = str(error) if isinstance(error, UserError) else type(error).__name__
        small = _trained_backbone(_SMALL_NETWORK, side, grey, config)
        note = f"Pretrained weights could not be loaded, so a small network is trained from scratch. {reason}"
        return Backbone(small.name, False, small.transform, config, small.make, note)
    return encoder


def _frozen_backbone(name: str, places: _Places, config: TrainingConfig) -> Backbone:
    encoder = encoder_of(name)

    def make(classes: int, seed: int, port: Port) -> Network:
        return frozen_network(name, classes, seed, places.folder, places.file, port, places.laboratory)

    return Backbone(encoder.name, True, as_encoder_sees(encoder), config, make)


def _trained_backbone(name: str, side: int, grey: bool, config: TrainingConfig) -> Backbone:
    size = 16 if side <= 16 else _DRAWN_PX if grey or side <= _DRAWN_PX else _SMALL_PX
    # Drawn signs without colour, such as digits, mean something else in the mirror.
    transform = Transform(size, size, size // 8, not grey, CIFAR_MEAN, CIFAR_STD)

    def make(classes: int, seed: int, _port: Port) -> Network:
        return build(name, classes, size, seed)

    return Backbone(name, False, transform, config, make)


def _measure(images: ImageSet) -> tuple[int, bool]:
    """The median longer side of a sample, in pixels, and whether none of it has colour."""
    sides, grey = [], True
    for index in np.linspace(0, len(images) - 1, min(_SAMPLE, len(images))).astype(int):
        try:
            image = images.image(int(index), (_SMALL_PX + 1, _SMALL_PX + 1))
        except PlaceError:
            raise
        except ImageError:
            continue
        sides.append(max(image.size))
        pixels = np.asarray(image)
        grey = grey and bool((pixels[..., :1] == pixels).all())
    return (int(np.median(sides)) if sides else _SMALL_PX), grey
