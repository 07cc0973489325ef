"""The window: a stack of pages and the keys that hold everywhere."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget

from ui.kit.actions import Action, Scope, find
from ui.kit.help_sheet import HasKeys, HelpSheet

_SMALLEST = (800, 560)
_USUAL = (1100, 800)


class MainWindow(QMainWindow):
    """No logic: pages are added by whoever joins the program's parts."""

    closing = Signal()
    help_coming = Signal()  # before the key sheet covers the page

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle("CLARIFIER Desktop")
        self.pages = QStackedWidget()
        self.setCentralWidget(self.pages)
        self.setMinimumSize(*_SMALLEST)
        self.resize(*_USUAL)

    def show_help(self) -> None:
        """Show the key sheet; a trial under way is paused first."""
        self.help_coming.emit()
        page = self.pages.currentWidget()
        sheet = HelpSheet(self, page.key_sections() if isinstance(page, HasKeys) else None)
        sheet.exec()
        sheet.deleteLater()

    def toggle_full_screen(self) -> None:
        """Full screen on or off."""
        if self.isFullScreen():
            self.showNormal()
        else:
            self.showFullScreen()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that no page took."""
        action = find(event.key(), Scope.ANYWHERE)
        if action is Action.HELP:
            self.show_help()
        elif action is Action.FULL_SCREEN:
            self.toggle_full_screen()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Everything a person did is on disk already; nothing is asked."""
        self.closing.emit()
        super().closeEvent(event)
