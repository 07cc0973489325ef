"""The numbers at the side: whatever they are, nothing moves and the buttons stay in view."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QScrollArea

from studies.estimates import Share
from studies.labeling.rounds.panel import PanelData, Point
from tests.ui.on_screen import open_on_screen
from ui.kit import theme
from ui.labeling.one_by_one.side_panel import SidePanel

WIDE = (
    ("Your labels", "10,000"),
    ("Without a label", "1,234"),
    ("Left", "10,000"),
    ("Time for them", "up to about 1234.5 min"),
    ("c_a, correcting", "12.86 s (10.00 to 18.49)"),
    ("Right, intermediate", "97% of 1000 (95% to 98%)"),
    ("Round, of predicted", "123.4 min of 123.4 min"),
)
FIRST = PanelData(tuple((what, "-") for what, _ in WIDE), (("dog", 0),), "", "Next: 3 hard.", "", ())
LATER = PanelData(
    WIDE,
    tuple((f"a class of a long name {n}", n) for n in range(9)),
    "Another round is worth its time, as far as can be told. " * 3,
    "Next: 30 hard, 30 intermediate, up to 70 easy, about 11.0 min. Most images are hard ones. " * 3,
    "Of 30 wrong suggestions on purpose 3 were accepted. " * 3,
    (Point(60.0, 90.0, 80.0, Share(8, 10)),),
)


@pytest.fixture
def panel(qapp: QApplication, qtbot) -> SidePanel:
    theme.apply(qapp, theme.Theme.LIGHT)
    made = SidePanel()
    open_on_screen(qtbot, made, made.width(), 560)
    return made


def places(panel: SidePanel) -> dict[str, QRect]:
    """Where the numbers' names and the buttons are, by their text."""
    QApplication.processEvents()
    names = [name for name, _ in panel._rows]
    parts: list[QLabel | QPushButton] = [*names, *panel.findChildren(QPushButton)]
    return {part.text(): QRect(part.mapTo(panel, QPoint()), part.size()) for part in parts}


def test_nothing_moves_when_the_numbers_grow_and_the_bar_comes(panel: SidePanel) -> None:
    panel.show_data(FIRST)
    before = places(panel)
    area = panel.findChild(QScrollArea)
    assert area is not None
    assert area.verticalScrollBar().maximum() == 0
    panel.show_data(LATER)
    assert places(panel) == before
    assert area.verticalScrollBar().maximum() > 0


def test_no_row_is_left_over_when_there_are_fewer(panel: SidePanel) -> None:
    panel.show_data(replace(FIRST, lines=(("c_g, on a page", "0.3 s"), ("Round, of predicted", "1 min"))))
    for lines in ((("Round, of predicted", "1 min"),), WIDE):
        panel.show_data(replace(FIRST, lines=lines))
        QApplication.processEvents()
        shown = [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]
        assert shown.count("Round, of predicted") == 1
        assert all(text in shown for line in lines for text in line)


def test_each_number_is_one_line(panel: SidePanel) -> None:
    panel.show_data(LATER)
    QApplication.processEvents()
    for _, value in panel._rows:
        assert value.fontMetrics().horizontalAdvance(value.text()) <= value.width(), value.text()
        assert value.height() < 2 * value.fontMetrics().height()


@pytest.mark.parametrize("height", [700, 300, 200])
def test_the_buttons_are_always_in_view(panel: SidePanel, height: int) -> None:
    panel.resize(panel.width(), height)
    panel.show_data(LATER)
    found = places(panel)
    for text in ("Change the round", "Save the figure"):
        assert panel.rect().contains(found[text])
