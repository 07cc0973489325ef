"""The first page: every button by its key, and the files that were open lately."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from tests.ui.driving import key_event, unnamed
from tests.ui.on_screen import open_on_screen
from ui.home_page import HomePage, Recent
from ui.kit import theme

FILES = [Recent(Path(f"/data/study-{number}.sqlite"), "today") for number in range(12)]


class Told:
    """What a home page asked for."""

    def __init__(self, page: HomePage) -> None:
        self.asked: list[object] = []
        page.study_wanted.connect(lambda: self.asked.append("study"))
        page.results_wanted.connect(lambda: self.asked.append("results"))
        page.theme_wanted.connect(lambda: self.asked.append("theme"))
        page.recent_wanted.connect(self.asked.append)


@pytest.fixture
def page(qapp: QApplication, qtbot) -> HomePage:
    theme.apply(qapp, theme.Theme.LIGHT)
    made = HomePage()
    open_on_screen(qtbot, made)
    made.setFocus()
    return made


def test_every_button_has_its_key(page: HomePage) -> None:
    told = Told(page)
    page.set_recent(FILES)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_R, Qt.Key.Key_T, Qt.Key.Key_1, Qt.Key.Key_9):
        key_event(page, key)
    assert told.asked == ["study", "results", "theme", FILES[0].path, FILES[8].path]


def test_what_a_button_shows_is_what_its_click_does(page: HomePage, qtbot) -> None:
    told = Told(page)
    page.set_recent(FILES[:2])
    for button in page.findChildren(QPushButton):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert sorted(map(str, told.asked)) == sorted(
        ["study", "results", "theme", str(FILES[0].path), str(FILES[1].path)]
    )


def test_enter_presses_the_button_that_has_the_focus(page: HomePage) -> None:
    told = Told(page)
    page.set_recent(FILES[:1])
    button = next(b for b in page.findChildren(QPushButton) if "study-0" in b.text())
    QApplication.processEvents()  # shows it
    button.setFocus()
    key_event(button, Qt.Key.Key_Return)
    assert told.asked == [FILES[0].path]
    assert button.toolTip() == str(FILES[0].path)


def test_held_keys_and_digits_without_a_file_do_nothing(page: HomePage) -> None:
    told = Told(page)
    page.set_recent(FILES[:2])
    key_event(page, Qt.Key.Key_Return, repeat=True)
    key_event(page, Qt.Key.Key_3)
    assert told.asked == []


def test_an_empty_list_says_what_to_do(page: HomePage) -> None:
    page.set_recent(FILES)
    page.set_recent([])
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    words = [label.text() for label in page.findChildren(QLabel)]
    assert any("Begin a study" in text for text in words)
    assert not any("study-" in b.text() for b in page.findChildren(QPushButton))
    told = Told(page)
    key_event(page, Qt.Key.Key_1)
    assert told.asked == []


def test_every_control_has_a_name(page: HomePage) -> None:
    page.set_recent(FILES)
    assert unnamed(page) == []
