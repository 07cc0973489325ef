"""Where classes are many: the model's likeliest and the recent ones in places that stay, by digit or Ctrl and digit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from ui.kit import theme
from ui.kit.keys import key_name
from ui.kit.look.tokens import RADIUS, SMALL_RADIUS
from ui.kit.theme import GRID, FontRole

TOP, RECENT = 5, 4  # digits 1 to 5, and 6 to 9
_CAP = 20  # px of a digit's key


class SuggestionStrip(QWidget):
    """Nine places, painted as one: a new image changes them in one go."""

    clicked = Signal(object, object)  # class id, QMouseEvent

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: Mapping[int, str] = {}
        self._held = ""
        self._suggested: int | None = None
        self._slots: list[int | None] = [None] * (TOP + RECENT)
        self._pressed: int | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(2 * self._row_height())
        self.setAccessibleName("Likely and recent classes")

    def set_names(self, names: Mapping[int, str], *, with_ctrl: bool = False) -> None:
        """The classes' names by id; ``with_ctrl``: digits alone are typed, as names have numbers."""
        self._names = names
        self._held = "Ctrl+" if with_ctrl else ""
        self.update()

    def set_classes(self, top: Sequence[int], recent: Sequence[int], suggested: int | None = None) -> None:
        """The likeliest classes and the recent ones that are not among them; ``suggested`` is filled."""
        if suggested != self._suggested:
            self._suggested = suggested
            self.update()
        likely: list[int | None] = list(top[:TOP])
        late = [class_id for class_id in recent if class_id not in likely][:RECENT]
        slots = [*likely, *[None] * (TOP - len(likely)), *late]
        slots += [None] * (TOP + RECENT - len(slots))
        if slots != self._slots:
            self._slots = slots
            words = (
                f"{self._key(i)} {self._name(i)}" for i, class_id in enumerate(slots) if class_id is not None
            )
            self.setAccessibleDescription(", ".join(words))
            self.update()

    def class_of(self, text: str) -> int | None:
        """The class that a digit answers with."""
        if len(text) == 1 and text in "123456789":
            return self._slots[int(text) - 1]
        return None

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the places: the likeliest above, the recent ones below."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(FontRole.BODY))
        for index, class_id in enumerate(self._slots):
            if class_id is not None:
                self._paint_slot(painter, index)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Note where a click begins."""
        self._pressed = self._class_at(event.position().toPoint())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The second half of a double click is no press of its own."""
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Answer where a click ends on the class on which it began."""
        class_id, pressed, self._pressed = self._class_at(event.position().toPoint()), self._pressed, None
        if event.button() is Qt.MouseButton.LeftButton and class_id is not None and class_id == pressed:
            self.clicked.emit(class_id, event)

    def event(self, event: QEvent) -> bool:
        """Names that are shortened are whole in the tool tip."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            class_id = self._class_at(event.pos())
            text = "" if class_id is None else self._names.get(class_id, "")
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def place(self, index: int) -> QRect:
        """Where a class stands: the likeliest above, the recent ones below, each row from where reading begins."""
        columns, column = (TOP, index) if index < TOP else (RECENT, index - TOP)
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            column = columns - 1 - column
        width, height = self.width() // columns, self._row_height()
        return QRect(column * width, 0 if index < TOP else height, width, height)

    def _class_at(self, point: QPoint) -> int | None:
        return next((c for i, c in enumerate(self._slots) if self.place(i).contains(point)), None)

    def _paint_slot(self, painter: QPainter, index: int) -> None:
        look, place = theme.look(), self.place(index).adjusted(3, 2, -3, -2)
        filled = self._slots[index] == self._suggested
        painter.setPen(QColor(look.accent.ink if filled else look.edge))
        painter.setBrush(QColor(look.accent.fill if filled else look.greys.base))
        painter.drawRoundedRect(place, RADIUS, RADIUS)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        key = self._key(index)
        wide = max(_CAP, painter.fontMetrics().horizontalAdvance(key) + GRID)
        cap = QRect(place.left() + GRID, place.top() + 5, wide, place.height() - 10)
        room = place.adjusted(wide + 2 * GRID, 0, -GRID, 0)
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            cap.moveRight(place.right() - GRID)
            room = place.adjusted(GRID, 0, -wide - 2 * GRID, 0)
        usual = look.greys.text if index < TOP else look.greys.muted
        painter.setPen(QColor(look.accent.on_fill if filled else usual))
        painter.drawRoundedRect(cap, SMALL_RADIUS, SMALL_RADIUS)
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, key)
        name = painter.fontMetrics().elidedText(self._name(index), Qt.TextElideMode.ElideMiddle, room.width())
        side = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading
        painter.drawText(room, side, name)

    def _key(self, index: int) -> str:
        return key_name(f"{self._held}{index + 1}")

    def _name(self, index: int) -> str:
        class_id = self._slots[index]
        return "" if class_id is None else self._names.get(class_id, "")

    def _row_height(self) -> int:
        return self.fontMetrics().height() + 2 * GRID
