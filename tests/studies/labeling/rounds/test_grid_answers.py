"""What the answers to a page of the grid become, without a window."""

from __future__ import annotations

from pathlib import Path

import pytest

from studies.answers import Device, StampSource, Timing
from studies.files.store_errors import StoreFull
from studies.labeling.facts.records import LabelEvent, Purpose, Verb
from studies.labeling.file.store import ProjectStore
from studies.labeling.project.project import Project
from studies.labeling.rounds.grid_answers import GridOutcome, confirm_page, label_by_hand
from studies.labeling.rounds.grid_lists import GridLists, ListKind, Section
from tests.studies.labeling.sample import begin_round, chosen, conductor, create, open_project

DOG = 1
PAGE = Timing(1_000, 2_000, 3_000, 3_100, StampSource.MONOTONIC, Device.KEYBOARD, 0, False, 0, images=4)


@pytest.fixture
def project(tmp_path: Path):
    """In its first round: four images labeled as dogs by the program, one image waits in the queue."""
    create(tmp_path / "p").close()
    opened = open_project(tmp_path / "p")
    opened.record(
        [LabelEvent(0, 10, Verb.LABEL, Purpose.GRID, 0), LabelEvent(0, 11, Verb.LABEL, Purpose.GRID, DOG)]
    )
    begin_round(opened, conductor(opened), [(30, 0, "hard")], auto=chosen(20, 21, 22, 23, label=DOG))
    yield opened
    opened.store.close()


def section(project: Project, kind: ListKind, class_id: int | None = DOG) -> Section:
    lists = GridLists(project, conductor(project))
    return next(s for s in lists.sections() if (s.kind, s.class_id) == (kind, class_id))


def states(project: Project, *items: int) -> list[Verb | None]:
    return [project.ledger.state(item) for item in items]


def returned(project: Project) -> list[int]:
    return [task.item for task in project.queue if task.purpose is Purpose.RETURNED]


def last_action(project: Project) -> list[tuple[int, Verb, Purpose, int | None, int | None, int | None]]:
    events = project.store.events_of(project.ledger.actions - 1)
    return [(e.item, e.verb, e.purpose, e.class_id, e.suggestion, e.images) for e in events]


def test_auto_labels_are_confirmed_and_the_wrong_ones_rejected_as_one_action(project):
    outcome = confirm_page(project, section(project, ListKind.AUTO), (20, 22), (21, 23), PAGE)
    assert outcome == GridOutcome(labeled=2, returned=2)
    assert last_action(project) == [
        (20, Verb.LABEL, Purpose.GRID, DOG, DOG, 4),
        (22, Verb.LABEL, Purpose.GRID, DOG, DOG, 4),
        (21, Verb.REJECT, Purpose.GRID, None, DOG, 4),
        (23, Verb.REJECT, Purpose.GRID, None, DOG, 4),
    ]
    assert returned(project) == [21, 23]
    assert project.undo() == (20, 22, 21, 23)
    assert returned(project) == []
    assert (project.ledger.auto[20:24] == DOG).all(), "the program's labels hold again"


def test_odd_images_that_are_not_labeled_yet_are_released(project):
    confirm_page(project, section(project, ListKind.LIKELY), (25,), (28,), PAGE)
    assert states(project, 25, 28) == [Verb.LABEL, Verb.RELEASE]
    assert returned(project) == [28]


def test_labels_of_ones_own_stay_and_the_odd_ones_are_asked_about_again(project):
    own = section(project, ListKind.LABELED)
    before = project.ledger.actions
    assert confirm_page(project, own, (11,), (), PAGE) == GridOutcome(0, 0)
    assert project.ledger.actions == before, "nothing is new, so nothing is stored"
    assert confirm_page(project, own, (), (11,), PAGE) == GridOutcome(0, 1)
    assert states(project, 11) == [Verb.RELEASE]
    assert returned(project) == [11]


def test_an_odd_image_that_waits_already_gets_no_second_task(project):
    confirm_page(project, section(project, ListKind.LIKELY, 0), (), (30, 33), PAGE)
    assert [task.item for task in project.queue].count(30) == 1
    assert returned(project) == [33]


def test_an_accepted_image_no_longer_waits(project):
    confirm_page(project, section(project, ListKind.LIKELY, 0), (30,), (), PAGE)
    assert 30 not in project.queue.items()
    assert project.label_of(30) == 0


def test_what_was_searched_for_is_labeled_without_a_suggestion(project):
    label_by_hand(project, (30, 31), 2, PAGE)
    assert last_action(project) == [(n, Verb.LABEL, Purpose.SEARCH, 2, None, 4) for n in (30, 31)]
    assert 30 not in project.queue.items(), "nobody is asked about it again"


def test_a_list_of_no_class_cannot_be_confirmed(project):
    with pytest.raises(ValueError, match="of no class"):
        confirm_page(project, section(project, ListKind.OPEN, None), (30,), (), PAGE)


@pytest.mark.parametrize("row", ["event_row", "task_row"])
def test_a_full_disk_leaves_labels_and_queue_as_they_were(project, monkeypatch, row):
    def full(*_: object) -> None:
        raise StoreFull("The disk is full: make room.")

    def stored() -> list[int]:
        return [
            project.store.query(f"SELECT count(*) FROM {name}")[0][0] for name in ("label_events", "tasks")
        ]

    before = (project.ledger.actions, project.tasks_made, list(project.queue), stored())
    with monkeypatch.context() as disk:
        disk.setattr(f"studies.labeling.file.rows.{row}", full)
        with pytest.raises(StoreFull):
            confirm_page(project, section(project, ListKind.AUTO), (20,), (21,), PAGE)
    assert (project.ledger.actions, project.tasks_made, list(project.queue), stored()) == before
    confirm_page(project, section(project, ListKind.AUTO), (20,), (21,), PAGE)
    assert [new - old for new, old in zip(stored(), before[3], strict=True)] == [2, 1]


def test_what_is_asked_about_is_still_so_when_the_project_is_opened_again(project, tmp_path):
    confirm_page(project, section(project, ListKind.AUTO), (20,), (21, 22), PAGE)
    project.store.close()
    with ProjectStore.open(tmp_path / "p", create=False) as store:
        again = Project.open(store, "A1", "0", {})
        assert returned(again) == [21, 22]
        assert states(again, 20, 21, 22) == [Verb.LABEL, Verb.REJECT, Verb.REJECT]


def test_odd_ones_are_asked_about_with_the_next_best_class_that_was_not_rejected_too(project):
    auto, likely = section(project, ListKind.AUTO), section(project, ListKind.LIKELY, 2)
    confirm_page(project, likely, (), (20,), PAGE)
    project.undo()
    project.record([LabelEvent(0, 21, Verb.RELEASE, Purpose.GRID, suggestion=2)])
    confirm_page(project, auto, (), (20, 21), PAGE, next_best=(2, 0))
    suggested = {task.item: task.suggestion for task in project.queue if task.purpose is Purpose.RETURNED}
    assert suggested == {20: 2, 21: 0}
