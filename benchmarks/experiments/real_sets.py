"""Real images and weights from a folder that the person names: packed JPEG sets and a frozen network."""

from __future__ import annotations

import io
from array import array
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from benchmarks.experiments.real_rounds import Pool
from benchmarks.places import cache
from benchmarks.progress import TerminalPort
from benchmarks.report import SkippedError
from model.datasets import ImageSet
from model.datasets.images import load_rgb
from model.learning.features import stored_features
from model.networks.devices import choose_device
from model.networks.loading import Loader
from model.networks.networks import pad_as_tensorflow
from model.networks.transforms import fine_grained
from model.networks.weights import frozen_network

CUB = "cub100_jpeg.npz"
CIFAR = "cifar10_full_jpeg.npz"
OMNIGLOT = "omniglot_242c.npz"
MOBILENET = "mobilenet_v2_imagenet.pth"
_MIDDLE = (0.5, 0.5, 0.5)


class PackedJpegs(ImageSet):
    """JPEG files one after the other in one array: ``data``, ``offsets``, ``labels`` and ``class_names``."""

    def __init__(self, file: Path) -> None:
        packed = np.load(file, allow_pickle=False)
        self._data, self._offsets = packed["data"], packed["offsets"]
        labels = array("i", (int(label) for label in packed["labels"]))
        names = [str(i) for i in range(len(labels))]
        super().__init__(file.stem, map(str, packed["class_names"]), names, labels)

    def image(self, index: int, fit: tuple[int, int] | None = None) -> Image.Image:
        """Return image ``index``; see :meth:`ImageSet.image`."""
        raw = self._data[self._offsets[index] : self._offsets[index + 1]]
        return load_rgb(io.BytesIO(raw.tobytes()), fit)


def found(folder: Path | None, *names: str) -> list[Path]:
    """Return the files of the folder; raises ``SkippedError`` if one is missing."""
    if folder is None:
        raise SkippedError(f"Give the folder that holds {' and '.join(names)} with --data.")
    missing = [name for name in names if not (folder / name).is_file()]
    if missing:
        raise SkippedError(f"{folder} does not hold {' and '.join(missing)}.")
    return [folder / name for name in names]


def frozen_features(images_file: Path, weights: Path) -> Pool:
    """Return CUB's features by a MobileNetV2 with the weights of a file; computed once and kept on disk.

    The network was trained with TensorFlow's padding, on pixels from -1 to 1.
    """
    train = torch.from_numpy(np.load(images_file, allow_pickle=False)["is_train"].astype(bool))
    features, labels = _features(PackedJpegs(images_file), weights)
    return Pool(features[train], labels[train], features[~train], labels[~train])


def _features(images: ImageSet, weights: Path) -> tuple[Tensor, Tensor]:
    network = frozen_network("mobilenet_v2", len(images.classes), 0, weights.parent, weights)
    pad_as_tensorflow(network)
    network.name += " padded as TensorFlow does"
    transform = replace(fine_grained(), mean=_MIDDLE, std=_MIDDLE)
    folder = cache() / "features"
    with Loader(images, transform, cache_bytes=0) as loader:
        found = stored_features(network, loader, range(len(images)), folder, choose_device(), TerminalPort())
    if found.problems:
        raise SkippedError(f"{len(found.problems)} images of {images.name} cannot be read.")
    return found.values, torch.tensor(list(images.labels))
