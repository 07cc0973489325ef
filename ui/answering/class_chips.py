"""The classes as chips: each a button with its key, the suggested one filled; for labeling, where nothing is timed by
how they look. A study has the plain cells, in which no class stands out."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from ui.answering.class_cells import ClassCells
from ui.kit import theme
from ui.kit.look.tokens import RADIUS, SMALL_RADIUS
from ui.kit.theme import GRID

_ENTER = "\u21b5"  # the sign on the key; the line above says what it does
_ENTER_ROOM = 2 * GRID
_HIGHER, _HIGHER_TIGHT = GRID, 4  # px of a row beside those of plain cells
_WIDEST = 232  # px


class ClassChips(ClassCells):
    """Chips in fixed places, as wide as the widest name needs, in the middle of the row."""

    def __init__(self, parent: QWidget | None = None, *, found_of: ClassCells | None = None) -> None:
        super().__init__(parent, found_of=found_of)
        self.suggested: int | None = None
        self._hovered: int | None = None
        self.setMouseTracking(True)

    def suggest(self, index: int | None) -> None:
        """Fill the chip that Enter answers with."""
        if index != self.suggested:
            changed, self.suggested = (self.suggested, index), index
            for chip in changed:  # a smaller frame is sooner on screen
                if chip is not None and chip in self._shown:
                    self.update(self.place(chip))

    def row_height(self) -> int:
        """In px."""
        return super().row_height() + (_HIGHER_TIGHT if self.tight else _HIGHER)

    def cell_width(self) -> int:
        """What the widest class needs, in px."""
        return super().cell_width() + _ENTER_ROOM

    def columns(self, width: int) -> int:
        """As few as the rows need: the last row is as full as it can be."""
        rows = -(-len(self.classes) // super().columns(width))
        return -(-len(self.classes) // rows) if rows else 1

    def span(self, columns: int) -> tuple[int, int]:
        """Where the first column begins and how wide each is, in px."""
        width = min(self.width() // columns, max(14 * GRID, min(_WIDEST, self.cell_width())))
        return (self.width() - columns * width) // 2, width

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The chip under the pointer stands out."""
        super().mouseMoveEvent(event)
        self._hover(self._at(event.position().toPoint()))

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer is gone."""
        super().leaveEvent(event)
        self._hover(None)

    def paint_cell(self, painter: QPainter, index: int, place: QRect) -> None:
        """Filled: what Enter answers. An arrow or letters choose another one, then the suggested one has an edge."""
        look = theme.look()
        place = place.adjusted(1, 1, -1, -2)
        filled = index == (self.suggested if self.candidate is None else self.candidate)
        marked = index in self._matching or index == self.suggested
        dimmed = bool(self.typed) and index not in self._matching
        ground = (
            look.accent.fill if filled else look.greys.grid if index == self._hovered else look.greys.base
        )
        if (
            filled or marked or index == self._hovered or not self.tight
        ):  # many beside each other are but words
            painter.setPen(QPen(QColor(look.accent.ink if filled or marked else look.edge), 1 + int(marked)))
            painter.setBrush(QColor(ground))
            painter.drawRoundedRect(place, RADIUS, RADIUS)
        ink = look.accent.on_fill if filled else look.greys.muted if dimmed else look.greys.text
        painter.setPen(QColor(ink))
        inner = place.adjusted(GRID, 0, -GRID, 0)
        if filled:
            side = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignTrailing
            painter.drawText(inner, side, _ENTER)
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        room = _ENTER_ROOM
        self.paint_words(painter, index, inner.adjusted(room * mirrored, 0, -room * (not mirrored), 0))

    def paint_cap(self, painter: QPainter, cap: QRect) -> None:
        """The outline of a key, quieter than its sign."""
        pen = painter.pen()
        quiet = QColor(pen.color())
        quiet.setAlphaF(0.4)
        painter.setPen(quiet)
        painter.drawRoundedRect(cap, SMALL_RADIUS, SMALL_RADIUS)
        painter.setPen(pen)

    def _hover(self, index: int | None) -> None:
        if index != self._hovered:
            changed, self._hovered = (self._hovered, index), index
            for chip in changed:
                if chip is not None and chip in self._shown:
                    self.update(self.place(chip))
