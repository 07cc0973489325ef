"""Real sets, cut to about 800 images, and their features by the encoders whose weights the folder holds."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from benchmarks.places import cache
from model.datasets.base import ImageSet
from model.datasets.digits import Digits
from model.datasets.packed import open_packed
from model.networks.encoders import ENCODERS
from model.networks.loading import Loader
from model.networks.networks import Network
from model.networks.transforms import as_encoder_sees
from model.networks.weights import find_weights, frozen_network
from model.port import Port

_IMAGES = 800
_PX = 64
_BATCH = 32
_FILES = {
    "mobilenet_v2_tf": "mobilenet_v2_imagenet.pth",
    "tf_efficientnet_lite2.in1k": "efficientnet_lite2_imagenet.pth",
}
"""Files that are called otherwise than the program would call them."""


@dataclass(frozen=True)
class RealSet:
    """Images with their true classes, numbered from 0."""

    name: str
    images: ImageSet
    positions: NDArray[np.int64]  # (n,)
    labels: NDArray[np.int64]  # (n,)

    @property
    def classes(self) -> int:
        """How many."""
        return int(self.labels.max()) + 1


class _Shrunk(ImageSet):
    """A set whose images are 64 pixels wide and high."""

    def __init__(self, whole: ImageSet) -> None:
        super().__init__(f"{whole.name}-{_PX}", whole.classes, whole.items, whole.labels)
        self._whole = whole

    def image(self, index: int, fit: tuple[int, int] | None = None) -> Image.Image:
        """The image, small."""
        del fit  # it is smaller
        return self._whole.image(index).resize((_PX, _PX), Image.Resampling.BOX)

    def content_hash(self, index: int) -> str:
        """Of the whole image, with the size."""
        return f"{_PX}-{self._whole.content_hash(index)}"


def real_sets(data: Path) -> Iterator[RealSet]:
    """The sets that the folder holds, and the built-in digits."""
    yield _cut("digits", Digits())
    for name, file in (
        ("Omniglot", "omniglot_242c.npz"),
        ("sign digits", "sign_digits_jpeg.npz"),
        ("CIFAR-10", "cifar10_full_jpeg.npz"),
        ("CUB-100", "cub100_jpeg.npz"),
    ):
        if not (data / file).is_file():
            continue
        images, _ = open_packed(data / file)
        yield _cut(name, images)
        if name == "CUB-100":
            yield _cut(f"{name} at {_PX} px", _Shrunk(images))


def _cut(name: str, images: ImageSet) -> RealSet:
    """As many whole classes as fit where classes are small, else as many images of each class."""
    labels = np.asarray(images.labels, np.int64)
    counts = np.bincount(labels)
    classes = max(10, int(np.searchsorted(np.cumsum(counts), _IMAGES, side="right")))
    each = max(1, _IMAGES // min(classes, len(counts)))
    chance = np.random.default_rng(1)
    chosen = [
        chance.permutation(np.flatnonzero(labels == c))[:each]
        if classes == 10
        else np.flatnonzero(labels == c)
        for c in range(min(classes, len(counts)))
    ]
    positions = np.sort(np.concatenate(chosen))
    return RealSet(name, images, positions, labels[positions])


def encoders_in(data: Path) -> dict[str, Path]:
    """The listed encoders whose weights the folder holds, with their files."""
    found = {}
    for name in ENCODERS:
        file = data / _FILES[name] if name in _FILES else None
        file = file if file is not None and file.is_file() else find_weights(name, data)
        if file is not None:
            found[name] = file
    return found


def features_of(one: RealSet, encoder: str, file: Path, port: Port) -> tuple[NDArray[np.float32], float]:
    """Features, (n, d), and the seconds an image took when they were computed; kept for later."""
    kept = cache() / f"encoders-{one.images.name}-{encoder}-{len(one.positions)}.npz"
    if not kept.is_file():
        network = frozen_network(encoder, 2, 0, kept.parent, file)
        started = time.perf_counter()
        values = _compute(one, network, encoder, port)
        seconds = (time.perf_counter() - started) / len(values)
        np.savez(kept, features=values, seconds=seconds)
    with np.load(kept) as found:
        return found["features"], float(found["seconds"])


def _compute(one: RealSet, network: Network, encoder: str, port: Port) -> NDArray[np.float32]:
    network.eval().to(memory_format=torch.channels_last)
    rows: list[NDArray[np.float32]] = []
    with Loader(one.images, as_encoder_sees(ENCODERS[encoder]), cache_bytes=0) as loader:
        for batch in loader.batches(one.positions, _BATCH):
            rows.append(
                network.embed(
                    loader.transform.test(batch.pixels).to(memory_format=torch.channels_last)
                ).numpy()
            )
            done, total = sum(map(len, rows)), len(one.positions)
            port.progress(done, total, f"{one.name}, {encoder}: {done:,} of {total:,}")
    return np.concatenate(rows)
