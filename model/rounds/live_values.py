"""What the learner is asked before a round and what it answers: frozen values, without torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.datasets.base import Source
from model.names import AUTO, POOL_PRESET, Engine
from model.tiers import PerTier, strategies_of

_STRATEGIES = strategies_of(intermediate="sample")


@dataclass(frozen=True)
class LearnerSettings:
    """Network, training and strategies. ``network`` "auto" chooses by the images' size and what is there.

    Fields with the name of one of :class:`model.selection.base.Options` are that option.
    """

    network: str = AUTO  # or small-cnn, resnet18, or a torchvision name, which is frozen
    weights: Path | None = None  # a file, for a frozen network; None: torchvision's own
    preset: str = POOL_PRESET
    strategies: PerTier[str] = _STRATEGIES
    published: bool = False  # the authors' order and choices
    engine: Engine = Engine.OWN
    max_error: float = 0.03  # of the certified easy tier


@dataclass(frozen=True)
class LearnRequest:
    """One round to train for and to select. Arrays have one entry an item, in the order of the project's items."""

    project: Path  # its file, from which items are read beside its writer
    work: Path  # the project's own folder for features, checkpoints and models
    shared: Path  # the folder for downloaded weights
    source: Source
    classes: tuple[str, ...]  # C names, in the order of the model's outputs
    labels: NDArray[np.int32]  # (n,) index into classes, -1: none; human and auto-labels
    auto: NDArray[np.bool_]  # (n,) the label is the program's
    holdout: NDArray[np.bool_]  # (n,) held out: never trained on, never chosen
    random: NDArray[np.bool_]  # (n,) labeled as a random sample that a model may be trained on
    order: NDArray[np.int64]  # (n,) query order: larger was drawn from the pool later
    excluded: NDArray[np.bool_]  # (n,) not to be chosen: already asked about, remarked on, unreadable
    settings: LearnerSettings
    budgets: PerTier[int]
    spare: int  # how many more to rank, for labeling ahead
    round: int
    seed: int
    prepares: bool = (
        False  # only what can be done before there are labels: the network, features of a frozen one
    )
    certified: NDArray[np.bool_] | None = (
        None  # (n,) auto-labels with a certificate: asked about in even draws alone
    )
    threads: int = 0  # 0: as torch chooses, which is all cores; beside the window at a lower priority


@dataclass(frozen=True)
class Prepared:
    """The network is there, with the features of a frozen one."""

    note: str  # why it is not the network that one would expect; empty where it is


@dataclass(frozen=True)
class Chosen:
    """An item of the pool with the suggestion for it; labels are indices into the request's classes."""

    item: int
    tier: str  # a model.tiers.Tier's value
    strategy: str
    label: int
    score: float
    top: tuple[tuple[int, float], ...] = ()  # (label, probability), the likeliest first, at most five


@dataclass(frozen=True)
class TrainedModel:
    """The model behind a round, kept in ``file`` within the working folder."""

    sha256: str
    file: str
    network: str
    settings: str  # JSON
    trained_on: int
    history: tuple[tuple[float, float], ...]  # loss and training accuracy of each epoch
    device: str


@dataclass(frozen=True)
class LearnResult:
    """A round, chosen."""

    round: int
    seed: int
    model: TrainedModel
    queue: tuple[Chosen, ...]  # in the order of choice
    spare: tuple[Chosen, ...]
    auto_labels: tuple[Chosen, ...]
    predicted: NDArray[np.int32]  # (n,) the likeliest class of each item, -1 where it cannot be read
    confidence: NDArray[np.float32]  # (n,) its probability
    holdout_n: int  # held-out items that have a label
    holdout_right: int  # of these, predicted as labeled
    confusable: tuple[
        tuple[int, ...], ...
    ]  # for each class those that it is confused with, the likeliest first
    measured: bool = False  # the confidence is calibrated: it says how often such predictions are right
    notes: Mapping[str, str] = field(default_factory=dict)  # by tier
    seconds: Mapping[str, float] = field(
        default_factory=dict
    )  # by stage: features, training, prediction, tiers
    problems: Mapping[int, str] = field(default_factory=dict)  # items that cannot be read, and why
