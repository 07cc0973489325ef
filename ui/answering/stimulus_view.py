"""Paints the stimulus with its suggestion in one frame and reports when that frame was on screen."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QCursor, QFontMetrics, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QRegion
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.answering.decode_ahead import Box
from ui.answering.stamps import Frame, FrameClock
from ui.kit import theme
from ui.kit.theme import GRID, FontRole

_MAX_SIDE = 560
_MIN_SIDE = 96
_CROSS = 12


@dataclass(frozen=True)
class Stimulus:
    """An image and the words below it; ``caption`` is small, ``word`` large."""

    image: QImage
    caption: str = ""
    word: str = ""


class StimulusView(QWidget):
    """The image's place. It and its size never change from trial to trial."""

    word_clicked = Signal(object)  # QMouseEvent

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.max_side = _MAX_SIDE
        self._stimulus: Stimulus | None = None
        self._fixation = False
        self._pressed_word = False
        self._painted_ns = 0  # when the last paintEvent ended
        self._frames = FrameClock()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Image to label")
        # The view paints all of itself: Qt need not paint the window behind it first.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def sizeHint(self) -> QSize:
        """Room for an image of usual size and two lines of words."""
        return QSize(_MAX_SIDE, _MAX_SIDE + self.words_height())

    def minimumSizeHint(self) -> QSize:
        """Room for the smallest image that is still of use."""
        return QSize(_MIN_SIDE, _MIN_SIDE + self.words_height())

    def box(self) -> Box:
        """The square that images fill."""
        side = min(self.max_side, self.width() - 2 * GRID, self.height() - self.words_height())
        return Box(max(_MIN_SIDE, side), self.devicePixelRatioF())

    @property
    def image(self) -> QImage | None:
        """The image on screen."""
        return None if self._stimulus is None else self._stimulus.image

    def show_blank(self) -> None:
        """Nothing at all."""
        self._set(None, fixation=False)

    def show_fixation(self) -> None:
        """A cross where the image will be."""
        self._set(None, fixation=True)

    def present(self, stimulus: Stimulus) -> Frame:
        """Paint the stimulus now; returns its onset (``time.perf_counter_ns()``).

        ``repaint`` paints every changed widget of the window and hands the frame to the window system before
        it returns; a posted update would come up to 5 ms later. X11 draws it only then: asking for the pointer's
        place, which is answered in turn, returns once the frame is drawn (0.4 ms later where it was measured).
        """
        called_ns = time.perf_counter_ns()
        word = f"{stimulus.caption} {stimulus.word}".strip()
        self.setAccessibleDescription(word)
        self.setToolTip(stimulus.word)  # whole, where a long one is shortened
        self._stimulus, self._fixation = stimulus, False
        self.repaint(self._changing())
        QCursor.pos()
        drawn_ns = time.perf_counter_ns()
        if self._painted_ns < called_ns:  # hidden: nothing was painted
            return Frame(drawn_ns, drawn_ns, drawn_ns)
        return self._frames.frame(self._painted_ns, drawn_ns)

    def change_word(self, word: str) -> None:
        """Say one word below the image, in the place of all that stood there; nothing is timed."""
        if self._stimulus is not None:
            self._stimulus = replace(self._stimulus, caption="", word=word)
            self.setAccessibleDescription(word)
            self.setToolTip(word)
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the cross, or the image with its words."""
        self._paint()
        self._painted_ns = time.perf_counter_ns()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Note whether a click begins on the suggested word."""
        self._pressed_word = self._is_on_word(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The second half of a double click is no press of its own."""
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on the suggested word accepts it."""
        pressed, self._pressed_word = self._pressed_word, False
        if pressed and self._is_on_word(event) and event.button() is Qt.MouseButton.LeftButton:
            self.word_clicked.emit(event)

    def _is_on_word(self, event: QMouseEvent) -> bool:
        return self._stimulus is not None and self._words_place().contains(event.position().toPoint())

    def _set(self, stimulus: Stimulus | None, *, fixation: bool) -> None:
        self._stimulus, self._fixation = stimulus, fixation
        self.setAccessibleDescription("")
        self.repaint(self._changing())

    def _changing(self) -> QRegion:
        """The part that differs from trial to trial: a smaller frame is sooner on screen."""
        return QRegion(self._place().adjusted(-1, -1, 1, 1)) + self._words_place()

    def _place(self) -> QRect:
        side = self.box().side
        height = side + self.words_height()
        return QRect((self.width() - side) // 2, max(0, (self.height() - height) // 2), side, side)

    def _words_place(self) -> QRect:
        return QRect(0, self._place().bottom() + GRID, self.width(), self.words_height() - GRID)

    def words_height(self) -> int:
        """Room for the words below the image, in px."""
        small = QFontMetrics(theme.font(FontRole.BODY)).height()
        return 2 * GRID + small + QFontMetrics(theme.font(FontRole.LARGE)).height()

    def _paint(self) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().window())
        place = self._place()
        if self._fixation:
            self._paint_cross(painter, place.center())
        if self._stimulus is None:
            return
        self.paint_image(painter, place, self._stimulus.image)
        self.paint_words(painter, self._words_place(), self._stimulus)

    def paint_image(self, painter: QPainter, place: QRect, image: QImage) -> None:
        """Paint the image in the middle of its place; one made for a larger place is made smaller."""
        size = image.deviceIndependentSize().toSize()
        too_large = size.width() > place.width() or size.height() > place.height()
        if too_large:
            size.scale(place.size(), Qt.AspectRatioMode.KeepAspectRatio)
        # Not from place.center(), which lies half a pixel up and left: an image would begin outside its place.
        room = place.size() - size
        corner = place.topLeft() + QPoint(room.width() // 2, room.height() // 2)
        if too_large:
            painter.drawImage(QRect(corner, size), image)
        else:  # at a fractional ratio its size in px is no whole number: as it is, it is not scaled
            painter.drawImage(corner, image)

    def _paint_cross(self, painter: QPainter, middle: QPoint) -> None:
        painter.setPen(QPen(self.palette().windowText().color(), 2))
        painter.drawLine(middle - QPoint(_CROSS, 0), middle + QPoint(_CROSS, 0))
        painter.drawLine(middle - QPoint(0, _CROSS), middle + QPoint(0, _CROSS))

    def paint_words(self, painter: QPainter, place: QRect, stimulus: Stimulus) -> None:
        """Paint the caption and the word below it."""
        small, large = theme.font(FontRole.BODY), theme.font(FontRole.LARGE, bold=True)
        painter.setPen(self.palette().placeholderText().color())
        painter.setFont(small)
        caption = QRect(place.left(), place.top(), place.width(), QFontMetrics(small).height())
        painter.drawText(caption, Qt.AlignmentFlag.AlignCenter, stimulus.caption)
        painter.setPen(self.palette().windowText().color())
        painter.setFont(large)
        word = QFontMetrics(large).elidedText(
            stimulus.word, Qt.TextElideMode.ElideMiddle, place.width() - 2 * GRID
        )
        rest = place.adjusted(0, caption.height(), 0, 0)
        painter.drawText(rest, Qt.AlignmentFlag.AlignCenter, word)
