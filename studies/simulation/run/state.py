"""What a run knows between two rounds, and what it writes down of one."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.datasets.base import UNKNOWN
from model.tiers import PerTier, Tier
from studies.estimates import Share, add_up
from studies.simulation.plan.plan import SeedLabels
from studies.simulation.run.finish_state import FinishState
from studies.simulation.run.folder_state import ARRAYS, AskedCounts, FolderState

_NONE = Share(0, 0)
_RECENT = 3  # rounds by which a tier's suggestions are judged where a whole folder is labeled
_ARRAYS = ("labels", "auto", "seeded", "sampled", "asked")
Suggestions = Mapping[Tier, tuple[Share, ...]]


@dataclass(frozen=True)
class Where:
    """What a round was computed on."""

    device: str
    threads: int
    versions: dict[str, str]


@dataclass(frozen=True)
class RoundCounts:
    """What one round asked and labeled."""

    # Suggestions that the answers kept or, where none was shown, would have kept; of tiers that nobody is asked about
    # the program's own labels, as the truth judges them.
    right: Mapping[Tier, Share] = PerTier({}, _NONE)
    notes: str = ""  # of tiers with something to say


@dataclass(frozen=True)
class State:
    """Before a round's training: all labels so far, and what led to them."""

    round: int
    labels: NDArray[np.int32]  # (n,), -1 where there is none
    auto: NDArray[np.bool_]  # (n,), of the program
    seeded: NDArray[np.bool_]  # (n,), that the run began with
    sampled: NDArray[np.bool_]  # (n,), drawn at random and asked about, the seed labels among them
    asked: NDArray[np.int64]  # (n,), when the annotator was: larger is later, 0 for seed labels
    last: RoundCounts = field(default_factory=RoundCounts)
    suggestions: tuple[Mapping[Tier, Share], ...] = ()  # right ones of every round, of the tiers asked about
    drawn_cost: float | None = None  # of all answers so far, where times are drawn
    seconds: dict[str, float] = field(default_factory=dict)  # that choosing the last items took
    folder: FolderState | None = None  # of runs over whole folders

    @property
    def by_tier(self) -> Suggestions:
        """Right suggestions of every round."""
        return {
            tier: tuple(shares.get(tier, _NONE) for shares in self.suggestions) for tier in Tier if tier.asked
        }

    @property
    def recent(self) -> dict[Tier, Share]:
        """Right suggestions of the last rounds together, by which a folder's next round is planned."""
        return {tier: add_up(shares[-_RECENT:]) for tier, shares in self.by_tier.items()}

    def to_bytes(self) -> bytes:
        """The state as it is kept between two sessions."""
        out = io.BytesIO()
        arrays = {name: getattr(self, name) for name in _ARRAYS}
        rest = {
            "round": self.round,
            "last": {**_list_shares(self.last.right), "notes": self.last.notes},
            "suggestions": [_list_shares(shares) for shares in self.suggestions],
            "drawn_cost": self.drawn_cost,
            "seconds": self.seconds,
        }
        if self.folder is not None:
            arrays |= self.folder.arrays()
            rest["folder"] = asdict(self.folder.last)
            if self.folder.finish is not None:
                arrays["program"] = self.folder.finish.program
                rest["finish"] = self.folder.finish.facts()
        np.savez_compressed(out, **arrays, rest=np.frombuffer(json.dumps(rest).encode(), np.uint8))
        return out.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> State:
        """What :meth:`to_bytes` wrote, also of earlier versions."""
        with np.load(io.BytesIO(data), allow_pickle=False) as found:
            rest = json.loads(found["rest"].tobytes())
            arrays = {name: found[name] for name in _ARRAYS}
            folder = None
            if "folder" in rest:
                counts = AskedCounts(**rest["folder"])
                known = {name: found[name] for name in ARRAYS if name in found}
                known.setdefault("confirmed", np.zeros(len(arrays["labels"]), bool))  # of earlier versions
                finish = None
                if "finish" in rest:
                    finish = FinishState.read(found["program"], rest["finish"])
                folder = FolderState(**known, last=counts, finish=finish)
        return cls(
            round=rest["round"],
            **arrays,
            last=RoundCounts(PerTier(_read_shares(rest["last"]), _NONE), rest["last"]["notes"]),
            suggestions=tuple(map(_read_shares, rest["suggestions"])),
            drawn_cost=rest["drawn_cost"],
            seconds=rest["seconds"],
            folder=folder,
        )


def _list_shares(shares: Mapping[Tier, Share]) -> dict[str, dict[str, int]]:
    return {tier.value: asdict(share) for tier, share in shares.items()}


def _read_shares(by_name: dict[str, Any] | list[Any]) -> dict[Tier, Share]:
    """Shares by the names of tiers; earlier versions gave those of the hard and the intermediate tier as a list."""
    if isinstance(by_name, list):
        by_name = dict(zip((Tier.HARD.value, Tier.INTERMEDIATE.value), by_name, strict=True))
    return {tier: Share(**by_name[tier.value]) for tier in Tier if tier.value in by_name}


@dataclass(frozen=True)
class FinishCounts:
    """How the labels of a whole folder stand, those of the program too."""

    n_program: int  # labels of the program
    n_program_wrong: int  # of those, others than the annotator would give
    n_other: int  # of all images, if the program labeled now what has no label: others than the annotator would give
    n_untrue: int  # the same against the true classes
    n_sampled: int  # of the random sample
    n_planted: int  # wrong suggestions and odd images, on purpose
    looks: int
    ended: bool  # by the program's labels


@dataclass(frozen=True)
class RoundRow:
    """One round of a run, as it is stored; ``round`` 0 is that of the first labels alone."""

    round: int
    n_seed: int
    n_human: int  # labels of the annotator, the first ones included
    n_auto: int  # labels of the program that are in use
    n_auto_right: int
    counts: RoundCounts
    accuracy: float  # on the test part
    audit_accuracy: float | None
    drawn_cost: float | None
    seconds: dict[str, float]  # by stage
    n_images: int = 0  # of the pool; this and what follows: of runs over whole folders
    n_wrong: int = 0  # of the annotator's labels
    asked: AskedCounts | None = None  # since the round before
    finish: FinishCounts | None = None


def first_labels(
    truth: NDArray[np.int64], classes: int, seeds: SeedLabels, chance: np.random.Generator
) -> NDArray[np.int64]:
    """Which items a run begins with, ascending: a number of each class, or a random sample of all."""
    if seeds.total is not None:
        return np.sort(chance.choice(len(truth), min(seeds.total, len(truth)), replace=False))
    wanted = seeds.per_class or 0
    found = []
    for label in range(classes):
        mine = np.flatnonzero(truth == label)
        found.append(chance.choice(mine, min(wanted, len(mine)), replace=False))
    return np.sort(np.concatenate(found))


def answers(
    truth: NDArray[np.int64], classes: int, error_rate: float, chance: np.random.Generator
) -> NDArray[np.int64]:
    """What a simulated annotator answers for items of the classes ``truth`` (k,).

    The true class, or with probability ``error_rate`` one drawn evenly from the others.
    """
    wrong = chance.random(len(truth)) < error_rate
    others = (truth + chance.integers(1, max(2, classes), len(truth))) % classes
    return np.where(wrong, others, truth)


def begin(truth: NDArray[np.int64], classes: int, seeds: SeedLabels, error_rate: float, seed: int) -> State:
    """The state before the first training."""
    chance = np.random.default_rng([seed, 0])
    items = first_labels(truth, classes, seeds, chance)
    labels = np.full(len(truth), UNKNOWN, np.int32)
    labels[items] = answers(truth[items], classes, error_rate, chance)
    seeded, nothing = labels != UNKNOWN, np.zeros(len(truth), bool)
    return State(0, labels, nothing, seeded, seeded, np.zeros(len(truth), np.int64))
