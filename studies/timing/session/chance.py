"""Seeded chance for drawing a session, and what drawing needs of a set of images."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Protocol, TypeVar

from model.errors import UserError

_T = TypeVar("_T")


class DrawError(UserError):
    """The data sets cannot give the trials that the plan asks for."""


class DrawableSet(Protocol):
    """What drawing needs to know of an image set."""

    @property
    def classes(self) -> tuple[str, ...]:
        """Class names."""

    @property
    def items(self) -> Sequence[str]:
        """Stable ids."""

    @property
    def labels(self) -> Sequence[int]:
        """Index of each item's class."""


class Chance:
    """Seeded chance that gives the same draws on every Python version.

    Only ``Random.random()`` is used, the one method whose sequence Python promises to keep.
    """

    def __init__(self, *key: object) -> None:
        self._random = Random("|".join(str(part) for part in key)).random

    def happens(self, probability: float) -> bool:
        """True with the given probability."""
        return self._random() < probability

    def shuffled(self, values: Sequence[_T]) -> list[_T]:
        """The values in random order."""
        return [
            values[i] for i in sorted([*range(len(values))], key=[self._random() for _ in values].__getitem__)
        ]

    def choice(self, values: Sequence[_T]) -> _T:
        """One value, each equally likely."""
        return values[int(self._random() * len(values))]

    def round_randomly(self, value: float) -> int:
        """``value`` rounded up or down so that its mean is kept."""
        whole = int(value)
        return whole + self.happens(value - whole)
