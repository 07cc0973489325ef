"""How far the project is, above every page of it: one line and one bar."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from studies.labeling.rounds.finish_words import FinishStatus
from ui.kit.theme import CHART_COLOURS, GRID
from ui.labeling.elided_label import ElidedLabel
from ui.labeling.one_by_one.label_actions import LABEL_KEYS, LabelAction

_BAR = 8  # px
_FINISH = LABEL_KEYS[LabelAction.FINISH].hint


class FinishBar(QWidget):
    """Images labeled by the person, by the program, without a label on purpose, and left, from left to right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.parts: tuple[int, int, int, int] = (0, 0, 0, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("How far the project is")

    def sizeHint(self) -> QSize:
        """As high as a bar is; it takes the width that there is."""
        return QSize(20 * GRID, _BAR)

    def show_parts(self, parts: tuple[int, int, int, int]) -> None:
        """Draw these numbers of images from now on."""
        if parts != self.parts:
            self.parts = parts
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Each part as long as its share."""
        painter = QPainter(self)
        room, total, x = self.rect(), max(1, sum(self.parts)), 0.0
        without, left = (QColor(self.palette().color(QPalette.ColorRole.WindowText)) for _ in range(2))
        without.setAlpha(110)
        left.setAlpha(35)
        brushes = (QColor(CHART_COLOURS[0]), QColor(CHART_COLOURS[1]), without, left)
        for count, colour in zip(self.parts, brushes, strict=True):
            width = room.width() * count / total
            painter.fillRect(QRectF(x, 0, width, room.height()), colour)
            x += width


class FinishStrip(QWidget):
    """It never takes the keyboard, and its height never changes; pointing at it tells more."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words, self.bar = ElidedLabel(), FinishBar()
        self.offers = False  # there is an offer to end
        self.words.fix_height()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2 * GRID, GRID, 2 * GRID, 0)
        layout.setSpacing(2 * GRID)
        layout.addWidget(self.words, 3)
        layout.addWidget(self.bar, 2)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_status(self, status: FinishStatus) -> None:
        """Tell where the project stands; what did not change is not painted again."""
        progress = status.progress
        line, self.offers = status.line, status.offer is not None
        if status.offer is not None:
            line += f"   ·   the program can label {status.offer.count:,} of them ({_FINISH}: see)"
        if line != self.words.text():
            self.words.setText(line)
        without = sum(progress.without_label.values())
        self.bar.show_parts((progress.by_person, progress.by_program, without, progress.left))
        if status.detail != self.toolTip():
            self.setToolTip(status.detail)
            self.words.setToolTip(status.detail)
            self.bar.setAccessibleDescription(status.detail)
