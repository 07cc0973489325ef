"""Pictures of the suggested class and of those it is often confused with, beside the image that is asked about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.answering.thumbnails import LoadImage, Thumbnails
from ui.kit import theme
from ui.kit.theme import GRID, FontRole
from ui.labeling.one_by_one.label_card import Card

_SIDE = 72
EACH = 3  # pictures per class


@dataclass(frozen=True)
class Examples:
    """A class with images that a person labeled with it."""

    name: str
    items: tuple[int, ...]


class ExampleStrip(QWidget):
    """A row of groups; its height never changes while it is shown."""

    def __init__(
        self, load: LoadImage, groups_of: Callable[[Card], Sequence[Examples]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._groups_of = groups_of
        self._card: Card | None = None
        self._groups: tuple[Examples, ...] = ()
        self._thumbnails = Thumbnails(load, self)
        self._thumbnails.changed.connect(self._draw_new)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Examples of classes")

    def sizeHint(self) -> QSize:
        """Room for the pictures and a line of words."""
        return QSize(3 * EACH * _SIDE, _SIDE + GRID + self.fontMetrics().height())

    def follow(self, card: Card) -> None:
        """Another image is asked about; while the row is hidden nothing is read."""
        self._card = card
        if not self.isHidden():
            self.show_groups(self._groups_of(card))

    def showEvent(self, event: QShowEvent) -> None:
        """Show the examples to the image that is asked about."""
        super().showEvent(event)
        if self._card is not None:
            self.follow(self._card)

    def show_groups(self, groups: Sequence[Examples]) -> None:
        """Show these classes from now on."""
        if tuple(groups) == self._groups:
            return
        self._groups = tuple(groups)
        self.setAccessibleDescription(", ".join(group.name for group in groups))
        items = [item for group in groups for item in group.items]
        self._thumbnails.want(items, _SIDE, self.devicePixelRatioF())
        self.update()

    def close_threads(self) -> None:
        """End decoding."""
        self._thumbnails.close()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint each class's pictures with its name below."""
        painter = QPainter(self)
        painter.setFont(theme.font(FontRole.SMALL))
        painter.setPen(self.palette().windowText().color())
        if not self._groups:
            painter.drawText(
                self.rect(), Qt.AlignmentFlag.AlignCenter, "No examples: there is no suggestion."
            )
            return
        width = self.width() // len(self._groups)
        for place, group in enumerate(self._groups):
            self._paint_group(painter, group, QRect(place * width, 0, width - GRID, self.height()))

    def _paint_group(self, painter: QPainter, group: Examples, box: QRect) -> None:
        side = min(_SIDE, (box.width() - 2 * GRID) // EACH)
        for place, item in enumerate(group.items[:EACH]):
            image = self._thumbnails.images.get(item)
            if image is not None:
                size = (
                    image.deviceIndependentSize()
                    .scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio)
                    .toSize()
                )
                corner = box.topLeft() + QPoint(place * (side + GRID), 0)
                painter.drawImage(QRect(corner, size), image)
        words = QRect(box.left(), _SIDE + GRID // 2, box.width(), painter.fontMetrics().height())
        text = group.name if group.items else f"{group.name}: no example yet"
        name = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, box.width())
        painter.drawText(words, Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter, name)

    def _draw_new(self) -> None:
        self.update()
