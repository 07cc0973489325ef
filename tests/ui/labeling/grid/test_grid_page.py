"""Many images at once: marks by key and mouse, pages, and times that run from when all images are on screen."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from PIL import Image
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QPushButton, QToolTip

from model.datasets.image_files import PlaceError
from studies.answers import Device, Timing
from tests.ui.driving import key_event, unnamed
from tests.ui.on_screen import open_on_screen
from ui.kit import theme
from ui.labeling.grid.grid_data import GridAnswer, GridCell, GridPageData, GridSection
from ui.labeling.grid.grid_page import GridPage

SECTIONS = (GridSection("cat: labeled by the program", 70), GridSection("No label yet", 0))


class Page:
    """A grid of colours, with what it told."""

    def __init__(self, qtbot) -> None:
        self.gate = threading.Event()
        self.gate.set()
        self.bad: set[int] = set()
        self.away: set[int] = set()
        self.grid = GridPage(self.load)
        self.confirmed: list[GridAnswer] = []
        self.assigned: list[tuple[tuple[int, ...], str, Timing]] = []
        self.pages: list[int] = []
        self.sections: list[int] = []
        self.grid.confirmed.connect(self.confirmed.append)
        self.grid.assigned.connect(lambda *said: self.assigned.append(said))
        self.grid.page_wanted.connect(self.pages.append)
        self.grid.section_wanted.connect(self.sections.append)
        open_on_screen(qtbot, self.grid, 1024, 640)
        self.grid.setFocus()

    def load(self, item: int, _fit: tuple[int, int]) -> tuple[Image.Image, bool]:
        assert self.gate.wait(10)
        if item in self.away:
            raise PlaceError("The folder /pictures cannot be reached.", True)
        if item in self.bad:
            raise OSError("cut short")
        return Image.new("RGB", (40, 20), (item, 200, 40)), True

    def show(self, count: int = 24, page: int = 0, pages: int = 3, accepts: bool = True) -> None:
        cells = tuple(GridCell(100 + number, f"cat {number} %") for number in range(count))
        data = GridPageData(SECTIONS, 0, "Mark what is wrong.", accepts, cells, page, pages, ("ant", "cat"))
        self.grid.show_data(data)

    def filled(self, qtbot, **how: object) -> None:
        with qtbot.waitSignal(self.grid.view.filled):
            self.show(**how)  # type: ignore[arg-type]

    def press(self, key: Qt.Key, text: str = "", held: Qt.KeyboardModifier | None = None) -> None:
        key_event(self.grid, key, text, held=held or Qt.KeyboardModifier.NoModifier)


@pytest.fixture
def page(qapp: QApplication, qtbot) -> Iterator[Page]:
    theme.apply(qapp, theme.Theme.LIGHT)
    made = Page(qtbot)
    yield made
    made.gate.set()
    made.grid.close_threads()


def test_one_key_accepts_all_but_the_marked(page: Page, qtbot) -> None:
    page.filled(qtbot)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Space, Qt.Key.Key_Down, Qt.Key.Key_Space):
        page.press(key, " " if key is Qt.Key.Key_Space else "")
    below = 102 + page.grid.view.columns
    assert "Marked: 3" in page.grid.view.accessibleDescription()
    page.press(Qt.Key.Key_Return, "\r")
    (answer,) = page.confirmed
    assert set(answer.odd) == {102, below}
    assert set(answer.accepted) == set(range(100, 124)) - {102, below}
    timing = answer.timing
    assert (timing.images, timing.device) == (24, Device.KEYBOARD)
    assert timing.first_input_ns is not None
    assert timing.onset_ns < timing.first_input_ns < timing.response_ns <= timing.handler_ns


def test_a_mark_is_taken_back(page: Page, qtbot) -> None:
    page.filled(qtbot)
    page.press(Qt.Key.Key_Space, " ")
    key_event(page.grid, Qt.Key.Key_Space, " ", repeat=True)
    assert page.grid.view.marked == {100}, "a held key marks once"
    page.press(Qt.Key.Key_Space, " ")
    assert page.grid.view.marked == set()


def test_a_click_marks(page: Page, qtbot) -> None:
    page.filled(qtbot)
    view = page.grid.view
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=view._place(5).center())
    assert view.marked == {105}
    assert view.at == 5
    qtbot.mouseClick(view, Qt.MouseButton.RightButton, pos=view._place(6).center())
    assert view.marked == {105}
    accept = next(b for b in page.grid.findChildren(QPushButton) if b.accessibleName().startswith("Accept"))
    qtbot.mouseClick(accept, Qt.MouseButton.LeftButton)
    (answer,) = page.confirmed
    assert answer.odd == (105,)
    assert answer.timing.device is Device.MOUSE
    assert page.grid.hasFocus(), "a click leaves the keys to the images"


def test_the_time_runs_from_when_all_images_are_on_screen(page: Page, qtbot) -> None:
    page.gate.clear()
    page.show()
    qtbot.wait(30)
    page.press(Qt.Key.Key_Return, "\r")
    page.press(Qt.Key.Key_A, "a")
    assert (page.confirmed, page.assigned) == ([], []), "nobody has seen all of them"
    with qtbot.waitSignal(page.grid.view.filled):
        page.gate.set()
    page.press(Qt.Key.Key_Return, "\r")
    (answer,) = page.confirmed
    assert answer.timing.first_input_ns == answer.timing.response_ns


def test_an_image_that_cannot_be_read_is_never_accepted(page: Page, qtbot) -> None:
    page.bad = {103}
    page.filled(qtbot)
    page.press(Qt.Key.Key_Return, "\r")
    (answer,) = page.confirmed
    assert set(answer.accepted) == set(range(100, 124)) - {103}
    assert answer.odd == ()
    assert answer.timing.images == 23


def test_images_that_were_away_come_and_are_looked_at_first(
    page: Page, qtbot, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.grid.view._thumbnails._again.setInterval(30)
    monkeypatch.setattr(page.grid, "looked_after_ns", 60 * 10**9)
    page.away = {101, 103}
    page.filled(qtbot)
    before = page.grid._on_screen
    assert page.grid.view.unread == {101, 103}
    page.away = set()
    qtbot.waitUntil(lambda: not page.grid.view.unread)
    assert before is not None
    assert page.grid._on_screen is not None
    assert page.grid._on_screen.onset_ns > before.onset_ns
    page.press(Qt.Key.Key_Return, "\r")
    assert page.confirmed == []


def test_a_list_of_no_class_is_not_accepted(page: Page, qtbot) -> None:
    page.filled(qtbot, accepts=False)
    page.press(Qt.Key.Key_Return, "\r")
    assert page.confirmed == []


def test_the_marked_are_labeled_as_the_class_beside(page: Page, qtbot) -> None:
    page.filled(qtbot, accepts=False)
    classes = next(b for b in page.grid.findChildren(QComboBox) if b.accessibleName() == "Class to label as")
    classes.setCurrentIndex(1)
    page.press(Qt.Key.Key_Space, " ")
    page.press(Qt.Key.Key_Right)
    page.press(Qt.Key.Key_Space, " ")
    page.press(Qt.Key.Key_A, "a")
    ((items, name, timing),) = page.assigned
    assert (items, name, timing.images) == ((100, 101), "cat", 2)


def test_without_a_mark_the_one_under_the_cursor_is_labeled(page: Page, qtbot) -> None:
    page.filled(qtbot, accepts=False)
    page.press(Qt.Key.Key_Right)
    page.press(Qt.Key.Key_A, "a")
    assert page.assigned[0][0] == (101,)


def test_paging_stays_within_the_pages(page: Page, qtbot) -> None:
    page.filled(qtbot, page=1)
    page.press(Qt.Key.Key_N, "n")
    page.press(Qt.Key.Key_PageDown)
    page.press(Qt.Key.Key_P, "p")
    page.filled(qtbot, page=2)
    page.press(Qt.Key.Key_PageDown)
    page.filled(qtbot, page=0)
    page.press(Qt.Key.Key_PageUp)
    assert page.pages == [2, 2, 0]


def test_the_cursor_stays_on_the_images(page: Page, qtbot) -> None:
    page.filled(qtbot)
    view = page.grid.view
    page.press(Qt.Key.Key_Left)
    page.press(Qt.Key.Key_Up)
    assert view.at == 0
    for _ in range(30):
        page.press(Qt.Key.Key_Right)
    assert view.at == 23
    page.press(Qt.Key.Key_Down)
    assert view.at == 23


def test_larger_and_smaller_images(page: Page, qtbot) -> None:
    page.filled(qtbot)
    capacity = page.grid.view.capacity
    assert 20 <= capacity <= 60
    page.press(Qt.Key.Key_Plus, "+")
    assert page.grid.view.capacity < capacity
    page.press(Qt.Key.Key_Minus, "-")
    page.press(Qt.Key.Key_Minus, "-")
    assert capacity < page.grid.view.capacity <= 60
    assert page.pages == [0, 0, 0]


def test_a_section_by_the_list_and_the_way_back(page: Page, qtbot) -> None:
    page.filled(qtbot)
    box = next(b for b in page.grid.findChildren(QComboBox) if b.accessibleName() == "Class or list")
    box.setFocus()
    box.activated.emit(1)
    assert page.sections == [1]
    assert page.grid.hasFocus()
    with qtbot.waitSignal(page.grid.back_wanted):
        page.press(Qt.Key.Key_Escape)
    with qtbot.waitSignal(page.grid.undo_wanted):
        page.press(Qt.Key.Key_Z, held=Qt.KeyboardModifier.ControlModifier)


def test_a_marked_image_is_crossed_out_and_the_others_are_not(page: Page, qtbot) -> None:
    page.filled(qtbot)
    view = page.grid.view
    middle = view._place(4).center()

    def ink() -> QColor:
        box = view._place(4)
        corner = box.topLeft() + (middle - box.topLeft()) * 0.5
        return view.grab().toImage().pixelColor(corner)

    before = ink()
    view.toggle(4)
    assert ink() != before


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_a_shortened_note_is_whole_in_the_tool_tip(page: Page, qtbot) -> None:
    page.filled(qtbot)
    view = page.grid.view
    where = view._place(7).center()
    QApplication.sendEvent(view, QHelpEvent(QEvent.Type.ToolTip, where, view.mapToGlobal(where)))
    assert QToolTip.text() == "cat 7 %"
    QToolTip.hideText()


def test_long_names_fit_a_small_window(page: Page, qtbot) -> None:
    name = 4 * "White-throated Warbler of the Pacific Coast "
    cells = (GridCell(1, name),)
    with qtbot.waitSignal(page.grid.view.filled):
        page.grid.show_data(GridPageData((GridSection(name, 5),), 0, name, True, cells, 0, 1, (name, "owl")))
    page.grid.say(3 * name)
    QApplication.processEvents()
    smallest = page.grid.minimumSizeHint()
    assert smallest.width() <= 1024
    assert smallest.height() <= 640
    assert (page.grid.width(), page.grid.height()) == (1024, 640)


def test_nothing_beats_while_the_grid_is_not_on_screen(page: Page, qtbot) -> None:
    page.filled(qtbot)
    page.grid.hide()
    assert not page.grid._stalls._timer.isActive()


def test_a_screen_reader_can_name_all(page: Page, qtbot) -> None:
    page.filled(qtbot)
    assert unnamed(page.grid) == []


def test_a_double_click_is_one_mark_and_shift_marks_a_range(page: Page, qtbot) -> None:
    page.filled(qtbot)
    view, left = page.grid.view, Qt.MouseButton.LeftButton
    QTest.mouseClick(view, left, pos=view._place(2).center())
    QTest.mouseDClick(view, left, pos=view._place(2).center())
    assert view.marked == {102}
    QTest.mouseClick(view, left, Qt.KeyboardModifier.ShiftModifier, view._place(5).center())
    assert view.marked == {102, 103, 104, 105}
