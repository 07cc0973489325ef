"""Where a participant begins."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QLineEdit, QPushButton

from tests.ui.driving import key_event, unnamed
from tests.ui.on_screen import open_on_screen
from ui.kit import theme
from ui.main_window import MainWindow
from ui.study.welcome_page import WelcomePage


@pytest.fixture
def page(qapp: QApplication, qtbot) -> WelcomePage:
    theme.apply(qapp, theme.Theme.LIGHT)
    made = WelcomePage()
    open_on_screen(qtbot, made)
    made.setFocus()
    made.welcome("A study")
    return made


def field(page: WelcomePage) -> QLineEdit:
    found = page.findChild(QLineEdit)
    assert found is not None
    return found


def test_the_code_is_typed_at_once_and_sent_by_enter(page: WelcomePage, qtbot) -> None:
    codes: list[str] = []
    page.begin_wanted.connect(codes.append)
    assert field(page).hasFocus()
    qtbot.keyClicks(field(page), " P01 ")
    qtbot.keyClick(field(page), Qt.Key.Key_Return)
    assert codes == ["P01"]
    key_event(field(page), Qt.Key.Key_Return, repeat=True)
    assert codes == ["P01"], "a held key begins once"
    begin = next(b for b in page.findChildren(QPushButton) if b.text() == "Begin")
    qtbot.mouseClick(begin, Qt.MouseButton.LeftButton)
    assert codes == ["P01", "P01"]


def test_the_next_participant_finds_nothing_of_the_last(page: WelcomePage, qtbot) -> None:
    qtbot.keyClicks(field(page), "P01")
    page.show_message("P01 has finished this study already.")
    page.welcome("A study")
    assert field(page).text() == ""
    assert not any("P01" in label.text() for label in page.findChildren(QLabel))


def test_a_code_has_an_end(page: WelcomePage, qtbot) -> None:
    codes: list[str] = []
    page.begin_wanted.connect(codes.append)
    qtbot.keyClicks(field(page), "x" * 100)
    qtbot.keyClick(field(page), Qt.Key.Key_Return)
    assert codes == ["x" * 80]


def test_full_screen_is_asked_for(page: WelcomePage) -> None:
    asked: list[bool] = []
    page.full_screen_wanted.connect(asked.append)
    box = page.findChild(QCheckBox)
    assert box is not None
    assert box is not None
    assert "F11" in box.text()
    box.click()
    box.click()
    assert asked == [True, False]


def test_escape_goes_back_and_cancels_the_preparation_first(page: WelcomePage, qtbot) -> None:
    back: list[bool] = []
    page.back_wanted.connect(lambda: back.append(True))
    page.progress.begin("Preparing the images")
    qtbot.waitUntil(page.progress.isVisible)
    with qtbot.waitSignal(page.progress.cancel_requested):
        key_event(field(page), Qt.Key.Key_Escape)
    assert back == []
    page.progress.end()
    key_event(field(page), Qt.Key.Key_Escape)
    assert back == [True]


def test_every_control_has_a_name(page: WelcomePage) -> None:
    assert unnamed(page) == []


def test_the_box_follows_the_window_whatever_makes_it_full(qtbot):
    window, page = MainWindow(), WelcomePage()
    qtbot.addWidget(window)
    window.setCentralWidget(page)
    box = page.findChild(QCheckBox)
    assert box is not None
    with qtbot.waitExposed(window):
        window.show()
    for full in (True, False):
        window.toggle_full_screen()  # as F11 does
        qtbot.waitUntil(lambda full=full: box.isChecked() is full)
