"""A round of a few images one by one, and pages of which the model is sure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from model.rounds.live_values import Likeliest
from studies.labeling.facts.records import LabelEvent, Purpose, Task, Verb
from studies.labeling.planning.page_plan import plan_pages
from studies.labeling.project.project import Project
from studies.labeling.rounds.conductor import Conductor
from tests.studies.labeling.sample import Hand, conductor, create, open_project, result, timing

ITEMS, CELLS = 90, 8
SINGLES = [(item, 1, "hard") for item in range(3, 9)]  # labeled first in the round


def make(tmp_path: Path, **settings: object) -> Project:
    path = tmp_path / "p.clarifier"
    tmp_path.mkdir(exist_ok=True)
    create(path, ITEMS, 0, **{"plant_rate": 0.0, **settings}).close()
    project = open_project(path)
    project.record([LabelEvent(0, item, Verb.LABEL, Purpose.IMPORT, item % 3) for item in range(3)])
    return project


def begin(
    project: Project,
    sure: float = 0.999,
    leads: Conductor | None = None,
    singles: Sequence[tuple[int, int, str]] = SINGLES,
    shift: int = 0,
) -> Conductor:
    """A round with a few singles; the model is sure of every other image, that it is of its number's class modulo 3,
    or of one that is ``shift`` further.
    """
    leads = leads or conductor(project)
    request = leads.request(leads.propose())
    labels = np.array([[(i + shift + k) % 3 for k in range(3)] for i in range(ITEMS)], np.int32)
    p = np.tile(np.array([sure, 1 - sure, 0.0], np.float32), (ITEMS, 1))
    made = replace(result(project, request.learn.round, list(singles)), likeliest=Likeliest(labels, p))
    assert request.pages is not None
    assert made.likeliest is not None
    inputs = replace(request.pages, cells=CELLS)
    plan = plan_pages(made.likeliest, True, inputs)
    leads.begin_round(request, made, replace(plan, likely=np.zeros(ITEMS, np.bool_)))
    return leads


def reach_pages(project: Project, leads: Conductor) -> None:
    hand = Hand(project)
    for _ in SINGLES:
        leads.pages.fill(CELLS)
        hand.answer(1)
    leads.pages.fill(CELLS)


def items_of(tasks: Iterable[Task]) -> list[tuple[int, int | None, int | None]]:
    return [(task.item, task.suggestion, task.page) for task in tasks]


def confirm(
    leads: Conductor,
    tasks: Sequence[Task],
    odd: Iterable[int] = (),
    unread: Iterable[int] = (),
    seconds: float = 8.0,
) -> int:
    """``odd`` and ``unread`` are places."""
    marked, unseen = ({tasks[place].task_id for place in places} for places in (odd, unread))
    return leads.pages.confirm(tasks, marked, unseen, timing(len(tasks), seconds))
