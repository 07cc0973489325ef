"""The page of the grid around its images: buttons, sizes, what Enter and A tell, and how it fits a window."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton

from model.datasets.image_files import PlaceError
from studies.answers import Device, Timing
from tests.ui.driving import key_event, press_here, unnamed
from tests.ui.on_screen import open_on_screen
from ui.kit import theme
from ui.labeling.grid.grid_data import Following, GridAnswer, GridCell, GridPageData, ListRow
from ui.labeling.grid.grid_page import GridPage

ROWS = (
    ListRow("ant", (0, 2, 4), (0, 0, 3), True),
    ListRow("cat", (1, 3, 5), (70, 12, 0), True),
    ListRow("No label yet", (None, None, 6), (0, 0, 99), False),
)


class Page:
    """A grid of colours, with what it told."""

    def __init__(self, qtbot) -> None:
        self.qtbot = qtbot
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

    def load(self, item: int, _room: tuple[int, int]) -> tuple[Image.Image, bool]:
        if item in self.away:
            raise PlaceError("The folder /pictures cannot be reached.", True)
        if item in self.bad:
            raise OSError("cut short")
        return Image.new("RGB", (40, 20), (item, 200, 40)), True

    def show(
        self, count: int = 24, start: int = 0, accepts: bool = True, following: Following | None = None
    ) -> None:
        cells = tuple(GridCell(100 + number, f"{number} %") for number in range(count))
        size = 70 if count else 0
        words = "Mark what is wrong." if count else "cat is done."
        data = GridPageData(
            1, "cat", "likely", words, accepts, cells, start, size, ("ant", "cat"), (), following
        )
        self.grid.show_data(data)
        self.grid.show_lists(ROWS)
        self.qtbot.waitUntil(lambda: self.grid.view.page is not None or not count)

    def press(self, key: Qt.Key, text: str = "", held: Qt.KeyboardModifier | None = None) -> None:
        key_event(self.grid.view, key, text, held=held or Qt.KeyboardModifier.NoModifier)

    def button(self, name: str) -> QPushButton:
        return next(b for b in self.grid.findChildren(QPushButton) if b.accessibleName() == name)

    @property
    def said(self) -> str:
        return self.grid._said.text()


@pytest.fixture
def page(qapp: QApplication, qtbot) -> Iterator[Page]:
    theme.apply(qapp, theme.Theme.LIGHT)
    made = Page(qtbot)
    yield made
    made.grid.close_threads()


def test_enter_tells_what_is_accepted_and_what_is_odd(page: Page) -> None:
    page.bad = {103}
    page.show()
    page.press(Qt.Key.Key_C, "c")
    assert page.said == "1 marked"
    page.press(Qt.Key.Key_Return, "\r")
    (answer,) = page.confirmed
    assert answer.odd == (101,)
    assert set(answer.accepted) == set(range(100, 124)) - {101, 103}
    assert (answer.timing.images, answer.timing.device) == (24, Device.KEYBOARD)
    assert answer.timing.first_input_ns is not None


def test_images_that_are_away_are_waited_for_and_not_called_unreadable(page: Page, qtbot) -> None:
    page.grid.view.images._again.setInterval(30)
    page.away = {101, 103}
    cells = tuple(GridCell(100 + number, "") for number in range(24))
    page.grid.show_data(GridPageData(1, "cat", "likely", "", True, cells, 0, 24, ("ant", "cat"), (), None))
    qtbot.waitUntil(lambda: page.said == "The folder /pictures cannot be reached.")
    page.press(Qt.Key.Key_Return, "\r")
    assert page.confirmed == []
    assert not page.grid.view.unread
    page.away = set()
    qtbot.waitUntil(lambda: page.grid.view.page is not None)
    assert page.said == ""
    page.press(Qt.Key.Key_Return, "\r")
    (answer,) = page.confirmed
    assert set(answer.accepted) == set(range(100, 124))


def test_the_button_confirms_by_mouse(page: Page, qtbot) -> None:
    page.show()
    qtbot.mouseClick(page.button("Confirm"), Qt.MouseButton.LeftButton)
    (answer,) = page.confirmed
    assert answer.timing.device is Device.MOUSE
    assert page.grid.view.hasFocus(), "a click leaves the keys to the images"


def test_a_list_of_no_class_is_not_confirmed(page: Page) -> None:
    page.show(accepts=False)
    page.press(Qt.Key.Key_Return, "\r")
    assert page.confirmed == []
    assert "of no class" in page.said


def test_the_marked_are_labeled_as_the_class_whose_letters_are_typed(page: Page) -> None:
    page.show(accepts=False)
    page.press(Qt.Key.Key_Space, " ")
    page.press(Qt.Key.Key_C, "c")
    page.press(Qt.Key.Key_A, "a")
    assert page.grid._finder.isVisible()
    press_here(Qt.Key.Key_C, "c")
    press_here(Qt.Key.Key_Return, "\r")
    ((items, name, timing),) = page.assigned
    assert (items, name, timing.images, timing.device) == ((100, 101), "cat", 2, Device.KEYBOARD)
    assert not page.grid._finder.isVisible()
    assert page.grid.view.hasFocus()
    page.press(Qt.Key.Key_A, "a")
    press_here(Qt.Key.Key_Return, "\r")
    assert page.assigned[1][1] == "cat", "the class before is offered first"


def test_without_a_mark_the_one_under_the_cursor_is_labeled(page: Page, qtbot) -> None:
    page.show(accepts=False)
    page.press(Qt.Key.Key_Right)
    qtbot.mouseClick(page.button("Label as"), Qt.MouseButton.LeftButton)
    names = page.grid._finder._list
    qtbot.mouseClick(
        names.viewport(), Qt.MouseButton.LeftButton, pos=names.visualRect(names.model().index(1, 0)).center()
    )
    ((items, name, timing),) = page.assigned
    assert (items, name, timing.device) == ((101,), "cat", Device.MOUSE)


def test_a_class_that_is_not_found_labels_nothing(page: Page) -> None:
    page.show()
    page.press(Qt.Key.Key_A, "a")
    press_here(Qt.Key.Key_X, "x")
    press_here(Qt.Key.Key_Return, "\r")
    assert page.grid._finder.isVisible()
    press_here(Qt.Key.Key_Escape)
    assert not page.grid._finder.isVisible()
    assert page.assigned == []
    assert page.grid.view.hasFocus()


def test_paging_stays_within_the_list(page: Page) -> None:
    for start, wanted in ((0, [1]), (24, [1, -1]), (46, [-1])):
        page.pages.clear()
        page.show(start=start)
        page.press(Qt.Key.Key_PageDown)
        page.press(Qt.Key.Key_PageUp)
        assert page.pages == wanted


def test_a_done_list_leads_to_the_next_by_enter_and_by_its_button(page: Page, qtbot) -> None:
    page.show(0, following=Following(3, "a rather long name of a class of birds of the coast", 131))
    assert page.grid._title.text() == "cat is done."
    assert page.grid._foot.confirm.text().endswith(", 131")
    page.press(Qt.Key.Key_Return, "\r")
    qtbot.mouseClick(page.grid._foot.confirm, Qt.MouseButton.LeftButton)
    assert page.sections == [3, 3]
    assert page.confirmed == []


def test_the_page_size_is_chosen_by_key_and_button_for_the_next_page(page: Page, qtbot) -> None:
    page.grid.resize(1300, 900)
    page.show()
    assert page.grid.capacity == 24
    page.press(Qt.Key.Key_Plus, "+")
    page.press(Qt.Key.Key_Plus, "+")
    assert page.grid.capacity == 48
    assert len(page.grid.view.cells) == 24, "the page stays"
    qtbot.mouseClick(page.button("12 images a page"), Qt.MouseButton.LeftButton)
    assert page.grid.capacity == 12
    page.press(Qt.Key.Key_Minus, "-")
    assert page.grid.capacity == 12
    page.grid.resize(700, 400)
    page.press(Qt.Key.Key_Plus, "+")
    page.press(Qt.Key.Key_Plus, "+")
    assert page.grid.capacity < 48
    assert "can be judged in a window of this size" in page.said


def test_undo_and_the_way_back(page: Page, qtbot) -> None:
    page.show()
    with qtbot.waitSignal(page.grid.back_wanted):
        page.press(Qt.Key.Key_Escape)
    with qtbot.waitSignal(page.grid.undo_wanted):
        page.press(Qt.Key.Key_Z, held=Qt.KeyboardModifier.ControlModifier)


def test_the_lists_stand_beside_the_images_where_there_is_room(page: Page) -> None:
    page.show()
    assert page.grid.side.isVisible()
    page.grid.resize(600, 400)
    assert not page.grid.side.isVisible()
    assert page.button("Lists").isVisible(), "they are still gone to"
    page.press(Qt.Key.Key_Slash, "/")
    press_here(Qt.Key.Key_N, "n")
    press_here(Qt.Key.Key_Return, "\r")
    assert page.sections == [6]


def test_a_name_beside_leads_to_its_first_list_that_holds_anything(page: Page) -> None:
    page.show()
    side = page.grid.side
    assert [side.section_of(row) for row in range(3)] == [4, 1, 6]
    assert side.model().index(1, 1).data(Qt.ItemDataRole.AccessibleTextRole) == "cat, sure: 70"


def test_long_names_fit_a_small_window(page: Page) -> None:
    name = 4 * "White-throated Warbler of the Pacific Coast "
    data = GridPageData(0, name, "likely", name, True, (GridCell(1, name),), 0, 1, (name, "owl"))
    page.grid.resize(620, 330)
    page.grid.show_data(data)
    page.grid.show_lists((ListRow(name, (0, 1, 2), (0, 1, 0), True),))
    page.grid.say(2 * name)
    QApplication.processEvents()
    assert page.grid.minimumSizeHint().width() <= 620
    assert page.grid._title.toolTip() == name


def test_nothing_beats_while_the_grid_is_not_on_screen(page: Page) -> None:
    page.show()
    page.grid.hide()
    assert not page.grid.view.inputs._stalls._timer.isActive()


def test_a_screen_reader_can_name_all(page: Page) -> None:
    page.show()
    assert unnamed(page.grid) == []
    page.press(Qt.Key.Key_A, "a")
    assert unnamed(page.grid) == []


def test_pages_are_turned_by_mouse_where_there_are_more(page: Page, qtbot) -> None:
    for start, before, after in ((0, False, True), (24, True, True), (46, True, False)):
        page.show(start=start)
        assert page.button("Page before").isEnabled() is before
        assert page.button("Next page").isEnabled() is after
    page.show(start=24)
    for name in ("Page before", "Next page"):
        qtbot.mouseClick(page.button(name), Qt.MouseButton.LeftButton)
    assert page.pages == [-1, 1]
    assert page.confirmed == [], "nothing is said about the page"
    page.grid.resize(800, 500)
    qtbot.waitUntil(lambda: page.button("48 images a page").isHidden())
    assert page.button("Next page").isVisible(), "the sizes go first"
