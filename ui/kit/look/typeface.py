"""Gives the application its typeface; the system's stands in for scripts that it does not have."""

from __future__ import annotations

from PySide6.QtGui import QFont, QFontDatabase, QFontInfo

from studies.charts.typeface import FAMILY, FONT_FILES

_SMALLEST_BODY_PT = 10.0


def points(of: QFont) -> float:
    """The size of a font in points; one set in pixels has none of its own."""
    return of.pointSizeF() if of.pointSizeF() > 0 else QFontInfo(of).pointSizeF()


def body_font(of_system: QFont) -> QFont:
    """The body's font, as large as the system's or larger; its figures are all of one width, so that none moves."""
    known = [QFontDatabase.addApplicationFont(str(file)) for file in FONT_FILES]
    result = QFont(of_system)
    if min(known) >= 0:
        result.setFamilies([FAMILY, *of_system.families()])
    result.setFeature(QFont.Tag("tnum"), 1)
    result.setPointSizeF(max(_SMALLEST_BODY_PT, points(of_system)))
    return result
