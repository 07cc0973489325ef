"""What the learner is asked before a round and what it answers: frozen values, without torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.datasets.base import Problem, Source
from model.datasets.pixels.deep import Ranges
from model.learning.encoder_scores import EncoderChoice
from model.names import AUTO, POOL_PRESET, Engine
from model.tiers import PerTier, strategies_of

GIVEN_FILE = "begun-with.pt"  # in the working folder: the model that a project was begun with
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


class Job(Enum):
    """What the learner is asked to do."""

    ROUND = "round"  # train, predict, select
    PREPARE = (
        "prepare"  # only what can be done before there are labels: the network, features of a frozen one
    )
    REFIT = "refit"  # train a frozen network's last layer and predict; nothing is selected or kept
    CHECK = "check"  # judge a person's labels by models that did not see them; nothing is kept


@dataclass(frozen=True)
class GivenModel:
    """A model of another project that a project was begun with, as the project's own copy holds it."""

    sha256: str
    outputs: tuple[int, ...]  # for each of its outputs the index into the request's classes; -1: none of them


@dataclass(frozen=True)
class LearnRequest:
    """One round to train for and to select, or a part of that. Arrays have an entry an item, in the project's order."""

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
    job: Job = Job.ROUND
    within: NDArray[np.bool_] | None = (
        None  # (n,) the items that a frozen network looks at for now; None: all of them
    )
    clusters: int = 0  # of a preparation: into how many groups of images that look alike to sort the items
    wanted: tuple[int, ...] = ()  # of a refit: the items whose likeliest classes are told
    display_ranges: Ranges | None = None  # by which deep images are seen, here as by the annotator
    certified: NDArray[np.bool_] | None = (
        None  # (n,) auto-labels with a certificate: asked about in even draws alone
    )
    judge: bool = False  # whether all people's labels are to be judged out of fold
    encoder: EncoderChoice | None = None  # the last one that was made by measuring
    names: tuple[
        str, ...
    ] = ()  # C texts, one a class, for a network that reads them; empty: they say nothing
    given: GivenModel | None = None  # it is round 1, and later rounds go on from it
    look_again: bool = False  # for weights that were missing
    laboratory: Path | None = None  # a folder of weights that is looked in first
    threads: int = 0  # 0: as torch chooses, which is all cores; beside the window at a lower priority


@dataclass(frozen=True)
class Likeliest:
    """The likeliest classes of n items, the likeliest first; labels are indices into the request's classes."""

    labels: NDArray[np.int32]  # (n, m); -1 where nothing is predicted
    probabilities: NDArray[np.float32]  # (n, m)


@dataclass(frozen=True)
class FolderPredictions:
    """What a kept model says of the n images of a folder that can be read."""

    classes: tuple[str, ...]
    items: tuple[str, ...]  # (n,) paths relative to the folder
    likeliest: Likeliest  # (n, m) of each
    temperature: float | None  # at which they are calibrated; None: nobody measured how sure the model may be
    problems: tuple[Problem, ...]  # images that cannot be read, and why


@dataclass(frozen=True)
class Judged:
    """What models predict that did not see the labels, (m,), and what the round's own predicts, both uncalibrated."""

    items: NDArray[np.int64]  # (m,) labeled by a person
    out_of_fold: Likeliest  # of these
    model: Likeliest  # of all n items
    by_folds: Likeliest  # of all n items, each by models of folds that did not see its label


@dataclass(frozen=True)
class Groups:
    """Items in groups of images that look alike."""

    items: NDArray[np.int64]  # (m,)
    cluster: NDArray[np.int64]  # (m,) numbers from 0
    distance: NDArray[np.float64]  # (m,) to the centre, of features of length 1


@dataclass(frozen=True)
class Prepared:
    """The network is there, with the features of a frozen one."""

    note: str  # why it is not the network that one would expect; empty where it is
    groups: Groups | None = None  # where clusters were asked for, and the network is frozen
    by_names: bool = False  # a round can begin without labels: the network has read the classes' names


@dataclass(frozen=True)
class Refitted:
    """What a last layer that was trained anew predicts for n items; labels are indices into the request's classes."""

    trained_on: int  # labels
    predicted: NDArray[np.int32]  # (n,) as in LearnResult
    confidence: NDArray[np.float32]  # (n,)
    confusable: tuple[tuple[int, ...], ...]
    measured: bool
    top: Mapping[
        int, tuple[tuple[int, float], ...]
    ]  # by wanted item: (label, probability), the likeliest first
    seconds: float
    likeliest: Likeliest | None = None  # of all n items


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
    likeliest: Likeliest | None = None  # of all n items
    judged: Judged | None = None  # where it was asked for, and labels are enough
    notes: Mapping[str, str] = field(default_factory=dict)  # by tier
    seconds: Mapping[str, float] = field(
        default_factory=dict
    )  # by stage: features, training, prediction, tiers
    problems: Mapping[int, str] = field(default_factory=dict)  # items that cannot be read, and why
