"""Every input in every phase: what the table lists is done, and what it does not list changes nothing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from studies.answers import Device, StampSource
from studies.labeling.facts import inputs as ev
from studies.labeling.facts.records import LabelEvent, Purpose, Task, Verb
from studies.labeling.planning.tasks import seed_tasks
from studies.labeling.project.project import Project
from studies.labeling.state.desk import TRANSITIONS, IllegalInputError, Phase
from tests.studies.labeling.sample import MS, Hand, create, open_project

LATER = 10_000_000 * MS
_HOW = (LATER + 1, StampSource.MONOTONIC, Device.KEYBOARD, 0)
MAKE: dict[type[ev.Input], Any] = {
    ev.Shown: lambda: ev.Shown(LATER),
    ev.ImageFailed: lambda: ev.ImageFailed(LATER, "cut short"),
    ev.PutOff: lambda: ev.PutOff(LATER),
    ev.LoseFocus: lambda: ev.LoseFocus(LATER),
    ev.Touch: lambda: ev.Touch(LATER),
    ev.Backtrack: lambda: ev.Backtrack(LATER),
    ev.Flag: lambda: ev.Flag(LATER),
    ev.Answer: lambda: ev.Answer(LATER, *_HOW, 1),
    ev.Remark: lambda: ev.Remark(LATER, *_HOW, Verb.NONE),
    ev.Undo: lambda: ev.Undo(LATER),
    ev.Back: lambda: ev.Back(LATER),
    ev.Forward: lambda: ev.Forward(LATER),
    ev.Pause: lambda: ev.Pause(LATER),
    ev.Continue: lambda: ev.Continue(LATER),
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "p.clarifier"
    create(path).close()
    return path


@pytest.fixture
def project(path: Path) -> Iterator[Project]:
    made = open_project(path)
    yield made
    made.store.close()


def page_tasks(project: Project, number: int, count: int) -> list[Task]:
    """A page of the first free images, none of which is labeled."""
    items = np.flatnonzero(project.pool().free)[:count].tolist()
    return [
        Task(project.tasks_made + place, project.round, item, Purpose.PAGE, suggestion=1, page=number)
        for place, item in enumerate(items)
    ]


def confirmed(task: Task) -> LabelEvent:
    return LabelEvent(0, task.item, Verb.LABEL, Purpose.PAGE, task.suggestion, task_id=task.task_id)


def bring(project: Project, phase: Phase, answers: int = 0, waiting: bool = True) -> None:
    """Bring a new project to a phase, after some answers; ``waiting``: more tasks are in the queue."""
    hand = Hand(project)
    alone = phase not in (Phase.NOTHING, Phase.PAGE)
    count = answers + alone * (1 + 3 * waiting)
    if count:
        project.add_tasks(seed_tasks(project.pool(), 0, 1, count))
    for _ in range(answers):
        hand.answer(1)
    if phase is Phase.PAGE:
        project.add_tasks(page_tasks(project, 0, 3))
    if phase is Phase.SHOWN:
        hand.show()
    elif phase is Phase.PAUSED:
        project.send(ev.Pause(hand.now))
    assert project.desk.phase is phase


def test_the_table_knows_every_input_and_every_phase() -> None:
    inputs = {getattr(ev, name) for name in ev.__all__} - {ev.Input, ev.AboutImage, ev.Decision}
    assert set(MAKE) == inputs
    assert set(TRANSITIONS) == set(Phase)
    assert {kind for ways in TRANSITIONS.values() for kind in ways} == inputs
    assert all(ways[kind] for ways in TRANSITIONS.values() for kind in ways)


@pytest.mark.parametrize(
    ("phase", "kind"), [(phase, kind) for phase in Phase for kind in MAKE if kind not in TRANSITIONS[phase]]
)
def test_what_the_table_does_not_list_raises_and_changes_nothing(
    project: Project, phase: Phase, kind: type[ev.Input]
) -> None:
    bring(project, phase, answers=1)
    desk, actions, queue = project.desk, project.ledger.actions, list(project.queue)
    stored = len(tuple(project.store.events()))
    with pytest.raises(IllegalInputError, match=kind.__name__):
        project.send(MAKE[kind]())
    assert project.desk is desk
    assert (project.ledger.actions, list(project.queue)) == (actions, queue)
    assert len(tuple(project.store.events())) == stored


def walk(folder: Path) -> Iterator[tuple[Phase, type[ev.Input], Phase]]:
    """From each phase by each input: with and without answers before, more tasks behind, a page behind those, and a
    step into history.
    """
    situations = [
        (phase, kind, answers, waiting, back, page)
        for phase, ways in TRANSITIONS.items()
        for kind in ways
        for answers, waiting, back in ((0, True, 0), (2, True, 0), (2, False, 0), (2, True, 1), (2, False, 1))
        for page in (False, True)
        if len(ways[kind]) > 1 or (answers, waiting, page) == (2, True, False)
    ]
    template = folder / "template.clarifier"
    create(template, items=12, holdout=2).close()
    for number, (phase, kind, answers, waiting, back, page) in enumerate(situations):
        project = open_project(shutil.copyfile(template, folder / f"{number}.clarifier"))
        empty = back and not waiting and phase not in (Phase.NOTHING, Phase.PAGE)
        bring(project, Phase.NOTHING if empty else phase, answers, waiting)
        if empty and kind is ev.Undo:  # of an action beside the queue: no task comes back
            project.record([LabelEvent(0, 11, Verb.LABEL, Purpose.GRID, class_id=0)])
        if page and phase is Phase.NOTHING:  # one that is answered, which undo brings back
            tasks = page_tasks(project, 7, 2)
            project.add_tasks(tasks)
            project.record([confirmed(task) for task in tasks])
        elif page and phase is not Phase.PAGE:
            project.add_tasks(page_tasks(project, 7, 2))
        if phase is Phase.PAUSED and empty:
            project.send(ev.Pause(LATER))
        elif back:
            project.send(ev.Back(LATER))
        if phase is Phase.SHOWN:
            Hand(project).show()
        before = project.desk.phase
        yield before, kind, project.send(MAKE[kind]()).phase
        project.store.close()


def test_every_way_of_the_table_is_walked_and_no_other(tmp_path: Path) -> None:
    table = {
        (phase, kind, after) for phase, ways in TRANSITIONS.items() for kind in ways for after in ways[kind]
    }
    walked = set(walk(tmp_path))
    assert (walked - table, table - walked) == (set(), set())
