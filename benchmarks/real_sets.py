"""Real images and weights from a folder that the person names: packed JPEG sets and a frozen network."""

from __future__ import annotations

import io
from array import array
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn
from torch.nn import functional

from benchmarks.places import cache
from benchmarks.progress import TerminalPort
from benchmarks.real_rounds import Pool
from benchmarks.report import SkippedError
from model.datasets import ImageSet
from model.devices import choose_device
from model.features import stored_features
from model.images import load_rgb
from model.loading import Loader
from model.transforms import fine_grained
from model.weights import frozen_network

CUB = "cub100_jpeg.npz"
MOBILENET = "mobilenet_v2_imagenet.pth"
_MIDDLE = (0.5, 0.5, 0.5)


class PackedJpegs(ImageSet):
    """JPEG files one after the other in one array: ``data``, ``offsets``, ``labels`` and ``class_names``."""

    def __init__(self, file: Path) -> None:
        packed = np.load(file, allow_pickle=False)
        self._data, self._offsets = packed["data"], packed["offsets"]
        self.is_train = packed["is_train"].astype(bool)
        labels = array("i", (int(label) for label in packed["labels"]))
        super().__init__(
            file.stem, map(str, packed["class_names"]), [str(i) for i in range(len(labels))], labels
        )

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


class _SamePadding(nn.Conv2d):
    """Pads as TensorFlow's SAME: what is odd goes to the right and the bottom."""

    def forward(self, x: Tensor) -> Tensor:
        short = [
            max((-(-size // step) - 1) * step + kernel - size, 0)
            for size, step, kernel in zip(x.shape[-2:], self.stride, self.kernel_size, strict=True)
        ]
        high, wide = short
        x = functional.pad(x, (wide // 2, wide - wide // 2, high // 2, high - high // 2))
        return functional.conv2d(x, self.weight, self.bias, self.stride, 0, self.dilation, self.groups)


def pad_as_tensorflow(network: nn.Module) -> None:
    """Give every convolution of stride 2 the padding with which the network was trained."""
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d) and layer.stride == (2, 2):
            layer.__class__ = _SamePadding


def frozen_features(images_file: Path, weights: Path) -> Pool:
    """Return a set's features by a MobileNetV2 with the weights of a file; computed once and kept on disk.

    The network was trained with TensorFlow's padding, on pixels from -1 to 1.
    """
    images = PackedJpegs(images_file)
    network = frozen_network("mobilenet_v2", len(images.classes), 0, weights.parent, weights)
    pad_as_tensorflow(network)
    network.name += " padded as TensorFlow does"
    transform = replace(fine_grained(), mean=_MIDDLE, std=_MIDDLE)
    folder = cache() / "features"
    with Loader(images, transform, cache_bytes=0) as loader:
        found = stored_features(network, loader, range(len(images)), folder, choose_device(), TerminalPort())
    if found.problems:
        raise SkippedError(f"{len(found.problems)} images of {images_file.name} cannot be read.")
    labels = torch.tensor(list(images.labels))
    train = torch.from_numpy(images.is_train)
    return Pool(found.values[train], labels[train], found.values[~train], labels[~train])
