"""How fast ``model.learning.training.train`` goes, beside a bare loop over tensors in memory."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor, nn

from benchmarks.report import Line, Peer, Report, Size
from model.datasets.base import ImageSet
from model.learning.config import TrainingConfig, preset
from model.learning.training import train
from model.networks.loading import Loader
from model.networks.networks import build
from model.networks.transforms import small_images
from model.port import NullPort

_CLASSES = 10
_SIDE = 32
_CPU = torch.device("cpu")


@dataclass(frozen=True)
class _Work:
    network: str
    images: int
    batch_size: int


_WORK = {
    Size.FULL: (_Work("resnet18", 256, 64), _Work("small-cnn", 2048, 64)),
    Size.QUICK: (_Work("resnet18", 8, 4), _Work("small-cnn", 64, 32)),
}
_REPETITIONS = {Size.FULL: 7, Size.QUICK: 1}


class _Noise(ImageSet):
    """Images without any sense, in memory."""

    def __init__(self, n: int) -> None:
        self._pixels = np.random.default_rng(0).integers(0, 256, (n, _SIDE, _SIDE, 3), dtype=np.uint8)
        labels = [i % _CLASSES for i in range(n)]
        super().__init__("noise", map(str, range(_CLASSES)), [str(i) for i in range(n)], labels)

    def image(self, index: int, fit: tuple[int, int] | None = None) -> Image.Image:  # noqa: ARG002
        return Image.fromarray(self._pixels[index])

    def normalised(self) -> Tensor:
        """All images as a network gets them, float32 (n, 3, 32, 32)."""
        pixels = torch.from_numpy(self._pixels).permute(0, 3, 1, 2).contiguous()
        return small_images(_SIDE).test(pixels)


def measure(size: Size) -> Report:
    """Train both ways by turns, one epoch each."""
    lines = [line for work in _WORK[size] for line in _lines(work, _REPETITIONS[size])]
    notes = (
        "Ours shuffles, crops, flips and normalises bytes from memory, counts accuracy, tells progress and can "
        "be cancelled; the bare loop takes normalised tensors as they are, without augmentation.",
        f"One epoch a turn on {_SIDE} x {_SIDE} images, float32; medians of {_REPETITIONS[size]} turns "
        "each after one to warm up; the share is the median of those of neighbouring turns.",
    )
    return Report(
        "training", "the rate of training, beside a bare loop on the CPU", size, tuple(lines), notes
    )


def _lines(work: _Work, repetitions: int) -> list[Line]:
    images = _Noise(work.images)
    config = replace(preset("paper-cifar"), epochs=1, stop_accuracy=None, batch_size=work.batch_size)
    pixels, labels = images.normalised(), torch.tensor(list(images.labels))
    with Loader(images, small_images(_SIDE)) as loader:
        ours, bare = _by_turns(
            lambda: _train(work, loader, labels.numpy(), config),
            lambda: _bare(work, pixels, labels, config),
            repetitions,
        )
    share = statistics.median(theirs / mine for mine, theirs in zip(ours, bare, strict=True))
    rate, peer = (work.images / statistics.median(seconds) for seconds in (ours, bare))
    what = f"{work.network}, batch {work.batch_size}"
    return [
        Line(f"{what}: rate", rate, "images/s", peer=Peer("bare loop", round(peer, 1)), digits=1),
        Line(f"{what}: share of the bare loop's rate", 100 * share, "%", low=90, digits=1),
    ]


def _by_turns(
    ours: Callable[[], float], bare: Callable[[], float], repetitions: int
) -> tuple[list[float], list[float]]:
    """Return the seconds of each turn, after one of each that does not count."""
    ours()
    bare()
    turns = [(ours(), bare()) for _ in range(repetitions)]
    return [mine for mine, _ in turns], [theirs for _, theirs in turns]


def _train(work: _Work, loader: Loader, labels: NDArray[np.int64], config: TrainingConfig) -> float:
    network = build(work.network, _CLASSES, _SIDE, seed=0)
    started = time.perf_counter()
    train(network, loader, np.arange(work.images), labels, config, _CPU, 0, NullPort())
    return time.perf_counter() - started


def _bare(work: _Work, pixels: Tensor, labels: Tensor, config: TrainingConfig) -> float:
    network = build(work.network, _CLASSES, _SIDE, seed=0)
    optimizer = torch.optim.SGD(
        network.parameters(),
        lr=config.learning_rate,
        momentum=config.momentum,
        weight_decay=config.weight_decay,
    )
    started = time.perf_counter()
    for part in torch.split(torch.randperm(work.images), work.batch_size):
        loss = nn.functional.cross_entropy(network(pixels[part]), labels[part])
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    return time.perf_counter() - started
