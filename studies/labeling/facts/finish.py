"""What a project writes down of its finish line: draws of the random sample, looks at it, certified labels."""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_DIGITS = 6  # of a score
_CHUNK = 500  # labels that are written at once


@dataclass(frozen=True)
class SampleDraw:
    """An even draw: which items had no label and might be drawn (packed bits of the first ``items``), and those drawn.

    ``drawn`` are pairs of a task and its item, in the order of the draw.
    """

    draw: int  # number, from 0
    items: int
    pool: bytes
    drawn: tuple[tuple[int, int], ...] = ()
    suggested: bool = False  # some of them were asked about with a suggestion

    @classmethod
    def of(cls, draw: int, pool: NDArray[np.bool_]) -> SampleDraw:
        """A draw from the items of a mask, (n,)."""
        return cls(draw, len(pool), np.packbits(pool).tobytes())

    def mask(self, count: int) -> NDArray[np.bool_]:
        """(count,) the items of the pool; those that came later are not in it."""
        found = np.zeros(count, np.bool_)
        kept = np.unpackbits(np.frombuffer(self.pool, np.uint8), count=self.items).astype(np.bool_)
        found[: self.items] = kept[:count]
        return found


@dataclass(frozen=True)
class LookRecord:
    """A look at the random sample: the chance that it spent, and what it showed."""

    look: int  # number, from 0
    round: int
    share: float  # of the folder that may be wrong
    chance: float  # that this look spent
    items: int  # of the folder
    elsewhere: int  # wrong ones at most among the person's labels on pages
    allowed: int  # wrong ones at most among the program's labels
    sampled: int
    most: int  # wrong ones of the sample that may be above the threshold; -1: it is too small
    seen: int  # of those, found above it
    threshold: float | None  # None: nothing may be labeled
    by_program: int  # images that the program may label
    sentence: str  # what is promised


@dataclass(frozen=True)
class Certified:
    """Labels that the program gives by a look at the sample; each holds until a person says otherwise."""

    items: NDArray[np.int64]  # (k,)
    classes: NDArray[np.int32]  # (k,) class ids
    scores: NDArray[np.float64]  # (k,)

    def by_class(self) -> tuple[FolderLabels, ...]:
        """The same as it is stored; it takes long, in short steps, so that no other thread waits for it."""
        found = []
        for class_id in np.unique(self.classes).tolist():
            mine = np.flatnonzero(self.classes == class_id)
            parts = (self._as_json(mine[start : start + _CHUNK]) for start in range(0, len(mine), _CHUNK))
            found.append(FolderLabels(class_id, f"[{','.join(parts)}]"))
        return tuple(found)

    def _as_json(self, places: NDArray[np.int64]) -> str:
        items, scores = self.items[places].tolist(), np.round(self.scores[places], _DIGITS).tolist()
        return ",".join(f"[{item},{score}]" for item, score in zip(items, scores, strict=True))


@dataclass(frozen=True)
class FolderLabels:
    """Certified labels of one class, as they are stored: in one piece, as there may be as many as images."""

    class_id: int
    labels: str  # JSON: pairs of an item and its score

    def read(self) -> Certified:
        """The labels one by one."""
        pairs = np.array(json.loads(self.labels), np.float64).reshape(-1, 2)
        items = pairs[:, 0].astype(np.int64)
        return Certified(items, np.full(len(items), self.class_id, np.int32), pairs[:, 1])
