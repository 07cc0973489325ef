"""The list of doubtful labels: what is on it, what an answer to a page becomes, and how many slips there are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from studies.finish.doubtful import Doubt, Judged
from studies.labeling.doubts.label_check import LabelCheck
from studies.labeling.doubts.label_checks import LabelChecks
from studies.labeling.doubts.look_again import DoubtfulLabels
from studies.labeling.facts.records import Change, ClassChange, LabelEvent, Purpose, Verb
from studies.labeling.project.project import Project
from studies.labeling.rounds.conductor import Conductor
from studies.labeling.rounds.grid_lists import GridLists, ListKind
from tests.studies.labeling.sample import conductor, create, open_project, timing

CAT, DOG, OWL = range(3)
N = 30
WRONG = {10: 0.9, 11: 0.7, 12: 0.6, 13: 0.55}  # by item, the chance that its label is wrong


@pytest.fixture
def project(tmp_path: Path):
    """Thirty images labeled in turn as cat, dog and owl."""
    create(tmp_path / "p", N, 5).close()
    opened = open_project(tmp_path / "p")
    opened.record([LabelEvent(0, item, Verb.LABEL, Purpose.GRID, item % 3) for item in range(N)])
    yield opened
    opened.store.close()


@pytest.fixture
def leads(project: Project) -> Conductor:
    made = conductor(project)
    judge(made.checks)
    return made


def judge(checks: LabelChecks, pairs: tuple[tuple[int, int], ...] = (), fast: tuple[int, ...] = ()) -> None:
    """Take what a learner says that takes each of :data:`WRONG` for the class after its own."""
    checks.want()
    request = checks.request()
    items = np.flatnonzero(request.learn.labels >= 0)
    labels = request.learn.labels[items].astype(np.int64)
    wrong = np.array([WRONG.get(int(item), 0.01) for item in items])
    judged = Judged(wrong, (labels + 1) % 3, wrong > 0.5)
    checks.take(
        request,
        LabelCheck(
            items, labels, judged, True, np.array(pairs, np.int64).reshape(-1, 2), np.isin(items, fast)
        ),
    )


def doubtful(project: Project, leads: Conductor) -> DoubtfulLabels:
    return GridLists(project, leads).doubtful


def test_the_most_doubtful_comes_first_with_both_classes(project, leads) -> None:
    lists = GridLists(project, leads)
    section = next(s for s in lists.sections() if s.kind is ListKind.DOUBTFUL)
    assert section.accepts
    assert lists.items(section).tolist() == [10, 11, 12, 13]
    assert lists.size(section) == 4
    assert lists.doubtful.note(10) == "dog; owl?"
    assert lists.doubtful.note(5) == ""
    assert "Enter says that the others are right" in lists.doubtful.explain()


def test_what_else_speaks_against_a_label_is_said(project, leads) -> None:
    judge(leads.checks, pairs=((3, 7), (6, 9)), fast=(20,))
    found = doubtful(project, leads)
    assert found.items == [10, 11, 12, 13, 3, 7, 20], "6 and 9 have the same label"
    assert (found.note(3), found.note(7)) == ("cat; one like it dog", "dog; one like it cat")
    assert found.note(20) == "owl; answered too fast"


def test_confirmed_labels_do_not_come_again_and_undo_brings_them_back(project, leads) -> None:
    found = doubtful(project, leads)
    found.confirm((10, 12), (11,), timing(3), (10, 11, 12))
    assert found.items == [13]
    assert project.label_of(10) == DOG
    assert project.ledger.state(11) is Verb.RELEASE
    (task,) = [task for task in project.queue if task.purpose is Purpose.RETURNED]
    assert (task.item, task.suggestion) == (11, CAT)
    events = project.store.events_of(project.ledger.actions - 1)
    assert [(e.item, e.verb, e.purpose, e.class_id, e.suggestion) for e in events] == [
        (10, Verb.CONFIRM, Purpose.DOUBT, DOG, None),
        (12, Verb.CONFIRM, Purpose.DOUBT, CAT, None),
        (11, Verb.RELEASE, Purpose.DOUBT, None, OWL),
    ]
    judge(leads.checks)
    assert found.items == [13], "nor after the labels were judged anew"
    assert project.undo() == (10, 12, 11)
    judge(leads.checks)
    assert found.items == [10, 11, 12, 13]
    assert not [task for task in project.queue if task.purpose is Purpose.RETURNED]


def test_they_are_remembered_in_the_file(project, leads) -> None:
    doubtful(project, leads).confirm((10,), (), timing(1), (10,))
    path = project.store.path
    project.store.close()
    again = open_project(path)
    later = conductor(again)
    judge(later.checks)
    assert doubtful(again, later).items == [11, 12, 13]
    again.store.close()


def test_a_label_that_changed_may_be_doubted_again(project, leads) -> None:
    found = doubtful(project, leads)
    found.confirm((10,), (), timing(1), (10,))
    project.record([LabelEvent(0, 10, Verb.LABEL, Purpose.REVIEW, CAT)])
    assert found.items == [11, 12, 13], "of the new label nothing is known yet"
    judge(leads.checks)
    assert found.items == [10, 11, 12, 13]


def test_one_that_was_marked_and_is_labeled_the_same_again_is_settled(project, leads) -> None:
    found = doubtful(project, leads)
    found.confirm((), (11,), timing(1), (11,))
    project.record([LabelEvent(0, 11, Verb.LABEL, Purpose.RETURNED, OWL)])
    judge(leads.checks)
    assert found.items == [10, 12, 13]


def test_labels_given_by_hand_are_slips_that_were_found(project, leads) -> None:
    found = doubtful(project, leads)
    found.label((10, 12), OWL, timing(2))
    assert (project.label_of(10), project.label_of(12)) == (OWL, OWL)
    slips = leads.checks.slips(leads.checks.listed())
    assert slips is not None
    assert (slips.looked_at, slips.found) == (2, 2)


def test_classes_that_were_merged_do_not_contradict_each_other(project, leads) -> None:
    project.change_classes([ClassChange(OWL, Change.MERGED, str(DOG))])
    assert doubtful(project, leads).items == [11, 12], "dog and owl are one now"


def test_what_was_found_estimates_how_many_there_are(project, leads, monkeypatch) -> None:
    found = doubtful(project, leads)
    before = leads.checks.slips(leads.checks.listed())
    assert before is not None
    assert before.left is None
    assert before.sentence() == ""
    monkeypatch.setattr("studies.labeling.doubts.label_checks.LEAST_LOOKED", 2)
    found.confirm((11,), (10,), timing(2), (10, 11))
    after = leads.checks.slips(leads.checks.listed())
    assert after is not None
    assert (after.labels, after.looked_at, after.found) == (N, 2, 1)
    assert after.left is not None
    assert 0 <= after.left.low <= after.left.value < after.left.high <= N - 2
    assert "Of 2 looked at again 1 were wrong. About " in found.explain()
    assert " more of 30 labels may be (" in found.explain()


def test_labels_are_judged_when_the_list_is_wanted_and_anew_when_they_changed(project) -> None:
    checks = conductor(project).checks
    assert not checks.due, "nobody looks at the list"
    checks.want()
    assert checks.due
    judge(checks)
    assert not checks.due
    change(project, 1)
    assert not checks.due, "a page after the other: not for each label"
    change(project, 10)
    assert checks.due
    judge(checks)
    change(project, 1)
    checks.want()
    assert checks.due, "the list is opened"
    checks.leave()
    assert not checks.due


def test_where_the_learner_cannot_judge_the_list_says_why(project) -> None:
    leads = conductor(project)
    found = doubtful(project, leads)
    leads.checks.want()
    assert found.waits
    assert found.explain() == "Looking for labels that may be wrong."
    leads.checks.fail("Too few labels.")
    assert not leads.checks.due
    assert not found.waits
    assert found.explain() == "Too few labels."


def test_doubts_say_what_they_are(project, leads) -> None:
    judge(leads.checks, pairs=((9, 10),))
    first = leads.checks.listed()[0]
    assert (first.item, first.doubts) == (10, {Doubt.MODEL, Doubt.DUPLICATE})


def change(project: Project, count: int) -> None:
    """Give the first images another class."""
    project.record(
        [
            LabelEvent(0, item, Verb.LABEL, Purpose.GRID, ((project.label_of(item) or 0) + 1) % 3)
            for item in range(count)
        ]
    )
