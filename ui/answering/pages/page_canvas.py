"""What a page of images paints: cells, marks, the cursor, and one image enlarged over all of it."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QCursor, QHelpEvent, QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from ui.answering.pages.cell_codes import cell_codes
from ui.answering.pages.cell_painter import (
    CellLook,
    cell_fonts,
    paint_cell,
    paint_code,
    paint_image,
    paint_mark,
)
from ui.answering.pages.page_cursor import PageCursor
from ui.answering.pages.page_images import LoadImage, PageImages, Room
from ui.answering.pages.page_layout import PageLayout, Place, lay_out, page_size
from ui.answering.pages.page_values import PageCell
from ui.answering.stamps import Frame, FrameClock

_LEAST = QSize(240, 180)
_LET_GO_MS = 60  # a held key repeats as a release and a press, which come together


class PageCanvas(QWidget):
    """Paints; what inputs mean is the view's."""

    def __init__(self, load: LoadImage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.images = PageImages(load, self)
        self.cells: tuple[PageCell, ...] = ()
        self.codes: tuple[str, ...] = ()
        self.marked: frozenset[int] = frozenset()
        self.gone: frozenset[int] = frozenset()  # cells whose places are empty
        self.page_cursor = PageCursor()
        self.typed = ""  # the first key of a code of two
        self.pointer: int | None = None  # the cell under it
        self.enlarged = False
        self.layout_of_cells: PageLayout = lay_out(0, 1, 1)
        self._pointed_out: frozenset[int] = frozenset()
        self._close_look: QImage | None = None
        self._frames, self._painted_ns = FrameClock(), 0
        self._let_go = QTimer(self)
        self._let_go.setSingleShot(True)
        self._let_go.setInterval(_LET_GO_MS)
        self._let_go.timeout.connect(self.stop_enlarging)
        self.images.changed.connect(self.update)
        self.images.enlarged.connect(self._take_close_look)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        # All of it is painted here: Qt need not paint the window behind it first.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    @property
    def unread(self) -> frozenset[int]:
        """The cells whose images cannot be read."""
        images = self.images.images
        return frozenset(
            i for i, cell in enumerate(self.cells) if cell.key in images and images[cell.key] is None
        )

    def minimumSizeHint(self) -> QSize:
        """Room for the smallest page that is still of use."""
        return _LEAST

    def fitting(self, wanted: int, caption: bool = False) -> int:
        """The page size of ``wanted`` images, or the next smaller one whose images can be judged in this room."""
        return page_size(wanted, self.width(), self.height(), self._caption_height() if caption else 0)

    def prepare(self, cells: Iterable[PageCell]) -> None:
        """Decode what the next page will show, while this one is looked at."""
        coming = tuple(cells)
        if coming:
            self.images.prepare([cell.key for cell in coming], self._room(self._lay_out(coming)))

    def point_out(self, cells: Iterable[int]) -> None:
        """Put a sign on cells: in practice those that were missed. The next page has none."""
        self._pointed_out = frozenset(cells)
        self.update()

    def close_threads(self) -> None:
        """End decoding."""
        self._let_go.stop()
        self.images.close()

    def now_ns(self) -> int:
        """The clock of onsets and stamps."""
        return time.perf_counter_ns()

    def set_cells(self, cells: tuple[PageCell, ...], marked: frozenset[int]) -> bool:
        """Take other cells; whether all their images are there."""
        self.cells, self.codes, self.marked = cells, cell_codes(len(cells)), marked
        self.page_cursor = PageCursor(len(cells))
        self.gone = self._pointed_out = frozenset()
        self.layout_of_cells = self._lay_out(cells)
        filled = self.images.show([cell.key for cell in cells], self._room(self.layout_of_cells))
        self._describe()
        self.update()
        return filled

    def cell_at(self, point: QPoint | QPointF) -> int | None:
        """The cell at a point of the widget."""
        return self.layout_of_cells.at(point.x(), point.y()) if self.cells else None

    def image_place(self, index: int) -> QRect:
        """The room of a cell's image."""
        return _rect(self.layout_of_cells.image(index))

    def draw_marks(self, marked: frozenset[int]) -> None:
        """Paint the cells whose marks changed."""
        changed, self.marked = self.marked ^ marked, marked
        for index in changed:
            self._update_cell(index)
        if changed:
            self._describe()

    def draw_cursor(self) -> None:
        """Paint the cursor where it is now."""
        self._describe()
        if self.enlarged:
            self.enlarge()
        self.update()

    def paint_now(self) -> Frame:
        """Paint the page and hand it to the window system; when it was on screen.

        As :meth:`ui.answering.stimulus_view.StimulusView.present` does.
        """
        called_ns = self.now_ns()
        self.repaint()
        QCursor.pos()
        drawn_ns = self.now_ns()
        if self._painted_ns < called_ns:  # hidden: nothing was painted
            return Frame(drawn_ns, drawn_ns, drawn_ns)
        return self._frames.frame(self._painted_ns, drawn_ns)

    def enlarge(self) -> None:
        """Show the image under the cursor over the page, first as it is, then with all its pixels."""
        if not self.cells or self.page_cursor.at in self.gone:
            return
        self._let_go.stop()
        self.enlarged, self._close_look = True, None
        room = Room(self.width(), self.height(), self.devicePixelRatioF())
        self.images.enlarge(self.cells[self.page_cursor.at].key, room)
        self.update()

    def keep_enlarged(self) -> None:
        """The key is still held: the release before was one of its repeats."""
        self._let_go.stop()

    def let_go_soon(self) -> None:
        """The key went up; if it does not come down again at once, the page shows again."""
        if self.enlarged:
            self._let_go.start()

    def stop_enlarging(self) -> None:
        """Show the page again."""
        self._let_go.stop()
        if self.enlarged:
            self.enlarged, self._close_look = False, None
            self.images.stop_enlarging()
            self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The same cells in the same order are laid out anew."""
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        """Another screen has other pixels; a shortened note is whole in the tool tip."""
        if event.type() is QEvent.Type.DevicePixelRatioChange:
            self._fit()
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            index = self.cell_at(event.pos())
            QToolTip.showText(event.globalPos(), "" if index is None else self.cells[index].note, self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the cells that changed, or the enlarged one."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), self.palette().window())
        if self.enlarged:
            self._paint_enlarged(painter)
        else:
            palette, fonts = self.palette(), cell_fonts()
            for index in range(len(self.cells)):
                place = _rect(self.layout_of_cells.cell(index))
                if index not in self.gone and place.intersects(event.rect()):
                    paint_cell(painter, palette, fonts, self._look(index), place, self.image_place(index))
        painter.end()
        self._painted_ns = self.now_ns()

    def _look(self, index: int) -> CellLook:
        cell, code = self.cells[index], self.codes[index]
        return CellLook(
            code=code,
            note=cell.note,
            image=self.images.images.get(cell.key),
            there=cell.key in self.images.images,
            marked=index in self.marked,
            at_cursor=index == self.page_cursor.at,
            pointed_out=index in self._pointed_out,
            faint=bool(self.typed) and not code.startswith(self.typed),
        )

    def _paint_enlarged(self, painter: QPainter) -> None:
        index = self.page_cursor.at
        image = self._close_look or self.images.images.get(self.cells[index].key)
        place = self.rect() if image is None else paint_image(painter, self.rect(), image)
        if index in self.marked:
            paint_mark(painter, place, tint=0)  # who looks closely sees the image as it is
        paint_code(painter, self.palette(), cell_fonts(), place, self.codes[index])

    def _take_close_look(self, image: QImage) -> None:
        if self.enlarged:
            self._close_look = image
            self.update()

    def _fit(self) -> None:
        self.layout_of_cells = self._lay_out(self.cells)
        self.images.resize(self._room(self.layout_of_cells))
        self.update()

    def _lay_out(self, cells: Collection[PageCell]) -> PageLayout:
        caption = self._caption_height() if any(cell.note for cell in cells) else 0
        return lay_out(len(cells), self.width(), self.height(), caption)

    def _room(self, layout: PageLayout) -> Room:
        return Room(*layout.image_size, self.devicePixelRatioF())

    def _update_cell(self, index: int) -> None:
        self.update(self.rect() if self.enlarged else _rect(self.layout_of_cells.cell(index)))

    def _caption_height(self) -> int:
        return self.fontMetrics().height()

    def _describe(self) -> None:
        """Say to a screen reader which cell the cursor is on, its state, and what is marked."""
        if not self.cells:
            self.setAccessibleDescription("No images")
            return
        at = self.page_cursor.at
        state = "marked" if at in self.marked else "not marked"
        if at in self.gone:
            state = "taken away"
        elif at in self.unread:
            state = "cannot be read"
        note = f", {self.cells[at].note}" if self.cells[at].note else ""
        marked = ", ".join(self.codes[index].upper() for index in sorted(self.marked)) or "none"
        place = f"Image {self.codes[at].upper()}, {at + 1} of {len(self.cells)}"
        self.setAccessibleDescription(f"{place}: {state}{note}. Marked: {marked}")


def _rect(place: Place) -> QRect:
    return QRect(*place)
