"""Accuracy against minutes or epochs as a small drawing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from studies.charts.palette import OkabeIto
from ui.kit import theme
from ui.kit.theme import CHART_COLOURS, GRID, FontRole

_HEIGHT = 150
_SAMPLE = 3 * GRID  # px of a line beside its name
_DASHES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine)


@dataclass(frozen=True)
class CurveLine:
    """A line of the drawing: its name and its points (minutes or epochs, accuracy 0 to 1)."""

    name: str
    points: tuple[tuple[float, float], ...]


class CurveView(QWidget):
    """Draws a few lines; each has its own dashes and its name beside its end, so that colour is not the only sign."""

    def __init__(self, name: str, unit: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._unit = unit
        self._empty = f"{name} is drawn here once there is any."
        self._lines: tuple[CurveLine, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)

    def sizeHint(self) -> QSize:
        """Small: the figure that is saved is the large one."""
        return QSize(200, _HEIGHT)

    def show_lines(self, lines: Sequence[CurveLine]) -> None:
        """Draw these lines from now on."""
        if tuple(lines) != self._lines:
            self._lines = tuple(lines)
            ends = (f"{line.name}: {line.points[-1][1]:.0%}" for line in lines if line.points)
            self.setAccessibleDescription(", ".join(ends))
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint axes and lines."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(FontRole.SMALL))
        points = [point for line in self._lines for point in line.points]
        if not points:
            painter.setPen(self.palette().placeholderText().color())
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect(), flags, self._empty)
            return
        metrics = painter.fontMetrics()
        left = metrics.horizontalAdvance("100 %") + GRID
        box = QRectF(left, GRID, self.width() - left - GRID, self.height() - metrics.height() - 2 * GRID)
        longest = max(x for x, _ in points) or 1.0
        painter.setPen(self.palette().placeholderText().color())
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        painter.drawLine(box.bottomLeft(), box.topLeft())
        painter.drawText(QPointF(0, box.top() + metrics.ascent()), "100 %")
        painter.drawText(QPointF(0, box.bottom()), "0 %")
        painter.drawText(
            QRectF(left, box.bottom(), box.width(), metrics.height() + GRID),
            Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom,
            f"{longest:.0f} {self._unit}" if longest >= 1 else f"{longest:.2f} {self._unit}",
        )
        for number, line in enumerate(self._lines):
            self._draw(painter, box, number, line, longest)

    def _draw(self, painter: QPainter, box: QRectF, number: int, line: CurveLine, longest: float) -> None:
        places = [
            QPointF(box.left() + x / longest * box.width(), box.bottom() - y * box.height())
            for x, y in line.points
        ]
        if not places:
            return
        colours = (OkabeIto.SKY_BLUE.value, *CHART_COLOURS[1:]) if theme.is_dark() else CHART_COLOURS
        colour = QColor(colours[number % len(colours)])
        pen = QPen(colour, 2 if number == 0 else 1.5, _DASHES[number % len(_DASHES)])
        painter.setPen(pen)
        painter.drawPolyline(places)
        painter.setBrush(colour)
        for place in places if number == 0 or len(places) == 1 else ():
            painter.drawEllipse(place, 2.5, 2.5)
        metrics = painter.fontMetrics()
        left = box.right() - metrics.horizontalAdvance(line.name)
        spot = QPointF(left, box.bottom() - (len(self._lines) - 1 - number) * metrics.height() - 4)
        middle = QPointF(left - GRID, spot.y() - metrics.ascent() / 3)
        painter.setPen(pen)
        painter.drawLine(middle - QPointF(_SAMPLE, 0), middle)
        painter.setPen(self.palette().windowText().color())
        painter.drawText(spot, line.name)
