"""What a run over a whole folder knows beside labels, and what it counts of a round."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studies.pages.asking import Floats
from studies.pages.calibration import RECENT
from studies.simulation.run.finish_state import FinishState

ARRAYS = ("rejected", "confirmed", "seen", "seen_right")


@dataclass(frozen=True)
class AskedCounts:
    """What the annotator did in a round, and what it took."""

    pages: int = 0
    cells: int = 0  # images on them
    marks: int = 0
    named: int = 0  # of the pages: without a class, which the annotator named
    refused: int = 0  # of the pages: said to be not of one class
    singles: int = 0
    verified: int = 0  # of the singles
    near: int = 0  # of the singles: corrected by a class near the top of the suggestions
    unaided: int = 0  # of the singles
    seconds: float = 0.0

    def plus(self, other: AskedCounts) -> AskedCounts:
        """The sum."""
        return AskedCounts(*(mine + more for mine, more in zip(_values(self), _values(other), strict=True)))


def _values(counts: AskedCounts) -> tuple[Any, ...]:
    return tuple(asdict(counts).values())


@dataclass(frozen=True)
class FolderState:
    """Of n images and k classes; ``seen`` are the last suggestions that were answered."""

    rejected: NDArray[np.bool_]  # (n, k) the annotator said that the image is not of the class
    confirmed: NDArray[np.bool_]  # (n,) the label is of a page, on which the image was not marked
    seen: NDArray[np.float32]  # (m, k) probabilities as suggested by
    seen_right: NDArray[np.bool_]  # (m,) whether the suggestion was accepted
    last: AskedCounts = AskedCounts()
    finish: FinishState | None = None  # of runs toward a goal

    @classmethod
    def begin(cls, images: int, classes: int) -> FolderState:
        """Before anything was asked."""
        nothing = np.zeros((0, classes), np.float32)
        return cls(np.zeros((images, classes), bool), np.zeros(images, bool), nothing, np.zeros(0, bool))

    def with_seen(self, probabilities: Floats, right: NDArray[np.bool_]) -> FolderState:
        """With more answered suggestions."""
        seen = np.concatenate([self.seen, probabilities.astype(np.float32)])[-RECENT:]
        return replace(self, seen=seen, seen_right=np.concatenate([self.seen_right, right])[-RECENT:])

    def arrays(self) -> dict[str, NDArray[Any]]:
        """As it is kept between two sessions, beside ``last``."""
        return {name: getattr(self, name) for name in ARRAYS}
