"""The key sheet says every key, from the table that binds it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from tests.ui.driving import key_event, unnamed
from ui.kit import theme
from ui.kit.actions import BINDINGS, Scope
from ui.kit.help_sheet import HelpSheet

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def sheet(qapp: QApplication, qtbot) -> HelpSheet:
    theme.apply(qapp, theme.Theme.LIGHT)
    made = HelpSheet()
    qtbot.addWidget(made)
    made.show()
    return made


def test_every_binding_is_listed(sheet: HelpSheet) -> None:
    words = [label.text() for label in sheet.findChildren(QLabel)]
    for binding in BINDINGS:
        assert binding.key_names in words
        assert binding.text in words
    for scope in Scope:
        assert words.count(scope.value) == 1


def test_its_controls_have_names_and_it_fits_a_small_screen(sheet: HelpSheet) -> None:
    assert unnamed(sheet) == []
    assert sheet.sizeHint().height() <= 640
    assert sheet.sizeHint().width() <= 1024


@pytest.mark.parametrize("key", [Qt.Key.Key_F1, Qt.Key.Key_Escape])
def test_it_closes_by_key(sheet: HelpSheet, key: Qt.Key) -> None:
    key_event(sheet, key)
    assert not sheet.isVisible()
