"""What a simulated run's learner is given and what it returns; no torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.learning.config import TrainingConfig
from model.names import Partitions
from model.tiers import PerTier, Tier, strategies_of

_STRATEGIES = strategies_of()


class Scale(str, Enum):
    """How pixels are normalised."""

    CIFAR = "cifar"  # by the mean and standard deviation of CIFAR-10's images
    IMAGENET = "imagenet"  # by ImageNet's
    HALF = "half"  # to -1 ... 1


@dataclass(frozen=True)
class ImagesSpec:
    """Which images are labeled and which tested on; see :func:`model.datasets.splits.open_split`."""

    dataset: str
    path: Path | None = None
    test_per_class: int = 0
    pool_images: int | None = None  # at most
    test_images: int | None = None
    groups: tuple[tuple[str, tuple[str, ...]], ...] = ()  # classes, each of those that it stands for
    answers: Path | None = (
        None  # arrays of people's labels of the file's images; None: people see the true classes
    )
    answers_key: str = ""
    answers_places: Path | None = None  # which of these each image of the file is; None: in the same order


@dataclass(frozen=True)
class LearnerSpec:
    """Which network learns, how it sees images, and how it is trained."""

    network: str
    config: TrainingConfig
    frozen: bool = False
    weights: Path | None = None  # of a frozen network; None: torchvision's own
    same_padding: bool = False  # as TensorFlow pads
    stored: bool = False  # a frozen network's features are computed once
    size: int = 32  # px
    resize: int = 32
    padding: int = 0
    flip: bool = True
    scale: Scale = Scale.CIFAR


@dataclass(frozen=True)
class Place:
    """The folders of the machine that computes."""

    cache: Path  # downloaded sets and weights
    features: Path


@dataclass(frozen=True)
class SelectionSettings:
    """How a round is chosen; see :class:`model.selection.round.RoundPlan`.

    Fields with the name of one of :class:`model.selection.base.Options` are that option; a plan's method has all fields
    by the same names.
    """

    strategies: PerTier[str] = _STRATEGIES
    published: bool = False
    partitions: Partitions = Partitions.NONE
    n_partitions: int = 1
    eta: float = 1.0
    ridge: float = 1.0
    max_error: float = 0.05


@dataclass(frozen=True)
class Picked:
    """What a round asks and labels, in the order of choice; the arrays have one length."""

    items: NDArray[np.int64]  # positions in the pool
    suggestions: NDArray[np.int64]
    tiers: NDArray[np.int8]  # index into list(Tier)
    notes: Mapping[str, str]
    seconds: Mapping[str, float]  # by tier

    def of(self, tier: Tier) -> NDArray[np.bool_]:
        """Which picks are a tier's."""
        mine: NDArray[np.bool_] = self.tiers == list(Tier).index(tier)
        return mine
