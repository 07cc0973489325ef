"""Shows a figure that was drawn elsewhere, sharp at every scaling."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.kit import theme

_SETTLED_MS = 150  # after the last change of size, before the figure is drawn anew
_LEAST = QSize(420, 176)


@dataclass(frozen=True)
class FigureCanvas:
    """The place a figure has to fill, in logical pixels, and its look."""

    width: int
    height: int
    ratio: float
    dark: bool


class FigureView(QWidget):
    """A picture of a figure, and words where there is none."""

    outdated = Signal()  # the place or the look is no longer the one drawn for

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image: QImage | None = None
        self._words = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SETTLED_MS)
        self._timer.timeout.connect(self.outdated)
        self.setAccessibleName(name)
        self.setMinimumSize(_LEAST)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setAutoFillBackground(True)

    def canvas(self) -> FigureCanvas:
        """Return the place there is now."""
        return FigureCanvas(self.width(), self.height(), self.devicePixelRatioF(), theme.is_dark())

    def show_png(self, png: bytes, description: str) -> None:
        """Show a figure; ``description`` tells its numbers to a screen reader."""
        image = QImage.fromData(png)
        self._image = image
        self.setAccessibleDescription(description)
        self.update()

    def show_words(self, words: str) -> None:
        """Show words in the figure's place."""
        self._image = None
        self._words = words
        self.setAccessibleDescription(words)
        self.update()

    @property
    def image(self) -> QImage | None:
        """The figure on show."""
        return self._image

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the figure as large as fits; one drawn for this very place is not scaled."""
        painter = QPainter(self)
        if self._image is None:
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._words)
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        if size.width() >= self.width() - 1 and size.height() >= self.height() - 1:
            size = self.size()
        left, top = (self.width() - size.width()) // 2, (self.height() - size.height()) // 2
        painter.drawImage(QRect(left, top, size.width(), size.height()), self._image)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for a new figure when the size has settled."""
        super().resizeEvent(event)
        self._timer.start()

    def event(self, event: QEvent) -> bool:
        """Ask for a new figure when the look or the screen's scaling changes."""
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.DevicePixelRatioChange):
            self._timer.start()
        return super().event(event)
