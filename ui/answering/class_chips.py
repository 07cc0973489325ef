"""The classes as chips: each a button with its key, the suggested one filled; for labeling, where nothing is timed by
how they look. A study has the plain cells, in which no class stands out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QWidget

from ui.answering.class_cells import ClassCells, Mark
from ui.kit import theme
from ui.kit.look.tokens import RADIUS, SMALL_RADIUS
from ui.kit.theme import GRID

_ENTER = "\u21b5"  # the sign on the key; the line above says what it does
_ENTER_ROOM = 2 * GRID
_HIGHER, _HIGHER_TIGHT = GRID, 4  # px of a row beside those of plain cells
_WIDEST = 232  # px
_KEPT = 20  # classes whose pictures are kept


class _State(NamedTuple):
    """How a chip is painted."""

    filled: bool
    marked: bool
    hovered: bool
    dimmed: bool


class ClassChips(ClassCells):
    """Chips in fixed places, as wide as the widest name needs."""

    def __init__(self, parent: QWidget | None = None, *, found_of: ClassCells | None = None) -> None:
        self._pictures: dict[tuple[int, _State, float], QPixmap] = {}
        super().__init__(parent, found_of=found_of)
        self.centred = True  # in the middle, or from where reading begins
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
        rest = self.width() - columns * width
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        return rest // 2 if self.centred else rest * mirrored, width

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The chip under the pointer stands out."""
        super().mouseMoveEvent(event)
        self._hover(self._at(event.position().toPoint()))

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer is gone."""
        super().leaveEvent(event)
        self._hover(None)

    def set_classes(self, classes: tuple[str, ...], marks: Sequence[Mark]) -> None:
        """The classes in their places; ``marks``: none, or one per class."""
        self._pictures.clear()
        super().set_classes(classes, marks)

    def event(self, event: QEvent) -> bool:
        """Draw anew where the look or the font changes."""
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange, QEvent.Type.Resize):
            self._pictures.clear()
        return super().event(event)

    def paint_cell(self, painter: QPainter, index: int, place: QRect) -> None:
        """Filled: what Enter answers. An arrow or letters choose another one, then the suggested one has an edge.

        While nothing is typed each chip is painted as a picture that is kept: the next image waits for it.
        """
        state = _State(
            filled=index == (self.suggested if self.candidate is None else self.candidate),
            marked=index in self._matching or index == self.suggested,
            hovered=index == self._hovered,
            dimmed=bool(self.typed) and index not in self._matching,
        )
        if self.typed or len(self.classes) > _KEPT:
            self._paint_chip(painter, index, place, state)
            return
        ratio = self.devicePixelRatioF()
        picture = self._pictures.get((index, state, ratio))
        if picture is None:
            picture = QPixmap(place.size() * ratio)
            picture.setDevicePixelRatio(ratio)
            picture.fill(Qt.GlobalColor.transparent)
            on_picture = QPainter(picture)
            on_picture.setRenderHint(QPainter.RenderHint.Antialiasing)
            on_picture.setFont(painter.font())
            self._paint_chip(on_picture, index, QRect(QPoint(), place.size()), state)
            on_picture.end()
            self._pictures[index, state, ratio] = picture
        painter.drawPixmap(place.topLeft(), picture)

    def _paint_chip(self, painter: QPainter, index: int, place: QRect, state: _State) -> None:
        look = theme.look()
        place = place.adjusted(1, 1, -1, -2)
        strong = state.filled or state.marked
        if strong or state.hovered or not self.tight:  # many beside each other are but words
            grounds = look.accent.fill, look.greys.grid, look.greys.base
            painter.setPen(QPen(QColor(look.accent.ink if strong else look.edge), 1 + int(state.marked)))
            painter.setBrush(QColor(grounds[0 if state.filled else 1 if state.hovered else 2]))
            painter.drawRoundedRect(place, RADIUS, RADIUS)
        usual = look.greys.muted if state.dimmed else look.greys.text
        painter.setPen(QColor(look.accent.on_fill if state.filled else usual))
        inner = place.adjusted(GRID, 0, -GRID, 0)
        if state.filled:
            side = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignTrailing
            painter.drawText(inner, QStyle.visualAlignment(self.layoutDirection(), side), _ENTER)
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
