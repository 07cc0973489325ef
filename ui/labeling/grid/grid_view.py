"""Thumbnails in a grid with a cursor and marks, decoded off the window's thread."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from ui.answering.thumbnails import LoadImage, Thumbnails
from ui.kit import theme
from ui.kit.theme import GRID, FontRole
from ui.labeling.grid.grid_data import GridCell

_SIDES = (96, 128, 176, 240)


class GridView(QWidget):
    """Paints cells; a marked one has a cross and a frame. ``filled`` once all images of a page are on screen."""

    filled = Signal()
    returned = Signal()  # an image of the page that could not be read is there now
    touched = Signal(object)  # QMouseEvent

    def __init__(self, load: LoadImage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._thumbnails = Thumbnails(load, self)
        self._cells: tuple[GridCell, ...] = ()
        self.marked: set[int] = set()
        self.gone: set[int] = set()  # decided about already: their places stay empty until the page is done
        self.at = 0
        self._size = 1
        self._pressed: int | None = None
        self._thumbnails.changed.connect(self._draw_new)
        self._thumbnails.filled.connect(self.filled)
        self._thumbnails.returned.connect(self.returned)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Images")

    @property
    def capacity(self) -> int:
        """How many images a page holds: at most 60, and what fits."""
        columns, rows = self.columns, max(1, self.height() // self._cell().height())
        return max(1, min(60, columns * rows))

    @property
    def columns(self) -> int:
        """Images in a row."""
        return max(1, self.width() // self._cell().width())

    @property
    def cells(self) -> tuple[GridCell, ...]:
        """The page that is shown."""
        return self._cells

    @property
    def unread(self) -> frozenset[int]:
        """The items of the page whose images cannot be read."""
        return frozenset(item for item, image in self._thumbnails.images.items() if image is None)

    @property
    def is_filled(self) -> bool:
        """Whether all images of the page are there."""
        return all(cell.item in self._thumbnails.images for cell in self._cells)

    def show_cells(self, cells: Sequence[GridCell], marked: Iterable[int] = ()) -> None:
        """Show a page, with the marks of its images that were made before."""
        self._cells = tuple(cells)
        self.marked, self.at, self.gone = {cell.item for cell in cells} & set(marked), 0, set()
        self._describe_marks()
        self._thumbnails.want([cell.item for cell in cells], _SIDES[self._size], self.devicePixelRatioF())
        self.update()

    def resize_cells(self, steps: int) -> None:
        """Larger or smaller images; show the page again afterwards."""
        self._size = min(len(_SIDES) - 1, max(0, self._size + steps))
        self._thumbnails.forget()

    def step(self, key: int) -> None:
        """Move the cursor by an arrow key."""
        by = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -self.columns,
            Qt.Key.Key_Down: self.columns,
        }[Qt.Key(key)]
        if 0 <= self.at + by < len(self._cells):
            self.at += by
            self.update()

    def take_away(self, items: Iterable[int]) -> None:
        """Empty the places of images that were decided about; the others stay where they are."""
        self.gone |= set(items)
        self.marked -= self.gone
        self._describe_marks()
        self.update()

    def toggle(self, index: int) -> None:
        """Mark an image as odd, or take the mark back."""
        if 0 <= index < len(self._cells) and self._cells[index].item not in self.gone:
            self.at = index
            self.marked ^= {self._cells[index].item}
            self._describe_marks()
            self.update()

    def mark_to(self, index: int) -> None:
        """Mark all from the cursor to an image: the cursor's own mark says whether they are marked or unmarked."""
        first, last = sorted((self.at, index))
        among = {cell.item for cell in self._cells[first : last + 1]}
        marked = self._cells[self.at].item in self.marked
        self.marked = (self.marked | among if marked else self.marked - among) - self.gone
        self.at = index
        self._describe_marks()
        self.update()

    def _describe_marks(self) -> None:
        names = ", ".join(str(i + 1) for i, cell in enumerate(self._cells) if cell.item in self.marked)
        self.setAccessibleDescription(f"Marked: {names}" if names else "None marked")

    def close_threads(self) -> None:
        """End decoding."""
        self._thumbnails.close()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Note where a click begins."""
        self._pressed = self._index_at(event.position().toPoint())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A double click is one mark: its second half is no press of its own."""
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Mark by a click; with Shift all from the cursor to here."""
        index, pressed, self._pressed = self._index_at(event.position().toPoint()), self._pressed, None
        if event.button() is not Qt.MouseButton.LeftButton or index is None or index != pressed:
            return
        self.touched.emit(event)
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.mark_to(index)
        else:
            self.toggle(index)

    def event(self, event: QEvent) -> bool:
        """Notes that are shortened are whole in the tool tip."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            index = self._index_at(event.pos())
            QToolTip.showText(event.globalPos(), "" if index is None else self._cells[index].note, self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the cells that are in view."""
        painter = QPainter(self)
        painter.setFont(theme.font(FontRole.SMALL))
        for index, cell in enumerate(self._cells):
            place = self._place(index)
            if place.intersects(event.rect()) and cell.item not in self.gone:
                self._paint_cell(painter, index, cell, place)

    def _paint_cell(self, painter: QPainter, index: int, cell: GridCell, place: QRect) -> None:
        side = _SIDES[self._size]
        box = QRect(place.left() + GRID // 2, place.top() + GRID // 2, side, side)
        image = self._thumbnails.images.get(cell.item)
        if image is not None:
            size = image.deviceIndependentSize().toSize()
            where = QRect(0, 0, size.width(), size.height())
            where.moveCenter(box.center())
            painter.drawImage(where.topLeft(), image)
        elif cell.item in self._thumbnails.images:
            painter.setPen(self.palette().placeholderText().color())
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "cannot be read")
        palette = self.palette()
        if index == self.at:
            painter.setPen(QPen(palette.highlight().color(), 3))
            painter.drawRect(box.adjusted(-2, -2, 2, 2))
        if cell.item in self.marked:
            for colour, width in ((palette.window().color(), 7), (palette.windowText().color(), 3)):
                painter.setPen(QPen(colour, width))
                painter.drawRect(box.adjusted(1, 1, -2, -2))
                painter.drawLine(box.topLeft(), box.bottomRight())
                painter.drawLine(box.topRight(), box.bottomLeft())
        painter.setPen(palette.windowText().color())
        words = QRect(box.left(), box.bottom() + 2, side, painter.fontMetrics().height())
        note = painter.fontMetrics().elidedText(cell.note, Qt.TextElideMode.ElideMiddle, side)
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, note)

    def _index_at(self, point: QPoint) -> int | None:
        return next((i for i in range(len(self._cells)) if self._place(i).contains(point)), None)

    def _place(self, index: int) -> QRect:
        row, column = divmod(index, self.columns)
        cell = self._cell()
        return QRect(column * cell.width(), row * cell.height(), cell.width(), cell.height())

    def _cell(self) -> QSize:
        side = _SIDES[self._size]
        return QSize(side + GRID, side + GRID + self.fontMetrics().height())

    def _draw_new(self) -> None:
        self.repaint()
