"""The key sheet says every key, from the tables that bind them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from tests.ui.driving import key_event, unnamed
from ui.answering.answer_keys import DROPDOWN_KEYS, KEYBOARD_KEYS, SEARCH_KEYS
from ui.kit import theme
from ui.kit.help_sheet import HelpSheet
from ui.kit.keys import WINDOW_KEYS

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

TABLES = (KEYBOARD_KEYS, DROPDOWN_KEYS, SEARCH_KEYS, WINDOW_KEYS)


@pytest.fixture
def sheet(qapp: QApplication, qtbot) -> HelpSheet:
    theme.apply(qapp, theme.Theme.LIGHT)
    made = HelpSheet(TABLES)
    qtbot.addWidget(made)
    made.show()
    return made


def test_every_key_is_listed_in_the_tables_order(sheet: HelpSheet) -> None:
    words = [label.text() for label in sheet.findChildren(QLabel)]
    listed = []
    for table in TABLES:
        listed.append(table.title)
        for key in table.keys:
            listed += [key.key_names, key.text]
    assert words == listed


def test_its_controls_have_names_and_it_fits_a_small_screen(sheet: HelpSheet) -> None:
    assert unnamed(sheet) == []
    assert sheet.sizeHint().height() <= 640
    assert sheet.sizeHint().width() <= 1024


@pytest.mark.parametrize("key", [Qt.Key.Key_F1, Qt.Key.Key_Escape])
def test_it_closes_by_key(sheet: HelpSheet, key: Qt.Key) -> None:
    key_event(sheet, key)
    assert not sheet.isVisible()
