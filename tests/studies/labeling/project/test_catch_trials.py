"""Catch trials on labels that stand: counted, and gone once their suggestion is right."""

from __future__ import annotations

import pytest

from studies.labeling.facts import inputs as ev
from studies.labeling.facts.records import LabelEvent, Purpose, Task, Verb
from studies.labeling.project.project import Project
from tests.studies.labeling.sample import open_project


def add(project: Project, task: Task) -> None:
    """Ask about a task, and then about one that is no catch trial."""
    project.add_tasks([task, Task(task.task_id + 1, 0, 39, Purpose.QUEUE, "hard", "badge", 2)])


def test_where_nothing_else_waits_catch_trials_are_not_asked(project, hand):
    """One wrong suggestion after the other would tell what they are."""
    hand.answer(0)
    project.queue.drop_items(range(40))
    project.desk = project.desk.__class__()
    first = project.tasks_made
    project.add_tasks([Task(first, 1, 39, Purpose.QUEUE, "hard", "badge", 2)])
    project.add_tasks([Task(first + n, 1, 10, Purpose.CATCH, "hard", "badge", 2) for n in (1, 2)])
    assert project.queue.of_round == 3
    hand.answer(2)
    assert project.desk.task is None
    assert len(project.queue) == 0


def test_a_catch_trial_changes_no_label_and_is_counted(project, hand):
    hand.answer(0)
    project.queue.drop_items(range(40))
    project.desk = project.desk.__class__()
    add(project, Task(project.tasks_made, 0, 10, Purpose.CATCH, "hard", "badge", 2))
    hand.answer(2)
    assert (project.label_of(10), project.catch_trials.missed) == (0, 1)
    assert "hard" in project.catch_trials.sentence()
    hand.press(ev.Undo)
    assert project.catch_trials.answered == 0


@pytest.fixture
def catch_trial(project, hand) -> Task:
    """A wrong suggestion on the first image, whose label is class 0."""
    hand.answer(0)
    project.queue.drop_items(range(40))
    project.desk = project.desk.__class__()
    task = Task(project.tasks_made, 0, 10, Purpose.CATCH, "hard", "badge", 2)
    add(project, task)
    assert project.desk.task == task
    return task


def test_a_catch_trial_that_became_right_is_not_shown(path, project, hand, catch_trial):
    hand.press(ev.Back)
    hand.answer(2)
    assert (project.label_of(10), project.desk.task.purpose) == (2, Purpose.QUEUE)
    project.store.close()
    again = open_project(path)
    assert catch_trial.task_id not in {t.task_id for t in again.queue}
    again.store.close()


def test_a_catch_trial_on_a_label_that_was_taken_back_is_not_shown(project, hand, catch_trial):
    hand.press(ev.Undo)
    assert project.desk.task.purpose is Purpose.SEED
    assert hand.answer(1) == 10
    assert (project.label_of(10), project.catch_trials.answered) == (1, 0)


def test_a_label_changed_in_the_grid_takes_the_catch_trial_off_the_desk(project, hand, catch_trial):
    hand.show()
    project.record([LabelEvent(0, 10, Verb.LABEL, Purpose.GRID, 2)])
    assert project.desk.task.purpose is Purpose.QUEUE
