"""A page of images by mouse: clicks, drags and the menu."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from tests.ui.answering.pages.page_in_window import LEFT, SHIFT, Page


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_the_menu_marks_from_here_to_the_end(page: Page) -> None:
    page.open()
    where = page.middle(20)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, where, page.view.mapToGlobal(where))
    QApplication.sendEvent(page.view, event)
    (menu,) = page.view.findChildren(QMenu)
    first, second = menu.actions()
    assert "from here to the end" in first.text()
    first.trigger()
    assert page.marked == {20, 21, 22, 23}
    second.trigger()
    assert page.marked == set()
    menu.close()


def test_clicks_with_and_without_shift(page: Page) -> None:
    page.open()
    page.click(5)
    page.click(8, SHIFT)
    assert page.marked == {5, 6, 7, 8}
    page.click(6)
    assert page.marked == {5, 7, 8}
    QTest.mouseClick(page.view, Qt.MouseButton.MiddleButton, pos=page.middle(0))
    assert page.marked == {5, 7, 8}


def test_a_double_click_is_one_mark(page: Page) -> None:
    page.open()
    QTest.mouseClick(page.view, LEFT, pos=page.middle(2))
    QTest.mouseDClick(page.view, LEFT, pos=page.middle(2))
    assert page.marked == {2}
    assert len(page.marks) == 1


def test_a_drag_marks_all_on_its_way_or_takes_their_marks_back(page: Page) -> None:
    page.open()
    page.click(2)
    page.drag(1, 4)
    assert page.marked == {1, 2, 3, 4}
    page.drag(3, 5)
    assert page.marked == {1, 2}, "it began on a marked one"
    page.drag(0)
    assert page.marked == {0, 1, 2}
