"""The wheel scrolls pages; it never changes what is chosen in a box that happens to lie below the pointer."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox

from tests.ui.on_screen import open_on_screen
from tests.ui.pages import PAGES
from ui.kit import theme


@pytest.mark.parametrize("name", PAGES)
def test_the_wheel_changes_no_choice(name: str, qapp: QApplication, qtbot) -> None:
    theme.apply(qapp, theme.Theme.LIGHT)
    opened = PAGES[name]()
    open_on_screen(qtbot, opened.page)
    boxes = [*opened.page.findChildren(QComboBox), *opened.page.findChildren(QAbstractSpinBox)]
    if name in ("settings", "round", "trial-dropdown"):
        assert boxes
    for box in boxes:
        box.setFocus()  # also where the cursor is in it
        before = chosen(box)
        for by in (-120, 120, 120, -240):
            turn = QPoint(0, by)
            here = QPointF(3, 3)
            held = (Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase)
            QApplication.sendEvent(box, QWheelEvent(here, here, turn, turn, *held, False))
            assert chosen(box) == before
    opened.close()


def chosen(box: QComboBox | QAbstractSpinBox) -> str:
    return box.currentText() if isinstance(box, QComboBox) else box.text()
