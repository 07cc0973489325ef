"""Whether a project that was begun with a model learns better by going on from it than from its labels alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from benchmarks.encoders.sets import RealSet, features_of
from benchmarks.places import scratch
from benchmarks.report import Line, Report, Size, SkippedError
from model.datasets.base import UNKNOWN, ImageSet
from model.datasets.digits import Digits
from model.datasets.packed import open_packed
from model.learning.calibration import fit_temperature
from model.learning.config import PRESETS
from model.learning.last_layer import LastLayer
from model.learning.pool_learning import PoolLearner
from model.learning.prior import helps, join
from model.names import POOL_PRESET
from model.networks.loading import Loader
from model.networks.networks import Network
from model.port import NullPort
from model.rounds.backbone import Backbone, choose, go_on_from
from model.rounds.stopwatch import Stopwatch
from model.rounds.trainers import Pool, Trainer, make_trainer

_ENCODER, _WEIGHTS = "mobilenet_v2_tf", "mobilenet_v2_imagenet.pth"
_CONFIG, _PORT = PRESETS[POOL_PRESET], NullPort()
_LABELS = {Size.FULL: (10, 20, 40, 80, 160, 320, 640), Size.QUICK: (20,)}
_SEEDS = {Size.FULL: 5, Size.QUICK: 1}
_BEFORE, _HELD = 600, 100  # labels of the first half, and those that calibrate its model
_LABELS_IN_FULL, _SEEDS_IN_FULL = (20, 80, 320), 2
_HALF = 1500  # images at most
_CLASSES = 10


@dataclass(frozen=True)
class _Halves:
    """An earlier folder and a later one."""

    name: str
    before: tuple[Tensor, Tensor]  # features (n, d), labels (n,)
    after: tuple[Tensor, Tensor]


class _Grey(ImageSet):
    """A set without its colours."""

    def __init__(self, whole: ImageSet) -> None:
        super().__init__(f"{whole.name}-grey", whole.classes, whole.items, whole.labels)
        self._whole = whole

    def image(self, index: int, fit: tuple[int, int] | None = None) -> Image.Image:
        """The image without its colours."""
        return self._whole.image(index, fit).convert("L").convert("RGB")

    def content_hash(self, index: int) -> str:
        """Of the whole image, with what was done to it."""
        return f"grey-{self._whole.content_hash(index)}"


def measure(size: Size, data: Path | None) -> Report:
    """Train on half a set, and then on so many random labels of the other half: alone, or going on from that model."""
    if size is Size.FULL and (data is None or not (data / _WEIGHTS).is_file()):
        raise SkippedError(f"--data FOLDER with {_WEIGHTS} is needed")
    torch.set_num_threads(1)
    lines: list[Line] = []
    for halves in _sets(size, data):
        model = _train_before(halves)
        wrong = LastLayer(model.weight.roll(1, 0), model.bias.roll(1), (), model.stop)
        for labels in _LABELS[size]:
            for name, prior in (("", model), (", a model of other classes", wrong)):
                lines += _lines(f"{halves.name}, {labels} labels{name}", halves, prior, labels, _SEEDS[size])
    lines += _lines_in_full(size, data)
    return Report(
        "begun-with",
        "a project begun with a model of another folder: how often its own models are right of the rest",
        size,
        tuple(lines),
        ("Of other classes: each class is taken for another one, which no calibration tells.",),
    )


def _sets(size: Size, data: Path | None) -> Iterator[_Halves]:
    if size is Size.QUICK or data is None:
        digits = Digits()
        labels = torch.tensor(digits.labels)
        values = torch.stack([torch.from_numpy(np.asarray(digits.image(i).convert("L"))) for i in range(600)])
        features, half = values.flatten(1).float() / 255, 300
        yield _Halves(
            "digits", (features[:half], labels[:half]), (features[half:], labels[half : len(features)])
        )
        return
    if (data / "sign_digits_jpeg.npz").is_file():
        images, order = _signs(data)
        half = len(order) // 2
        signs = _features(images, np.arange(len(order)), data)
        before, after = (
            tuple(part[torch.from_numpy(at)] for part in signs) for at in (order[:half], order[half:])
        )
        yield _Halves("sign digits, later photographs", before, after)  # type: ignore[arg-type]
    if (data / "cifar10_full_jpeg.npz").is_file():
        images, _ = open_packed(data / "cifar10_full_jpeg.npz")
        chosen = np.random.default_rng(1).permutation(len(images))[: 2 * _HALF]
        first, second = np.sort(chosen[:_HALF]), np.sort(chosen[_HALF:])
        yield _Halves(
            "CIFAR-10, without colours",
            _features(images, first, data),
            _features(_Grey(images), second, data),
        )


def _features(images: ImageSet, positions: NDArray[np.int64], data: Path) -> tuple[Tensor, Tensor]:
    labels = np.asarray(images.labels, np.int64)[positions]
    values, _ = features_of(RealSet(images.name, images, positions, labels), _ENCODER, data / _WEIGHTS, _PORT)
    return torch.from_numpy(values), torch.from_numpy(labels)


def _train_before(halves: _Halves) -> LastLayer:
    """The model of the first half, its logits calibrated on labels held out."""
    features, truth = halves.before
    order = torch.randperm(len(truth), generator=torch.Generator().manual_seed(0))
    labels = torch.full_like(truth, UNKNOWN)
    taught, held = order[:-_HELD][:_BEFORE], order[-_HELD:]
    labels[taught] = truth[taught]
    layer = PoolLearner(features).fit(labels, _CLASSES, _CONFIG, 0, _PORT)
    temperature = fit_temperature(layer.probabilities(features), held, truth[held])
    return layer.times(1 / (temperature or 1.0))


def _lines(name: str, halves: _Halves, prior: LastLayer, count: int, seeds: int) -> Iterator[Line]:
    found = np.mean([_right(halves, prior, count, seed) for seed in range(seeds)], axis=0)
    given, alone, on, kept = (100 * found).tolist()
    yield Line(f"{name}: the model as it was", given, "%", digits=1)
    yield Line(f"{name}: labels alone", alone, "%", digits=1)
    yield Line(f"{name}: going on from it ({kept:.0f} % of the times)", on, "%", digits=1)


def _right(halves: _Halves, prior: LastLayer, count: int, seed: int) -> tuple[float, float, float, float]:
    features, truth = halves.after
    order = torch.randperm(len(truth), generator=torch.Generator().manual_seed(100 + seed))
    taught, rest = order[:count], order[count:]
    labels = torch.full_like(truth, UNKNOWN)
    labels[taught] = truth[taught]
    alone = PoolLearner(features).fit(labels, _CLASSES, _CONFIG, seed, _PORT)
    goes_on = helps(prior, features[taught], truth[taught], _CLASSES, _CONFIG, seed, _PORT)
    on = join(prior, alone, count) if goes_on else alone
    shares = [
        float((layer.logits(features[rest]).argmax(1) == truth[rest]).float().mean())
        for layer in (prior, alone, on)
    ]
    return (*shares, float(goes_on))  # type: ignore[return-value]


def _lines_in_full(size: Size, data: Path | None) -> Iterator[Line]:
    """The same for a small network: trained in full on the labels alone, or the model's body kept."""
    if size is Size.QUICK or data is None or not (data / "sign_digits_jpeg.npz").is_file():
        return
    images, order = _signs(data)
    half = len(order) // 2
    fresh = choose(images, "small-cnn", _CONFIG, data, None, _PORT)
    truth = torch.tensor(images.labels)
    with scratch() as place, Loader(images, fresh.transform) as loader:

        def trainer(backbone: Backbone, positions: NDArray[np.int64]) -> Trainer:
            pool = Pool(loader, positions, _CLASSES, np.zeros(len(positions), np.bool_))
            return make_trainer(pool, backbone, torch.device("cpu"), place, _PORT)

        def fit(
            backbone: Backbone, positions: NDArray[np.int64], count: int, seed: int
        ) -> tuple[Network, float]:
            mine = truth[torch.from_numpy(positions)]
            chosen = torch.randperm(len(mine), generator=torch.Generator().manual_seed(100 + seed))
            labels = torch.full_like(mine, UNKNOWN)
            labels[chosen[:count]] = mine[chosen[:count]]
            model = trainer(backbone, positions).fit(labels, seed, _PORT, Stopwatch())
            rest = chosen[count:]
            return model.network, float((model.probabilities.argmax(1)[rest] == mine[rest]).float().mean())

        before, after = np.sort(order[:half]), np.sort(order[half:])
        network, _ = fit(fresh, before, _BEFORE, 0)
        on = go_on_from(network, fresh.transform, range(_CLASSES), _CLASSES, None, _CONFIG)
        for count in _LABELS_IN_FULL:
            for what, backbone in (("trained on them alone", fresh), ("going on", on)):
                right = np.mean([fit(backbone, after, count, seed)[1] for seed in range(_SEEDS_IN_FULL)])
                yield Line(
                    f"sign digits, small network, {count} labels: {what}", 100 * float(right), "%", digits=1
                )
        _, as_it_was = fit(on, after, 0, 0)
        yield Line("sign digits, small network: the model as it was", 100 * as_it_was, "%", digits=1)


def _signs(data: Path) -> tuple[ImageSet, NDArray[np.int64]]:
    """The sign digits, and their positions in the order in which they were photographed."""
    images, _ = open_packed(data / "sign_digits_jpeg.npz")
    with np.load(data / "sign_digits_jpeg.npz") as file:
        numbers = np.array([int(name[4:8]) for name in file["file_names"]])
    return images, np.argsort(numbers, kind="stable")
