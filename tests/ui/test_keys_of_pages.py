"""The contract of keys: on every page of the program each key of its table does its action, and is told of."""

from __future__ import annotations

import importlib
import pkgutil
from collections import Counter
from collections.abc import Iterator
from enum import Enum
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QTabBar,
    QWidget,
)

import ui
from tests.ui.on_screen import open_in_window, open_on_screen
from tests.ui.opened import Opened
from tests.ui.pages import PAGES
from ui.home_page import HomePage
from ui.kit import theme
from ui.kit.help_sheet import HelpSheet
from ui.kit.icon_button import IconButton
from ui.kit.key_page import KeyPage
from ui.kit.keys import WINDOW_KEYS, HasKeys, Key, KeyTable, combination_of, comes_first, key_name
from ui.labeling.project.new_project_page import ProjectAction
from ui.results.file_page import FilePage

# Of a dialog that comes up, on a platform without a screen.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture(params=PAGES)
def opened(request: pytest.FixtureRequest, qapp: QApplication, qtbot) -> Iterator[Opened]:
    """A page in the program's window, active and with the focus."""
    theme.apply(qapp, theme.Theme.LIGHT)
    made = PAGES[request.param]()
    _window = open_in_window(qtbot, made.page)
    made.page.setFocus()
    QApplication.processEvents()
    yield made
    made.close()


def press(opened: Opened, key: str) -> None:
    """Press a key in the window, wherever its focus is."""
    combination = combination_of(key)
    handle = opened.page.window().windowHandle()
    assert handle is not None
    QTest.qWait(2)  # a release and a press of one key in the same ms are a held key's repeat
    QTest.keyClick(handle, combination.key(), combination.keyboardModifiers())


def tables(opened: Opened) -> tuple[KeyTable[Any], ...]:
    shown: tuple[KeyTable[Any], ...] = opened.page.key_tables()
    return shown


def entries(opened: Opened) -> Iterator[tuple[KeyTable[Any], Key[Any]]]:
    for table in tables(opened):
        for key in table.keys:
            yield table, key


def keys_that_hold(opened: Opened, table: KeyTable[Any]) -> list[str]:
    """The keys that a table shares the page with: all, or its own where it holds alone; and the window's."""
    together = [table] if table.alone else [other for other in tables(opened) if not other.alone]
    return [name for one in (*together, WINDOW_KEYS) for key in one.keys for name in key.keys]


def test_every_page_of_the_program_is_here_and_has_a_table() -> None:
    classes: set[type] = set()
    for found in pkgutil.walk_packages(ui.__path__, "ui."):
        module = importlib.import_module(found.name)
        classes |= {
            value
            for name, value in vars(module).items()
            if isinstance(value, type) and issubclass(value, QWidget) and name.endswith("Page")
        }
    assert {of.__name__ for of in classes - {KeyPage, FilePage}} == {
        "HomePage", "SetupPage", "WelcomePage", "TextPage", "TrialPage", "ResultsPage", "ExperimentPage",
        "NewProjectPage", "SettingsPage", "ClassesPage", "RoundPage", "ExportPage", "MovedPage", "GridPage",
        "LabelPage", "ChangedPage", "MarkingPage", "FinishPage", "QuestionsPage",
    }  # fmt: skip
    assert all(issubclass(of, HasKeys) for of in classes)


def test_the_pages_opened_here_are_all_of_them(opened: Opened) -> None:
    assert isinstance(opened.page, HasKeys)
    assert sum(len(table.keys) for table in tables(opened)) >= 2


def test_each_key_does_its_action(opened: Opened) -> None:
    for table, key in entries(opened):
        for name in key.keys:
            opened.done.clear()
            opened.prepare(table, key.action)
            press(opened, name)
            assert opened.done == [opened.effect(key.action)], f"{name}: {key.text}"


def test_a_key_that_comes_first_does_its_action_wherever_the_focus_is(opened: Opened) -> None:
    if not isinstance(opened.page, KeyPage):
        return  # nothing on those takes the keyboard from them but the list, which has its own table
    takers = [
        widget
        for widget in opened.page.findChildren(QWidget)
        if widget.isVisible() and widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    assert takers
    for widget in takers:
        for _, key in entries(opened):
            for name in filter(comes_first, key.keys):
                widget.setFocus()
                opened.done.clear()
                press(opened, name)
                assert opened.done == [key.action], f"{name} in {type(widget).__name__}"


def test_enter_presses_the_button_that_has_the_focus(opened: Opened) -> None:
    if not isinstance(opened.page, KeyPage):
        return
    for button, action in opened.page._clicked_actions.items():
        if button.isVisible() and button.isEnabled():
            button.setFocus()
            opened.done.clear()
            press(opened, "Return")
            assert opened.done == [action]


def test_a_key_leaves_every_page(opened: Opened) -> None:
    """The home page is where they lead; a page of words is left by Enter where Esc has nothing to decline."""
    leaving = [(table, key) for table, key in entries(opened) if "Esc" in key.keys]
    if isinstance(opened.page, HomePage):
        leaving = [(table, key) for table, key in entries(opened) if "Return" in key.keys]
    assert leaving
    for table, key in leaving:
        opened.prepare(table, key.action)
        press(opened, "Esc" if "Esc" in key.keys else "Return")
        assert opened.done == [opened.effect(key.action)], key


def test_no_key_does_two_things(opened: Opened) -> None:
    for table in tables(opened):
        counts = Counter(combination_of(name).toCombined() for name in keys_that_hold(opened, table))
        assert max(counts.values()) == 1, table.title


def test_a_button_with_a_key_is_of_the_table_and_does_the_same(opened: Opened, qtbot) -> None:
    page = opened.page
    known = {hint for _, key in entries(opened) for hint in (key.names, *map(key_name, key.keys))}
    known |= {key.hint for key in WINDOW_KEYS.keys}
    buttons = page.findChildren(theme.KeyButton)
    assert {button.key_hint for button in buttons if button.key_hint} <= known
    if isinstance(page, KeyPage):
        for button, action in page._clicked_actions.items():
            assert isinstance(button, theme.KeyButton)
            assert button.key_hint == entry_of(opened, action).hint
            assert button.toolTip() == entry_of(opened, action).text
            if button.isVisible() and button.isEnabled():
                opened.done.clear()
                qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
                assert opened.done == [action]


def test_what_has_a_label_shows_it_with_its_key(opened: Opened) -> None:
    page = opened.page
    shown = [f"{b.text()} {b.key_hint}" for b in page.findChildren(theme.KeyButton)]
    shown += [b.text() for b in page.findChildren(QAbstractButton)]
    shown += [
        f"{b.accessibleName()} {b.key_hint}" for b in page.findChildren(IconButton)
    ]  # the name in its tip
    shown += [label.text() for label in page.findChildren(QLabel)]
    shown += [bar.tabText(i) for bar in page.findChildren(QTabBar) for i in range(bar.count())]
    for _, key in entries(opened):
        if key.label:
            assert any(key.label in text and key.hint in text for text in shown), key.label


def test_the_sheet_lists_the_tables_of_the_page(opened: Opened) -> None:
    expected: list[str] = []
    for table in (*tables(opened), WINDOW_KEYS):
        expected.append(table.title)
        for key in table.keys:
            expected += [key.key_names, key.text]
    listed: list[str] = []

    def read_and_close() -> None:
        sheet = opened.page.window().findChild(HelpSheet)
        listed.extend(label.text() for label in sheet.findChildren(QLabel))
        sheet.accept()

    QTimer.singleShot(50, read_and_close)
    press(opened, "F1")
    assert listed == expected


def entry_of(opened: Opened, action: Enum) -> Key[Any]:
    return next(key for _, key in entries(opened) if key.action is action)


def test_an_open_list_takes_escape_before_the_page_does(qapp: QApplication, qtbot) -> None:
    theme.apply(qapp, theme.Theme.LIGHT)
    opened = PAGES["settings"]()
    open_on_screen(qtbot, opened.page)
    box = next(box for box in opened.page.findChildren(QComboBox) if box.isVisible() and box.count() > 1)
    box.showPopup()
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    press(opened, "Esc")
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is None)
    assert opened.done == []


def test_enter_begins_among_the_classes_too_and_a_comma_begins_the_next(qapp: QApplication, qtbot) -> None:
    theme.apply(qapp, theme.Theme.LIGHT)
    opened = PAGES["project"]()
    open_on_screen(qtbot, opened.page)
    text = opened.page.findChild(QPlainTextEdit)
    text.setPlainText("")
    text.setFocus()
    for key in ("A", ",", "B", "Shift+Return", "C"):
        press(opened, key)
    assert text.toPlainText().split() == ["a", "b", "c"]
    assert opened.done == []
    press(opened, "Return")
    assert opened.done == [ProjectAction.BEGIN]


def test_a_hidden_or_disabled_button_takes_its_key_with_it(qapp: QApplication, qtbot) -> None:
    theme.apply(qapp, theme.Theme.LIGHT)
    opened = PAGES["round"]()
    open_on_screen(qtbot, opened.page)
    opened.page.setFocus()
    opened.page._enough.hide()
    press(opened, "F10")
    opened.page._train.setEnabled(False)
    press(opened, "F9")
    assert opened.done == []
    assert [b for b in opened.page.findChildren(QPushButton) if b.isVisible()]
    assert not [d for d in opened.page.findChildren(QDialog) if d.isVisible()]
