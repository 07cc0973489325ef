"""A round that comes before the pages of the last one were asked: they come first, planned by its model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from studies.labeling.facts.records import Purpose, Task
from studies.labeling.facts.settings import Budgets
from studies.labeling.project.project import Project
from studies.labeling.rounds.conductor import Conductor
from studies.labeling.state.desk import Phase
from studies.labeling.state.queue import FEWEST
from tests.studies.labeling.paging.paged import CELLS, begin, confirm, items_of, make
from tests.studies.labeling.sample import Hand, conductor, open_project

SINGLES = 8


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    made = make(tmp_path)
    # Two images one by one in each round, and six on pages beside them.
    budgets = Budgets(minutes=0.1)
    made.change_settings(made.settings.model_copy(update={"budgets": budgets, "holdout": 0}))
    yield made
    made.store.close()


def begin_next(project: Project, leads: Conductor | None = None, **more: int | float) -> Conductor:
    """The next round, with some singles of what is free, which is not on pages then."""
    free = np.flatnonzero(project.pool_of_round().free)[:SINGLES]
    return begin(project, leads=leads, singles=[(int(item), 1, "hard") for item in free], **more)  # type: ignore[arg-type]


def answer_few(project: Project, leads: Conductor) -> list[tuple[Task, ...]]:
    """What a person answers before the next round comes: all pages that are shown, and two single images."""
    hand, pages, singles = Hand(project), [], 0
    while singles < 2:
        leads.pages.fill(CELLS)
        if project.desk.phase is Phase.PAGE:
            pages.append(project.queue.page())
            confirm(leads, pages[-1], seconds=1.0)
        else:
            hand.answer(1)
            singles += 1
    return pages


def test_who_is_overtaken_by_every_round_comes_to_its_pages_all_the_same(project: Project) -> None:
    leads = begin_next(project)
    assert answer_few(project, leads) == []  # so many singles wait that the model will know more by then
    for _ in range(3):
        left = leads.pages.images_left
        begin_next(project, leads)
        on_pages = sum(map(len, answer_few(project, leads)))
        assert on_pages > left - FEWEST >= 0


def test_pages_that_are_carried_over_have_the_newest_model_s_suggestions(project: Project) -> None:
    leads = begin_next(project)
    begin_next(project, leads, shift=1)
    (page,) = answer_few(project, leads)
    assert all(task.suggestion == (task.item + 1) % 3 for task in page)
    assert {task.model_id for task in page} == {1}
    rows = project.store.query("SELECT DISTINCT strategy FROM labels WHERE purpose = 'page'")
    assert rows == [("page-carried-over",)]


def test_what_the_newest_model_is_not_sure_of_is_not_carried_over(project: Project) -> None:
    leads = begin_next(project)
    begin_next(project, leads, sure=0.5)
    assert answer_few(project, leads) == []


def test_the_page_on_screen_stays_and_what_was_carried_over_comes_next(project: Project) -> None:
    leads = begin_next(project)
    answer_few(project, leads)
    begin_next(project, leads)
    leads.pages.fill(CELLS)
    Hand(project).answer(1)
    page = project.queue.page()
    assert project.desk.phase is Phase.PAGE
    begin_next(project, leads)
    leads.pages.fill(CELLS)
    assert project.queue.page() == page
    confirm(leads, page, seconds=1.0)
    assert project.desk.phase is Phase.PAGE
    following = project.queue.page()
    assert following[0].page != page[0].page
    assert not {task.item for task in following} & {task.item for task in page}


def test_pages_that_are_carried_over_come_again_after_a_kill(project: Project) -> None:
    leads = begin_next(project)
    begin_next(project, leads)
    leads.pages.fill(CELLS)
    Hand(project).answer(1)
    assert project.desk.phase is Phase.PAGE
    page, left = project.queue.page(), leads.pages.images_left
    project.store.close()
    again = open_project(project.store.path)
    assert again.desk.phase is Phase.PAGE
    assert items_of(again.queue.page()) == items_of(page)
    more = conductor(again)
    more.pages.take(leads.pages.plan, leads.predictions)  # type: ignore[arg-type]
    assert more.pages.images_left == left
    assert not any(task.purpose is Purpose.RETURNED for task in again.queue)
    again.store.close()
    project.store = again.store
