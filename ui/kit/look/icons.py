"""Icons of one set (Lucide 1.62, ISC licence), drawn in the colours of the look at the moment."""

from __future__ import annotations

from enum import Enum
from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap

_FOLDER = Path(__file__).parent / "assets"
_APPLICATION_SIZES = (16, 32, 48, 128, 256)  # px


class Icon(Enum):
    """The icons in use, each by its name in the set."""

    CLASSES = "tags"
    DETAILS = "chart-no-axes-column"
    DOUBTFUL = "scan-search"
    EXAMPLES = "images"
    FLAG = "flag"
    GRID = "layout-grid"
    HOME = "house"
    IMAGE = "image"
    KEYS = "keyboard"
    LARGE = "maximize"
    MORE = "ellipsis-vertical"
    SAVE = "download"
    SETTINGS = "settings"
    SKIP = "skip-forward"
    STUDY = "clipboard-list"
    UNDO = "undo-2"


@lru_cache(maxsize=128)
def drawn(icon: Icon, size: int, ratio: float, colour: str) -> QPixmap:
    """An icon of ``size`` logical px in a colour (``#rrggbb``)."""
    from PySide6.QtSvg import QSvgRenderer  # most pages have no icon

    text = (_FOLDER / "icons" / f"{icon.value}.svg").read_text(encoding="utf-8")
    side = round(size * ratio)
    pixmap = QPixmap(side, side)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(text.replace("currentColor", colour).encode())).render(
        painter, QRectF(0, 0, side, side)
    )
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def paint_icon(painter: QPainter, icon: Icon, place: QRectF, colour: QColor) -> None:
    """Paint an icon in a square, sharp at every scaling."""
    device = painter.device()
    ratio = device.devicePixelRatioF() if device is not None else 1.0
    painter.drawPixmap(place.topLeft(), drawn(icon, round(place.width()), ratio, colour.name()))


def application_icon() -> QIcon:
    """The program's own icon; a size is read when it is first shown."""
    icon = QIcon()
    for size in _APPLICATION_SIZES:
        icon.addFile(str(_FOLDER / f"clarifier-{size}.png"))
    return icon
