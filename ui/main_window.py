"""The window: a stack of pages and the keys that hold everywhere."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QContextMenuEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from ui.kit.help_sheet import HelpSheet, tables_of
from ui.kit.keys import WINDOW_KEYS, WindowAction
from ui.kit.menus import MenuBar, MenuEntry, PageMenu
from ui.kit.page_stack import PageStack
from ui.notice import Notice

_SMALLEST = (320, 240)  # px; pages scroll long before
USUAL = QSize(1100, 800)
_FRAME = QSize(16, 48)  # px that a title bar and borders may take


class MainWindow(QMainWindow):
    """No logic: pages are added by whoever joins the program's parts."""

    closing = Signal()
    help_coming = Signal()  # before the key sheet covers the page

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle("CLARIFIER Desktop")
        self.pages = PageStack()
        self._column = QVBoxLayout()
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.pages.in_area(), 1)
        inner = QWidget()
        inner.setLayout(self._column)
        self.setCentralWidget(inner)
        self._menus = MenuBar(PageMenu("Window", self._window_entries))
        self._head = (
            QHBoxLayout()
        )  # menus, and a strip beside them: one line, so that images keep their height
        self._head.setSpacing(0)
        self._head.addWidget(self._menus, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeading)
        self._column.insertLayout(0, self._head)
        self.pages.currentChanged.connect(self._page_changed)
        self._strip: QWidget | None = None
        self.notice = Notice(self)
        self.setMinimumSize(*_SMALLEST)
        self.resize(USUAL)

    def show_strip(self, strip: QWidget | None) -> None:
        """Have ``strip`` above every page; ``None``: nothing any more, and the one before is gone."""
        if self._strip is not None:
            self._head.removeWidget(self._strip)
            self._strip.hide()
            self._strip.deleteLater()
        self._strip = strip
        if strip is not None:
            strip.installEventFilter(self)
            self._head.addWidget(strip, 1)
            strip.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Where the strip makes room for an image, the menus do too."""
        if watched is self._strip and event.type() in (QEvent.Type.HideToParent, QEvent.Type.ShowToParent):
            self._menus.make_room(event.type() is QEvent.Type.HideToParent)
        return super().eventFilter(watched, event)

    def place(self) -> str:
        """Where the window is and how large, to be kept for the next time; empty where that is of no use."""
        return "" if self.isFullScreen() else bytes(self.saveGeometry().data()).hex()

    def show_fitting(self, place: str = "") -> None:
        """Show the window in its usual size, or as large as the screen where that does not fit.

        ``place``: where it was the last time; what is not on any screen now is moved there by Qt.
        """
        if place and self.restoreGeometry(QByteArray(bytes.fromhex(place))):
            self.show()
            return
        room = self.screen().availableGeometry().size() - _FRAME
        if room.width() < USUAL.width() or room.height() < USUAL.height():
            self.resize(USUAL.boundedTo(room))  # the size it has when it is no longer maximized
            self.showMaximized()
        else:
            self.show()

    def show_help(self) -> None:
        """Show the keys of the page that is open; whoever times an image is told first."""
        tables = tables_of(self.pages.currentWidget())  # before another page takes a paused trial's place
        self.help_coming.emit()
        sheet = HelpSheet(tables, self)
        sheet.exec()
        sheet.deleteLater()

    def toggle_full_screen(self) -> None:
        """Full screen on or off."""
        if self.isFullScreen():
            self.showNormal()
        else:
            self.showFullScreen()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The same as in the menu bar, where the page has no menu of its own."""
        self._menus.pop_up(event.globalPos())

    def _page_changed(self, _index: int) -> None:
        self._menus.show_page(self.pages.currentWidget())

    def _window_entries(self) -> tuple[MenuEntry, ...]:
        does = {
            WindowAction.HELP: self.show_help,
            WindowAction.FULL_SCREEN: self.toggle_full_screen,
            WindowAction.CLOSE_NOTICE: self.notice.close_notice,
        }
        keys = [WINDOW_KEYS[action] for action in does]
        return tuple(
            MenuEntry(
                key.text,
                key.hint,
                does[key.action],
                key.action is not WindowAction.CLOSE_NOTICE or self.notice.isVisible(),
            )
            for key in keys
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that no page took."""
        action = WINDOW_KEYS.action_of(event.key())
        if action is WindowAction.HELP:
            self.show_help()
        elif action is WindowAction.FULL_SCREEN:
            self.toggle_full_screen()
        elif action is WindowAction.CLOSE_NOTICE:
            self.notice.close_notice()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The message lies over the whole width."""
        super().resizeEvent(event)
        self.notice.fit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Everything a person did is on disk already; nothing is asked."""
        self.closing.emit()
        super().closeEvent(event)
