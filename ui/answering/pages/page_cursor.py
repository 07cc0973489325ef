"""The cursor of a page and what it marks on its way: pure values, no widgets."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True)
class Change:
    """Cells to mark, or to take the marks back from; nothing where there are none."""

    cells: tuple[int, ...] = ()
    marked: bool = True


@dataclass(frozen=True)
class _Range:
    """A range that grows and shrinks from where it began."""

    first: int
    marked: bool  # whether it marks or takes back
    before: frozenset[int]  # what was marked when it began


class PageCursor:
    """Where the cursor is among the cells of a page.

    A range goes from where the cursor was to where it is led. It takes marks back if the last thing that was done
    there was to take one back. Leading it back gives what it left behind its former state again.
    """

    def __init__(self, cells: int = 0) -> None:
        self.cells = cells
        self.at = 0
        self._took_back = False  # the last thing that was done at the cursor
        self._range: _Range | None = None

    def go(self, index: int) -> bool:
        """Move to a cell; whether it is another one. One that there is not is not gone to."""
        moved = 0 <= index < self.cells and index != self.at
        self._range = None
        if moved:
            self.at, self._took_back = index, False
        return moved

    def toggle(self, index: int, marked: Collection[int]) -> Change:
        """Mark a cell or take its mark back; the cursor goes there."""
        if not 0 <= index < self.cells:
            return Change()
        self.at, self._took_back, self._range = index, index in marked, None
        return Change((index,), not self._took_back)

    def extend(self, index: int, marked: Collection[int]) -> tuple[Change, ...]:
        """Lead the range under way, or a new one, to a cell; what changes."""
        if not 0 <= index < self.cells:
            return ()
        if self._range is None:
            self._range = _Range(self.at, not self._took_back, frozenset(marked))
        first, last = sorted((self._range.first, index))
        covered, before = frozenset(range(first, last + 1)), self._range.before
        wanted = before | covered if self._range.marked else before - covered
        self.at = index
        changes = (
            Change(tuple(sorted(wanted - set(marked)))),
            Change(tuple(sorted(set(marked) - wanted)), False),
        )
        return tuple(change for change in changes if change.cells)
