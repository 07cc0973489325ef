"""Undo, and the way back through what was answered."""

from __future__ import annotations

from pathlib import Path

import pytest

from studies.labeling.facts import inputs as ev
from studies.labeling.facts.records import LabelEvent, Purpose, Verb
from tests.studies.labeling import sample
from tests.studies.labeling.sample import Hand


def test_undo_brings_back_one_image_after_another(project, hand):
    hand.answer(0)
    hand.answer(1)
    hand.press(ev.Undo)
    assert (project.desk.item, project.label_of(11)) == (11, None)
    hand.press(ev.Undo)
    assert (project.desk.item, project.label_of(10)) == (10, None)
    hand.press(ev.Undo)  # nothing is left to take back
    assert [hand.answer(2) for _ in range(3)] == [10, 11, 12]


def test_history_keeps_or_changes_a_label(project, hand):
    for class_id in (0, 1, 2):
        hand.answer(class_id)
    hand.press(ev.Back)
    hand.press(ev.Back)
    assert (project.desk.item, project.desk.review.depth) == (11, 2)
    hand.answer(2)  # a change
    assert project.label_of(11) == 2
    assert project.desk.item == 12, "one toward the present; the change itself is the latest answer now"
    hand.press(ev.Forward)
    assert project.desk.item == 11
    hand.press(ev.Forward)
    assert (project.desk.item, project.desk.review) == (13, None)
    hand.press(ev.Undo)
    assert (project.label_of(11), project.desk.item) == (1, 11)


def test_a_change_of_the_last_answer_leads_back_to_the_present(project, hand):
    hand.answer(0)
    hand.press(ev.Back)
    hand.answer(1)
    assert (project.label_of(10), project.desk.item, project.desk.review) == (1, 11, None)
    hand.press(ev.Back)
    assert (project.desk.item, project.desk.review.depth) == (10, 1)


def test_history_goes_to_its_beginning_and_all_the_way_back_past_what_was_done_in_the_grid(project, hand):
    answered = [hand.answer(0), hand.answer(1)]
    project.record([LabelEvent(0, item, Verb.LABEL, Purpose.GRID, 1) for item in (30, 31)])
    answered.append(hand.answer(2))
    seen: list[tuple[int | None, int]] = []
    for _ in range(5):
        coming = project.behind or seen[-1][0]
        hand.press(ev.Back)
        assert project.desk.item == coming
        seen.append((project.desk.item, project.desk.review.depth))
    back = [(item, depth) for depth, item in enumerate(reversed(answered), start=1)]
    assert seen == [*back, back[-1], back[-1]]
    for expected in [*reversed(back[:-1])]:
        hand.press(ev.Forward)
        assert (project.desk.item, project.desk.review.depth) == expected
    hand.press(ev.Forward)
    assert (project.desk.item, project.desk.review) == (13, None)


def test_a_label_that_is_kept_makes_no_event(project, hand):
    hand.answer(0)
    before = project.ledger.actions
    hand.press(ev.Back)
    hand.answer(0)
    assert project.ledger.actions == before
    assert project.desk.item == 11


def test_a_grid_action_is_taken_back_whole_with_what_it_did_to_the_queue(project, hand):
    project.record([LabelEvent(0, item, Verb.LABEL, Purpose.GRID, 1) for item in (10, 11, 30)])
    assert project.desk.item == 12
    assert project.undo() == (10, 11, 30)
    assert [project.label_of(item) for item in (10, 11, 30)] == [None] * 3
    assert project.queue.items() == {10, 11, 12, 13, 14, 15}


@pytest.mark.parametrize("reopens", [False, True])
def test_a_first_label_that_is_taken_back_after_a_round_is_asked_about_at_once(
    tmp_path: Path, reopens: bool
) -> None:
    file = tmp_path / "p.clarifier"
    sample.create(file, 40, holdout=0).close()
    project = sample.open_project(file)
    leads = sample.conductor(project)
    leads.refill_queue()
    first = project.desk.item
    Hand(project).answer(1)
    never_asked = {task.item for task in project.queue}
    sample.begin_round(project, leads, [])
    assert project.undo() == (first,)
    if reopens:
        project.store.close()
        project = sample.open_project(file)
    asked = {task.item for task in project.queue}
    assert first in asked
    assert len(asked & never_asked) <= 1, "but for the one on the desk, first labels fall away"
    project.store.close()
