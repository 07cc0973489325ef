"""A page of images: its onset, what Enter says, what is seen, and that it stays as it is."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import QEvent, QPoint, QSize, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip

from studies.answers import LoseFocus
from studies.pages import marking
from tests.ui.answering.pages.page_in_window import Page
from tests.ui.driving import key_event
from ui.answering.pages.page_values import PageCell


def test_the_onset_is_when_all_images_are_on_screen(page: Page, qtbot) -> None:
    page.gate.clear()
    page.view.show_page(page.cells())
    page.type("b")
    page.press(Qt.Key.Key_Return, "\r")
    assert page.shown == []
    assert page.refused == ["Not all of these images are here yet."]
    before_ns = time.perf_counter_ns()
    page.gate.set()
    qtbot.waitUntil(lambda: bool(page.shown))
    (shown,) = page.shown
    assert shown.frame.onset_ns > before_ns
    assert shown.page == page.view.page
    assert page.marked == set()


def test_enter_within_a_second_says_why_it_does_nothing(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marking, "LOOKED_AFTER_NS", 10**12)
    page.open()
    page.press(Qt.Key.Key_Return, "\r")
    assert page.confirmed == []
    assert "look first" in page.refused[0]


def test_enter_confirms_with_the_state_and_the_decision(page: Page) -> None:
    page.open()
    page.type("cd")
    page.press(Qt.Key.Key_Return, "\r")
    key_event(page.view, Qt.Key.Key_Return, "\r", repeat=True)
    (said,) = page.confirmed
    assert said.page.marked == {1, 2}
    assert said.page.confirmed == (0, *range(3, 24))
    timing = marking.confirm(said.page, said.decision)
    assert timing is not None
    assert (timing.images, timing.first_input_ns) == (24, page.marks[0].at_ns)
    assert timing.onset_ns == page.shown[0].frame.onset_ns


def test_an_image_that_cannot_be_read_is_neither_marked_nor_confirmed(page: Page) -> None:
    page.bad = {103}
    page.open()
    assert page.shown[0].page.unread == {3}
    page.type("e")
    page.click(3)
    page.drag(2, 4)
    assert page.marked == {2, 4}
    page.press(Qt.Key.Key_Return, "\r")
    assert 3 not in page.confirmed[0].page.confirmed
    page.view.page_cursor.go(3)
    page.view.draw_cursor()
    assert "cannot be read" in page.view.accessibleDescription()


def test_a_screen_reader_reads_the_cell_under_the_cursor_and_the_marks(page: Page) -> None:
    page.open()
    assert page.view.accessibleName() == "Page of images"
    assert page.view.accessibleDescription() == "Image B, 1 of 24: not marked. Marked: none"
    page.type("d")
    assert page.view.accessibleDescription() == "Image D, 3 of 24: marked. Marked: D"
    page.press(Qt.Key.Key_Right)
    assert page.view.accessibleDescription() == "Image E, 4 of 24: not marked. Marked: D"


def test_another_window_size_lays_the_same_cells_out_anew(page: Page, qtbot) -> None:
    page.open()
    page.type("bk")
    page.press(Qt.Key.Key_Right)
    keys = [cell.key for cell in page.view.cells]
    codes, onset = page.view.codes, page.shown[0].frame.onset_ns
    columns = page.view.layout_of_cells.columns
    page.view.resize(400, 900)
    assert page.view.layout_of_cells.columns != columns
    assert (page.view.page_cursor.at, page.marked) == (10, {0, 9})
    assert ([cell.key for cell in page.view.cells], page.view.codes) == (keys, codes)
    assert page.view.page is not None
    assert page.view.page.on_screen.onset_ns == onset
    assert len(page.shown) == 1
    room = page.view.layout_of_cells.image_size
    qtbot.waitUntil(lambda: len([1 for _, asked in page.asked if asked == room]) == 24)


def test_a_page_that_was_prepared_is_on_screen_at_once(page: Page, qtbot) -> None:
    page.open()
    page.view.prepare(page.cells(first=200))
    qtbot.waitUntil(lambda: len(page.asked) == 48)
    qtbot.waitUntil(lambda: all(future.done() for future in page.view.images._futures.values()))
    page.gate.clear()
    page.view.show_page(page.cells(first=200))
    assert len(page.shown) == 2, "nothing had to be waited for"
    assert len(page.asked) == 48


def test_a_page_that_was_hidden_is_timed_anew_with_its_marks(page: Page) -> None:
    page.open()
    page.type("c")
    page.view.hide()
    assert page.view.page is None
    page.view.show()
    assert page.marked == {1}
    assert len(page.shown) == 2


def test_what_was_taken_away_leaves_its_place(page: Page) -> None:
    page.open()
    page.type("bc")
    page.view.take_away([1, 5])
    assert page.marked == {0}
    page.type("g")
    assert page.marked == {0}
    page.press(Qt.Key.Key_Return, "\r")
    assert set(page.confirmed[0].page.confirmed) == set(range(24)) - {0, 1, 5}
    assert not page.view.is_done
    page.view.take_away(range(24))
    assert page.view.is_done


def test_marks_that_could_not_be_stored_are_taken_back(page: Page) -> None:
    page.open()
    page.type("bc")
    page.view.hold_marks([0])
    assert page.marked == {0}


def test_a_page_that_could_not_be_stored_is_confirmed_again(page: Page) -> None:
    page.open()
    for _ in range(2):
        page.press(Qt.Key.Key_Return, "\r")
        key_event(page.view, Qt.Key.Key_Return, at_ms=1, kind=QEvent.Type.KeyRelease)
    assert len(page.confirmed) == 2


def test_the_loss_of_focus_is_noted(page: Page) -> None:
    page.open()
    QApplication.sendEvent(page.view, QEvent(QEvent.Type.WindowDeactivate))
    assert page.view.page is not None
    assert page.view.page.on_screen.focus_lost
    assert isinstance(page.touched[-1], LoseFocus)


def test_a_mark_is_seen_without_colour_and_hides_no_image(page: Page) -> None:
    page.open()
    place = page.view.image_place(4)
    page.press(Qt.Key.Key_End)
    before = page.ink()
    page.view.page_cursor.go(0)
    page.view.draw_cursor()
    page.type("f")
    page.press(Qt.Key.Key_End)
    after = page.ink()
    image = QSize(400, 300).scaled(place.size(), Qt.AspectRatioMode.KeepAspectRatio)
    middle = place.center()
    corner = middle + QPoint(image.width() // 2 - 12, 4 - image.height() // 2)
    assert before.pixelColor(corner) != after.pixelColor(corner), "a sign in the corner"
    was, now = before.pixelColor(middle), after.pixelColor(middle)
    assert was != now
    assert abs(was.lightness() - now.lightness()) < 60, "a tint"


def test_cells_are_pointed_out_until_the_next_page(page: Page) -> None:
    page.open()
    before = page.ink()
    page.view.point_out([7])
    assert page.ink() != before
    page.open()
    assert page.view._pointed_out == frozenset()


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_a_note_is_whole_in_the_tool_tip(page: Page, qtbot) -> None:
    page.view.show_page([PageCell(1, "a note"), PageCell(2)])
    where = page.middle(0)
    QApplication.sendEvent(page.view, QHelpEvent(QEvent.Type.ToolTip, where, page.view.mapToGlobal(where)))
    assert QToolTip.text() == "a note"
    QToolTip.hideText()


def test_nothing_beats_while_no_page_is_on_screen(page: Page) -> None:
    page.open()
    page.view.clear()
    page.press(Qt.Key.Key_Return, "\r")
    page.press(Qt.Key.Key_Space, " ")
    assert page.confirmed == []
    assert not page.view.inputs._stalls._timer.isActive()
