"""The second half of a double click is no press: on classes, on the suggested word, on likely classes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from tests.ui.on_screen import open_on_screen
from ui.answering.class_cells import ClassCells
from ui.answering.stimulus_view import Stimulus
from ui.labeling.one_by_one.label_view import LabelView
from ui.labeling.one_by_one.suggestion_strip import SuggestionStrip

LEFT = Qt.MouseButton.LeftButton


def double_click(widget: QWidget, at: QPoint) -> None:
    """As Qt hands it on: press, release, double click, release."""
    QTest.mouseClick(widget, LEFT, pos=at)
    QTest.mouseDClick(widget, LEFT, pos=at)


def classes(qtbot) -> tuple[QWidget, object, QPoint]:
    cells = ClassCells()
    cells.set_classes(("cat", "dog"), ())
    open_on_screen(qtbot, cells, 500, 100)
    return cells, cells.clicked, cells.place(1).center()


def word(qtbot) -> tuple[QWidget, object, QPoint]:
    view = LabelView()
    open_on_screen(qtbot, view, 500, 400)
    view.present(Stimulus(QImage(90, 90, QImage.Format.Format_RGB32), "Suggested", "dog"))
    return view, view.word_clicked, view._words_place().center()


def likely(qtbot) -> tuple[QWidget, object, QPoint]:
    strip = SuggestionStrip()
    strip.set_names({0: "cat", 1: "dog"})
    strip.set_classes((0, 1), ())
    open_on_screen(qtbot, strip, 500, 100)
    return strip, strip.clicked, strip.place(1).center()


@pytest.mark.parametrize("make", [classes, word, likely])
def test_a_double_click_answers_once(make, qapp, qtbot) -> None:
    widget, clicked, at = make(qtbot)
    got: list[object] = []
    clicked.connect(lambda *args: got.append(args))
    double_click(widget, at)
    assert len(got) == 1
    QTest.mouseClick(widget, LEFT, pos=at)
    assert len(got) == 2
