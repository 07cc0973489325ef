"""Pages without a class: when they come, what their answers become, and that undo and the file hold them whole."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from model.rounds.live_values import Groups
from studies.labeling.facts.records import LabelEvent, Purpose, Verb
from studies.labeling.facts.settings import FirstLabels
from studies.labeling.planning.tasks import seed_tasks
from studies.labeling.project.project import Project
from studies.labeling.rounds.conductor import Conductor
from studies.labeling.state.classes import ClassError
from studies.labeling.state.desk import Phase
from tests.studies.labeling.sample import Hand, begin_round, conductor, create, open_project, timing

HALF = 10  # images of a page: the nearer half of a cluster of 20
TIGHT = list(range(10, 20))  # of the tighter cluster, the nearest first


def groups() -> Groups:
    """Two tight clusters, and one whose images are far from each other; the first of them is held out."""
    items = np.arange(60)
    spread = np.repeat([0.3, 0.2, 0.9], 20)
    return Groups(items, np.repeat([0, 1, 2], 20), spread + (items % 20) / 1000)


def make(path: Path, **settings: object) -> Project:
    create(path, 80, 5, **{"first_labels": FirstLabels.CLUSTERS, "plant_rate": 0.0, **settings}).close()
    project = open_project(path)
    project.add_tasks(seed_tasks(project.pool(), 0, 1, count=5))
    return project


@pytest.fixture
def project(tmp_path: Path):
    made = make(tmp_path / "p.clarifier")
    yield made
    made.store.close()


@pytest.fixture
def leads(project: Project) -> Conductor:
    made = conductor(project)
    made.ask_about_typical(groups())
    return made


def to_page(project: Project) -> None:
    hand = Hand(project)
    while project.desk.phase is not Phase.PAGE:
        hand.answer(0)


def test_pages_of_tight_groups_come_next_the_tightest_first(project: Project, leads: Conductor) -> None:
    on_desk = project.desk.task
    assert project.desk.phase is Phase.COMING  # what is on the desk stays
    to_page(project)
    assert on_desk is not None
    assert project.ledger.label(on_desk.item) == 0
    assert project.ledger.actions == 1
    pages = [[task for task in project.queue if task.page == page] for page in project.queue.pages()]
    assert len(pages) == 2
    assert all(20 <= task.item < 40 for task in pages[0])
    assert all(task.suggestion is None and task.purpose is Purpose.CLUSTER for task in pages[0])
    assert len(pages[0]) <= HALF
    leads.ask_about_typical(groups())  # a second time, as after opening again, there is nothing to add
    assert len(project.queue.pages()) == 2


def test_a_name_labels_all_that_are_not_marked_and_these_are_asked_about_by_themselves(
    project: Project, leads: Conductor
) -> None:
    to_page(project)
    page, actions = project.queue.page(), project.ledger.actions
    odd, unread = {page[1].task_id}, {page[2].task_id}
    assert leads.pages.name(page, odd, unread, "dog", timing(len(page))) == len(page) - 2
    assert project.ledger.actions == actions + 1
    labels = [project.label_of(task.item) for task in page]
    assert labels == [1, None, None, *[1] * (len(page) - 3)]
    assert project.queue.page() != page
    returned = [task for task in project.queue if task.purpose is Purpose.RETURNED]
    assert [task.item for task in returned] == [page[1].item]
    assert project.ledger.rejections.of(page[1].item, project.classes.resolve) == {1}
    assert not project.ledger.random_labels()[page[0].item], "it was not drawn at random"
    rows = project.store.query(
        "SELECT mode, page, place FROM labels WHERE purpose = 'cluster' ORDER BY place"
    )
    assert rows == [("cluster", actions, place) for place in range(len(page)) if place not in (1, 2)]
    work = project.store.work_after(0)
    assert (work.pages, work.marks) == (1, 1)


def test_the_time_of_naming_is_kept_and_spoils_no_cost(project: Project, leads: Conductor) -> None:
    to_page(project)
    counted = project.tally.seconds_a_label
    page = project.queue.page()
    leads.pages.name(page, {page[0].task_id}, set(), "dog", timing(len(page), seconds=12))
    leads.pages.refuse(project.queue.page(), set(), timing(9, seconds=5))
    assert len(project.pages) == 0
    assert project.tally.seconds_a_label == counted
    per_image = project.store.query(
        "SELECT DISTINCT response_time_s * images FROM answers WHERE purpose = 'cluster'"
    )
    assert sorted(seconds for (seconds,) in per_image) == pytest.approx([5, 12])


def test_not_one_class_labels_nothing_and_the_images_may_be_asked_about_again(
    project: Project, leads: Conductor
) -> None:
    to_page(project)
    page = project.queue.page()
    free = project.pool().free
    leads.pages.refuse(page, set(), timing(len(page)))
    assert [project.label_of(task.item) for task in page] == [None] * len(page)
    assert project.queue.page()[0].page != page[0].page
    assert all(project.pool().free[task.item] and not free[task.item] for task in page)
    assert not project.ledger.rejections.of(page[0].item, project.classes.resolve)
    project.store.close()
    again = open_project(project.store.path)
    assert not {task.item for task in page} & again.queue.items()
    again.store.close()


def test_a_new_name_makes_a_class_and_a_name_that_cannot_be_changes_nothing(
    project: Project, leads: Conductor
) -> None:
    to_page(project)
    page, actions = project.queue.page(), project.ledger.actions
    with pytest.raises(ClassError):
        leads.pages.name(page, set(), set(), "  ", timing(len(page)))
    assert project.ledger.actions == actions
    assert project.queue.page() == page
    leads.pages.name(page, set(), set(), "elk", timing(len(page)))
    elk = project.classes.id_of("elk")
    assert elk == 3
    assert project.label_of(page[0].item) == elk
    project.store.close()
    again = open_project(project.store.path)
    assert again.classes.name(again.label_of(page[0].item) or 0) == "elk"
    again.store.close()


@pytest.mark.parametrize("named", [True, False])
def test_undo_takes_it_back_whole_and_asks_about_it_next(
    project: Project, leads: Conductor, named: bool
) -> None:
    to_page(project)
    page, waiting = project.queue.page(), [task.task_id for task in project.queue]
    if named:
        leads.pages.name(page, {page[0].task_id}, set(), "elk", timing(len(page)))
    else:
        leads.pages.refuse(page, set(), timing(len(page)))
    assert len(project.undo()) == len(page)
    assert project.queue.page() == page
    assert project.desk.phase is Phase.PAGE
    assert [task.task_id for task in project.queue] == waiting
    assert [project.ledger.state(task.item) for task in page] == [None] * len(page)


def test_they_are_there_when_the_project_is_opened_again(project: Project, leads: Conductor) -> None:
    to_page(project)
    page = project.queue.page()
    project.store.close()
    again = open_project(project.store.path)
    assert again.desk.phase is Phase.PAGE
    assert again.queue.page() == page
    assert conductor(again).pages.name(page, set(), set(), "owl", timing(len(page))) == len(page)
    again.store.close()


def test_the_first_model_waits_for_them_while_a_class_lacks_an_example_and_then_they_fall_away(
    tmp_path: Path,
) -> None:
    project = make(tmp_path / "p.clarifier", seed_labels=5)
    leads = conductor(project)
    leads.ask_about_typical(groups())
    many = [LabelEvent(0, item, Verb.LABEL, Purpose.SEARCH, item % 2) for item in range(40, 80)]
    project.record(many)
    assert project.queue.to_name
    assert not leads.wants_round()
    to_page(project)
    leads.pages.name(project.queue.page(), set(), set(), "owl", timing(HALF))
    assert leads.wants_round()
    page = project.queue.page()
    begin_round(project, leads, [(6, 1, "hard")])
    assert project.queue.page() == page, "what is looked at stays"
    leads.pages.refuse(page, set(), timing(HALF))
    assert project.queue.pages() == ()
    project.store.close()


def test_of_a_round_that_began_nothing_is_left_of_them(project: Project, leads: Conductor) -> None:
    assert project.queue.to_name
    others = [item for item in range(60, 80) if item not in project.queue.items()]
    project.record([LabelEvent(0, item, Verb.LABEL, Purpose.SEARCH, item % 3) for item in others])
    assert project.desk.phase is Phase.COMING
    begin_round(project, leads, [(6, 1, "hard")])
    assert project.queue.to_name == 0
    project.store.close()
    again = open_project(project.store.path)
    assert again.queue.to_name == 0
    again.store.close()


@pytest.mark.parametrize("settings", [{"first_labels": FirstLabels.TYPICAL}, {"pages": False}])
def test_they_are_a_choice_and_need_pages(tmp_path: Path, settings: dict[str, object]) -> None:
    project = make(tmp_path / "p.clarifier", **settings)
    conductor(project).ask_about_typical(groups())
    assert project.queue.pages() == ()
    assert any(task.purpose is Purpose.TYPICAL for task in project.queue)
    project.store.close()


@pytest.mark.parametrize("change", [{"first_labels": FirstLabels.TYPICAL}, {"pages": False}])
def test_with_other_settings_they_fall_away(
    project: Project, leads: Conductor, change: dict[str, object]
) -> None:
    to_page(project)
    project.change_settings(project.settings.model_copy(update={**change, "holdout": 0}))
    assert project.queue.pages() == ()
    assert project.desk.phase is Phase.COMING
    project.store.close()
    again = open_project(project.store.path)
    assert again.queue.to_name == 0
    again.store.close()


def test_a_page_on_which_nothing_can_be_read_is_gone_on_from(project: Project, leads: Conductor) -> None:
    to_page(project)
    page, actions = project.queue.page(), project.ledger.actions
    assert leads.pages.refuse(page, {task.task_id for task in page}, timing(len(page))) == 0
    assert project.ledger.actions == actions
    assert project.desk.page != page[0].page
