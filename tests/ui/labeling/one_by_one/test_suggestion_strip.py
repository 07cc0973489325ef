"""Likely and recent classes in places that stay, each with a digit."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip

from ui.kit import theme
from ui.labeling.one_by_one.suggestion_strip import RECENT, TOP, SuggestionStrip

NAMES = {number: f"class {number}" for number in range(20)}


@pytest.fixture
def strip(qapp: QApplication, qtbot) -> SuggestionStrip:
    theme.apply(qapp, theme.Theme.LIGHT)
    made = SuggestionStrip()
    qtbot.addWidget(made)
    made.resize(700, made.height())
    made.set_names(NAMES)
    made.show()
    return made


def test_each_place_has_a_digit_for_key_and_mouse(strip: SuggestionStrip, qtbot) -> None:
    strip.set_classes((3, 4, 5, 6, 7), (8, 9, 10, 11))
    clicked: list[int] = []
    strip.clicked.connect(lambda class_id, _event: clicked.append(class_id))
    for index in range(TOP + RECENT):
        qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=strip.place(index).center())
    by_key = [strip.class_of(str(1 + index)) for index in range(TOP + RECENT)]
    assert clicked == by_key == [3, 4, 5, 6, 7, 8, 9, 10, 11]


def test_recent_ones_keep_their_places_where_few_are_likely(strip: SuggestionStrip, qtbot) -> None:
    strip.set_classes((3,), (8, 3, 9))
    assert [strip.class_of(str(digit)) for digit in range(1, 10)] == [
        3,
        None,
        None,
        None,
        None,
        8,
        9,
        None,
        None,
    ]
    clicked: list[int] = []
    strip.clicked.connect(lambda class_id, _event: clicked.append(class_id))
    qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=strip.place(1).center())
    qtbot.mouseClick(strip, Qt.MouseButton.RightButton, pos=strip.place(0).center())
    assert clicked == [], "an empty place and the other button answer nothing"


def test_other_keys_are_no_places(strip: SuggestionStrip) -> None:
    strip.set_classes((3, 4), ())
    assert [strip.class_of(text) for text in ("0", "", "a", "12")] == [None, None, None, None]


def test_more_than_fit_are_left_out(strip: SuggestionStrip) -> None:
    strip.set_classes(tuple(range(9)), tuple(range(9, 19)))
    assert strip.class_of("5") == 4
    assert strip.class_of("9") == 12


def test_a_screen_reader_hears_the_places(strip: SuggestionStrip) -> None:
    strip.set_classes((3,), (8,))
    assert strip.accessibleDescription() == "1 class 3, 6 class 8"


def test_a_class_that_is_gone_leaves_its_place_empty(strip: SuggestionStrip) -> None:
    strip.set_classes((3, 4), ())
    strip.set_names({4: "class 4"})
    assert strip.accessibleDescription().endswith("2 class 4")
    strip.grab()


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_a_shortened_name_is_whole_in_the_tool_tip(strip: SuggestionStrip) -> None:
    long = "White-throated Warbler of the Pacific Coast"
    strip.set_names({3: long})
    strip.set_classes((), (3,))
    at = strip.place(TOP).center()
    QApplication.sendEvent(strip, QHelpEvent(QEvent.Type.ToolTip, at, strip.mapToGlobal(at)))
    assert QToolTip.text() == long
    QToolTip.hideText()


def test_places_are_read_from_the_right_where_text_is(strip: SuggestionStrip, qtbot) -> None:
    strip.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    strip.set_classes((3, 4, 5, 6, 7), ())
    clicked: list[int] = []
    strip.clicked.connect(lambda class_id, _event: clicked.append(class_id))
    qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(strip.width() - 10, 5))
    assert clicked == [3]
    strip.grab()
