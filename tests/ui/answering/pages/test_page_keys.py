"""A page of images by key: letters, the cursor, ranges, and the closer look."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import QEvent, Qt

from tests.ui.answering.pages.page_in_window import MS, SHIFT, Page
from tests.ui.driving import key_event
from ui.answering.answer_inputs import AnswerInputs


def test_a_letter_marks_its_cell_and_takes_the_mark_back(page: Page) -> None:
    page.open()
    page.type("bdy")
    assert page.marked == {0, 2, 23}
    page.type("d")
    assert page.marked == {0, 23}
    assert [(mark.cells, mark.marked) for mark in page.marks] == [
        ((0,), True),
        ((2,), True),
        ((23,), True),
        ((2,), False),
    ]
    assert page.view.page_cursor.at == 2


def test_a_letter_without_a_cell_goes_on_to_the_page_around(page: Page) -> None:
    page.open(12)
    assert not key_event(page.view, Qt.Key.Key_Y, "y").isAccepted()
    assert not key_event(page.view, Qt.Key.Key_A, "a").isAccepted()
    ctrl = Qt.KeyboardModifier.ControlModifier
    assert not key_event(page.view, Qt.Key.Key_B, "b", held=ctrl).isAccepted()
    assert page.marks == []


def test_of_48_cells_a_letter_and_a_digit_mark_one(page: Page) -> None:
    page.open(48)
    page.type("c3")
    assert page.marked == {10}
    page.type("cd1")
    assert page.marked == {10, 16}, "another letter begins anew"
    page.type("c")
    page.press(Qt.Key.Key_Space, " ")
    page.type("3")
    assert page.marked == {10}, "Space ended what was typed, and took back the mark under the cursor"


def test_escape_takes_back_what_was_typed_before_it_leaves(page: Page) -> None:
    page.open(48)
    page.type("c")
    assert key_event(page.view, Qt.Key.Key_Escape).isAccepted()
    page.type("3")
    assert page.marked == set()
    assert not key_event(page.view, Qt.Key.Key_Escape).isAccepted()


def test_arrows_and_space(page: Page) -> None:
    page.open()
    columns = page.view.layout_of_cells.columns
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Up):
        page.press(key)
    assert page.view.page_cursor.at == 0
    page.press(Qt.Key.Key_Up)
    page.press(Qt.Key.Key_Left)
    assert page.view.page_cursor.at == 0, "the cursor stays on the images"
    page.press(Qt.Key.Key_Down)
    page.press(Qt.Key.Key_Space, " ")
    assert page.marked == {columns}
    page.press(Qt.Key.Key_End)
    page.press(Qt.Key.Key_Space, " ")
    assert page.marked == {columns, 23}


def test_shift_and_arrows_mark_a_range_that_shrinks_again(page: Page) -> None:
    page.open()
    columns = page.view.layout_of_cells.columns
    page.press(Qt.Key.Key_Right)
    page.press(Qt.Key.Key_Right, held=SHIFT)
    page.press(Qt.Key.Key_Down, held=SHIFT)
    assert page.marked == set(range(1, 2 + columns + 1))
    page.press(Qt.Key.Key_Up, held=SHIFT)
    assert page.marked == {1, 2}


def test_from_here_to_the_end(page: Page) -> None:
    page.open()
    page.type("r")
    page.press(Qt.Key.Key_End, held=SHIFT)
    assert page.marked == set(range(16, 24))
    assert page.view.page_cursor.at == 16
    page.press(Qt.Key.Key_Period, ".")
    assert page.marked == set()


def test_a_held_key_is_one_mark(page: Page) -> None:
    page.open()
    page.press(Qt.Key.Key_B, "b")
    for _ in range(3):
        key_event(page.view, Qt.Key.Key_B, "b", repeat=True)
    assert page.marked == {0}
    stamp = time.perf_counter_ns() // MS
    key_event(page.view, Qt.Key.Key_C, "c", at_ms=stamp, kind=QEvent.Type.KeyRelease)
    key_event(page.view, Qt.Key.Key_C, "c", at_ms=stamp)
    assert page.marked == {0}, "X11 repeats a key as a release and a press of one stamp"


def test_each_mark_carries_the_stamp_of_its_event(page: Page, qtbot) -> None:
    page.open()
    qtbot.wait(30)
    at_ms = time.perf_counter_ns() // MS - 10
    key_event(page.view, Qt.Key.Key_B, "b", at_ms=at_ms)
    (mark,) = page.marks
    assert at_ms * MS <= mark.at_ns <= (at_ms + 1) * MS
    assert page.view.page is not None
    assert page.view.page.on_screen.first_input_ns == mark.at_ns


def test_a_press_sooner_than_one_can_see_was_meant_for_the_page_before(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AnswerInputs, "seen_after_ns", 10**12)
    page.open()
    page.type("b")
    page.click(3)
    page.drag(4, 6)
    assert page.marked == set()
    assert page.marks == []


def test_z_enlarges_the_cell_under_the_cursor_while_it_is_held(page: Page, qtbot) -> None:
    page.open()
    page.type("d")
    before = page.ink()
    page.press(Qt.Key.Key_Z, "z")
    assert page.view.enlarged
    qtbot.waitUntil(lambda: page.view._close_look is not None)
    assert page.asked[-1] == (102, (900, 600)), "as large as the page, with all its pixels"
    assert page.ink() != before
    page.press(Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: page.asked[-1][0] == 103)
    stamp = time.perf_counter_ns() // MS
    key_event(page.view, Qt.Key.Key_Z, at_ms=stamp, kind=QEvent.Type.KeyRelease)
    key_event(page.view, Qt.Key.Key_Z, "z", at_ms=stamp)
    qtbot.wait(100)
    assert page.view.enlarged, "it was a repeat"
    key_event(page.view, Qt.Key.Key_Z, at_ms=stamp + 5, kind=QEvent.Type.KeyRelease)
    qtbot.waitUntil(lambda: not page.view.enlarged)
    page.press(Qt.Key.Key_Left)
    assert page.ink() == before
