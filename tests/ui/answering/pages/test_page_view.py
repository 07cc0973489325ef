"""A page of images in a window: marks by key and mouse, its onset, and that it stays as it is."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QContextMenuEvent, QHelpEvent, QImage, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QToolTip

from studies.answers import Input, LoseFocus
from studies.pages import marking
from studies.pages.marking import Mark
from tests.ui.driving import key_event
from tests.ui.on_screen import open_on_screen
from ui.answering.answer_inputs import AnswerInputs
from ui.answering.pages.page_values import PageCell, PageConfirmed, PageShown
from ui.answering.pages.page_view import PageView
from ui.kit import theme

LEFT, SHIFT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier
MS = 1_000_000


class Page:
    """A page of colours, with what it told."""

    def __init__(self, qtbot) -> None:
        self.qtbot = qtbot
        self.gate = threading.Event()
        self.gate.set()
        self.bad: set[int] = set()
        self.asked: list[tuple[int, tuple[int, int]]] = []
        self.view = PageView(self.load)
        self.shown: list[PageShown] = []
        self.marks: list[Mark] = []
        self.touched: list[Input] = []
        self.confirmed: list[PageConfirmed] = []
        self.refused: list[str] = []
        self.view.shown.connect(self.shown.append)
        self.view.marks_changed.connect(self.marks.append)
        self.view.touched.connect(self.touched.append)
        self.view.confirmed.connect(self.confirmed.append)
        self.view.refused.connect(self.refused.append)
        open_on_screen(qtbot, self.view, 900, 600)
        self.view.setFocus()

    def load(self, key: int, room: tuple[int, int]) -> tuple[Image.Image, bool]:
        assert self.gate.wait(10)
        self.asked.append((key, room))
        if key in self.bad:
            raise OSError("cut short")
        return Image.new("RGB", (400, 300), (key, 200, 40)), True

    def cells(self, count: int = 24, first: int = 100) -> list[PageCell]:
        return [PageCell(first + number) for number in range(count)]

    def open(self, count: int = 24) -> None:
        """Show a page and wait until it is on screen."""
        self.view.show_page(self.cells(count))
        self.qtbot.waitUntil(lambda: self.view.page is not None)

    def press(self, key: Qt.Key, text: str = "", held: Qt.KeyboardModifier | None = None) -> None:
        key_event(self.view, key, text, held=held or Qt.KeyboardModifier.NoModifier)

    def type(self, text: str) -> None:
        for sign in text:
            self.press(Qt.Key(ord(sign.upper())), sign)

    def middle(self, index: int) -> QPoint:
        return self.view.image_place(index).center()

    def click(self, index: int, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.mouseClick(self.view, LEFT, held, self.middle(index))

    def drag(self, *cells: int) -> None:
        """Press on the first cell, lead the pointer to each of the others, and let go."""
        QTest.mousePress(self.view, LEFT, pos=self.middle(cells[0]))
        for index in cells[1:]:
            where = QPointF(self.middle(index))
            move = QMouseEvent(
                QEvent.Type.MouseMove,
                where,
                self.view.mapToGlobal(where),
                Qt.MouseButton.NoButton,
                LEFT,
                Qt.KeyboardModifier.NoModifier,
            )
            QApplication.sendEvent(self.view, move)
        QTest.mouseRelease(self.view, LEFT, pos=self.middle(cells[-1]))

    @property
    def marked(self) -> set[int]:
        page = self.view.page
        assert page is not None
        assert page.marked == self.view.marked
        return set(page.marked)

    def ink(self) -> QImage:
        return self.view.grab().toImage()


@pytest.fixture
def page(qapp: QApplication, qtbot) -> Iterator[Page]:
    theme.apply(qapp, theme.Theme.LIGHT)
    made = Page(qtbot)
    yield made
    made.gate.set()
    made.view.close_threads()


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


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_the_menu_marks_from_here_to_the_end(page: Page) -> None:
    page.open()
    where = page.middle(20)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, where, page.view.mapToGlobal(where))
    QApplication.sendEvent(page.view, event)
    menu = page.view.findChild(QMenu)
    first, second = menu.actions()
    assert "from here to the end" in first.text()
    first.trigger()
    assert page.marked == {20, 21, 22, 23}
    second.trigger()
    assert page.marked == set()
    menu.close()


def test_clicks_with_and_without_shift(page: Page) -> None:
    page.open()
    page.click(5)
    page.click(8, SHIFT)
    assert page.marked == {5, 6, 7, 8}
    page.click(6)
    assert page.marked == {5, 7, 8}
    QTest.mouseClick(page.view, Qt.MouseButton.MiddleButton, pos=page.middle(0))
    assert page.marked == {5, 7, 8}


def test_a_double_click_is_one_mark(page: Page) -> None:
    page.open()
    QTest.mouseClick(page.view, LEFT, pos=page.middle(2))
    QTest.mouseDClick(page.view, LEFT, pos=page.middle(2))
    assert page.marked == {2}
    assert len(page.marks) == 1


def test_a_drag_marks_all_on_its_way_or_takes_their_marks_back(page: Page) -> None:
    page.open()
    page.click(2)
    page.drag(1, 4)
    assert page.marked == {1, 2, 3, 4}
    page.drag(3, 5)
    assert page.marked == {1, 2}, "it began on a marked one"
    page.drag(0)
    assert page.marked == {0, 1, 2}


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
