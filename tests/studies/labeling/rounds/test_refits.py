"""Suggestions renewed between two rounds: when, of what, and what is on record."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from model.rounds.live_values import Refitted
from studies.files.store_errors import StoreFull
from studies.labeling.facts import inputs as ev
from studies.labeling.facts.records import LabelEvent, Purpose, Verb
from studies.labeling.project.project import Project
from studies.labeling.rounds.conductor import Conductor
from studies.labeling.rounds.refits import REFIT_EVERY
from studies.labeling.state.desk import Phase
from tests.studies.labeling.sample import Hand, chosen, conductor, create, open_project, result

QUEUE = [(item, 1, "hard") for item in range(10, 30)]


@pytest.fixture
def project(tmp_path: Path):
    create(tmp_path / "p", holdout=0, plant_rate=0).close()
    opened = open_project(tmp_path / "p")
    yield opened
    opened.store.close()


@pytest.fixture
def leads(project: Project) -> Conductor:
    made = conductor(project)
    project.record([LabelEvent(0, item, Verb.LABEL, Purpose.IMPORT, item % 3) for item in range(3)])
    begin(project, made)
    return made


def begin(project: Project, leads: Conductor, network: str = "mobilenet_v2") -> None:
    request = leads.request(leads.propose())
    made = result(project, request.learn.round, QUEUE, spare=chosen(35, tier="hard"))
    leads.begin_round(request, replace(made, model=replace(made.model, network=network)))


def refit(project: Project, leads: Conductor, class_id: int = 2) -> None:
    request = leads.refits.request()
    n = len(project.items)
    top = dict.fromkeys(request.learn.wanted, ((class_id, 0.9), (1, 0.05)))
    made = Refitted(
        9, np.full(n, class_id, np.int32), np.full(n, 0.9, np.float32), ((), (), ()), True, top, 0.4
    )
    leads.renew_suggestions(request, made)


def answers(project: Project, columns: str) -> list[tuple[object, ...]]:
    return project.store.query(f"SELECT {columns} FROM answers ORDER BY seq")


def test_it_is_due_every_few_answers_where_a_last_layer_alone_is_trained(project, leads):
    hand = Hand(project)
    for _ in range(REFIT_EVERY):
        assert not leads.refits.due
        hand.answer(1)
    assert leads.refits.due
    refit(project, leads)
    assert not leads.refits.due


def test_a_network_that_is_trained_in_full_is_not_trained_between_rounds(project):
    leads = conductor(project)
    project.record([LabelEvent(0, item, Verb.LABEL, Purpose.IMPORT, item % 3) for item in range(3)])
    begin(project, leads, "small-cnn")
    for _ in range(REFIT_EVERY):
        Hand(project).answer(1)
    assert not leads.refits.due


def test_what_is_on_screen_keeps_its_words_and_what_follows_has_the_newest(project, leads):
    hand = Hand(project)
    hand.show()
    refit(project, leads)
    assert (project.desk.phase, project.desk.task.suggestion) == (Phase.SHOWN, 1)
    hand.answer(1)
    hand.answer(2)
    hand.answer(1)
    hand.answer(0)
    assert answers(project, "suggestion, kind, rank, refit") == [
        ("dog", "verified", 1, None),
        ("owl", "verified", 1, 0),
        ("owl", "corrected", 2, 0),
        ("owl", "corrected", None, 0),
    ]
    assert project.store.query("SELECT refit, round, trained_on FROM refits") == [(0, 1, 9)]
    assert project.store.query("SELECT DISTINCT mode FROM labels WHERE origin = 'person' ORDER BY 1") == [
        (None,),
        ("single",),
    ]


def test_an_image_that_is_about_to_come_keeps_its_words_too(project, leads):
    assert project.desk.phase is Phase.COMING
    refit(project, leads)
    assert project.desk.task.suggestion == 1


def test_the_predictions_are_the_newest(project, leads):
    refit(project, leads)
    assert set(leads.predictions.predicted) == {2}


def test_undo_asks_again_with_the_newest_words(project, leads):
    hand = Hand(project)
    hand.answer(1)
    refit(project, leads)
    hand.answer(1)
    item = hand.answer(2)
    hand.press(ev.Undo)
    assert (project.desk.item, project.desk.task.suggestion, project.desk.refit) == (item, 2, 0)


def test_a_round_overtakes_a_refit(project, leads):
    hand = Hand(project)
    request = leads.refits.request()
    n = len(project.items)
    late = Refitted(9, np.full(n, 2, np.int32), np.full(n, 0.9, np.float32), ((), (), ()), True, {}, 0.4)
    hand.answer(1)
    begin(project, leads)
    before = leads.predictions
    leads.renew_suggestions(request, late)
    assert leads.predictions is before
    assert project.store.count("refits") == 0


def test_what_is_left_of_a_round_is_renewed_at_once_when_the_next_begins(project, leads):
    hand = Hand(project)
    refit(project, leads)
    hand.answer(1)
    renewed = project.desk
    assert renewed.task.suggestion == 2
    begin(project, leads)
    assert project.desk == renewed, "what is on the desk stays"
    assert project.queue.task(renewed.task.task_id).suggestion == 1, "and waits with its own words"
    assert leads.refits.due
    refit(project, leads, class_id=0)
    assert not leads.refits.due
    hand.answer(1)
    assert (project.desk.task.suggestion, project.desk.refit) == (0, 1)


def test_a_rejected_class_is_not_suggested_by_a_newer_model_either(project, leads):
    project.record([LabelEvent(0, 11, Verb.RELEASE, Purpose.GRID, suggestion=2)])
    refit(project, leads)
    hand = Hand(project)
    while project.desk.item != 11:
        hand.answer(1)
    assert project.desk.task.suggestion == 1


def test_a_full_disk_changes_nothing(project, leads, monkeypatch):
    def full(*_: object) -> None:
        raise StoreFull("The disk is full.")

    monkeypatch.setattr(project.store, "add_refit", full)
    before = leads.predictions
    with pytest.raises(StoreFull):
        refit(project, leads)
    assert (project.renewal, leads.predictions) == (None, before)


def test_a_project_that_is_opened_again_goes_on_numbering(project, leads):
    refit(project, leads)
    path = project.store.path
    project.store.close()
    again = open_project(path)
    assert (again.refits_made, again.renewal) == (1, None)
    again.store.close()
