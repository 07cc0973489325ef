"""Pages of words: their buttons, their keys, and what they hold back."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from tests.ui.driving import MS, OwnClock, key_event, unnamed
from tests.ui.on_screen import open_on_screen
from ui.answering.answer_keys import KEYBOARD_KEYS
from ui.answering.stamps import EventClock, HeldKeys
from ui.kit import theme
from ui.kit.keys import WINDOW_KEYS
from ui.study.text_page import PageButton, PageText, TextPage
from ui.study.trial_keys import TRIAL_KEYS

CONSENT = PageText("Consent", "Please read.", "I agree", decline="I do not agree")
BREAK = PageText("A break", "Rest.", withdraw=True)


class Told:
    """What a page told."""

    def __init__(self, page: TextPage) -> None:
        self.choices: list[PageButton] = []
        self.stamps: list[int] = []
        page.chosen.connect(self._chosen)

    def _chosen(self, choice: PageButton, at_ns: int) -> None:
        self.choices.append(choice)
        self.stamps.append(at_ns)


@pytest.fixture
def page(qapp: QApplication, qtbot) -> TextPage:
    theme.apply(qapp, theme.Theme.LIGHT)
    made = TextPage(EventClock(True), HeldKeys())
    open_on_screen(qtbot, made, 1000, 700)
    made.setFocus()
    return made


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_enter_and_space_go_on(page: TextPage, key: Qt.Key) -> None:
    told = Told(page)
    page.show_text(CONSENT)
    key_event(page, key)
    assert told.choices == [PageButton.CONTINUE]


def test_only_buttons_that_are_there_answer(page: TextPage) -> None:
    told = Told(page)
    page.show_text(CONSENT)
    key_event(page, Qt.Key.Key_F9)
    assert told.choices == []
    key_event(page, Qt.Key.Key_Escape)
    assert told.choices == [PageButton.DECLINE]
    page.show_text(BREAK)
    key_event(page, Qt.Key.Key_Escape)
    key_event(page, Qt.Key.Key_F9)
    assert told.choices == [PageButton.DECLINE, PageButton.WITHDRAW]


def test_keys_from_before_the_page_are_not_for_it(page: TextPage) -> None:
    told = Told(page)
    before = time.perf_counter_ns() // MS - 5
    page.show_text(CONSENT)
    key_event(page, Qt.Key.Key_Return, at_ms=before)
    assert told.choices == []


def test_a_held_key_turns_no_page(qapp: QApplication, qtbot) -> None:
    held = HeldKeys()
    page = TextPage(OwnClock(), held)
    qtbot.addWidget(page)
    page.show()
    told = Told(page)
    page.show_text(CONSENT)
    late = time.perf_counter_ns() // MS + 1000
    key_event(page, Qt.Key.Key_Return, at_ms=late, repeat=True)
    key_event(page, Qt.Key.Key_Return, at_ms=late + 40, kind=QEvent.Type.KeyRelease)
    key_event(page, Qt.Key.Key_Return, at_ms=late + 40)
    assert told.choices == []
    key_event(page, Qt.Key.Key_Return, at_ms=late + 90)
    assert (told.choices, told.stamps) == ([PageButton.CONTINUE], [(late + 90) * MS])


def test_buttons_by_mouse_and_by_focus(page: TextPage, qtbot) -> None:
    told = Told(page)
    page.show_text(CONSENT)
    buttons = {button.text(): button for button in page.findChildren(QPushButton) if button.isVisible()}
    assert set(buttons) == {"I agree", "I do not agree"}
    qtbot.mouseClick(buttons["I do not agree"], Qt.MouseButton.LeftButton)
    buttons["I do not agree"].setFocus()
    qtbot.keyClick(buttons["I do not agree"], Qt.Key.Key_Return)
    assert told.choices == [PageButton.DECLINE, PageButton.DECLINE]


def test_tables_of_keys_are_listed(page: TextPage) -> None:
    page.show_text(PageText("How", "So.", keys=(KEYBOARD_KEYS, TRIAL_KEYS)))
    words = {label.text() for label in page.findChildren(QLabel)}
    for key in (*KEYBOARD_KEYS.keys, *TRIAL_KEYS.keys):
        assert {key.key_names, key.text} <= words
    page.show_text(BREAK)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert KEYBOARD_KEYS.keys[0].text not in {label.text() for label in page.findChildren(QLabel)}


def test_its_own_keys_are_those_of_the_buttons_shown(page: TextPage) -> None:
    page.show_text(CONSENT)
    (table,) = page.key_tables()
    assert [(key.key_names, key.text) for key in table.keys] == [
        ("Enter or Space", "I agree"),
        ("Esc", "I do not agree"),
    ]
    page.show_text(BREAK)
    (table,) = page.key_tables()
    assert [key.key_names for key in table.keys] == ["Enter or Space", "F9"]


def test_texts_of_a_plan_are_no_markup(page: TextPage) -> None:
    page.show_text(PageText("<i>Title</i>", "<b>bold</b>\n" * 200))
    labels = page.findChildren(QLabel)
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in labels if "<" in label.text())
    assert page.height() == 700, "a long text scrolls"
    assert all(b.geometry().bottom() < page.height() for b in page.findChildren(QPushButton) if b.isVisible())


@pytest.mark.parametrize("text", [CONSENT, BREAK, PageText("How", "So.", keys=(KEYBOARD_KEYS, WINDOW_KEYS))])
def test_every_control_has_a_name(page: TextPage, text: PageText) -> None:
    page.show_text(text)
    assert unnamed(page) == []
    assert page.accessibleName() == text.title
    assert page.accessibleDescription() == text.body
