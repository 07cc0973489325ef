"""What a project writes down of its finish line: draws of the random sample, looks at it, certified labels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class SampleDraw:
    """An even draw: which items had no label and might be drawn (packed bits of the first ``items``), and those drawn.

    ``drawn`` are pairs of a task and its item, in the order of the draw.
    """

    draw: int  # number, from 0
    items: int
    pool: bytes
    drawn: tuple[tuple[int, int], ...] = ()

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
class FolderLabel:
    """A label that the program gives by a certificate of the folder; it holds until a person says otherwise."""

    item: int
    class_id: int
    score: float
