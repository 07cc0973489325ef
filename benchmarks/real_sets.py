"""Real images and weights from a folder that the person names: packed JPEG sets and a frozen network."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import torch

from benchmarks.places import cache
from benchmarks.progress import TerminalPort
from benchmarks.real_rounds import Pool
from benchmarks.report import SkippedError
from model.datasets.splits import PACKED, open_split
from model.devices import choose_device
from model.features import stored_features
from model.loading import Loader
from model.networks import pad_as_tensorflow
from model.transforms import fine_grained
from model.weights import frozen_network

CUB = "cub100_jpeg.npz"
MOBILENET = "mobilenet_v2_imagenet.pth"
_MIDDLE = (0.5, 0.5, 0.5)


def found(folder: Path | None, *names: str) -> list[Path]:
    """Return the files of the folder; raises ``SkippedError`` if one is missing."""
    if folder is None:
        raise SkippedError(f"Give the folder that holds {' and '.join(names)} with --data.")
    missing = [name for name in names if not (folder / name).is_file()]
    if missing:
        raise SkippedError(f"{folder} does not hold {' and '.join(missing)}.")
    return [folder / name for name in names]


def frozen_features(images_file: Path, weights: Path) -> Pool:
    """Return a set's features by a MobileNetV2 with the weights of a file; computed once and kept on disk.

    The network was trained with TensorFlow's padding, on pixels from -1 to 1.
    """
    split = open_split(PACKED, images_file, cache(), 0)
    images = split.pool.images
    network = frozen_network("mobilenet_v2", len(images.classes), 0, weights.parent, weights)
    pad_as_tensorflow(network)
    transform = replace(fine_grained(), mean=_MIDDLE, std=_MIDDLE)
    folder = cache() / "features"
    with Loader(images, transform, cache_bytes=0) as loader:
        found = stored_features(network, loader, range(len(images)), folder, choose_device(), TerminalPort())
    if found.problems:
        raise SkippedError(f"{len(found.problems)} images of {images_file.name} cannot be read.")
    labels = torch.tensor(list(images.labels))
    train, test = (torch.from_numpy(part.positions) for part in (split.pool, split.test))
    return Pool(found.values[train], labels[train], found.values[test], labels[test])
