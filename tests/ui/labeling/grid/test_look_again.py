"""The list of doubtful labels in the grid, by keys: waited for, confirmed, marked, taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt

from studies.finish.doubtful import Judged
from studies.labeling.doubts.label_check import LabelCheck
from studies.labeling.facts.records import Purpose, Verb
from tests.ui.labeling.grid.test_grid_presenter import Many

NAME = "Look again"


class Judging(Many):
    """The first three labels of a person are doubtful."""

    def judge(self) -> list[int]:
        checks = self.leads.checks
        request = checks.request()
        items = np.flatnonzero((request.learn.labels >= 0) & ~request.learn.auto)
        labels = request.learn.labels[items].astype(np.int64)
        wrong = np.where(np.arange(len(items)) < 3, 0.9 - np.arange(len(items)) / 10, 0.01)
        judged = Judged(wrong, (labels + 1) % 3, wrong > 0.5)
        nothing = np.zeros((0, 2), np.int64), np.zeros(len(items), np.bool_)
        checks.take(request, LabelCheck(items, labels, judged, False, *nothing))
        self.grid_presenter.show_check()
        self.wait()
        return [int(item) for item in items[:3]]


@pytest.fixture
def many(qtbot, tmp_path: Path) -> Iterator[Judging]:
    made = Judging(qtbot, tmp_path)
    yield made
    made.close()


def test_the_list_waits_for_the_learner_and_says_how_far_it_is(many: Judging) -> None:
    assert not many.leads.checks.due
    many.grid_presenter.show_doubtful()
    assert many.leads.checks.due
    assert many.title == "Looking for labels that may be wrong."
    many.grid_presenter.tell_learner("Judging the model, 1 of 4, 8 s left")
    assert many.said == "Judging the model, 1 of 4, 8 s left ..."
    doubtful = many.judge()
    assert (many.title, many.said, many.shown) == (NAME, "", doubtful)
    names = [cell.note for cell in many.page.view.cells]
    assert all(note.endswith("?") and "; " in note for note in names)


def test_enter_says_that_labels_are_right_and_marks_ask_again(many: Judging) -> None:
    many.go_to(NAME)
    doubtful = many.judge()
    actions = many.project.ledger.actions
    many.press(Qt.Key.Key_Space, " ")
    many.press(Qt.Key.Key_Return, "\r")
    events = many.project.store.events_of(actions)
    assert {e.item: e.verb for e in events} == {
        doubtful[0]: Verb.RELEASE,
        doubtful[1]: Verb.CONFIRM,
        doubtful[2]: Verb.CONFIRM,
    }
    assert many.said.startswith("2 labels confirmed; 1 will be asked about.")
    assert [t.item for t in many.project.queue if t.purpose is Purpose.RETURNED] == [doubtful[0]]
    assert many.shown == []
    many.undo()
    assert many.shown == doubtful


def test_a_page_that_is_looked_at_stays_when_labels_are_judged_anew(many: Judging) -> None:
    many.go_to(NAME)
    doubtful = many.judge()
    many.press(Qt.Key.Key_Space, " ")
    many.judge()
    assert many.shown == doubtful
    assert many.marked == {doubtful[0]}


def test_nobody_wants_it_once_the_list_is_left(many: Judging) -> None:
    many.grid_presenter.show_doubtful()
    many.go_to("No label yet")
    assert not many.leads.checks.due
    many.grid_presenter.show_doubtful()
    many.page.back_wanted.emit()
    assert not many.leads.checks.due
    many.grid_presenter.tell_learner("Training")
    assert many.said != "Training ..."


def test_what_is_assigned_by_hand_leaves_the_list(many: Judging) -> None:
    many.go_to(NAME)
    doubtful = many.judge()
    many.press(Qt.Key.Key_Space, " ")
    many.assign("owl")
    assert many.project.label_of(doubtful[0]) == 2
    (event,) = many.project.store.events_of(many.project.ledger.actions - 1)
    assert (event.verb, event.purpose) == (Verb.LABEL, Purpose.DOUBT)
