"""A second look in live rounds: what it shows, what an answer becomes, when it is due, and what a kill leaves."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from studies.finish.doubtful import Judged
from studies.labeling.doubts.label_check import LabelCheck
from studies.labeling.doubts.second_look import SecondLook
from studies.labeling.facts.records import LabelEvent, Purpose, Verb
from studies.labeling.project.loading import load
from studies.labeling.project.project import Project
from studies.labeling.project.summary import minutes_by_kind
from studies.labeling.report.facts import collect_facts
from studies.labeling.rounds.conductor import Conductor
from tests.studies.labeling.sample import conductor, create, open_project, timing

CAT, DOG, OWL = range(3)
N = 30
WRONG = {3: 0.97, 6: 0.9, 10: 0.95, 13: 0.9, 20: 0.99}  # by item, the chance that its label is wrong
SINGLE = 20  # labeled by itself: no page confirmed it


@pytest.fixture
def project(tmp_path: Path):
    """Thirty images labeled on pages as cat, dog and owl in turn, but for one."""
    create(tmp_path / "p", N, 5).close()
    opened = open_project(tmp_path / "p")
    for item in range(N):
        purpose = Purpose.QUEUE if item == SINGLE else Purpose.PAGE
        opened.record([LabelEvent(0, item, Verb.LABEL, purpose, item % 3)])
    yield opened
    opened.store.close()


@pytest.fixture
def leads(project: Project) -> Conductor:
    return judged(project)


def judged(project: Project, wrong: Mapping[int, float] = WRONG) -> Conductor:
    """The project as the learner judged it that takes each item for the class after its label."""
    made = conductor(project)
    judge(made, wrong)
    return made


def judge(leads: Conductor, wrong: Mapping[int, float] = WRONG) -> None:
    request = leads.checks.request()
    items = np.flatnonzero(request.learn.labels >= 0)
    labels = request.learn.labels[items].astype(np.int64)
    chance = np.array([wrong.get(int(item), 0.001) for item in items])
    nothing = np.zeros((0, 2), np.int64), np.zeros(len(items), np.bool_)
    found = Judged(chance, (labels + 1) % 3, chance > 0.5)
    leads.checks.take(request, LabelCheck(items, labels, found, True, *nothing))


def pages(look: SecondLook, cells: int = 24) -> list[tuple[int, tuple[int, ...]]]:
    return [(page.label, page.items) for page in look.pages(cells)]


def test_it_shows_what_pages_confirmed_on_pages_of_one_label(leads: Conductor) -> None:
    look = leads.second_look
    assert pages(look) == [(DOG, (10, 13)), (CAT, (3, 6))] or pages(look) == [(CAT, (3, 6)), (DOG, (10, 13))]
    assert SINGLE not in look.items
    assert sorted(page for _, page in pages(look, 1)) == [(3,), (6,), (10,), (13,)]
    offer = look.offer(24)
    assert offer is not None
    assert (offer.images, offer.pages) == (4, 2)
    assert offer.sentence().startswith("A second look: 4 images on 2 pages, about 2 of them wrong, about ")


def test_what_is_confirmed_keeps_its_label_and_what_is_marked_is_asked_about(project, leads) -> None:
    look = leads.second_look
    assert look.confirm((3,), (6,), timing(2, 6.0), (3, 6)) == 2
    events = project.store.events_of(project.ledger.actions - 1)
    assert [(e.item, e.verb, e.purpose, e.class_id, e.suggestion) for e in events] == [
        (3, Verb.CONFIRM, Purpose.SECOND_LOOK, CAT, None),
        (6, Verb.RELEASE, Purpose.SECOND_LOOK, None, CAT),
    ]
    assert project.store.query("SELECT place FROM label_events ORDER BY seq DESC LIMIT 2") == [(1,), (0,)]
    assert (project.label_of(3), project.label_of(6)) == (CAT, None)
    (task,) = [task for task in project.queue if task.purpose is Purpose.RETURNED]
    assert (task.item, task.suggestion) == (6, DOG)
    assert project.ledger.rejections.of(6, project.classes.resolve) == {CAT}
    assert pages(look) == [(DOG, (10, 13))]
    assert project.undo() == (3, 6)
    assert sorted(look.items) == [3, 6, 10, 13]
    assert project.label_of(6) == CAT
    assert not [task for task in project.queue if task.purpose is Purpose.RETURNED]


def test_no_class_is_suggested_that_an_image_was_said_to_lack(project) -> None:
    project.record([LabelEvent(0, 6, Verb.RELEASE, Purpose.PAGE, suggestion=DOG)])
    project.record([LabelEvent(0, 6, Verb.LABEL, Purpose.PAGE, CAT)])
    judged(project).second_look.confirm((), (6,), timing(1), (6,))
    (task,) = [task for task in project.queue if task.purpose is Purpose.RETURNED]
    assert task.suggestion is None


def test_it_comes_again_only_where_the_label_changed(project, leads) -> None:
    leads.second_look.confirm((3, 6), (10,), timing(3), (3, 6, 10))
    project.record([LabelEvent(0, 10, Verb.LABEL, Purpose.RETURNED, DOG)])
    judge(leads)
    assert leads.second_look.items == [13]
    project.record([LabelEvent(0, 3, Verb.LABEL, Purpose.PAGE, OWL)])
    judge(leads)
    assert sorted(leads.second_look.items) == [3, 13]
    assert 3 not in [label.item for label in leads.checks.listed() if label.given == CAT]


def test_a_kill_loses_nothing_that_was_confirmed_and_brings_the_page_again(project, leads) -> None:
    first, second = pages(leads.second_look)
    leads.second_look.confirm(first[1], (), timing(2), first[1])
    path = project.store.path
    project.store.close()  # the second page was marked, not confirmed: nothing of that is anywhere
    again = open_project(path)
    later = conductor(again)
    assert later.second_look.due, "the learner judges anew, as its answer is in no file"
    judge(later)
    assert not later.second_look.due
    assert pages(later.second_look) == [second]
    assert {again.label_of(item) for item in first[1]} == {first[0]}
    again.store.close()


def test_it_is_due_when_nothing_is_left_and_begins_once_where_the_settings_want_it(project) -> None:
    leads = conductor(project)
    look = leads.second_look
    assert look.due
    assert not look.will_begin, "it is off by default"
    project.change_settings(project.settings.model_copy(update={"second_look": True}))
    assert look.will_begin
    assert not look.begins(), "the learner is still to say what is likely to be wrong"
    judge(leads)
    assert not look.due
    assert look.begins()
    assert not look.begins()
    assert not look.will_begin
    look.confirm((3, 6), (10,), timing(3), (3, 6, 10))
    assert not look.due, "an image is left"
    project.record([LabelEvent(0, 10, Verb.LABEL, Purpose.RETURNED, OWL)])
    assert not look.due, "what was found and put right is no reason to judge all anew"
    assert not look.begins()


def test_what_is_marked_does_not_have_all_judged_anew_while_it_is_looked_through(project, leads) -> None:
    leads.second_look.want()
    assert not leads.checks.due
    leads.second_look.confirm((3,), (6, 10), timing(3), (3, 6, 10))
    assert not leads.checks.due
    leads.checks.want()
    assert leads.checks.due, "the list of doubtful labels is opened"


def test_nothing_is_due_where_no_page_was_confirmed_or_the_learner_could_not(project) -> None:
    leads = conductor(project)
    leads.checks.fail("Too few labels.")
    assert not leads.second_look.due
    assert leads.second_look.explain() == "Too few labels."
    for item in range(N):
        project.record([LabelEvent(0, item, Verb.LABEL, Purpose.REVIEW, item % 3)])
    assert not leads.second_look.due
    assert not leads.second_look.possible


def test_marks_on_a_page_that_stayed_while_labels_were_judged_anew_count(project, leads) -> None:
    look = leads.second_look
    look.pages(24)
    judge(leads, {})
    assert look.items == []
    look.confirm((3,), (6,), timing(2), (3, 6))
    assert project.label_of(6) is None
    leads.checks.want()
    judge(leads, {3: 0.9})
    assert look.items == [], "3 was said to be right"


def test_its_time_is_apart_from_that_of_the_pages_of_the_queue(project, leads) -> None:
    before = project.pages.costs()
    leads.second_look.confirm((3, 6), (), timing(2, 90.0 / 10), (3, 6))
    assert project.pages.costs() == before
    assert minutes_by_kind(project)["second look"] == pytest.approx(9 / 60)
    assert load(project.store).pages.second_look_s == pytest.approx(9.0)
    assert project.pages.second_look_costs(before).cell_s > before.cell_s
    project.undo()
    assert project.pages.second_look_s == 0


def test_tables_and_report_name_it(project, leads) -> None:
    leads.second_look.confirm((3,), (6,), timing(2), (3, 6))
    rows = dict(project.store.query("SELECT item, confirmed_again FROM labels"))
    assert rows["003.png"] == "second-look"
    assert rows["010.png"] is None
    answers = project.store.query("SELECT item, verb, place FROM answers WHERE purpose = 'second-look'")
    assert answers == [("003.png", "confirm", 0), ("006.png", "release", 1)]
    told = "A second look at 2 labels of pages: 1 was wrong."
    assert told in collect_facts(project.store).doubts.sentence
    assert leads.second_look.told() == told
    project.undo()
    assert dict(project.store.query("SELECT item, confirmed_again FROM labels"))["003.png"] is None
