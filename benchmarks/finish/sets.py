"""Sets for simulated projects: made ones of classes of every size, and features of real images."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.places import cache, scratch
from model.datasets.digits import FILE as DIGITS
from model.errors import UserError
from model.port import Port

Floats = NDArray[np.float64]
_DIMENSIONS = 64
_PRESETS = {"sign digits": "pages-signs", "CUB-100": "pages-cub100", "CIFAR-10": "pages-cifar10"}


@dataclass(frozen=True)
class Set:
    """Images as n rows of features, with their true classes."""

    name: str
    features: Floats  # (n, d)
    labels: NDArray[np.int64]  # (n,)
    classes: int


def made_set(name: str, items: int, classes: int, spread: float, uneven: bool, seed: int) -> Set:
    """Classes of two groups each in 24 dimensions, ``spread`` wide; ``uneven``: sizes fall as one over their rank."""
    chance = np.random.default_rng(seed)
    sizes = 1.0 / np.arange(1, classes + 1) if uneven else np.ones(classes)
    labels = chance.choice(classes, items, p=sizes / sizes.sum())
    labels[: 2 * classes] = np.tile(np.arange(classes), 2)
    middles = chance.normal(size=(classes, 1, 24)) + 0.6 * chance.normal(size=(classes, 2, 24))
    group = (chance.random(items) < 0.3).astype(np.int64)
    features = middles[labels, group] + spread * chance.normal(size=(items, 24))
    return Set(name, features, labels, classes)


def digits_set() -> Set:
    """The built-in handwritten digits, as pixels."""
    with np.load(DIGITS) as file:
        names = {file[name].ndim: file[name] for name in file.files}
    images, labels = names[3], names[1]
    return Set("digits", images.reshape(len(images), -1) / 16.0, labels.astype(np.int64), 10)


def real_sets(data: Path, port: Port) -> Iterator[Set]:
    """The 64 strongest principal components of :func:`whole_sets`."""
    for one in whole_sets(data, port):
        yield replace(one, features=_strongest(one.features))


def whole_sets(data: Path, port: Port) -> Iterator[Set]:
    """Features of the frozen network of the shipped experiments, on the sets that the folder holds; kept for later."""
    for name, preset in _PRESETS.items():
        kept = cache() / f"finish-{preset}.npz"
        if not kept.is_file():
            try:
                _keep_features(preset, data, kept, port)
            except UserError:  # the folder does not hold this set
                continue
        with np.load(kept) as file:
            features, labels = file["features"].astype(np.float64), file["labels"].astype(np.int64)
        yield Set(name, features, labels, int(labels.max()) + 1)


def _keep_features(preset: str, data: Path, kept: Path, port: Port) -> None:
    from model.rounds.simulated import open_simulated
    from model.rounds.simulated_values import Place
    from model.rounds.trainers import LastLayerTrainer
    from studies.simulation.plan.checks import load_experiment
    from studies.simulation.plan.runs import grid

    run = grid(load_experiment(preset), data).runs[0]
    with scratch() as place:
        pool = open_simulated(run.images, run.learner, Place(cache(), place / "features"), port)
        assert isinstance(pool.trainer, LastLayerTrainer)
        np.savez(kept, features=pool.trainer.features.numpy(), labels=pool.labels)
        pool.close()


def _strongest(features: Floats) -> Floats:
    lengths = np.linalg.norm(features, axis=1, keepdims=True)
    centred = features / np.maximum(lengths, 1e-12)
    centred -= centred.mean(axis=0)
    values, vectors = np.linalg.eigh(centred.T @ centred)
    strongest = centred @ vectors[:, np.argsort(values)[::-1][:_DIMENSIONS]]
    scaled: Floats = strongest / strongest.std()
    return scaled
