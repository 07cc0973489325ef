"""Pieces of layout that several pages share."""

from __future__ import annotations

from PySide6.QtWidgets import QLayout, QScrollArea, QWidget


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
    area.setStyleSheet("QScrollArea { border: none; }")
    return area
