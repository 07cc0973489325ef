"""Accuracy against minutes as a small drawing: lines where their numbers say, names that do not hide one another."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from ui.kit import theme
from ui.kit.charts.curve_view import CurveLine, CurveView
from ui.kit.theme import CHART_COLOURS

RISING = ((0.5, 0.4), (2.0, 0.8), (5.0, 0.9))


@pytest.fixture
def view(qapp: QApplication, qtbot) -> CurveView:
    theme.apply(qapp, theme.Theme.LIGHT)
    made = CurveView("Accuracy against minutes", "min")
    qtbot.addWidget(made)
    made.resize(280, 150)
    made.show()
    return made


def inked(view: CurveView, colour: QColor) -> list[tuple[int, int]]:
    """The pixels of a colour."""
    image = view.grab().toImage()
    rgb = colour.rgb()
    every = ((x, y) for x in range(image.width()) for y in range(image.height()))
    return [(x, y) for x, y in every if image.pixel(x, y) == rgb]


def test_without_a_number_it_says_what_will_be_here(view: CurveView) -> None:
    empty = view.grab().toImage()
    view.show_lines((CurveLine("you", ()),))
    assert view.grab().toImage() == empty
    assert view.accessibleName() == "Accuracy against minutes"
    view.show_lines((CurveLine("you", RISING),))
    assert view.grab().toImage() != empty


def test_a_line_rises_from_left_to_right(view: CurveView) -> None:
    view.show_lines((CurveLine("", RISING),))
    points = inked(view, QColor(CHART_COLOURS[0]))
    left, right = min(points), max(points)
    assert right[0] - left[0] > view.width() / 2
    assert right[1] < left[1], "higher on the right"


def test_the_ends_are_told_to_a_screen_reader(view: CurveView) -> None:
    view.show_lines((CurveLine("you", RISING), CurveLine("no help", ((0.5, 0.4), (9.0, 0.9)))))
    assert view.accessibleDescription() == "you: 90%, no help: 90%"


@pytest.mark.parametrize("points", [((0.0, 0.0),), ((0.0, 1.0), (0.0, 1.0)), ((1e-3, 0.5), (1e6, 0.5))])
def test_odd_numbers_are_drawn(view: CurveView, points: tuple[tuple[float, float], ...]) -> None:
    empty = view.grab().toImage()
    view.show_lines((CurveLine("you", points),))
    assert view.grab().toImage() != empty


def test_a_line_of_a_single_point_is_seen(view: CurveView) -> None:
    view.show_lines((CurveLine("", ((5.0, 0.9),)), CurveLine("", ((2.0, 0.9),))))
    assert [len(inked(view, QColor(colour))) > 4 for colour in CHART_COLOURS[:2]] == [True, True]
