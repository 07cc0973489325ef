"""Files that were open lately as cards: a few of their pictures, how far they are, and the key that opens them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.kit import theme
from ui.kit.look.icons import Icon, paint_icon
from ui.kit.look.tokens import RADIUS, SMALL_RADIUS, FontRole
from ui.kit.theme import KeyButton

PICTURES = 4  # of a card, two by two
_CARD = QSize(300, 88)
_SMALL, _LARGE = 64, 128  # px: the sides of the square of pictures
_BAR = 4


@dataclass(frozen=True)
class Recent:
    """A file that was open lately, with a line about it; ``labeled`` of ``images`` where it is a project."""

    path: Path
    text: str
    labeled: int = 0
    images: int = 0

    @property
    def share(self) -> float | None:
        """How far it is, 0 to 1; ``None`` for what has no end."""
        return self.labeled / self.images if self.images else None


def paint_pictures(painter: QPainter, place: QRect, images: Sequence[QImage], icon: Icon) -> None:
    """Paint four pictures in a square, or an icon where there are none."""
    look = theme.look()
    around = QPainterPath()
    around.addRoundedRect(QRectF(place), SMALL_RADIUS, SMALL_RADIUS)
    painter.save()
    painter.setClipPath(around)
    painter.fillRect(place, QColor(look.greys.grid))
    if images:
        half = place.width() // 2
        for number, image in enumerate(images[:PICTURES]):
            corner = place.topLeft() + QPoint(number % 2 * (half + 1), number // 2 * (half + 1))
            painter.drawImage(QRect(corner, QSize(half, half)), image)
    else:
        side = place.width() // 3
        middle = QRectF(0, 0, side, side)
        middle.moveCenter(QRectF(place).center())
        paint_icon(painter, icon, middle, QColor(look.greys.muted))
    painter.restore()


def paint_bar(painter: QPainter, place: QRect, share: float) -> None:
    """Paint how far something is; what is done is green."""
    look = theme.look()
    painter.fillRect(place, QColor(look.greys.grid))
    done = QRect(place.topLeft(), QSize(round(place.width() * share), place.height()))
    painter.fillRect(done, QColor(look.accent.fill if share < 1 else look.done.fill))


class Pictures(QWidget):
    """The large square of pictures beside the file that one goes on with."""

    def __init__(self) -> None:
        super().__init__()
        self._images: Sequence[QImage] = ()
        self._icon = Icon.STUDY
        self.setFixedSize(_LARGE, _LARGE)

    def show_images(self, images: Sequence[QImage], icon: Icon) -> None:
        """Show these; ``icon`` where there are none."""
        self._images, self._icon = images, icon
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint them."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        paint_pictures(painter, self.rect(), self._images, self._icon)


class Bar(QWidget):
    """How far a project is, as a line."""

    def __init__(self) -> None:
        super().__init__()
        self._share: float | None = None
        self.setFixedHeight(_BAR)
        self.setAccessibleName("How far it is")

    def show_share(self, share: float | None) -> None:
        """0 to 1; ``None``: nothing to show."""
        self._share = share
        self.setAccessibleDescription("" if share is None else f"{share:.0%}")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint it."""
        if self._share is not None:
            paint_bar(QPainter(self), self.rect(), self._share)


class FileCard(KeyButton):
    """A button with pictures, a name, a line about the file and its key."""

    def __init__(self, recent: Recent, key_hint: str, icon: Icon) -> None:
        super().__init__(f"{recent.path.stem}   {recent.text}", key_hint)
        self._recent, self._icon = recent, icon
        self._images: Sequence[QImage] = ()
        self.setToolTip(str(recent.path))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_images(self, images: Sequence[QImage]) -> None:
        """Show pictures of the file."""
        self._images = images
        self.update()

    def sizeHint(self) -> QSize:
        """All cards have one size."""
        return _CARD

    def minimumSizeHint(self) -> QSize:
        """The same."""
        return _CARD

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground, pictures, words, bar and key."""
        look, recent = theme.look(), self._recent
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        focused = self.hasFocus()
        strong = focused or self.underMouse()
        painter.setPen(QPen(QColor(look.accent.ink if strong else look.edge), 2 if focused else 1))
        painter.setBrush(QColor(look.greys.grid if self.isDown() else look.greys.base))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), RADIUS, RADIUS)
        square = QRect(12, 12, _SMALL, _SMALL)
        words = QRect(12 + _SMALL + 12, 14, self.width() - _SMALL - 48, _SMALL)
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            square.moveRight(self.width() - 13)
            words.moveLeft(12)
        paint_pictures(painter, square, self._images, self._icon)
        bold, small = theme.font(FontRole.BODY, bold=True), theme.font(FontRole.SMALL)
        key = QFontMetrics(small).horizontalAdvance(self.key_hint) + 12
        name = QRect(words.left(), words.top(), words.width() - key, QFontMetrics(bold).height())
        line = name.translated(0, name.height() + 3)
        line.setWidth(words.width())
        self._write(painter, name, recent.path.stem, Qt.TextElideMode.ElideMiddle, True, look.greys.text)
        self._write(painter, line, recent.text, Qt.TextElideMode.ElideRight, False, look.greys.muted)
        if recent.share is not None:
            paint_bar(painter, QRect(words.left(), line.bottom() + 8, words.width(), _BAR), recent.share)
        self.paint_key(painter, QRect(words.right() - key + 1, 13, key, 0), QColor(look.greys.muted))

    def _write(
        self, painter: QPainter, place: QRect, text: str, cut: Qt.TextElideMode, bold: bool, colour: str
    ) -> None:
        painter.setFont(theme.font(FontRole.BODY if bold else FontRole.SMALL, bold))
        painter.setPen(QColor(colour))
        side = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading
        painter.drawText(place, side, painter.fontMetrics().elidedText(text, cut, place.width()))
