"""The classes of the keyboard interface, painted in fixed places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from ui.answering.choosing import answer_with
from ui.answering.type_ahead import digit_keys
from ui.kit import theme
from ui.kit.theme import GRID, FontRole

_MAX_CELL = 240
_DOT = 10  # px of a class's colour
_USUAL = (FontRole.BODY, GRID + 4)  # the text's size, and px of a row beside a line of it
_TIGHT = (FontRole.SMALL, 2)


@dataclass(frozen=True)
class Mark:
    """What an annotator gave a class beside its name: a key that answers with it, and a colour (#rrggbb)."""

    key: str = ""
    colour: str = ""


class ClassCells(QWidget):
    """Paints the classes row by row, each with a digit, the annotator's own key or none; one may be chosen.

    With ``found_of``, the cells of all classes, it paints those that match what is typed, best first, as wide as there.
    """

    clicked = Signal(object, object)  # Outcome, QMouseEvent
    described = Signal(str)  # the choice in words

    def __init__(self, parent: QWidget | None = None, *, found_of: ClassCells | None = None) -> None:
        super().__init__(parent)
        self._found_of = found_of
        self.tight = False  # smaller signs, and rows close to each other
        self._shown: Sequence[int] = ()  # the classes that are painted, in the order of their places
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.classes: tuple[str, ...] = ()
        self.digits: tuple[str, ...] = ()
        self._marks: Sequence[Mark] = ()
        self.typed = ""
        self.candidate: int | None = None
        self._matching: frozenset[int] = frozenset()
        self._pressed: int | None = None
        self._measured: dict[bool, tuple[int, int]] = {}  # by tight: the widest name, a row: px

    def set_classes(self, classes: tuple[str, ...], marks: Sequence[Mark]) -> None:
        """The classes in their places; ``marks``: none, or one per class."""
        self.classes = classes
        self._marks = marks if any(mark.key or mark.colour for mark in marks) else ()
        self.digits = digit_keys(classes)
        own = [mark.key for mark in self._marks]
        if self.digits and own:  # the annotator's own key is the only one of its class, and of its character
            self.digits = tuple(
                "" if key or digit in own else digit for key, digit in zip(own, self.digits, strict=True)
            )
        self.typed, self.candidate, self._matching = "", None, frozenset()
        self._shown = () if self._found_of is not None else range(len(classes))
        self._measured = {}
        self._fit()
        self.update()

    def set_tight(self, tight: bool) -> None:
        """Paint smaller, so that more classes are in sight."""
        if tight != self.tight:
            self.tight = tight
            self._fit()
            self.update()

    def seek(self, typed: str, best_first: Sequence[int]) -> None:
        """Take the letters typed so far and the classes that they may mean; Enter answers the first of these."""
        if self._found_of is not None:
            self._shown = best_first
        self._choose(typed, best_first[0] if best_first else None, frozenset(best_first))

    def _choose(self, typed: str, cursor: int | None, matching: frozenset[int]) -> None:
        if (typed, cursor) == (self.typed, self.candidate):
            return
        self.typed, self.candidate, self._matching = typed, cursor, matching
        name = self.classes[cursor] if cursor is not None else ""
        self.described.emit(f"{typed} {name}".strip())
        self.update()

    def step(self, key: int) -> bool:
        """Move the cursor by an arrow key, among the matching classes where letters are typed."""
        allowed = [index for index in self._shown if index in self._matching] or list(self._shown)
        if not allowed:
            return False
        target = allowed[0] if self.candidate is None else self._target(key, allowed, self.candidate)
        if target is None:
            return False
        self._choose(self.typed, target, self._matching)
        return True

    def _target(self, key: int, allowed: Sequence[int], start: int) -> int | None:
        """Where an arrow leads: beside in the order of reading, above or below to the nearest in the nearest row.

        Where all stand in one row, Up and Down go on in it.
        """
        columns = self.columns(self.width())
        places = {index: divmod(place, columns) for place, index in enumerate(self._shown)}
        row, column = places[start]
        upright = key in (Qt.Key.Key_Up, Qt.Key.Key_Down)
        if upright and len({places[index][0] for index in allowed}) > 1:
            by = -1 if key == Qt.Key.Key_Up else 1
            beyond = [index for index in allowed if (places[index][0] - row) * by > 0]
            return min(
                beyond, key=lambda i: (abs(places[i][0] - row), abs(places[i][1] - column)), default=None
            )
        back = key in (Qt.Key.Key_Up, Qt.Key.Key_Left)
        if not upright and self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            back = not back
        return allowed[(allowed.index(start) + (-1 if back else 1)) % len(allowed)]

    def rows(self, width: int) -> int:
        """How many rows a width in px needs for all classes."""
        return -(-len(self.classes) // self.columns(width)) if self.classes else 1

    def row_height(self) -> int:
        """In px."""
        return self._measures()[1]

    def _measures(self) -> tuple[int, int]:
        """The widest name and the height of a row in px; measured anew where classes or font change."""
        if self._found_of is not None:
            return self._found_of._measures()
        known = self._measured.get(self.tight)
        if known is None:
            role, beside = _TIGHT if self.tight else _USUAL
            metrics = QFontMetrics(theme.font(role))
            widest = max((metrics.horizontalAdvance(name) for name in self.classes), default=0)
            known = self._measured[self.tight] = (widest, metrics.height() + beside)
        return known

    def place(self, index: int) -> QRect:
        """Where a class is painted; it must be among those that are."""
        columns = self.columns(self.width())
        left, width = self.span(columns)
        row, column = divmod(self._shown.index(index), columns)
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            column = columns - 1 - column
        height = self.row_height()
        return QRect(left + column * width, row * height, width, height).adjusted(2, 1, -2, -1)

    def span(self, columns: int) -> tuple[int, int]:
        """Where the first column begins and how wide each is, in px."""
        return 0, self.width() // columns

    def suggest(self, index: int | None) -> None:
        """What Enter answers while no class is chosen; the view above the cells says it."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows that are exposed."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font((_TIGHT if self.tight else _USUAL)[0]))
        columns, height = self.columns(self.width()), self.row_height()
        first, last = event.rect().top() // height, event.rect().bottom() // height
        for index in self._shown[columns * first : columns * (last + 1)]:
            if event.region().intersects(place := self.place(index)):
                self.paint_cell(painter, index, place)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the height that the new width needs."""
        super().resizeEvent(event)
        self._fit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Note where a click begins."""
        self._pressed = self._at(event.position().toPoint())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The second half of a double click is no press of its own."""
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Answer where a click ends on the class on which it began."""
        index = self._at(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and index is not None and index == self._pressed:
            self.clicked.emit(answer_with(self.classes[index]), event)
        self._pressed = None

    def event(self, event: QEvent) -> bool:
        """Show the whole name of a class."""
        if event.type() is QEvent.Type.FontChange:
            self._measured = {}
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            index = self._at(event.pos())
            QToolTip.showText(event.globalPos(), "" if index is None else self.classes[index], self)
            return True
        return super().event(event)

    def sizeHint(self) -> QSize:
        """All rows."""
        return QSize(_MAX_CELL, self.rows(self.width()) * self.row_height())

    def _at(self, point: QPoint) -> int | None:
        columns = self.columns(self.width())
        first = columns * (point.y() // self.row_height())
        row = self._shown[first : first + columns] if first >= 0 else ()
        return next((i for i in row if self.place(i).contains(point)), None)

    def _fit(self) -> None:
        if self._found_of is None:  # these are as many as there is room for
            self.setMinimumHeight(self.rows(self.width()) * self.row_height())

    def columns(self, width: int) -> int:
        """How many classes stand beside each other in a width in px."""
        cell = min(_MAX_CELL, self.cell_width())
        return max(1, min(len(self.classes) or 1, width // max(1, cell)))

    def cell_width(self) -> int:
        """What the widest class needs, in px."""
        return self._measures()[0] + (3 + 3 * bool(self.digits) + 5 * bool(self._marks)) * GRID

    def paint_cell(self, painter: QPainter, index: int, place: QRect) -> None:
        """Paint a class: its ground, then its key and its name."""
        chosen = index == self.candidate
        palette = self.palette()
        if chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(palette.highlight())
            painter.drawRoundedRect(place, 4, 4)
        elif index in self._matching:
            painter.setPen(palette.highlight().color())
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(place, 4, 4)
        dimmed = bool(self.typed) and index not in self._matching
        ink = (
            palette.highlightedText()
            if chosen
            else palette.placeholderText()
            if dimmed
            else palette.windowText()
        )
        painter.setPen(ink.color())
        self.paint_words(painter, index, place.adjusted(GRID, 0, -GRID, 0))

    def paint_words(self, painter: QPainter, index: int, inner: QRect) -> None:
        """Paint a class's key, mark and name with the pen of the painter."""
        if self.digits and self.digits[index]:
            inner = self._paint_key(painter, inner, self.digits[index])
        if self._marks:
            inner = self._paint_mark(painter, inner, self._marks[index])
        side = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading
        name = painter.fontMetrics().elidedText(
            self.classes[index], Qt.TextElideMode.ElideMiddle, inner.width()
        )
        painter.drawText(inner, side, name)

    def _paint_key(self, painter: QPainter, inner: QRect, key: str) -> QRect:
        """Paint a key before the name; returns what is left of the place."""
        cap = QRect(0, 0, 2 * GRID + 2, inner.height() - 6)
        cap.moveCenter(QPoint(inner.left() + cap.width() // 2, inner.center().y()))
        left = self._beside(inner, cap)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        self.paint_cap(painter, cap)
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, key)
        return left

    def paint_cap(self, painter: QPainter, cap: QRect) -> None:
        """Paint the outline of a key."""
        painter.drawRoundedRect(cap, 3, 3)

    def _paint_mark(self, painter: QPainter, inner: QRect, mark: Mark) -> QRect:
        if mark.key:
            inner = self._paint_key(painter, inner, mark.key)
        if mark.colour:
            dot = QRect(0, 0, _DOT, _DOT)
            dot.moveCenter(QPoint(inner.left() + _DOT // 2, inner.center().y()))
            inner = self._beside(inner, dot)
            painter.setBrush(QColor(mark.colour))
            painter.drawEllipse(dot)
        return inner

    def _beside(self, inner: QRect, box: QRect) -> QRect:
        """Move ``box`` to the side where reading begins; returns the place beside it."""
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            box.moveRight(inner.right())
            return QRect(inner.topLeft(), QPoint(box.left() - GRID, inner.bottom()))
        return QRect(QPoint(box.right() + GRID, inner.top()), inner.bottomRight())
