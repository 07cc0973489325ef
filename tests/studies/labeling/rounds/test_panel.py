from __future__ import annotations

from pathlib import Path

import pytest

from studies.estimates import Share
from studies.labeling.facts.records import LabelEvent, Purpose, Task, Verb
from studies.labeling.facts.settings import CostOrigin, Costs
from studies.labeling.planning.costs import Rates, rates
from studies.labeling.project.project import Project
from studies.labeling.rounds.panel import Point, collect, curve
from tests.studies.labeling.sample import Hand, begin_round, conductor, create, open_project

GIVEN = Costs(origin=CostOrigin.GIVEN, verify=1.0, correct=4.0, unaided=3.0)
QUEUE = [(20, 0, "hard"), (21, 1, "hard"), (22, 2, "intermediate"), (23, 0, "intermediate")]


@pytest.fixture
def project(tmp_path: Path):
    """Seed labels of 4 s; a round with 0.5 + 2 s hard, 0.5 s intermediate, 1 s held out, and one absence; a model."""
    create(tmp_path / "p", costs=GIVEN.model_dump(), plant_rate=0.0).close()
    opened = open_project(tmp_path / "p")
    opened.add_tasks([Task(n, 0, 10 + n, Purpose.SEED) for n in range(4)])
    hand, leads = Hand(opened), conductor(opened)
    for class_id in (0, 1, 2, 0):
        hand.answer(class_id, took_ms=1_000)
    begin_round(opened, leads, QUEUE)
    for _ in QUEUE:
        task = opened.desk.task
        assert task is not None
        assert task.suggestion is not None
        took_ms = {20: 500, 21: 2_000, 22: 500, 23: 25_000}[task.item]
        hand.answer(2 if task.item == 21 else task.suggestion, took_ms=took_ms)
    opened.add_tasks([Task(opened.tasks_made, 1, 0, Purpose.AUDIT)])
    hand.answer(0, took_ms=1_000)
    begin_round(opened, leads, [(30, 0, "hard")])
    yield opened
    opened.store.close()


def points_of(project: Project, costs: Rates) -> tuple[Point, ...]:
    return curve(project.tally, project.rounds, project.models, costs)


def test_what_the_same_labels_would_have_cost(project):
    """Three timed labels with suggestions, of which 1 of 2 hard ones was right; five cost the same either way.

    Without suggestions 4 + 1 + 3 * 3 s; all as in the hard tier 4 + 1 + 3 * (4 - 3 * 0.5) s.
    """
    first, second = points_of(project, rates(GIVEN, project.tally))
    assert first == Point(4.0, 4.0, 4.0, Share(4, 5))
    assert (second.cost_s, second.unaided_s, second.suggest_s) == pytest.approx((8.0, 14.0, 12.5))


def test_costs_in_units_are_replaced_by_measured_times(project):
    """One c_v of the three is measured twice, so the prior's part is known: both curves stay in seconds."""
    units = Rates(1.0, 4.0, 4.0, CostOrigin.PAPER, False)
    measured = rates(Costs(), project.tally)
    assert measured.unaided == 1.0  # five unaided labels of 1 s
    _, second = points_of(project, units)
    assert second.unaided_s == pytest.approx(4 + 1 + 3 * 1.0)
    assert second.suggest_s == pytest.approx(4 + 1 + 3 * measured.expected(0.5))


def test_a_round_without_hard_answers_takes_the_hard_tier_of_the_others(project):
    hand = Hand(project)
    hand.now = 10**13
    project.queue.drop_items([30])
    project.desk = project.desk.__class__()
    task = Task(project.tasks_made, 2, 31, Purpose.QUEUE, "intermediate", "logdetmi", 1, 0.5, 1)
    project.add_tasks([task])
    hand.answer(1, took_ms=500)
    begin_round(project, conductor(project), [])
    *_, third = points_of(project, rates(GIVEN, project.tally))
    assert third.suggest_s == pytest.approx(12.5 + 2.5)


def test_all_numbers_beside_the_image(project):
    project.record([LabelEvent(0, 33, Verb.LABEL, Purpose.GRID, 1)])
    found = collect(project, conductor(project))
    lines = dict(found.lines)
    assert lines["Your labels"] == "10"  # the held-out one too
    assert lines["By the program"] == "0"
    assert lines["Without a label"] == "0"
    assert lines["Left"] == "30"
    assert lines["Time for them"].startswith("at most about ")
    assert lines["c_0, unaided"] == "1.00 s (1.00 to 1.00)"
    assert lines["c_v, checking"] == "0.50 s (0.50 to 0.50)"
    assert lines["c_a, correcting"] == "-"  # one time is no measure
    assert lines["Right, hard"] == "50% of 2 (9% to 91%)"
    assert lines["Right, intermediate"] == "100% of 2 (34% to 100%)"
    assert lines["Round, of predicted"].startswith("0 s of ")
    assert found.classes == (("dog", 2), ("owl", 3), ("cat", 4))
    assert found.advice.startswith("Accuracy 80%")
    assert found.plan.startswith("Next: ")
    assert "about" in found.plan
    assert found.catch_trials == ""
    assert len(found.points) == 2


def test_an_empty_project_has_numbers_too(tmp_path):
    create(tmp_path / "q").close()
    project = open_project(tmp_path / "q")
    found = collect(project, conductor(project))
    assert dict(found.lines)["Right, hard"] == "-"
    assert found.points == ()
    assert found.advice.startswith("After the first round")
    project.store.close()
