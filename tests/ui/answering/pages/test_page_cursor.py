"""The cursor and its ranges, without a window."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ui.answering.pages.page_cursor import Change, PageCursor


class Marks:
    """A cursor with the marks that its changes leave."""

    def __init__(self, cells: int = 24) -> None:
        self.cursor = PageCursor(cells)
        self.marked: set[int] = set()

    def toggle(self, index: int) -> None:
        self._take(self.cursor.toggle(index, self.marked))

    def extend(self, index: int) -> None:
        for change in self.cursor.extend(index, self.marked):
            self._take(change)

    def _take(self, change: Change) -> None:
        if change.marked:
            self.marked |= set(change.cells)
        else:
            self.marked -= set(change.cells)


def test_a_range_grows_and_shrinks_from_where_it_began() -> None:
    marks = Marks()
    marks.toggle(9)
    marks.cursor.go(3)
    marks.extend(6)
    assert marks.marked == {3, 4, 5, 6, 9}
    marks.extend(10)
    assert marks.marked == {3, 4, 5, 6, 7, 8, 9, 10}
    marks.extend(4)
    assert marks.marked == {3, 4, 9}, "what was marked before stays"
    marks.extend(1)
    assert marks.marked == {1, 2, 3, 9}
    assert marks.cursor.at == 1


def test_a_range_from_a_mark_taken_back_takes_marks_back() -> None:
    marks = Marks()
    for index in range(8):
        marks.toggle(index)
    marks.toggle(2)
    marks.extend(5)
    assert marks.marked == {0, 1, 6, 7}
    marks.cursor.go(10)
    marks.extend(11)
    assert marks.marked == {0, 1, 6, 7, 10, 11}, "elsewhere a range marks"


def test_a_new_range_begins_after_any_other_step() -> None:
    marks = Marks()
    marks.extend(2)
    marks.cursor.go(5)
    marks.extend(6)
    assert marks.marked == {0, 1, 2, 5, 6}


def test_there_is_nothing_beyond_the_cells() -> None:
    marks = Marks(3)
    assert not marks.cursor.go(3)
    assert not marks.cursor.go(-1)
    marks.extend(3)
    marks.toggle(3)
    assert (marks.marked, marks.cursor.at) == (set(), 0)


@given(st.sets(st.integers(0, 11)), st.integers(0, 11), st.lists(st.integers(0, 11), min_size=1))
def test_only_the_end_of_a_range_counts(marked: set[int], first: int, ends: list[int]) -> None:
    marks = Marks(12)
    marks.marked = set(marked)
    marks.cursor.go(first)
    for end in ends:
        marks.extend(end)
    assert marks.marked == marked | set(range(min(first, ends[-1]), max(first, ends[-1]) + 1))
