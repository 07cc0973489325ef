"""A new project's images and classes as they were found: a row of pictures, and the classes with their keys."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from ui.answering.class_chips import ClassChips
from ui.kit import theme
from ui.kit.keys import ENTER, combination_of
from ui.kit.look.tokens import GRID, SMALL_RADIUS

SIDE = 68  # px of a picture
MOST = 8  # pictures
_SHOWN = 20  # classes; of more the number is told
_LINES = 4
_NEXT = ","
_ENTER = tuple(combination_of(key).key() for key in ENTER)


class FoundImages(QWidget):
    """A row of squares; without pictures it takes no room."""

    def __init__(self) -> None:
        super().__init__()
        self._images: Sequence[QImage] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Some of the images")
        self.hide()

    def sizeHint(self) -> QSize:
        """One row."""
        return QSize(3 * SIDE, SIDE)

    def show_images(self, images: Sequence[QImage]) -> None:
        """Show these, as many as there is room for."""
        self._images = images[:MOST]
        self.setVisible(bool(images))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint them from where reading begins."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        for number, image in enumerate(self._images):
            left = number * (SIDE + GRID)
            if left + SIDE > self.width():
                return
            place = QRect(self.width() - left - SIDE if mirrored else left, 0, SIDE, SIDE)
            around = QPainterPath()
            around.addRoundedRect(QRectF(place), SMALL_RADIUS, SMALL_RADIUS)
            painter.setClipPath(around)
            painter.drawImage(place, image)


class _Names(QPlainTextEdit):
    """Enter is the page's; a comma or Shift and Enter goes on to the next class."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            event.ignore()
        elif event.text() == _NEXT:
            self.insertPlainText("\n")
        else:
            super().keyPressEvent(event)


class ClassNames(QWidget):
    """Class names to be typed, and below them what they will look like, with the keys that answer."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._text = _Names()
        self._text.setTabChangesFocus(True)
        self._text.setFixedHeight(_LINES * self.fontMetrics().lineSpacing() + 3 * GRID)
        self._text.setPlaceholderText("A class per line: a comma or Shift+Enter begins the next one")
        self._text.setAccessibleName("Classes, one per line")
        self._chips, self._more = ClassChips(), theme.hint_label("")
        self._chips.centred = False
        self._chips.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._chips.setAccessibleName("The classes with their keys")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        for widget in (self._text, self._chips, self._more):
            layout.addWidget(widget)
        self.setFocusProxy(self._text)
        self._text.textChanged.connect(self._follow)
        self._follow()

    @property
    def names(self) -> tuple[str, ...]:
        """What was typed, without empty lines."""
        lines = (line.strip() for line in self._text.toPlainText().splitlines())
        return tuple(line for line in lines if line)

    def show_names(self, names: Sequence[str]) -> None:
        """Put these in place of what was typed."""
        self._text.setPlainText("\n".join(names))

    def _follow(self) -> None:
        names = self.names
        self._chips.set_classes(names[:_SHOWN], ())
        self._chips.setVisible(bool(names))
        unseen = len(names) - _SHOWN
        self._more.setText(f"and {unseen:,} more" if unseen > 0 else "")
        self._more.setVisible(unseen > 0)
        self.changed.emit()
