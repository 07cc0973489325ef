"""A project that is ended by a certificate: draws, a look, an offer, and labels of the program that hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from model.rounds.live_values import Judged, LearnResult, Likeliest
from studies.finish.sample import Way
from studies.labeling.facts import inputs as ev
from studies.labeling.facts.records import LabelEvent, Purpose, Verb
from studies.labeling.planning.finish_plan import Rest, plan_rest
from studies.labeling.project.project import Project
from studies.labeling.rounds.conductor import Conductor
from studies.labeling.rounds.request import RoundRequest
from tests.studies.labeling import sample

ITEMS, HELD = 600, 5


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    goal = {"kind": "labeled", "share": 0.03}
    sample.create(tmp_path / "p", ITEMS, HELD, goal=goal, plant_rate=0.0, seed_labels=20).close()
    opened = sample.open_project(tmp_path / "p")
    yield opened
    opened.store.close()


def label_all_waiting(project: Project, hand: sample.Hand, most: int = 1000) -> None:
    """Each as what its number says."""
    while most and len(project.queue):
        most -= 1
        hand.show()
        item = project.desk.item
        assert item is not None
        hand.answer(item % 3, took_ms=1_000)


def likeliest(items: np.ndarray) -> Likeliest:
    first = (items % 3).astype(np.int32)
    labels = np.stack([first, (first + 1) % 3, (first + 2) % 3], axis=1).astype(np.int32)
    return Likeliest(labels, np.tile(np.array([0.998, 0.001, 0.001], np.float32), (len(items), 1)))


def learned(project: Project, request: RoundRequest) -> tuple[LearnResult, Rest]:
    """A model that is right about every image, out of fold too."""
    learn, everything = request.learn, np.arange(len(project.items))
    free = [i for i in everything.tolist() if learn.labels[i] < 0 and not learn.excluded[i] and i >= HELD]
    queue = [(item, item % 3, "hard") for item in free[:10]]
    found = sample.result(project, learn.round, queue)
    known = np.flatnonzero((learn.labels >= 0) & ~learn.auto & ~learn.holdout)
    told = likeliest(everything)
    judged = Judged(known, likeliest(known), told, told) if learn.judge else None
    found = replace(found, likeliest=likeliest(everything), judged=judged)
    assert found.likeliest is not None
    assert request.finish is not None
    return found, plan_rest(found.likeliest, True, request.finish, judged)


def begin(project: Project, leads: Conductor) -> Rest:
    request = leads.request(leads.propose())
    found, rest = learned(project, request)
    leads.begin_round(request, found, None, rest)
    return rest


def label_until_offered(project: Project) -> tuple[Conductor, sample.Hand]:
    leads, hand = sample.conductor(project), sample.Hand(project)
    for _ in range(2):
        leads.refill_queue()
        label_all_waiting(project, hand)
    for _ in range(12):
        begin(project, leads)
        if leads.finish.offer is not None:
            return leads, hand
        label_all_waiting(project, hand)
    raise AssertionError("no offer came")


def test_draws_are_on_record_with_what_had_no_label_then(project: Project, tmp_path: Path) -> None:
    leads, hand = sample.conductor(project), sample.Hand(project)
    leads.refill_queue()
    assert [draw.mask(ITEMS).sum() for draw in project.draws] == [ITEMS - HELD]
    label_all_waiting(project, hand)
    rest = begin(project, leads)
    assert rest.plan.draws > 0
    first, second = project.draws
    tasks = [task for task in project.queue if task.purpose is Purpose.SAMPLE]
    assert {task.item for task in tasks} == {item for _, item in second.drawn}
    assert all(task.suggestion is None for task in tasks)
    asked = [task.item for task in project.queue if task.purpose is Purpose.QUEUE]
    mask = second.mask(ITEMS)
    assert not mask[asked].any()
    assert not mask[[item for _, item in first.drawn]].any()
    assert project.draws == list(project.store.sample_draws())


def test_a_draw_with_suggestions_is_known_as_one_when_the_project_is_read_again(project: Project) -> None:
    leads, hand = sample.conductor(project), sample.Hand(project)
    leads.refill_queue()
    label_all_waiting(project, hand)
    request = leads.request(leads.propose())
    found, rest = learned(project, request)
    leads.begin_round(request, found, None, replace(rest, plan=replace(rest.plan, draws=20, suggested=True)))
    drawn = [task for task in project.queue if task.purpose is Purpose.SAMPLE]
    assert drawn
    assert all(task.suggestion is not None for task in drawn)
    assert [draw.suggested for draw in project.draws] == [False, True]
    assert project.draws == list(project.store.sample_draws())
    label_all_waiting(project, hand)
    inputs = leads.finish.inputs(request.class_ids)
    assert inputs is not None
    assert inputs.sample is not None
    assert {inputs.sample.ways[task.item] for task in drawn} == {Way.SUGGESTED}


def test_the_program_labels_what_was_certified_and_nothing_asks_about_it(project: Project) -> None:
    leads, hand = label_until_offered(project)
    offer = leads.finish.offer
    assert offer is not None
    assert [look.look for look in project.store.looks()] == list(range(len(project.looks)))
    assert project.store.certified_by() is None, "the choice is the person's"
    count = leads.finish.accept()
    assert count == offer.count > 200
    assert project.store.certified_by() == project.looks[-1]
    labels = dict(
        project.store.query("SELECT strategy, count(*) FROM labels WHERE origin = 'program' GROUP BY 1")
    )
    assert labels == {"folder": count}
    assert project.store.progress() == project.ledger.progress()
    certified = set(offer.found.certified.items.tolist())
    assert not certified & {task.item for task in project.queue}
    label_all_waiting(project, hand)
    rest = begin(project, leads)
    assert (rest.look, leads.finish.offer) == (None, None), "what is certified is not looked at again"
    assert not certified & {task.item for task in project.queue}
    assert project.ledger.auto_count == count, "they hold over later rounds"
    for _ in range(40):
        leads.refill_queue()
        label_all_waiting(project, hand)
    assert project.ledger.progress().left == 0
    assert project.ledger.progress().by_program == count


def test_a_project_is_opened_with_what_was_certified(project: Project, tmp_path: Path) -> None:
    leads, _ = label_until_offered(project)
    count = leads.finish.accept()
    item = int(np.flatnonzero(project.ledger.of_folder)[0])
    project.record([LabelEvent(0, item, Verb.LABEL, Purpose.GRID, 0)])
    assert project.ledger.progress().by_program == count - 1, "a person's decision ends one"
    project.undo()
    assert project.ledger.progress().by_program == count
    project.store.close()
    again = sample.open_project(tmp_path / "p")
    assert again.ledger.progress().by_program == count
    assert again.draws == project.draws
    assert again.looks == project.looks
    again.store.close()


def test_each_look_spends_half_of_the_chance_that_is_left(project: Project) -> None:
    leads, hand = label_until_offered(project)
    first = project.looks[-1]
    label_all_waiting(project, hand, 5)
    hand.press(ev.Pause)
    hand.project.send(ev.Continue(hand.now + 1))
    begin(project, leads)
    assert len(project.looks) in (first.look + 1, first.look + 2)
    assert [look.chance for look in project.looks] == pytest.approx([0.025, 0.0125][: len(project.looks)])


def test_what_was_labeled_meanwhile_is_a_persons(project: Project) -> None:
    leads, _ = label_until_offered(project)
    assert leads.finish.offer is not None
    items = leads.finish.offer.found.certified.items[:7].tolist()
    expected = leads.finish.offer.count - 7
    project.record([LabelEvent(0, item, Verb.LABEL, Purpose.GRID, 0) for item in items])
    assert leads.finish.accept() == expected


def test_an_offer_falls_away_with_another_goal(project: Project) -> None:
    leads, _ = label_until_offered(project)
    stricter = project.settings.goal.model_copy(update={"share": 0.01})
    project.change_settings(project.settings.model_copy(update={"goal": stricter}))
    assert leads.finish.offer is None
    assert leads.finish.accept() == 0
    assert project.store.certified_by() is None
