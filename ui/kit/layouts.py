"""Pieces of layout, and boxes to choose in, that several pages share."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLayoutItem,
    QScrollArea,
    QSpinBox,
    QStyle,
    QVBoxLayout,
    QWidget,
)

from ui.kit.theme import GRID

_COLUMN = 640  # px: as wide as reads well


class ChoiceBox(QComboBox):
    """A list to choose from; turning the wheel over it, to scroll its page, never changes the choice."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page."""
        event.ignore()


class NumberBox(QSpinBox):
    """A number; turning the wheel over it, to scroll its page, never changes it."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page."""
        event.ignore()


class FlowLayout(QLayout):
    """A row of widgets as wide as they want to be; it goes on in the next line where there is no room."""

    def __init__(self, parent: QWidget | None = None, *, centred: bool = False) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._centred = centred
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(GRID)

    def addItem(self, item: QLayoutItem) -> None:
        """Put one more at the end."""
        self._items.append(item)

    def count(self) -> int:
        """How many there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """One of them; none beyond the last."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Take one out."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """It wants no more room than it needs."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """A narrow one has more lines."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height in px of all lines."""
        return max((place.bottom() + 1 for _, place in self._places(width)), default=0)

    def sizeHint(self) -> QSize:
        """All in one line."""
        hints = [item.sizeHint() for item in self._shown()]
        between = self.spacing() * max(0, len(hints) - 1)
        return QSize(
            sum(hint.width() for hint in hints) + between, max((h.height() for h in hints), default=0)
        )

    def minimumSize(self) -> QSize:
        """As wide as the widest."""
        least = QSize(0, 0)
        for item in self._shown():
            least = least.expandedTo(item.minimumSize())
        return least

    def setGeometry(self, rect: QRect) -> None:
        """Lay all out, from where reading begins."""
        super().setGeometry(rect)
        parent = self.parentWidget()
        assert parent is not None  # nothing is laid out without one
        direction = parent.layoutDirection()
        places = self._places(rect.width())
        ends = {place.top(): place.right() + 1 for _, place in places}  # of each line
        for item, place in places:
            if self._centred:
                place.translate((rect.width() - ends[place.top()]) // 2, 0)
            item.setGeometry(QStyle.visualRect(direction, rect, place.translated(rect.topLeft())))

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _places(self, width: int) -> list[tuple[QLayoutItem, QRect]]:
        places: list[tuple[QLayoutItem, QRect]] = []
        left = top = height = 0
        for item in self._shown():
            size = item.sizeHint().boundedTo(QSize(max(width, item.minimumSize().width()), 1 << 14))
            if left and left + size.width() > width:
                left, top, height = 0, top + height + self.spacing(), 0
            places.append((item, QRect(QPoint(left, top), size)))
            left, height = left + size.width() + self.spacing(), max(height, size.height())
        return places


def empty(layout: QLayout) -> None:
    """Take all widgets out of a layout and let them go."""
    while layout.count():
        item = layout.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.deleteLater()


def scrolling(content: QWidget) -> QScrollArea:
    """A frameless area that scrolls where there is no room for its content."""
    area = QScrollArea()
    area.setWidget(content)
    area.setWidgetResizable(True)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setAccessibleName("Page")
    area.setStyleSheet("QScrollArea { border: none; }")
    return area


def bring_into_view(widget: QWidget) -> None:
    """Scroll to a widget, once all is laid out that was shown just now."""
    parent = widget.parentWidget()
    while parent is not None and not isinstance(parent, QScrollArea):
        parent = parent.parentWidget()
    if parent is not None:
        QTimer.singleShot(0, widget, partial(parent.ensureWidgetVisible, widget))


def row(*widgets: QWidget | None, wide: QWidget | None = None) -> QHBoxLayout:
    """Widgets beside each other. The room that is left goes to ``wide``, or to where ``None`` stands."""
    layout = QHBoxLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(GRID)
    for widget in widgets:
        if widget is None:
            layout.addStretch(1)
        else:
            layout.addWidget(widget, int(widget is wide))
    return layout


def button_row(*widgets: QWidget) -> QWidget:
    """Widgets beside each other, as wide as they want to be; where there is no room they go on in the next line."""
    place = QWidget()
    flow = FlowLayout(place)
    for widget in widgets:
        flow.addWidget(widget)
    return place


def column_page(
    page: QWidget, content: Sequence[QWidget], foot: Sequence[QWidget] = (), width: int = _COLUMN
) -> None:
    """Lay a page out as one column in its middle: what scrolls, and below it what is always in view.

    Both have the same left edge: the column is as wide as the foot in one line, if that is more.
    """
    width = max((width, *(widget.sizeHint().width() for widget in foot if not isinstance(widget, QLabel))))
    outer = QWidget()
    column = _centre(outer, width)
    for widget in content:
        column.addWidget(widget)
    column.addStretch()
    layout = QVBoxLayout(page)
    layout.setContentsMargins(GRID, 2 * GRID, GRID, 2 * GRID)
    layout.setSpacing(2 * GRID)
    layout.addWidget(scrolling(outer), 1)
    if foot:
        below = QWidget()
        words = _centre(below, width)
        for widget in foot:
            words.addWidget(widget)
        layout.addWidget(below)


def _centre(outer: QWidget, width: int) -> QVBoxLayout:
    inner = QWidget()
    inner.setMaximumWidth(width)
    column = QVBoxLayout(inner)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(2 * GRID)
    beside = QHBoxLayout(outer)
    beside.setContentsMargins(GRID, 0, GRID, 0)
    beside.addStretch()
    beside.addWidget(inner, 10)
    beside.addStretch()
    return column
