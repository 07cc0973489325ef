"""What a timing session writes down of pages: planned ones, marks as they are set, and confirmations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from studies.answers import Timing
from studies.pages.marking import Marked
from studies.timing.facts.records import Interface, PlannedTrial


@dataclass(frozen=True)
class PlannedCell:
    """An image of a page."""

    item: str  # the image's stable id in its data set
    true_class: str


@dataclass(frozen=True)
class PlannedPage:
    """A page of a session, drawn and stored before the session begins; it has a position as trials have."""

    position: int
    block: int
    dataset: str
    practice: bool
    suggestion: str  # the class that its images are said to be of
    odd_share: float  # with which chance each of its cells was drawn odd
    cells: tuple[PlannedCell, ...]
    interface = Interface.PAGE
    asked_after = False

    @property
    def images(self) -> int:
        """How many images are asked about."""
        return len(self.cells)

    @property
    def odd(self) -> frozenset[int]:
        """The cells whose images are not of the suggested class."""
        return frozenset(i for i, cell in enumerate(self.cells) if cell.true_class != self.suggestion)


Unit = PlannedTrial | PlannedPage
"""What is presented at once and has a position in the session."""


def trials_of(units: Iterable[Unit]) -> tuple[PlannedTrial, ...]:
    """The trials among them."""
    return tuple(unit for unit in units if isinstance(unit, PlannedTrial))


def pages_of(units: Iterable[Unit]) -> tuple[PlannedPage, ...]:
    """The pages among them."""
    return tuple(unit for unit in units if isinstance(unit, PlannedPage))


@dataclass(frozen=True)
class PageMarks:
    """Cells of the page on screen whose marks changed by one input."""

    position: int
    attempt: int  # 1 for the first presentation of this page
    changes: tuple[Marked, ...]


@dataclass(frozen=True)
class PageResponse:
    """The confirmation of one presentation of a page, and the trials that ask about what was marked on it."""

    position: int
    attempt: int
    marked: frozenset[int]
    timing: Timing
    asked: tuple[PlannedTrial, ...] = ()
