"""Pages in the queue: when they come, what their answers become, and that nothing of them is lost."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from studies.labeling.facts import inputs as ev
from studies.labeling.facts.records import LabelEvent, Purpose, Verb
from studies.labeling.facts.settings import Budgets
from studies.labeling.project.project import Project
from studies.labeling.state.desk import Phase
from studies.pages.queue import PAGES_A_SINGLE
from tests.studies.labeling.paging.paged import (
    CELLS,
    SINGLES,
    begin,
    confirm,
    items_of,
    make,
    reach_pages,
)
from tests.studies.labeling.sample import Hand, conductor, open_project, result


@pytest.fixture
def project(tmp_path: Path):
    made = make(tmp_path)
    yield made
    made.store.close()


def test_pages_come_after_the_images_that_are_asked_about_one_by_one(project: Project) -> None:
    leads = begin(project)
    leads.pages.fill(CELLS)
    assert project.queue.pages() == ()  # so many singles wait that the model will know more by then
    hand = Hand(project)
    for _ in SINGLES:
        assert project.desk.phase is Phase.COMING
        hand.answer(1)
        leads.pages.fill(CELLS)
    assert project.desk.phase is Phase.PAGE
    assert len(project.queue.pages()) == 2
    page = project.queue.page()
    assert len(page) == CELLS
    assert len({task.suggestion for task in page}) == 1
    assert all(task.purpose is Purpose.PAGE and task.top[0].class_id == task.suggestion for task in page)


def test_a_confirmed_page_labels_all_but_the_odd_ones_which_come_when_the_pages_are_done(
    project: Project,
) -> None:
    leads = begin(project)
    reach_pages(project, leads)
    page = project.queue.page()
    class_id = page[0].suggestion
    actions = project.ledger.actions
    assert confirm(leads, page, odd={2, 5}) == CELLS - 2
    assert project.ledger.actions == actions + 1
    odd = {page[2].item, page[5].item}
    assert [project.label_of(task.item) for task in page if task.item not in odd] == [class_id] * (CELLS - 2)
    assert project.desk.phase is Phase.PAGE  # the next one
    assert {task.item for task in project.queue if task.purpose is Purpose.RETURNED} == odd
    while project.desk.phase is Phase.PAGE:
        confirm(leads, project.queue.page())
    assert project.desk.phase is Phase.COMING
    assert project.desk.task is not None
    assert project.desk.task.item in odd
    assert class_id is not None
    assert project.desk.task.suggestion == (class_id + 1) % 3
    rows = project.store.query("SELECT DISTINCT mode, page, purpose FROM labels WHERE purpose = 'page'")
    assert {mode for mode, _, _ in rows} == {"page"}
    assert project.pages.timed[0].cells == CELLS
    assert project.pages.timed[0].marks == 2


def test_a_round_asks_about_so_many_on_pages_and_no_more(project: Project) -> None:
    few = project.settings.model_copy(update={"budgets": Budgets(minutes=0.1), "holdout": 0})
    project.change_settings(few)
    leads = begin(project)
    reach_pages(project, leads)
    budgets = leads.propose().budgets
    confirmed = 0
    while project.desk.phase is Phase.PAGE:
        leads.pages.fill(CELLS)
        confirmed += confirm(leads, project.queue.page())
        leads.pages.fill(CELLS)
    asked = sum(count for tier, count in budgets.items() if tier.asked)
    assert 0 < confirmed <= PAGES_A_SINGLE * max(asked, 2)
    assert leads.pages.images_left < 4


def test_when_nothing_else_is_left_pages_go_on_whatever_they_save(project: Project) -> None:
    leads = begin(project)
    reach_pages(project, leads)
    while project.desk.phase is Phase.PAGE:
        confirm(leads, project.queue.page())
    for _ in range(20):
        leads.refill_queue()
        if page := project.queue.page():
            confirm(leads, page)
    assert project.ledger.open_items < CELLS


def test_undo_takes_a_page_back_whole_and_asks_about_it_next(project: Project) -> None:
    leads = begin(project)
    reach_pages(project, leads)
    page = project.queue.page()
    confirm(leads, page, odd={0})
    assert len(project.undo()) == CELLS
    assert project.desk.phase is Phase.PAGE
    assert items_of(project.queue.page()) == items_of(page)
    assert [project.label_of(task.item) for task in page] == [None] * CELLS
    assert not any(task.purpose is Purpose.RETURNED for task in project.queue)
    assert len(project.pages) == 0


def test_after_a_kill_the_page_on_screen_comes_again(project: Project) -> None:
    leads = begin(project)
    reach_pages(project, leads)
    confirm(leads, project.queue.page(), odd={1})
    page, waiting = project.queue.page(), list(project.queue)
    project.store.close()
    again = open_project(project.store.path)
    assert again.desk.phase is Phase.PAGE
    assert items_of(again.queue.page()) == items_of(page)
    assert {task.task_id for task in again.queue} == {task.task_id for task in waiting}
    more = conductor(again)
    assert confirm(more, page) == CELLS
    again.store.close()
    project.store = again.store


def test_a_round_that_begins_meanwhile_leaves_the_page_on_screen_and_drops_the_others(
    project: Project,
) -> None:
    leads = begin(project)
    reach_pages(project, leads)
    page = project.queue.page()
    request = leads.request(leads.propose())
    free = np.flatnonzero(project.pool_of_round().free)
    assert not set(free.tolist()) & {task.item for task in page}
    leads.begin_round(request, result(project, 2, [(int(free[0]), 1, "hard")]))
    assert project.desk.phase is Phase.PAGE
    assert project.queue.pages() == (page[0].page,)
    assert confirm(leads, page) == CELLS
    assert project.desk.task is not None
    assert project.desk.task.item == free[0]


def test_catch_trials_on_pages_are_counted_and_label_nothing(tmp_path: Path) -> None:
    project = make(tmp_path, plant_rate=0.5)
    leads = begin(project)
    hand = Hand(project)
    for _ in SINGLES:
        hand.answer(2)  # class 1 was suggested wrongly: these images are like real odd ones of class 1
    leads = begin(project)
    for task in tuple(project.queue):
        assert task.page is None
        hand.answer(2)
    leads.pages.fill(CELLS)
    seen = 0
    before = (project.catch_trials.answered, project.catch_trials.missed)
    while project.desk.phase is Phase.PAGE:
        page = project.queue.page()
        planted = {place for place, task in enumerate(page) if task.purpose is Purpose.CATCH}
        missed = set(sorted(planted)[:1])
        assert all(project.label_of(page[place].item) == 2 for place in planted)
        assert all(page[place].suggestion == 1 for place in planted)
        confirm(leads, page, odd=planted - missed)
        project.undo()
        assert items_of(project.queue.page()) == items_of(page), (
            "in its place again, so that nothing tells it"
        )
        labeled = confirm(leads, page, odd=planted - missed)
        assert labeled == len(page) - len(planted)
        assert all(project.label_of(page[place].item) == 2 for place in planted)
        seen += len(planted)
        leads.pages.fill(CELLS)
    assert seen > 1
    assert project.catch_trials.answered - before[0] == seen
    assert project.catch_trials.missed > before[1]
    assert "on pages" in project.catch_trials.sentence()
    assert max(project.pages.misses().rates) > 0.1
    project.store.close()
    again = open_project(project.store.path)
    assert again.catch_trials.answered == project.catch_trials.answered
    assert again.pages.misses() == project.pages.misses()
    again.store.close()


def test_what_could_not_be_read_is_asked_about_by_itself(project: Project) -> None:
    leads = begin(project)
    reach_pages(project, leads)
    page = project.queue.page()
    assert confirm(leads, page, unread={3}) == CELLS - 1
    assert project.ledger.state(page[3].item) is None
    project.store.close()
    again = open_project(project.store.path)  # no page of that one image
    assert page[3].item not in {task.item for task in again.queue if task.page is not None}
    again.store.close()
    project.store = type(project.store).open(project.store.path, create=False)
    while project.desk.phase is Phase.PAGE:
        assert page[3].item not in {task.item for task in project.queue.page()}
        leads.pages.fill(CELLS)
        confirm(leads, project.queue.page())


def test_pages_are_a_choice(project: Project) -> None:
    leads = begin(project)
    reach_pages(project, leads)
    project.change_settings(project.settings.model_copy(update={"pages": False}))
    assert project.queue.pages() == ()
    assert project.desk.phase is Phase.NOTHING
    leads.pages.fill(CELLS)
    assert project.queue.pages() == ()
    path = project.store.path
    project.store.close()
    again = open_project(path)
    assert again.queue.pages() == ()
    again.store.close()


def test_an_image_that_is_labeled_otherwise_leaves_its_page(project: Project) -> None:
    leads = begin(project)
    reach_pages(project, leads)
    page = project.queue.page()
    project.record([LabelEvent(0, page[0].item, Verb.LABEL, Purpose.SEARCH, 2)])
    assert project.desk.phase is Phase.PAGE
    assert [task.item for task in project.queue.page()] == [task.item for task in page[1:]]
    project.record([LabelEvent(0, task.item, Verb.LABEL, Purpose.SEARCH, 2) for task in page[1:]])
    assert project.desk.phase is Phase.PAGE
    assert project.queue.page()[0].page != page[0].page


def test_a_pause_at_a_page_goes_on_with_it(project: Project) -> None:
    leads = begin(project)
    reach_pages(project, leads)
    page = project.queue.page()
    assert project.send(ev.Pause(1)).phase is Phase.PAUSED
    assert project.send(ev.Continue(2)).phase is Phase.PAGE
    assert project.queue.page() == page


def test_a_page_on_which_nothing_can_be_read_is_gone_on_from(project: Project) -> None:
    leads = begin(project)
    reach_pages(project, leads)
    page, actions = project.queue.page(), project.ledger.actions
    assert confirm(leads, page, unread=range(CELLS)) == 0
    assert project.ledger.actions == actions
    assert project.desk.phase is Phase.PAGE
    assert project.queue.page()[0].page != page[0].page
