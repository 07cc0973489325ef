"""A second look in the grid, by keys: pages of one label in large type, marks, Enter, the way on, and back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt

from studies.finish.doubtful import Judged
from studies.labeling.doubts.label_check import LabelCheck
from studies.labeling.facts.records import LabelEvent, Purpose, Verb
from tests.ui.labeling.grid.test_grid_presenter import Many

NAME = "A second look"
CAT, DOG = 0, 1


class Looking(Many):
    """Three cats and two dogs of pages are likely to be wrong."""

    def __init__(self, qtbot, folder: Path) -> None:
        super().__init__(qtbot, folder)
        free = [item for item in range(5, 120) if not self.project.ledger.settled[item]]
        self.cats, self.dogs = tuple(free[:3]), tuple(free[3:5])
        for items, class_id in ((self.cats, CAT), (self.dogs, DOG)):
            self.project.record([LabelEvent(0, item, Verb.LABEL, Purpose.PAGE, class_id) for item in items])

    def judge(self) -> None:
        checks = self.leads.checks
        request = checks.request()
        items = np.flatnonzero((request.learn.labels >= 0) & ~request.learn.auto)
        labels = request.learn.labels[items].astype(np.int64)
        chance = {**dict.fromkeys(self.cats, 0.99), **dict.fromkeys(self.dogs, 0.95)}
        wrong = np.array([chance.get(int(item), 0.001) for item in items])
        nothing = np.zeros((0, 2), np.int64), np.zeros(len(items), np.bool_)
        checks.take(
            request, LabelCheck(items, labels, Judged(wrong, (labels + 1) % 3, wrong > 0.5), True, *nothing)
        )
        self.grid_presenter.show_check()
        self.wait()


@pytest.fixture
def many(qtbot, tmp_path: Path) -> Iterator[Looking]:
    made = Looking(qtbot, tmp_path)
    yield made
    made.close()


def test_it_waits_for_the_learner_and_shows_a_page_for_each_label(many: Looking) -> None:
    many.grid_presenter.show_second_look()
    many.wait()
    assert many.title == "Looking for what pages may have let through."
    assert not many.grid_presenter.looks_again
    many.judge()
    assert many.grid_presenter.looks_again
    assert (many.title, tuple(many.shown)) == ("cat?", many.cats)
    assert many.page._place.text() == "second look, 1 to 3 of 5 images"
    assert all(cell.note == "" for cell in many.page.view.cells)
    many.press(Qt.Key.Key_PageDown)
    assert (many.title, tuple(many.shown)) == ("dog?", many.dogs)
    many.press(Qt.Key.Key_PageUp)
    assert (many.title, tuple(many.shown)) == ("cat?", many.cats)


def test_marks_are_asked_about_and_the_end_of_the_look_leads_back(many: Looking, qtbot) -> None:
    many.grid_presenter.show_second_look()
    many.judge()
    left: list[bool] = []
    many.grid_presenter.left.connect(lambda: left.append(True))
    many.press(Qt.Key.Key_Space, " ")
    many.press(Qt.Key.Key_Return, "\r")
    assert many.said == "2 labels confirmed; 1 will be asked about."
    assert (many.title, tuple(many.shown), left) == ("dog?", many.dogs, [])
    assert many.project.label_of(many.cats[0]) is None
    many.press(Qt.Key.Key_Return, "\r")
    assert left == [True]
    assert [many.project.label_of(item) for item in many.dogs] == [DOG, DOG]
    returned = [task.item for task in many.project.queue if task.purpose is Purpose.RETURNED]
    assert returned == [many.cats[0]]
    many.grid_presenter.show_second_look()
    assert many.shown == []
    many.undo()
    assert tuple(many.shown) == many.dogs
    many.undo()
    assert tuple(many.shown) == many.cats


def test_a_page_stays_with_its_marks_when_labels_are_judged_anew(many: Looking) -> None:
    many.grid_presenter.show_second_look()
    many.judge()
    many.press(Qt.Key.Key_Space, " ")
    many.judge()
    assert tuple(many.shown) == many.cats
    assert many.marked == {many.cats[0]}


def test_what_is_assigned_by_hand_is_a_label_of_the_look(many: Looking) -> None:
    many.grid_presenter.show_second_look()
    many.judge()
    many.press(Qt.Key.Key_Space, " ")
    many.assign("owl")
    assert many.project.label_of(many.cats[0]) == 2
    (event,) = many.project.store.events_of(many.project.ledger.actions - 1)
    assert (event.verb, event.purpose) == (Verb.LABEL, Purpose.SECOND_LOOK)
