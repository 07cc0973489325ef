"""The classes as chips: the one that Enter answers is filled, and none moves."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from ui.answering.choosing import answer_with
from ui.answering.class_chips import ClassChips
from ui.answering.class_picker import ClassPicker
from ui.kit import theme

SEVEN = ("Forest", "Field", "Lake", "River", "Industrial", "Highway", "Residential")


@pytest.fixture
def picker(qapp: QApplication, qtbot) -> ClassPicker:
    theme.apply(qapp, theme.Theme.LIGHT)
    made = ClassPicker(cells=ClassChips)
    qtbot.addWidget(made)
    made.resize(1000, 200)
    made.show()
    made.set_classes(SEVEN)
    return made


def filled(picker: ClassPicker) -> list[str]:
    """The chips on the ground of the accent, as they are painted."""
    seen, cells = picker._cells.grab().toImage(), picker._cells
    places = [cells.place(index) for index in range(len(cells.classes))]
    colours = [seen.pixelColor(place.right() - 5, place.center().y()).name() for place in places]
    accent = theme.look().accent.fill.lower()
    return [name for name, colour in zip(cells.classes, colours, strict=True) if colour == accent]


def test_what_enter_answers_is_filled(picker: ClassPicker) -> None:
    assert filled(picker) == []
    places = [picker._cells.place(index) for index in range(7)]
    picker.reset("Lake")
    assert filled(picker) == ["Lake"]
    picker.press(Qt.Key.Key_Right, "")
    assert filled(picker) == [SEVEN[picker._cells.candidate or 0]]
    assert picker.press(Qt.Key.Key_Return, "\r") == answer_with(filled(picker)[0])
    picker.reset("River")
    assert filled(picker) == ["River"]
    picker.reset(None)
    assert filled(picker) == []
    assert [picker._cells.place(index) for index in range(7)] == places


def test_rows_are_as_full_as_each_other(picker: ClassPicker, qtbot) -> None:
    for width in (1000, 700, 500):
        picker.resize(width, 300)
        tops = [picker._cells.place(index).top() for index in range(7)]
        rows = [tops.count(top) for top in sorted(set(tops))]
        assert rows[0] - rows[-1] < len(rows)
        assert all(
            picker._cells.place(i).left() >= 0 and picker._cells.place(i).right() < width for i in range(7)
        )


def test_the_chip_under_the_pointer_stands_out(picker: ClassPicker, qtbot) -> None:
    before = picker._cells.grab().toImage()
    qtbot.mouseMove(picker._cells, picker._cells.place(3).center())
    assert picker._cells.grab().toImage() != before
