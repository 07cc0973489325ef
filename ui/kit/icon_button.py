"""A tool at the edge of a page: an icon with its key below, and its name in the tool tip."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from ui.kit import theme
from ui.kit.look.icons import Icon, paint_icon
from ui.kit.look.tokens import GRID, RADIUS, FontRole

_ICON = 20  # px
_WIDTH = 60


class IconButton(QAbstractButton):
    """It never takes the keyboard from the page: the page binds the key that is shown."""

    def __init__(
        self, icon: Icon, name: str, key_hint: str, parent: QWidget | None = None, *, tip: str = ""
    ) -> None:
        super().__init__(parent)
        self._icon, self.key_hint = icon, key_hint
        self.setToolTip(f"{tip or name} ({key_hint})" if key_hint else tip or name)
        self.setAccessibleName(name)
        self.setAccessibleDescription(f"Key: {key_hint}" if key_hint else "")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Room for the icon and its key."""
        return QSize(_WIDTH, _ICON + QFontMetrics(theme.font(FontRole.SMALL)).height() + GRID)

    def minimumSizeHint(self) -> QSize:
        """The same."""
        return self.sizeHint()

    def enterEvent(self, event: QEnterEvent) -> None:
        """The tool under the pointer stands out."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer is gone."""
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the ground under the pointer, the icon, and the key."""
        look = theme.look()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.isDown() or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(look.greys.grid))
            painter.drawRoundedRect(self.rect(), RADIUS, RADIUS)
        place = QRectF((self.width() - _ICON) // 2, GRID // 2, _ICON, _ICON)
        paint_icon(painter, self._icon, place, QColor(look.greys.text if self.isEnabled() else look.faint))
        small = theme.font(FontRole.SMALL)
        small.setPointSizeF(small.pointSizeF() * 0.9)
        painter.setFont(small)
        painter.setPen(QColor(look.greys.muted if self.isEnabled() else look.faint))
        below = self.rect().adjusted(0, round(place.bottom()), 0, -2)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, self.key_hint)
