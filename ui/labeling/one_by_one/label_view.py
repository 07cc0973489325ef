"""The image while labeling: as in the study, with zoom, brightness and the whole window on demand."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QImage, QMouseEvent, QPainter, QWheelEvent

from ui.answering.stamps import Frame
from ui.answering.stimulus_view import Stimulus, StimulusView
from ui.kit import theme
from ui.kit.theme import GRID, FontRole

_SMALL, _LARGE = FontRole.SMALL, FontRole.LARGE

_STEP = 1.25
_MOST = 16.0
_SAME_ZOOM = 1e-6
_MOST_BRIGHTNESS = 8  # steps
_GAIN = 2 ** (3 / 8)  # a step of brightness: contrast is eight times as high after the last
_NOTCH = 120  # of QWheelEvent.angleDelta
_ANY_SIDE = 1 << 14
_USUAL_SIDE = 900  # px: all of a usual window, and still decoded in time on a screen of twice the pixels
_AROUND_WORDS = 6  # px above and between
_ROUNDING = 1.5  # px by which a decoded image may miss its place


class LabelView(StimulusView):
    """A stimulus that can be looked at closely. A new image comes in its usual size; brightness stays."""

    detail_wanted = Signal()  # the image was enlarged: more of its pixels may be had

    def __init__(self) -> None:
        self._words_px = 0  # not measured yet
        super().__init__()
        self.zoom = 1.0
        self.brightness = 0  # steps
        self._centre = QPointF()  # of the view, from the image's middle, in px at zoom 1
        self._detail: QImage | None = None
        self._dragged_from: QPoint | None = None
        self.max_side = _USUAL_SIDE

    def present(self, stimulus: Stimulus) -> Frame:
        """Paint a new image in its usual size; see :meth:`StimulusView.present`."""
        self.zoom, self._centre, self._detail = 1.0, QPointF(), None
        return super().present(stimulus)

    def zoom_by(self, steps: float) -> None:
        """Enlarge or, with negative steps, make smaller; never smaller than usual."""
        zoom = min(_MOST, max(1.0, self.zoom * _STEP**steps))
        zoom = 1.0 if zoom - 1.0 < _SAME_ZOOM else zoom
        if zoom != self.zoom:
            self.zoom = zoom
            self._look_at(self._centre)
            if zoom > 1.0 and self._detail is None:
                self.detail_wanted.emit()
            self.update()

    def zoom_reset(self) -> None:
        """The usual size."""
        self.zoom, self._centre = 1.0, QPointF()
        self.update()

    def set_detail(self, image: QImage) -> None:
        """The same image with more pixels."""
        self._detail = image
        self.update()

    def brighten(self, steps: int) -> None:
        """Brighter or, with negative steps, darker; on the screen alone."""
        self.brightness = min(_MOST_BRIGHTNESS, max(-_MOST_BRIGHTNESS, self.brightness + steps))
        self.update()

    def set_large(self, large: bool) -> None:
        """Let the image take all the room there is."""
        self.max_side = _ANY_SIDE if large else _USUAL_SIDE
        if large and self._stimulus is not None and self._detail is None:
            self.detail_wanted.emit()
        self.updateGeometry()
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom by the wheel, as far as it turned; a touchpad turns it by less than a notch, or sideways."""
        turned = event.angleDelta()
        if abs(turned.y()) > abs(turned.x()):
            self.zoom_by(turned.y() / _NOTCH)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to move an enlarged image, or a click on the word."""
        super().mousePressEvent(event)
        here = event.position().toPoint()
        self._dragged_from = here if self.zoom > 1 and self._place().contains(here) else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move an enlarged image."""
        if self._dragged_from is not None:
            here = event.position().toPoint()
            self._look_at(self._centre - QPointF(here - self._dragged_from) / self.zoom)
            self._dragged_from = here
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End moving; a click on the word accepts it."""
        moving, self._dragged_from = self._dragged_from is not None, None
        if not moving:
            super().mouseReleaseEvent(event)

    def words_height(self) -> int:
        """A small line and a large one, close to each other."""
        if not self._words_px:
            lines = (QFontMetrics(theme.font(role)).height() for role in (_SMALL, _LARGE))
            self._words_px = 2 * _AROUND_WORDS + sum(lines)
        return self._words_px

    def changeEvent(self, event: QEvent) -> None:
        """Measure the words anew."""
        if event.type() is QEvent.Type.FontChange:
            self._words_px = 0
        super().changeEvent(event)

    def paint_words(self, painter: QPainter, place: QRect, stimulus: Stimulus) -> None:
        """The suggestion in large type below what it is; in its place what there is to say without one."""
        look, small, large = theme.look(), theme.font(_SMALL), theme.font(_LARGE, bold=True)
        above = QRect(place.left(), place.top(), place.width(), QFontMetrics(small).height())
        painter.setPen(QColor(look.greys.muted))
        if not stimulus.word:
            painter.setFont(theme.font(FontRole.TITLE))
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, stimulus.caption)
            return
        painter.setFont(small)
        painter.drawText(above, Qt.AlignmentFlag.AlignCenter, stimulus.caption)
        painter.setPen(QColor(look.greys.text))
        painter.setFont(large)
        room = place.width() - 2 * GRID
        word = QFontMetrics(large).elidedText(stimulus.word, Qt.TextElideMode.ElideMiddle, room)
        painter.drawText(place.adjusted(0, above.height(), 0, 0), Qt.AlignmentFlag.AlignCenter, word)

    def _look_at(self, centre: QPointF) -> None:
        """Move the view's middle, no further than to the image's edges."""
        if self._stimulus is not None:
            place = self._place()
            size, visible = _filling(self._stimulus.image, place), place.width() / self.zoom
            across, down = max(0.0, size.width() - visible) / 2, max(0.0, size.height() - visible) / 2
            centre = QPointF(
                min(across, max(-across, centre.x())),
                min(down, max(-down, centre.y())),
            )
        self._centre = centre

    def paint_image(self, painter: QPainter, place: QRect, image: QImage) -> None:
        """Paint the image, or the part of it that is looked at."""
        size = _filling(image, place)
        shown = QRectF(QPointF(), size)
        shown.moveCenter(QRectF(place).center())
        decoded_for_this_place = abs(size.width() - image.deviceIndependentSize().width()) < _ROUNDING
        if self.zoom == 1.0 and decoded_for_this_place:
            super().paint_image(painter, place, image)
        else:
            painter.save()
            painter.setClipRect(place)
            target = QRectF(QPointF(), size * self.zoom)
            target.moveCenter(shown.center() - self._centre * self.zoom)
            source = self._detail if self._detail is not None else image
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self._detail is not None)
            painter.drawImage(target, source, QRectF(source.rect()))
            painter.restore()
            shown = target & QRectF(place)
        if self.brightness:
            _raise_contrast(painter, shown, self.brightness)


def _filling(image: QImage, place: QRect) -> QSizeF:
    """The size at which an image fills its place, in logical px: it may have been decoded for another one."""
    return image.deviceIndependentSize().scaled(QSizeF(place.size()), Qt.AspectRatioMode.KeepAspectRatio)


def _raise_contrast(painter: QPainter, area: QRectF, steps: int) -> None:
    """Multiply the distance of what is painted from black or, with negative steps, from white.

    The painter does this in place, so nothing is allocated however large the image is.
    """
    rest = round(255 / _GAIN ** abs(steps))
    modes = QPainter.CompositionMode
    painter.save()
    if steps > 0:
        painter.setCompositionMode(modes.CompositionMode_ColorDodge)
        painter.fillRect(area, QColor(255 - rest, 255 - rest, 255 - rest))
    else:
        painter.setCompositionMode(modes.CompositionMode_ColorBurn)
        painter.fillRect(area, QColor(rest, rest, rest))
    painter.restore()
