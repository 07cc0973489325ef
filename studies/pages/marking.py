"""A page on screen: which of its images are marked, and when it may be confirmed. Pure values; times come with inputs.

A page stays as it is until it is done. Its cells are numbered from 0 in the order in which they are shown. A mark says
"not of the suggested class"; confirming the page says that all others are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from studies.answers import Decision, Input, OnScreen, Timing, counts, observe, timing_of

LOOKED_AFTER_NS = 1_000_000_000  # nobody looks through a page of images sooner


@dataclass(frozen=True)
class Mark(Input):
    """Marks of some cells were set or taken back at once: by a key, a click, a drag or a range."""

    cells: tuple[int, ...]
    marked: bool


@dataclass(frozen=True)
class Marked:
    """A cell whose mark changed, to be stored."""

    cell: int
    marked: bool
    at_ns: int


@dataclass(frozen=True)
class PageOnScreen:
    """A page that is looked at: how many cells it has, which are marked, and what is known of its presentation."""

    cells: int
    on_screen: OnScreen
    marked: frozenset[int] = frozenset()
    unread: frozenset[int] = frozenset()  # their images cannot be read: nothing is said of them

    @property
    def confirmed(self) -> tuple[int, ...]:
        """The cells that a confirmation says are of the suggested class."""
        return tuple(i for i in range(self.cells) if i not in self.marked and i not in self.unread)


def begin_page(cells: int, onset_ns: int, unread: Iterable[int] = ()) -> PageOnScreen:
    """A page whose images are all on screen since ``onset_ns``."""
    return PageOnScreen(cells, OnScreen(onset_ns), unread=frozenset(unread))


def mark(page: PageOnScreen, event: Mark) -> tuple[PageOnScreen, tuple[Marked, ...]]:
    """Set or take back marks; what changed, cell by cell. An input from before the onset changes nothing.

    Raises ``ValueError`` for a cell that the page does not have.
    """
    wrong = [cell for cell in event.cells if not 0 <= cell < page.cells]
    if wrong:
        raise ValueError(f"the page has {page.cells} cells, none numbered {wrong[0]}")
    if not counts(page.on_screen, event.at_ns):
        return page, ()
    named = frozenset(event.cells) - page.unread
    changed = named - page.marked if event.marked else named & page.marked
    after = replace(
        page,
        on_screen=observe(page.on_screen, event),
        marked=page.marked ^ changed if changed else page.marked,
    )
    return after, tuple(Marked(cell, event.marked, event.at_ns) for cell in sorted(changed))


def may_confirm(page: PageOnScreen, at_ns: int) -> bool:
    """Whether a confirmation stamped ``at_ns`` counts: the page has been on screen for a second."""
    return at_ns >= page.on_screen.onset_ns + LOOKED_AFTER_NS


def confirm(page: PageOnScreen, decision: Decision) -> Timing | None:
    """The timing of the confirmed page; ``None`` where it came too soon to count, and the page stays."""
    if not may_confirm(page, decision.at_ns):
        return None
    return timing_of(page.on_screen, decision, images=page.cells)
