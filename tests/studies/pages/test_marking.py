"""A page that is looked at: marks, what counts, and when it may be confirmed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studies.answers import Decision, Device, StampSource
from studies.pages.marking import LOOKED_AFTER_NS, Mark, Marked, begin_page, confirm, mark

ONSET = 5_000_000_000


def enter(at_ns: int) -> Decision:
    return Decision(at_ns, at_ns + 1, StampSource.MONOTONIC, Device.KEYBOARD, 0)


def test_a_mark_and_its_return_are_told_cell_by_cell() -> None:
    page, changed = mark(begin_page(12, ONSET), Mark(ONSET + 1, (3, 4), True))
    assert changed == (Marked(3, True, ONSET + 1), Marked(4, True, ONSET + 1))
    page, changed = mark(page, Mark(ONSET + 2, (4, 5), False))
    assert changed == (Marked(4, False, ONSET + 2),)
    assert page.marked == {3}
    assert page.on_screen.first_input_ns == ONSET + 1
    assert page.confirmed == (0, 1, 2, *range(4, 12))


def test_what_came_before_the_page_marks_nothing() -> None:
    page = begin_page(12, ONSET)
    assert mark(page, Mark(ONSET - 1, (3,), True)) == (page, ())


def test_an_image_that_cannot_be_read_is_neither_marked_nor_confirmed() -> None:
    page, changed = mark(begin_page(4, ONSET, unread=[2]), Mark(ONSET, (1, 2), True))
    assert [m.cell for m in changed] == [1]
    assert page.confirmed == (0, 3)


def test_a_cell_that_is_not_there_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="12 cells, none numbered 12"):
        mark(begin_page(12, ONSET), Mark(ONSET, (12,), True))


def test_a_page_is_confirmed_once_it_can_have_been_seen() -> None:
    page = begin_page(24, ONSET)
    assert confirm(page, enter(ONSET + LOOKED_AFTER_NS - 1)) is None
    timing = confirm(page, enter(ONSET + LOOKED_AFTER_NS))
    assert timing is not None
    assert (timing.onset_ns, timing.response_ns, timing.images) == (ONSET, ONSET + LOOKED_AFTER_NS, 24)


@given(st.lists(st.tuples(st.sets(st.integers(0, 11), min_size=1), st.booleans())))
def test_marks_are_what_their_stored_changes_add_up_to(steps: list[tuple[set[int], bool]]) -> None:
    page, kept = begin_page(12, ONSET), dict.fromkeys(range(12), False)
    for number, (cells, marked) in enumerate(steps):
        page, changed = mark(page, Mark(ONSET + number, tuple(sorted(cells)), marked))
        for change in changed:
            assert kept[change.cell] is not change.marked
            kept[change.cell] = change.marked
    assert page.marked == {cell for cell, marked in kept.items() if marked}
