"""What was answered last, beside the image: five small pictures, the newest above, with Undo for two seconds."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFontMetrics, QHideEvent, QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.kit import theme
from ui.kit.look.tokens import GRID, SMALL_RADIUS, FontRole
from ui.labeling.one_by_one.label_actions import LABEL_KEYS, LabelAction

MOST = 5
_SIDE = 56  # px
_WIDTH = 88
_STANDS_MS = 2_000
_AFTER_MS = 40  # the next image comes first
_UNDO = LABEL_KEYS[LabelAction.UNDO]


@dataclass(frozen=True)
class _Answer:
    text: str
    image: QImage


class LastAnswers(QWidget):
    """It takes no room that depends on what it shows, and never the keyboard."""

    pressed = Signal(object)  # LabelAction

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._answers: list[_Answer] = []
        self._coming: QImage | None = None  # of the newest, not made small yet
        self.note = ""  # what stands for two seconds
        self.setAccessibleName("Last answers")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Ignored)
        self.over = QTimer(self, singleShot=True, interval=_STANDS_MS)
        self.over.timeout.connect(self._forget_note)
        self._after = QTimer(self, singleShot=True, interval=_AFTER_MS)
        self._after.timeout.connect(self._draw_new)

    @property
    def _offers_undo(self) -> bool:
        return self.note.endswith(_UNDO.hint)

    @property
    def texts(self) -> tuple[str, ...]:
        """What was answered, the newest first."""
        return tuple(answer.text for answer in self._answers)

    def sizeHint(self) -> QSize:
        """As wide as a picture with a short name."""
        return QSize(_WIDTH, 0)

    def add(self, text: str, image: QImage | None) -> None:
        """An image was answered."""
        self._coming = image
        self._answers = [_Answer(text, QImage()), *self._answers][:MOST]
        self._say(f"{text}. {_UNDO.label}: {_UNDO.hint}")

    def take_back(self, text: str) -> None:
        """The newest answer was taken back."""
        self._coming = None
        del self._answers[:1]
        self._say(f"Undone: {text}")

    def hideEvent(self, event: QHideEvent) -> None:
        """What was said is over."""
        super().hideEvent(event)
        self.over.stop()
        self._forget_note()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on the newest one, while Undo stands there, takes it back."""
        on_it = self._place(0).contains(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and on_it and self._offers_undo:
            self.pressed.emit(LabelAction.UNDO)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw as many as there is room for."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        look, small = theme.look(), theme.font(FontRole.SMALL)
        painter.setFont(small)
        line = QFontMetrics(small).height()
        if self.note and not self._offers_undo:
            painter.setPen(QColor(look.greys.muted))
            self._write(painter, QRect(0, 0, self.width(), line), self.note)
        for number, answer in enumerate(self._answers):
            place = self._place(number)
            if place.bottom() > self.height():
                return
            newest = number == 0 and self._offers_undo
            picture = QRect((self.width() - _SIDE) // 2, place.top() + 4, _SIDE, _SIDE)
            self._draw(painter, answer.image, picture)
            if newest:
                painter.setPen(QPen(QColor(look.accent.ink), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(picture.adjusted(-2, -2, 2, 2), SMALL_RADIUS, SMALL_RADIUS)
            words = QRect(0, picture.bottom() + 3, self.width(), line)
            painter.setPen(QColor(look.greys.text if newest else look.greys.muted))
            self._write(painter, words, answer.text)
            if newest:
                painter.setPen(QColor(look.accent.ink))
                self._write(painter, words.translated(0, line), f"{_UNDO.label} {_UNDO.hint}")

    def _draw(self, painter: QPainter, image: QImage, place: QRect) -> None:
        if image.isNull():
            painter.fillRect(place, QColor(theme.look().greys.grid))
            return
        shown = QRectF(QPointF(), image.deviceIndependentSize())
        shown.moveCenter(QRectF(place).center())
        painter.drawImage(shown.topLeft(), image)

    def _write(self, painter: QPainter, place: QRect, text: str) -> None:
        cut = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, place.width())
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, cut)

    def _place(self, number: int) -> QRect:
        line = QFontMetrics(theme.font(FontRole.SMALL)).height()
        height = _SIDE + line + GRID + 4
        # The newest has room for Undo whether it is offered or not: nothing moves.
        top = line + number * height + (line if number else 0)
        return QRect(0, top, self.width(), height + (0 if number else line))

    def _say(self, text: str) -> None:
        self.note = text
        self.setAccessibleDescription(text)
        self.over.start()
        self._after.start()

    def _draw_new(self) -> None:
        if self._coming is not None and self._answers:
            ratio = self.devicePixelRatioF()
            side = round(_SIDE * ratio)
            modes = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            little = self._coming.scaled(side, side, *modes)
            little.setDevicePixelRatio(ratio)
            self._answers[0] = _Answer(self._answers[0].text, little)
        self._coming = None
        self.setToolTip("\n".join(self.texts))
        self.update()

    def _forget_note(self) -> None:
        self.note = ""
        self.update()
