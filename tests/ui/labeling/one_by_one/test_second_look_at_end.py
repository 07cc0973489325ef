"""Nothing is left: a second look at what pages confirmed is offered, or begins, and what it marks is asked about."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication

from clarifier_desktop.app import Program
from studies.finish.doubtful import Judged
from studies.labeling.doubts.label_check import LabelCheck
from studies.labeling.facts.records import LabelEvent, Purpose, Verb
from studies.labeling.state.desk import Phase
from tests.ui.driving import key_event
from tests.ui.labeling.window import page_of, press
from ui.kit.theme import KeyButton
from ui.labeling.grid.grid_page import GridPage
from ui.labeling.one_by_one.end_panel import EndPanel
from ui.labeling.one_by_one.label_actions import LabelAction
from ui.labeling.one_by_one.label_page import LabelPage
from ui.labeling.rounds.finish_page import FinishPage

OFFER = "A second look: 2 images on 1 page, about 1 of them wrong, about "


class Ended:
    """A project whose rest was confirmed on pages as cats; two of those are likely to be wrong. No child learns."""

    def __init__(self, program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
        assert program.labeling is not None
        self.program, self.labeling = program, program.labeling
        self.project, self.panel = self.labeling.project, page_of(program, LabelPage).end
        monkeypatch.setattr(self.labeling.learner, "consider", lambda: None)
        ledger = self.project.ledger
        rest = [item for item in range(len(self.project.items)) if ledger.state(item) is None]
        self.doubtful = (rest[0], rest[1])
        self.project.record([LabelEvent(0, item, Verb.LABEL, Purpose.PAGE, 0) for item in rest])
        self.labeling.show_page()

    def judge(self) -> None:
        checks = self.labeling.conductor.checks
        request = checks.request()
        items = np.flatnonzero(request.learn.labels >= 0)
        labels = request.learn.labels[items].astype(np.int64)
        wrong = np.where(np.isin(items, self.doubtful), 0.9, 0.001)
        nothing = np.zeros((0, 2), np.int64), np.zeros(len(items), np.bool_)
        judged = Judged(wrong, (labels + 1) % 3, wrong > 0.5)
        checks.take(request, LabelCheck(items, labels, judged, True, *nothing))
        self.labeling.learner.checked.emit()


@pytest.fixture
def ended(labeled: Program, monkeypatch: pytest.MonkeyPatch) -> Ended:
    return Ended(labeled, monkeypatch)


def look_button(panel: EndPanel) -> KeyButton:
    QApplication.processEvents()
    return next(button for button, action in panel._buttons.items() if action is LabelAction.SECOND_LOOK)


def type_here(grid: GridPage, key: Qt.Key, text: str) -> None:
    key_event(grid.view, key, text)
    key_event(grid.view, key, at_ms=1, kind=QEvent.Type.KeyRelease)


def test_it_is_offered_when_the_learner_knows_and_leads_to_what_was_marked(ended: Ended, qtbot) -> None:
    qtbot.waitUntil(ended.panel.isVisible)
    assert not look_button(ended.panel).isVisible()
    assert ended.labeling.conductor.second_look.due
    ended.judge()
    assert look_button(ended.panel).isVisible()
    assert look_button(ended.panel).text().startswith(OFFER)
    assert not ended.labeling.looks_again, "it is the person's to begin"
    press(ended.program, qtbot, Qt.Key.Key_L, control=True)
    grid = page_of(ended.program, GridPage)
    qtbot.waitUntil(lambda: grid.view.page is not None)
    assert (grid._title.text(), grid.items) == ("cat?", ended.doubtful)
    assert ended.labeling.looks_again
    type_here(grid, Qt.Key.Key_Space, " ")
    type_here(grid, Qt.Key.Key_Return, "\r")
    page_of(ended.program, LabelPage)
    qtbot.waitUntil(lambda: ended.project.desk.phase is Phase.SHOWN)
    assert ended.project.desk.item == ended.doubtful[0]
    assert [ended.project.label_of(item) for item in ended.doubtful] == [None, 0]


def test_the_page_of_the_end_offers_it_too(ended: Ended, qtbot) -> None:
    ended.judge()
    press(ended.program, qtbot, Qt.Key.Key_F9)
    page = page_of(ended.program, FinishPage)
    assert page._look.isVisible()
    assert page._look.text().startswith(OFFER)
    qtbot.mouseClick(page._look, Qt.MouseButton.LeftButton)
    assert page_of(ended.program, GridPage)._title.text() == "cat?"


def test_it_begins_by_itself_where_the_settings_want_it_and_once(ended: Ended, qtbot) -> None:
    project = ended.project
    project.change_settings(project.settings.model_copy(update={"second_look": True}))
    assert ended.labeling.looks_again, "it waits for the learner"
    ended.judge()
    grid = page_of(ended.program, GridPage)
    qtbot.waitUntil(lambda: grid.view.page is not None)
    assert grid._title.text() == "cat?"
    grid.back_wanted.emit()
    assert page_of(ended.program, LabelPage).end is ended.panel
    qtbot.waitUntil(ended.panel.isVisible)
    assert look_button(ended.panel).isVisible(), "it can still be begun"
    assert not ended.labeling.looks_again
    press(ended.program, qtbot, Qt.Key.Key_L, control=True)
    qtbot.waitUntil(lambda: grid.view.page is not None)
    type_here(grid, Qt.Key.Key_Return, "\r")
    assert page_of(ended.program, LabelPage).end is ended.panel
    qtbot.waitUntil(lambda: "A second look at 2 labels of pages: 0 were wrong." in ended.panel._words.text())
    assert not look_button(ended.panel).isVisible()
