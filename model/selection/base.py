"""What every strategy of selection is given, what it returns, and the choices that it reads."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from enum import Enum
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from model.errors import SelectionError as SelectionError
from model.names import UNKNOWN
from model.names import Engine as Engine
from model.names import Partitions as Partitions
from model.port import Port
from model.tiers import Tier as Tier

_SUM_WITHIN = 1e-3


class Embedding(Enum):
    """What stands for an item where items are compared."""

    GRADIENT = "gradient"  # of the cross-entropy by the last layer's weights and bias
    FEATURES = "features"  # what goes into the last layer


class Conflicts(Enum):
    """What a class does whose pick goes to another class."""

    REFILL = "refill"  # takes its next one, so that the whole budget is spent
    DROP = "drop"  # goes without, as the authors' code does


@dataclass(frozen=True)
class Options:
    """The choices that strategies read; each reads what concerns it."""

    bias: bool = False  # BADGE: the gradient by the bias too
    embedding: Embedding = Embedding.GRADIENT
    eta: float = 1.0  # how much the query set counts
    ridge: float = 1.0  # lambda of LogDetMI
    lazy: bool = False  # skip candidates on stale gains, as the authors' code does; not exact for LogDetMI
    conflicts: Conflicts = Conflicts.REFILL
    partitions: Partitions = Partitions.NONE
    n_partitions: int = 5
    auto_in_queries: bool = False  # whether auto-labeled items join the query sets
    engine: Engine = Engine.OWN
    engine_seconds: float = 600.0  # submodlib is stopped after this time for one class
    engine_gib: float = 8.0  # and refused what would take more memory
    max_error: float = 0.05  # epsilon of the certified easy tier

    @classmethod
    def of(cls, settings: object) -> Options:
        """Return the options that ``settings`` have an attribute for; the others as they are by default."""
        names = [option.name for option in fields(cls)]
        return cls(**{name: getattr(settings, name) for name in names if hasattr(settings, name)})


@dataclass(frozen=True)
class Snapshot:
    """A pool of n items as a model of C classes sees it between two rounds.

    All tensors are on one device. Raises :class:`SelectionError` if shapes disagree or values are NaN or infinite.
    """

    probabilities: Tensor  # (n, C), float; each row sums to 1
    features: Tensor  # (n, d), float; what goes into the last layer
    labels: Tensor  # (n,), int64; -1 where there is none
    auto: Tensor = field(default_factory=lambda: torch.zeros(0, dtype=torch.bool))  # (n,), bool: auto-labeled
    # (n,), bool: a random sample with a person's labels that the model was not trained on
    audit: Tensor = field(default_factory=lambda: torch.zeros(0, dtype=torch.bool))
    # (n,), bool: labeled items whose probabilities are of models not trained on them; by default the audit sample
    out_of_fold: Tensor = field(default_factory=lambda: torch.zeros(0, dtype=torch.bool))
    # (n,), int64: when an item was drawn from the pool, larger is later; by default the audit sample was drawn first
    query_order: Tensor = field(default_factory=lambda: torch.zeros(0, dtype=torch.int64))

    def __post_init__(self) -> None:
        n = len(self.labels)
        for name in ("auto", "audit"):
            if len(getattr(self, name)) == 0 and n:
                object.__setattr__(self, name, torch.zeros_like(self.labels, dtype=torch.bool))
        if len(self.out_of_fold) == 0:
            object.__setattr__(self, "out_of_fold", self.audit)
        if len(self.query_order) == 0:
            object.__setattr__(self, "query_order", (~self.audit).to(torch.int64))
        _check(self)

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def classes(self) -> int:
        """C."""
        return self.probabilities.shape[1]

    @property
    def unlabeled(self) -> Tensor:
        """Positions without a label, ascending, (m,) int64."""
        return torch.nonzero(self.labels == UNKNOWN).flatten()

    def query_set(self, label: int, with_auto: bool = False) -> Tensor:
        """Positions of the labeled items of a class, ascending, (q,) int64."""
        mine = self.labels == label
        return torch.nonzero(mine if with_auto else mine & ~self.auto).flatten()


@dataclass(frozen=True)
class Picks:
    """What a strategy chose, in the order of choice; the arrays have one length."""

    items: NDArray[np.int64]  # positions in the pool
    suggestions: NDArray[np.int64]  # the class suggested for each
    scores: NDArray[np.float64]  # what the strategy thought of each: larger is chosen sooner, units its own
    asked: int
    note: str = ""  # why there are fewer than asked

    def __len__(self) -> int:
        return len(self.items)

    @classmethod
    def of(cls, items: Tensor, suggestions: Tensor, scores: Tensor, asked: int, note: str = "") -> Picks:
        """Make picks of tensors from any device."""
        return cls(
            items.cpu().numpy().astype(np.int64),
            suggestions.cpu().numpy().astype(np.int64),
            scores.detach().cpu().numpy().astype(np.float64),
            asked,
            note,
        )

    @classmethod
    def none(cls, asked: int, note: str = "") -> Picks:
        """Nothing chosen."""
        return cls(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.float64), asked, note)


class Select(Protocol):
    """A strategy: a function of what it is given, the seed included."""

    def __call__(
        self, snapshot: Snapshot, pool: Tensor, budget: int, options: Options, seed: int, port: Port
    ) -> Picks:
        """Choose ``budget`` items of ``pool``, ascending positions (m,) of unlabeled items; 0 < budget <= m."""
        ...


def shares(budget: int, parts: int) -> list[int]:
    """Split a budget evenly: part c, counted from 0, of C has floor(b (c + 1) / C) - floor(b c / C)."""
    return [budget * (part + 1) // parts - budget * part // parts for part in range(parts)]


def _check(snapshot: Snapshot) -> None:
    p, h, n = snapshot.probabilities, snapshot.features, len(snapshot.labels)
    shapes = {"probabilities": p.shape[0], "features": h.shape[0]}
    shapes |= {name: len(getattr(snapshot, name)) for name in ("auto", "audit", "out_of_fold", "query_order")}
    for name, rows in shapes.items():
        if rows != n:
            raise SelectionError(
                f"There are {n:,} labels but {rows:,} rows of {name}; give one row per item."
            )
    if p.ndim != 2 or h.ndim != 2 or p.shape[1] == 0:
        raise SelectionError("Probabilities and features need one row per item and at least one class.")
    if not bool(torch.isfinite(p).all()):
        raise SelectionError("The model's probabilities hold NaN or infinite values; train it again.")
    if not bool(torch.isfinite(h).all()):
        raise SelectionError("The model's features hold NaN or infinite values; train it again.")
    if n and (bool((p < 0).any()) or bool(((p.sum(dim=1) - 1).abs() > _SUM_WITHIN).any())):
        raise SelectionError("Probabilities must not be negative and must sum to 1 for each item.")
    if n and not -1 <= int(snapshot.labels.min()) <= int(snapshot.labels.max()) < p.shape[1]:
        raise SelectionError(f"Labels must lie from 0 to {p.shape[1] - 1}, or be -1 where there is none.")
