"""The page of questions: by keyboard and by mouse, faults in place, everything in reach in a small window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QScrollArea, QWidget

from studies.timing.facts.records import EventKind
from studies.timing.file.store import StoreFull
from studies.timing.session.trial import Phase
from tests.ui.driving import Stage, make_stage, press_here, unnamed
from ui.kit import theme
from ui.kit.layouts import ChoiceBox
from ui.kit.seen import Seen
from ui.study.questions_page import QuestionsPage

PLAN = """\
name = "s"
[trials]
practice = 0
fixation_ms = 0
[[blocks]]
dataset = "digits"
images = 2
"""
AGE = """\
[[questions]]
name = "age"
text = "How old are you?"
kind = "number"
least = 18
most = 99
unit = "years"
"""
HAND = """\
[[questions]]
name = "hand"
text = "Which hand & foot?"
kind = "choice"
choices = ["left", "right"]
required = false
"""
ELSE = """\
[[questions]]
name = "else"
text = "Which languages do you speak?"
kind = "text"
longest = 12
"""

Make = Callable[[str], Stage]


@pytest.fixture
def make(qapp: QApplication, qtbot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    theme.apply(qapp, theme.Theme.LIGHT)
    monkeypatch.setattr(Seen, "after_ns", 0)
    made: list[Stage] = []

    def one(questions: str) -> Stage:
        made.append(make_stage(qtbot, tmp_path, PLAN + questions))
        press_here(Qt.Key.Key_Return)  # agrees
        assert made[-1].state.phase is Phase.QUESTIONS
        return made[-1]

    yield one
    for stage in made:
        stage.close()


def page_of(stage: Stage) -> QuestionsPage:
    page = stage.window.pages.currentWidget()
    assert isinstance(page, QuestionsPage)
    return page


def type_here(text: str) -> None:
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClicks(focus, text)


def stored(stage: Stage) -> list[tuple[str, str | None]]:
    return stage.host.store.query("SELECT question, answer FROM replies ORDER BY place")


def test_all_by_keyboard(make: Make) -> None:
    stage = make(AGE + HAND + ELSE)
    assert unnamed(page_of(stage)) == []
    type_here("23")
    press_here(Qt.Key.Key_Tab)
    press_here(Qt.Key.Key_Down)
    press_here(Qt.Key.Key_Down)
    press_here(Qt.Key.Key_Tab)
    type_here("de, en, and more")  # it takes no more than it may
    press_here(Qt.Key.Key_Return)
    assert stored(stage) == [("age", "23"), ("hand", "right"), ("else", "de, en, and")]
    assert stage.state.phase is Phase.INSTRUCTIONS
    assert stage.title == "How it works"
    assert stage.count(EventKind.QUESTIONED) == 1


def test_faults_are_said_in_place_and_nothing_is_stored_before_they_are_mended(make: Make) -> None:
    stage = make(HAND + AGE + ELSE)
    hand, age, other = page_of(stage).fields
    press_here(Qt.Key.Key_Return)
    assert hand.fault.isHidden(), "it may be left out"
    assert age.fault.text() == other.fault.text() == "Please answer this question."
    assert age.fault.isVisible()
    assert age.box.hasFocus(), "the first that is wrong"
    type_here("7")
    assert age.fault.isHidden()
    press_here(Qt.Key.Key_Return)
    assert age.fault.text() == "Please write a number from 18 to 99 years."
    assert age.box.accessibleDescription() == age.fault.text()
    assert stored(stage) == []
    type_here("0")
    QTest.keyClick(stage.window.windowHandle(), Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    assert other.box.hasFocus(), "Alt and the question's number"
    type_here("en")
    press_here(Qt.Key.Key_Return)
    assert stored(stage) == [("hand", None), ("age", "70"), ("else", "en")]


def test_all_by_mouse(make: Make) -> None:
    stage = make(HAND)
    (hand,) = page_of(stage).fields
    assert isinstance(hand.box, ChoiceBox)
    hand.box.setCurrentIndex(1)  # as a click in its list does
    QTest.mouseClick(button(page_of(stage), "Go on"), Qt.MouseButton.LeftButton)
    assert stored(stage) == [("hand", "left")]


def test_who_wants_to_stop_is_asked_and_may_go_back_to_what_was_typed(make: Make) -> None:
    stage = make(AGE)
    type_here("23")
    press_here(Qt.Key.Key_F9)
    assert stage.title == "Delete your data?"
    assert stage.words is not None
    assert "answers to the questions" in stage.words.accessibleDescription()
    press_here(Qt.Key.Key_Escape)
    assert page_of(stage).fields[0].typed == "23"
    press_here(Qt.Key.Key_F9)
    press_here(Qt.Key.Key_F9)
    assert stage.title == "Your data is deleted"
    assert stage.host.store.sessions() == ()


def test_a_full_disk_loses_no_answer(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = make(AGE)
    type_here("23")

    def full(*_: object) -> None:
        raise StoreFull("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(stage.host.store, "append_replies", full)
        press_here(Qt.Key.Key_Return)
        assert stage.title == "The last step could not be saved yet"
    press_here(Qt.Key.Key_Return)
    assert stored(stage) == [("age", "23")]
    assert stage.title == "How it works"


def test_in_a_small_window_buttons_are_in_sight_and_the_focus_is_scrolled_to(make: Make) -> None:
    stage = make("".join(AGE.replace('"age"', f'"age {n}"') for n in range(12)))
    stage.window.resize(640, 360)
    QApplication.processEvents()
    page = page_of(stage)
    for words in ("Go on", "Stop and delete my data"):
        assert inside(button(page, words), page), words
    area = page.findChild(QScrollArea)
    assert area is not None
    for field in page.fields:
        assert field.box.hasFocus()
        assert inside(field.box, area.viewport())
        press_here(Qt.Key.Key_Tab)
    page.fields[3].box.setFocus()
    press_here(Qt.Key.Key_Return)
    assert page.fields[0].box.hasFocus()
    assert inside(page.fields[0].fault, area.viewport())


def button(page: QWidget, words: str) -> QPushButton:
    return next(one for one in page.findChildren(QPushButton) if one.text().startswith(words))


def inside(widget: QWidget, outer: QWidget) -> bool:
    place = QRect(widget.mapTo(outer, QPoint(0, 0)), widget.size())
    return outer.rect().contains(place)
