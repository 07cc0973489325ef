"""Opens a page or window for a test, so that it takes keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication, QWidget

from ui.main_window import MainWindow

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def open_on_screen(qtbot: QtBot, widget: QWidget, width: int = 0, height: int = 0) -> None:
    """Show a widget and wait until it is active; the test's end closes it. No width: its own size."""
    qtbot.addWidget(widget)
    if width:
        widget.resize(width, height)
    with qtbot.waitActive(widget):
        widget.show()
        widget.activateWindow()


def open_in_window(qtbot: QtBot, page: QWidget, width: int = 0, height: int = 0) -> MainWindow:
    """Show a page in the program's window, which lives as long as it is held; as :func:`open_on_screen`."""
    window = MainWindow()
    window.pages.addWidget(page)
    open_on_screen(qtbot, window, width, height)
    QApplication.processEvents()
    return window
