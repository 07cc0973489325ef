"""The finish line of an open project: planned with each model, counted down between two, told everywhere alike."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from model.rounds.live_values import Likeliest
from studies.labeling.facts.goal import NO_GOAL, Goal
from studies.labeling.facts.records import LabelEvent, Purpose, Task, Verb
from studies.labeling.planning.finish_plan import plan_rest
from studies.labeling.project.project import Project
from studies.labeling.rounds.panel import collect
from tests.studies.labeling import sample


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    sample.create(tmp_path / "p", goal=Goal(share=0).model_dump()).close()
    opened = sample.open_project(tmp_path / "p")
    opened.add_tasks([Task(n, 0, 10 + n, Purpose.SEED) for n in range(4)])
    hand = sample.Hand(opened)
    for class_id in (0, 1, 2, 0):
        hand.answer(class_id, took_ms=2_000)
    yield opened
    opened.store.close()


def test_before_a_model_it_is_what_labels_took_so_far(project: Project) -> None:
    status = sample.conductor(project).finish.status()
    assert status.guess
    assert status.seconds is not None
    assert status.seconds.value == pytest.approx(36 * 2.0)


def test_a_round_brings_a_plan_that_labels_count_down(project: Project) -> None:
    leads = sample.conductor(project)
    request = leads.request(leads.propose())
    assert request.finish is not None
    assert request.finish.left.sum() == 36
    assert request.finish.done_s == pytest.approx(8.0)
    n = len(project.items)
    likeliest = Likeliest(
        np.tile(np.array([0, 1, 2], np.int32), (n, 1)), np.tile(np.array([0.8, 0.1, 0.1], np.float32), (n, 1))
    )
    rest = plan_rest(likeliest, True, request.finish)
    leads.begin_round(request, sample.result(project, 1, [(20, 1, "hard")]), None, rest)
    at_first = leads.finish.status()
    assert (at_first.seconds, at_first.guess) == (rest.seconds, False)
    project.record([LabelEvent(0, item, Verb.LABEL, Purpose.GRID, 0) for item in range(20, 38)])
    half = leads.finish.status().seconds
    assert half is not None
    assert half.value == pytest.approx(rest.seconds.value / 2)
    assert dict(collect(project, leads).lines)["Time for them"] == leads.finish.status().to_go


def test_who_aims_at_nothing_is_told_no_time(project: Project) -> None:
    project.change_settings(project.settings.model_copy(update={"goal": NO_GOAL}))
    leads = sample.conductor(project)
    assert leads.request(leads.propose()).finish is None
    assert leads.finish.status().line == "4 of 40 labeled   ·   36 left"
