"""The menu bar and the right click reach every action of every page; pages for participants have neither."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from tests.ui.on_screen import open_in_window, open_on_screen
from tests.ui.opened import Opened
from tests.ui.pages import PAGES
from ui.answering.answer_keys import KEYBOARD_KEYS
from ui.answering.pages.page_keys import PAGE_KEYS
from ui.kit import theme
from ui.kit.keys import WINDOW_KEYS, WindowAction
from ui.kit.menus import MenuBar
from ui.labeling.one_by_one.label_actions import PAUSED_KEYS
from ui.main_window import MainWindow

FOR_PARTICIPANTS = {"welcome", "text", "questions", "trial", "trial-dropdown", "marking"}
# What is said of the image on screen, by keys that are too many for a menu; and the way out of a pause.
IN_NO_MENU = {id(table) for table in (KEYBOARD_KEYS, PAGE_KEYS, PAUSED_KEYS)}


@pytest.fixture(params=PAGES)
def opened(request: pytest.FixtureRequest, qapp: QApplication, qtbot) -> Iterator[tuple[str, Opened]]:
    theme.apply(qapp, theme.Theme.LIGHT)
    made = PAGES[request.param]()
    _window = open_in_window(qtbot, made.page)
    made.page.setFocus()
    QApplication.processEvents()
    yield request.param, made
    made.close()


def bar_of(opened: Opened) -> MenuBar:
    bar = opened.page.window().findChild(MenuBar)
    assert isinstance(bar, MenuBar)
    return bar


def entries_of(opened: Opened) -> list[QAction]:
    entries: list[QAction] = []
    for menu in bar_of(opened).findChildren(QMenu):
        menu.aboutToShow.emit()
        entries += [action for action in menu.actions() if not action.isSeparator()]
    return entries


def test_every_action_is_in_the_menu_bar_with_its_key(opened: tuple[str, Opened]) -> None:
    name, page = opened
    keys = [action.text().partition("\t")[2] for action in entries_of(page)]
    if name in FOR_PARTICIPANTS:
        assert bar_of(page).isHidden()
        assert keys == []
        return
    assert bar_of(page).isVisible()
    for table in page.page.key_tables():
        for key in table.keys:
            in_no_menu = id(table) in IN_NO_MENU or not key.keys
            assert in_no_menu or key.hint in keys or key.names == "1 to 9", key.text
    for action in (WindowAction.HELP, WindowAction.FULL_SCREEN):
        assert WINDOW_KEYS[action].hint in keys


def test_an_entry_does_what_its_key_does(opened: tuple[str, Opened]) -> None:
    _, page = opened
    by_key = {
        key.hint: key.action
        for table in page.page.key_tables()
        for key in table.keys
        if id(table) not in IN_NO_MENU and key.keys
    }
    for action in entries_of(page):
        hint = action.text().partition("\t")[2]
        if action.isEnabled() and hint in by_key:
            page.done.clear()
            action.trigger()
            assert page.done == [page.effect(by_key[hint])], action.text()


def test_it_makes_room_together_with_the_strip_beside_it(qapp: QApplication, qtbot) -> None:
    made, window = PAGES["label"](), MainWindow()
    window.pages.addWidget(made.page)
    strip = QWidget()
    window.show_strip(strip)
    open_on_screen(qtbot, window)
    for hidden in (True, False):
        strip.setHidden(hidden)
        assert bar_of(made).isHidden() is hidden
    made.close()


def test_alt_opens_the_menus_and_leaves_them(opened: tuple[str, Opened], qtbot) -> None:
    name, page = opened
    bar = bar_of(page)
    window = page.page.window().windowHandle()
    assert window is not None
    QTest.keyClick(window, Qt.Key.Key_Alt)
    assert (bar.activeAction() is not None) is (name not in FOR_PARTICIPANTS)
    QTest.keyClick(window, Qt.Key.Key_Alt)
    assert bar.activeAction() is None
    assert page.done == []
