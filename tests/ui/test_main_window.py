"""The keys that hold everywhere."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from tests.ui.driving import key_event
from tests.ui.on_screen import open_on_screen
from ui.kit import theme
from ui.kit.help_sheet import HelpSheet
from ui.main_window import MainWindow

# Of a dialog that comes up, on a platform without a screen.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def window(qapp: QApplication, qtbot) -> MainWindow:
    theme.apply(qapp, theme.Theme.LIGHT)
    made = MainWindow()
    page = QWidget()
    page.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    made.pages.addWidget(page)
    open_on_screen(qtbot, made)
    page.setFocus()
    return made


def test_help_is_announced_before_it_covers_the_page(window: MainWindow) -> None:
    order: list[str] = []
    window.help_coming.connect(lambda: order.append("coming"))

    def close() -> None:
        sheet = window.findChild(HelpSheet)
        assert sheet is not None
        order.append("shown" if sheet.isVisible() else "hidden")
        key_event(sheet, Qt.Key.Key_F1)

    QTimer.singleShot(0, close)
    key_event(window.pages.currentWidget() or window, Qt.Key.Key_F1)
    assert order == ["coming", "shown"], "and the key that opened it closes it"
    QApplication.processEvents()


def test_full_screen_and_back(window: MainWindow, qtbot) -> None:
    key_event(window, Qt.Key.Key_F11)
    qtbot.waitUntil(window.isFullScreen)
    key_event(window, Qt.Key.Key_F11)
    qtbot.waitUntil(lambda: not window.isFullScreen())


def test_closing_is_told_and_asks_nothing(window: MainWindow, qtbot) -> None:
    with qtbot.waitSignal(window.closing):
        assert window.close()


def test_it_fits_a_small_screen(window: MainWindow) -> None:
    assert window.minimumWidth() <= 1024
    assert window.minimumHeight() <= 640


def test_it_comes_again_where_it_was(window: MainWindow, qtbot) -> None:
    window.resize(700, 500)
    place = window.place()
    other = MainWindow()
    qtbot.addWidget(other)
    other.show_fitting(place)
    assert other.size() == window.size()


def test_a_place_that_means_nothing_is_as_none(window: MainWindow, qtbot) -> None:
    other = MainWindow()
    qtbot.addWidget(other)
    other.show_fitting("00ff")
    assert other.isVisible()


def test_full_screen_is_not_kept(window: MainWindow, qtbot) -> None:
    window.showFullScreen()
    qtbot.waitUntil(window.isFullScreen)
    assert window.place() == ""
