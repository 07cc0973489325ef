"""Icons are of the set, and drawn in the colour that is asked for."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtWidgets import QApplication

from ui.kit.look.icons import Icon, application_icon, drawn


@pytest.mark.parametrize("icon", list(Icon))
def test_each_icon_is_drawn_in_its_colour(qapp: QApplication, icon: Icon) -> None:
    image = drawn(icon, 20, 2.0, "#d00000").toImage()
    assert (image.width(), image.devicePixelRatio()) == (40, 2.0)
    inked = [image.pixelColor(x, y) for x in range(40) for y in range(40)]
    full = [colour for colour in inked if colour.alpha() == 255]
    assert full
    assert all(colour.rgb() == QColor("#d00000").rgb() for colour in full)


def test_the_program_has_an_icon_in_all_sizes(qapp: QApplication) -> None:
    icon = application_icon()
    for size in (16, 32, 48, 128, 256):
        assert icon.pixmap(size).width() == round(size * QGuiApplication.primaryScreen().devicePixelRatio())
