"""The pages of the window: one shows, and it scrolls where the window is smaller than what it needs."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
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
        return QSize() if page is None else page.minimumSizeHint().expandedTo(page.minimumSize())

    def heightForWidth(self, width: int) -> int:
        """The least height of the page that shows, in px: words that wrap take more lines where it is narrow.

        The area asks for it where any page has such words, and would get the largest of all pages.
        """
        least = self.minimumSizeHint()
        page = self.currentWidget()
        layout = None if page is None else page.layout()
        if layout is None or not layout.hasHeightForWidth():
            return least.height()
        return max(least.height(), layout.minimumHeightForWidth(max(width, least.width())))

    def in_area(self) -> QScrollArea:
        """The area that scrolls the page, so that every button can be reached on every screen."""
        area = scrolling(self)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return area
