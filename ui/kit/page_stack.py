"""The pages of the window: one shows, and it scrolls where the window is smaller than what it needs."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QWidget

from ui.kit.layouts import scrolling


class PageStack(QStackedWidget):
    """Needs the room of the page that shows; a page that is hidden asks for none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.currentChanged.connect(self.updateGeometry)

    def minimumSizeHint(self) -> QSize:
        """The least size of the page that shows, in px."""
        page = self.currentWidget()
        if page is None:
            return QSize()
        least = page.minimumSizeHint().expandedTo(page.minimumSize())
        layout = page.layout()
        if (
            layout is not None and layout.hasHeightForWidth()
        ):  # words that wrap take more lines when it is narrow
            least.setHeight(
                max(least.height(), layout.minimumHeightForWidth(max(self.width(), least.width())))
            )
        return least

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width may need another height."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def in_area(self) -> QScrollArea:
        """The area that scrolls the page, so that every button can be reached on every screen."""
        area = scrolling(self)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return area
