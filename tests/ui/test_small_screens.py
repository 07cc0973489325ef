"""On a small screen, or a usual one at 200 %, everything that can be pressed is in sight or can be scrolled to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from tests.ui.on_screen import open_in_window, open_on_screen
from tests.ui.pages import PAGES
from ui.kit import theme
from ui.kit.theme import KeyButton
from ui.labeling.one_by_one.label_page import LabelPage
from ui.labeling.one_by_one.side_panel import SidePanel
from ui.main_window import MainWindow

CONTROLS = (QAbstractButton, QComboBox, QAbstractSpinBox, QLineEdit)
SIZES = ((1350, 700), (1264, 640), (720, 410), (624, 310))  # px: laptops at 100, 150 and 200 %
LEAST_VIEW = 100  # px of an area that scrolls


class FakeScreen:
    """A screen of so many pixels."""

    def __init__(self, width: int, height: int) -> None:
        self._room = QRect(0, 0, width, height)

    def availableGeometry(self) -> QRect:
        return self._room


def controls_of(page: QWidget) -> Iterator[QWidget]:
    """What a person presses or types into; parts of such a thing go with it."""
    for widget in page.findChildren(QWidget):
        part = isinstance(widget.parentWidget(), (QComboBox, QAbstractSpinBox, QLineEdit))
        if isinstance(widget, CONTROLS) and widget.isVisibleTo(page) and not part:
            yield widget


def areas_around(widget: QWidget) -> Iterator[QScrollArea]:
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QScrollArea):
            yield parent
        parent = parent.parentWidget()


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("name", PAGES)
def test_everything_can_be_reached(qapp: QApplication, qtbot, name: str, size: tuple[int, int]) -> None:
    theme.apply(qapp, theme.Theme.LIGHT)
    made = PAGES[name]()
    window = MainWindow()
    window.pages.addWidget(made.page)
    open_on_screen(qtbot, window, *size)
    QApplication.processEvents()
    assert window.size() == QSize(*size)
    for control in controls_of(made.page):
        least = control.minimumSizeHint()
        assert control.width() >= least.width(), control
        assert control.height() >= least.height(), control
        inner: QWidget = control
        for area in areas_around(control):  # each in the next one, which scrolls to it
            content = area.widget()
            assert content is not None
            place = QRect(inner.mapTo(content, QPoint()), inner.size())
            assert content.rect().contains(place), (control, place, content.rect())
            assert area.viewport().height() >= min(LEAST_VIEW, content.height()), control
            inner = area
    made.close()


@pytest.mark.parametrize("size", [(683, 340), (624, 310)], ids=str)
@pytest.mark.parametrize("name", ["project", "settings", "classes", "round", "export", "moved", "changed"])
def test_no_page_of_a_project_scrolls_sideways(
    qapp: QApplication, qtbot, name: str, size: tuple[int, int]
) -> None:
    theme.apply(qapp, theme.Theme.LIGHT)
    made = PAGES[name]()
    window = open_in_window(qtbot, made.page, *size)
    for area in window.findChildren(QScrollArea):
        assert not area.isVisible() or area.horizontalScrollBar().maximum() == 0, area.accessibleName()
    seen = made.page.visibleRegion().boundingRect()
    for button in made.page.findChildren(KeyButton):
        if button.isVisible() and button.text() == "Back":
            assert seen.contains(QRect(button.mapTo(made.page, QPoint()), button.size()))
    made.close()


def test_buttons_stand_in_one_line_where_there_is_room(qapp: QApplication, qtbot) -> None:
    theme.apply(qapp, theme.Theme.LIGHT)
    made = PAGES["settings"]()
    window = MainWindow()
    window.pages.addWidget(made.page)
    open_on_screen(qtbot, window, 1100, 800)
    lines = []
    for width in (1100, 683, 300):
        window.resize(width, 800)
        QApplication.processEvents()
        buttons = [button for button in made.page.findChildren(KeyButton) if button.key_hint]
        lines.append(len({button.y() for button in buttons}))
        assert all(button.width() >= button.sizeHint().width() for button in buttons)
    assert lines[0] == 1 < lines[1] < lines[2] <= len(buttons)
    made.close()


@pytest.mark.parametrize("size", [(1100, 800), (800, 560), (720, 410), (624, 310)], ids=str)
@pytest.mark.parametrize("name", ["label", "grid"])
def test_labeling_never_scrolls_sideways(qapp: QApplication, qtbot, name: str, size: tuple[int, int]) -> None:
    theme.apply(qapp, theme.Theme.LIGHT)
    made = PAGES[name]()
    if isinstance(made.page, LabelPage):
        made.page.set_panel(SidePanel())
    window = MainWindow()
    window.pages.addWidget(made.page)
    open_on_screen(qtbot, window, *size)
    QApplication.processEvents()
    area = window.pages.parentWidget()
    while area is not None and not isinstance(area, QScrollArea):  # the line and bar stand above it
        area = area.parentWidget()
    assert isinstance(area, QScrollArea)
    assert area.horizontalScrollBar().maximum() == 0
    for button in (one for one in made.page.findChildren(KeyButton) if one.isVisible()):
        whole = button.width() >= button.sizeHint().width()
        assert whole or button._visible_text() != button.text(), "no text is cut off without a sign"
        assert whole or button.toolTip(), "what is not read is in the tool tip"
        assert whole or size[0] < 1100, button.text()
    made.close()


@pytest.mark.parametrize("room", [(1366, 728), (1280, 690), (720, 410)], ids=str)
def test_a_window_is_not_larger_than_its_screen(qtbot, monkeypatch, room: tuple[int, int]) -> None:
    window = MainWindow()
    qtbot.addWidget(window)
    monkeypatch.setattr(MainWindow, "screen", lambda _: FakeScreen(*room))
    window.show_fitting()
    assert window.isMaximized()
    assert window.normalGeometry().width() <= room[0]
    assert window.normalGeometry().height() <= room[1]


def test_a_window_has_its_usual_size_where_there_is_room(qtbot, monkeypatch) -> None:
    window = MainWindow()
    qtbot.addWidget(window)
    monkeypatch.setattr(MainWindow, "screen", lambda _: FakeScreen(1920, 1040))
    window.show_fitting()
    assert not window.isMaximized()
    assert (window.width(), window.height()) == (1100, 800)


def test_no_page_scrolls_for_another_that_is_hidden(qapp: QApplication, qtbot) -> None:
    theme.apply(qapp, theme.Theme.LIGHT)
    opened = [make() for make in PAGES.values()]
    window = MainWindow()
    long, words = QWidget(), QLabel("A page of many words. " * 500)
    words.setWordWrap(True)
    QVBoxLayout(long).addWidget(words)
    for page in (long, *(made.page for made in opened)):
        window.pages.addWidget(page)
    open_on_screen(qtbot, window, 1100, 800)
    area = window.pages.parentWidget()
    while area is not None and not isinstance(area, QScrollArea):  # the line and bar stand above it
        area = area.parentWidget()
    assert isinstance(area, QScrollArea)
    for made in opened:
        window.pages.setCurrentWidget(made.page)
        QApplication.processEvents()
        assert made.page.size() == area.viewport().size() == area.maximumViewportSize(), made.page
    window.pages.setCurrentWidget(long)
    QApplication.processEvents()
    assert area.verticalScrollBar().maximum() > 0
    for made in opened:
        made.close()
