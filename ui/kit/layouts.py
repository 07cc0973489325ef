"""Pieces of layout, and boxes to choose in, that several pages share."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLayout, QScrollArea, QSpinBox, QVBoxLayout, QWidget

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
    """Widgets beside each other, as wide as they want to be."""
    place = QWidget()
    place.setLayout(row(*widgets, None))
    return place


def column_page(page: QWidget, content: Sequence[QWidget], foot: Sequence[QWidget] = ()) -> None:
    """Lay a page out as one column in its middle: what scrolls, and below it what is always in view."""
    outer = QWidget()
    column = _centre(outer)
    for widget in content:
        column.addWidget(widget)
    column.addStretch()
    layout = QVBoxLayout(page)
    layout.setContentsMargins(GRID, 2 * GRID, GRID, 2 * GRID)
    layout.setSpacing(2 * GRID)
    layout.addWidget(scrolling(outer), 1)
    if foot:
        below = QWidget()
        words = _centre(below)
        for widget in foot:
            words.addWidget(widget)
        inner = words.parentWidget()
        assert inner is not None  # _centre made it
        inner.setMaximumWidth(max(_COLUMN, inner.minimumSizeHint().width()))  # no button is squeezed
        layout.addWidget(below)


def _centre(outer: QWidget) -> QVBoxLayout:
    inner = QWidget()
    inner.setMaximumWidth(_COLUMN)
    column = QVBoxLayout(inner)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(2 * GRID)
    beside = QHBoxLayout(outer)
    beside.setContentsMargins(GRID, 0, GRID, 0)
    beside.addStretch()
    beside.addWidget(inner, 10)
    beside.addStretch()
    return column
