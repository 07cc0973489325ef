"""One line and one bar above every page of a project."""

from __future__ import annotations

from PySide6.QtCore import Qt

from clarifier_desktop.app import Program
from tests.ui.labeling.window import label, press
from ui.labeling.finish_strip import FinishStrip


def strip_of(program: Program) -> FinishStrip:
    strip = program.window.findChild(FinishStrip)
    assert strip is not None
    return strip


def test_it_stands_above_every_page_and_goes_with_the_project(labeled: Program, qtbot) -> None:
    strip = strip_of(labeled)
    qtbot.waitUntil(lambda: strip.count.text() == "8 of 60 labeled")
    assert strip.words.text().startswith("52 left   ·   at most about ")
    assert strip.bar.parts == (8, 0, 0, 52)
    for key in (Qt.Key.Key_P, Qt.Key.Key_E, Qt.Key.Key_K, Qt.Key.Key_Comma, Qt.Key.Key_G):
        press(labeled, qtbot, key, control=True)
        assert strip.isVisible()
        press(labeled, qtbot, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: labeled.labeling is not None and labeled.labeling.page.isVisible())
    press(labeled, qtbot, Qt.Key.Key_F10)
    assert not strip.isVisible(), "the image has the window for itself"
    press(labeled, qtbot, Qt.Key.Key_F10)
    assert strip.isVisible()
    press(labeled, qtbot, Qt.Key.Key_H, control=True)
    qtbot.waitUntil(lambda: labeled.window.findChild(FinishStrip) is None)


def test_it_counts_down(labeled: Program, qtbot) -> None:
    strip = strip_of(labeled)
    label(labeled, qtbot, 1)
    qtbot.waitUntil(lambda: strip.count.text() == "9 of 60 labeled")
    assert "a guess" in strip.toolTip()
    assert "51 are left" in strip.toolTip()
