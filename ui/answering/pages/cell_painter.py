"""How a cell of a page looks: its image, the letter that marks it, a mark, and the cursor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPalette, QPen

from studies.charts.palette import OkabeIto
from ui.kit import theme
from ui.kit.theme import FontRole

_TINT, _FRAME = 80, 3  # alpha of the tint; px of the frame
_UNREAD = "cannot be read"


@dataclass(frozen=True)
class CellLook:
    """What is painted of a cell. ``there``: its image has come; without one it cannot be read."""

    code: str
    note: str
    image: QImage | None
    there: bool
    marked: bool
    at_cursor: bool
    pointed_out: bool
    faint: bool  # its code does not go on what is typed


class CellFonts(NamedTuple):
    """Of notes, and of codes and signs; made once for a page."""

    note: QFont
    code: QFont


def cell_fonts() -> CellFonts:
    """The fonts as they are now."""
    return CellFonts(theme.font(FontRole.SMALL), theme.font(FontRole.SMALL, bold=True))


def paint_cell(
    painter: QPainter, palette: QPalette, fonts: CellFonts, look: CellLook, cell: QRect, room: QRect
) -> None:
    """Paint a cell; ``room``: the part of it that images fill."""
    within = room
    if look.image is not None:
        within = paint_image(painter, room, look.image)
    elif look.there:
        painter.setPen(palette.placeholderText().color())
        painter.setFont(fonts.note)
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, _UNREAD)
    if look.marked:
        paint_mark(painter, within)
    if look.pointed_out:
        _paint_sign(painter, within, QColor(OkabeIto.BLUE.value), Qt.Corner.BottomRightCorner, "!")
    if look.note:
        painter.setFont(fonts.note)
        painter.setPen(palette.windowText().color())
        words = QRect(room.left(), room.bottom() + 1, room.width(), painter.fontMetrics().height())
        note = painter.fontMetrics().elidedText(look.note, Qt.TextElideMode.ElideMiddle, room.width())
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, note)
    if look.there:
        paint_code(painter, palette, fonts, within, look.code, look.faint)
    if look.at_cursor:
        painter.setPen(QPen(palette.highlight().color(), _FRAME, j=Qt.PenJoinStyle.MiterJoin))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(cell.adjusted(1, 1, -2, -2))


def paint_image(painter: QPainter, room: QRect, image: QImage) -> QRect:
    """Paint an image in the middle of its room and say where; one made for another size is scaled to fit."""
    size = image.deviceIndependentSize().toSize()
    fitted = size.scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
    scaled = abs(fitted.width() - size.width()) > 1 or abs(fitted.height() - size.height()) > 1
    place = QRect(QPoint(), fitted if scaled else size)
    place.translate(
        room.topLeft() + QPoint((room.width() - place.width()) // 2, (room.height() - place.height()) // 2)
    )
    if scaled:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(place, image)
    else:  # at a fractional ratio its size in px is no whole number: as it is, it is not scaled
        painter.drawImage(place.topLeft(), image)
    return place


def paint_mark(painter: QPainter, place: QRect, tint: int = _TINT) -> None:
    """A tint, a frame and a sign in the corner: the image is still seen. ``tint``: its alpha."""
    colour = QColor(OkabeIto.VERMILLION.value)
    painter.fillRect(place, QColor(colour.red(), colour.green(), colour.blue(), tint))
    painter.setPen(QPen(colour, _FRAME, j=Qt.PenJoinStyle.MiterJoin))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(place.adjusted(1, 1, -2, -2))
    _paint_sign(painter, place, colour, Qt.Corner.TopRightCorner, "")


def paint_code(
    painter: QPainter, palette: QPalette, fonts: CellFonts, place: QRect, code: str, faint: bool = False
) -> None:
    """The letter that marks the cell, on a ground of its own in the corner."""
    code = code.upper()  # as it stands on the key
    painter.setFont(fonts.code)
    metrics = painter.fontMetrics()
    size = QSize(max(metrics.height(), metrics.horizontalAdvance(code) + 8), metrics.height())
    ground = QRect(place.topLeft(), size)
    painter.fillRect(ground, palette.window())
    painter.setPen((palette.mid() if faint else palette.windowText()).color())
    painter.drawText(ground, Qt.AlignmentFlag.AlignCenter, code)


def _paint_sign(painter: QPainter, place: QRect, colour: QColor, corner: Qt.Corner, sign: str) -> None:
    """A square in a corner of the image: with a cross, or with a sign."""
    painter.setFont(theme.font(FontRole.SMALL, bold=True))
    side = painter.fontMetrics().height() + 4
    square = QRect(0, 0, side, side)
    if corner is Qt.Corner.TopRightCorner:
        square.moveTopRight(place.topRight())
    else:
        square.moveBottomRight(place.bottomRight())
    painter.fillRect(square, colour)
    painter.setPen(QPen(QColor("white"), 2))
    if sign:
        painter.drawText(square, Qt.AlignmentFlag.AlignCenter, sign)
        return
    inner = square.adjusted(side // 4, side // 4, -side // 4, -side // 4)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.drawLine(inner.topLeft(), inner.bottomRight())
    painter.drawLine(inner.topRight(), inner.bottomLeft())
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
