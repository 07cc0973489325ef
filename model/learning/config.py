"""The numbers of a training run, and the named sets of them."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import Enum
from types import MappingProxyType

from model.errors import UserError
from model.names import PRESETS as PRESET_NAMES
from model.names import check_listed

_LEAST_STEPS, _STEPS_PER_CLASS, _LEAST_EPOCHS = 200, 5, 5
_BATCH, _RATE = 16, 0.02


class ConfigError(UserError):
    """A number that no training can be run with."""


class Solver(Enum):
    """How a last layer is trained on stored features."""

    SGD = "sgd"  # as the paper trains
    LBFGS = "lbfgs"  # the same loss and weight decay, minimised by all items at once


@dataclass(frozen=True)
class TrainingConfig:
    """How a network is trained: SGD with momentum, the learning rate falling as a half cosine over ``epochs``.

    Training ends with the first epoch whose training accuracy, counted while it ran, is ``stop_accuracy`` or
    more; or after ``patience`` epochs that did not raise it by more than ``min_gain`` above the best before.
    ``None`` turns off either. Raises :class:`ConfigError`.
    """

    epochs: int  # at most, and the length of the cosine
    learning_rate: float  # of the first epoch
    stop_accuracy: float | None  # 0 to 1
    momentum: float = 0.9
    weight_decay: float = 5e-4
    batch_size: int = 128
    patience: int | None = None
    min_gain: float = 0.001
    augment: bool = True
    augmented_copies: int = 8  # of each item, where the features of a frozen network are stored; 0: none
    solver: Solver = Solver.SGD  # for a last layer on stored features
    iterations: int = 30  # at most, with Solver.LBFGS
    folds: int = (
        4  # of the labels, for out-of-fold predictions of them; 0: only held-out labels judge a model
    )
    pool_weight: float = 0.0  # what an unlabeled item of the pool counts at most, a labeled one being 1
    mixed_precision: bool = True  # on CUDA
    channels_last: bool = True  # on CUDA
    checkpoint_seconds: float = 30.0  # between two checkpoints, at least

    def __post_init__(self) -> None:
        for name, (least, most, whole) in _RANGES.items():
            value = getattr(self, name)
            if value is not None or name not in _OPTIONAL:
                _check(name, value, least, most, whole)
        if self.folds == 1:
            raise ConfigError("The setting folds is 1; give 0 for none, or at least 2.")


_OPTIONAL = ("stop_accuracy", "patience")
_RANGES: dict[str, tuple[float, float, bool]] = {
    "epochs": (1, 100_000, True),
    "learning_rate": (1e-9, 100.0, False),
    "stop_accuracy": (0.0, 1.0, False),
    "momentum": (0.0, 0.9999, False),
    "weight_decay": (0.0, 10.0, False),
    "batch_size": (2, 1_000_000, True),  # batch normalisation needs two
    "patience": (1, 100_000, True),
    "min_gain": (0.0, 1.0, False),
    "augmented_copies": (0, 1000, True),
    "iterations": (1, 100_000, True),
    "folds": (0, 100, True),
    "pool_weight": (0.0, 1.0, False),
    "checkpoint_seconds": (0.0, math.inf, False),
}


def _check(name: str, value: float, least: float, most: float, whole: bool) -> None:
    if not least <= value <= most:
        raise ConfigError(f"The setting {name} is {value}; give a number from {least:g} to {most:g}.")
    if whole and int(value) != value:
        raise ConfigError(f"The setting {name} is {value}; give a whole number.")


_QUICK = TrainingConfig(
    epochs=15,
    learning_rate=0.05,
    stop_accuracy=0.99,
    weight_decay=1e-3,
    batch_size=64,
    augmented_copies=0,
    solver=Solver.LBFGS,
)

PRESETS = MappingProxyType(
    {
        # Section 5 of the paper. It does not say the batch size; this is the usual one for these sets. A network takes
        # hours, so that those of folds would take days.
        "paper-cifar": TrainingConfig(epochs=300, learning_rate=0.01, stop_accuracy=0.99, folds=0),
        "paper-finegrained": TrainingConfig(epochs=500, learning_rate=0.01, stop_accuracy=0.95),
        # What the code published with the paper does.
        "authors-cifar": TrainingConfig(
            epochs=400, learning_rate=0.001, stop_accuracy=0.99, batch_size=64, patience=10, folds=0
        ),
        "authors-finegrained": TrainingConfig(
            epochs=400, learning_rate=0.001, stop_accuracy=0.95, batch_size=64, patience=10
        ),
        # Seconds on a processor: the small network, or a last layer on stored features.
        "quick": _QUICK,
        # The same, and the unlabeled part of the pool teaches the last layer too: model.learning.pool_learning.
        "pool": replace(_QUICK, pool_weight=0.5),
    }
)
"""The paper's settings, those of its authors' code, ``quick``, and ``pool``, which learns from all of the pool."""

check_listed("training settings", PRESETS, PRESET_NAMES)


def preset(name: str) -> TrainingConfig:
    """Return the settings of a name in :data:`PRESETS`; raises :class:`ConfigError` for any other."""
    if name not in PRESETS:
        raise ConfigError(f"There are no settings named {name}; choose one of {', '.join(PRESETS)}.")
    return PRESETS[name]


def for_few_labels(config: TrainingConfig, labels: int, classes: int) -> TrainingConfig:
    """The quick settings for training a network on few labels: small batches, and enough epochs for enough steps.

    Ending at a training accuracy would end before batch normalisation knows the images: 30 drawn digits are
    learned in 40 steps, and 13 % of the others predicted rightly then; after 200 steps 80 %. Many classes take more:
    of 242 drawn characters with 726 labels 230 steps gave 7 % and 1,150 steps 63 %.
    """
    if config not in (PRESETS["quick"], PRESETS["pool"]):
        return config
    steps = -(-labels // _BATCH)
    wanted = max(_LEAST_STEPS, _STEPS_PER_CLASS * classes)
    epochs = max(_LEAST_EPOCHS, -(-wanted // steps))
    return replace(config, batch_size=_BATCH, epochs=epochs, learning_rate=_RATE, stop_accuracy=None)
