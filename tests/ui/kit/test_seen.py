"""A page takes no key and no click before a person can have seen it."""

from __future__ import annotations

from enum import Enum

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout

from studies.timing.session.state import Rules
from studies.timing.session.trial import begin
from tests.ui.driving import key_event, planned
from tests.ui.on_screen import open_on_screen
from ui.answering.stamps import EventClock, HeldKeys
from ui.kit import theme
from ui.kit.key_page import KeyPage
from ui.kit.keys import ENTER, Key, KeyTable
from ui.kit.seen import Seen
from ui.study.session_texts import confirm_withdrawal
from ui.study.text_page import PageText, TextPage

MS = 1_000_000
LEFT = Qt.MouseButton.LeftButton


class Act(Enum):
    DELETE = "delete"
    BACK = "back"


KEYS = KeyTable(
    "Here", (Key(Act.DELETE, (*ENTER, "F9"), "Delete", "Delete"), Key(Act.BACK, ("Esc",), "Back", "Back"))
)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What pages take for the time, in ns."""
    now = [10_000 * MS]
    monkeypatch.setattr("ui.kit.seen.time.perf_counter_ns", lambda: now[0])
    monkeypatch.setattr(Seen, "after_ns", 500 * MS)
    return now


def test_a_page_of_actions_takes_none_in_its_first_half_second(qapp, qtbot, clock: list[int]) -> None:
    did: list[str] = []
    page = KeyPage(KEYS)
    button = page.button(Act.DELETE, lambda: did.append("delete"))
    page.on(Act.BACK, lambda: did.append("back"))
    QVBoxLayout(page).addWidget(button)
    open_on_screen(qtbot, page, 300, 200)
    for late, expected in ((0, 0), (499, 0), (500, 3)):
        clock[0] = 10_000 * MS + late * MS
        for key in (Qt.Key.Key_Return, Qt.Key.Key_F9):
            QTest.keyClick(page, key)
        QTest.mouseClick(button, LEFT)
        assert len(did) == expected, late
    page.hide()
    page.show()
    QTest.mouseClick(button, LEFT)
    assert len(did) == 3, "it came anew"
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert did[-1] == "back", "going back is always safe"


def test_a_double_click_on_a_page_of_words_does_not_pass_the_next(qapp, qtbot, clock: list[int]) -> None:
    page = TextPage(EventClock(False), HeldKeys())
    open_on_screen(qtbot, page, 1000, 700)
    chosen: list[object] = []
    page.chosen.connect(lambda choice, _: chosen.append(choice))
    page.show_text(PageText("Consent", "Please read.", "I agree", decline="No"))
    clock[0] += 500 * MS
    QTest.mouseClick(page._primary, LEFT)
    page.show_text(PageText("How it works", "Keys.", withdraw=True))
    clock[0] += 130 * MS
    for button in (page._primary, page._withdraw):
        QTest.mouseClick(button, LEFT)
    key_event(page, Qt.Key.Key_Return)
    assert len(chosen) == 1
    clock[0] += 370 * MS
    QTest.mouseClick(page._primary, LEFT)
    assert len(chosen) == 2


def test_what_deletes_is_never_where_the_wanted_button_was(qapp, qtbot) -> None:
    theme.apply(qapp, theme.Theme.LIGHT)
    page = TextPage(EventClock(False), HeldKeys())
    open_on_screen(qtbot, page, 1000, 700)

    def places(text: PageText):
        page.show_text(text)
        qapp.processEvents()
        return [button.geometry() for button in (page._primary, page._decline, page._withdraw)]

    agree, _, _ = places(PageText("Consent", "", "I agree to take part", decline="I do not agree"))
    go_on, _, asked = places(PageText("How it works", "", withdraw=True))
    keep, _, delete = places(confirm_withdrawal(begin(planned(3), Rules(True, 0))))
    assert not agree.intersects(asked)
    assert not go_on.intersects(delete)
    assert not asked.intersects(delete), "a double click on the question is not its answer"
    assert keep.right() == go_on.right() == agree.right()
