"""The gallery shows what the pages are made of, in each look, and the same each time."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from ui import gallery
from ui.kit import theme

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def difference(one: QImage, other: QImage) -> float:
    """The share of pixels that differ by more than a little."""
    assert one.size() == other.size()
    spots = [(x, y) for x in range(0, one.width(), 3) for y in range(0, one.height(), 3)]
    apart = (
        abs(one.pixelColor(*spot).lightness() - other.pixelColor(*spot).lightness()) > 24 for spot in spots
    )
    return sum(apart) / len(spots)


def test_each_look_has_a_picture_of_its_own_that_stays(qapp: QApplication, tmp_path: Path) -> None:
    theme.apply(qapp, theme.Theme.LIGHT)
    files = gallery.write_pictures(qapp, tmp_path / "one")
    again = gallery.write_pictures(qapp, tmp_path / "two")
    theme.apply(qapp, theme.Theme.LIGHT)
    pictures = [QImage(str(file)) for file in files]
    assert len(pictures) == 4
    assert all(difference(p, QImage(str(file))) < 0.001 for p, file in zip(pictures, again, strict=True))
    light, _, dark, _ = pictures
    assert difference(light, dark) > 0.5


def test_what_cannot_be_used_is_seen_to_be_so(qapp: QApplication, qtbot) -> None:
    theme.apply(qapp, theme.Theme.LIGHT)
    for make in (gallery._fields, gallery._buttons):
        for widget in make():
            qtbot.addWidget(widget)
            widget.resize(widget.sizeHint())
            usual = widget.grab().toImage()
            widget.setEnabled(not widget.isEnabled())
            assert widget.grab().toImage() != usual, type(widget).__name__
