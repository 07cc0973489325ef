"""With given numbers the images of the tier that suggests by class come on pages, and no others."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from model.rounds.live_values import LearnResult
from studies.labeling.facts.settings import BudgetMode, Budgets, CostOrigin, Costs
from studies.labeling.project.project import Project
from studies.labeling.rounds.conductor import Conductor
from studies.labeling.state.desk import Phase
from tests.studies.labeling.paging.paged import confirm, make
from tests.studies.labeling.sample import Hand, conductor, open_project, result


def fixed(tmp_path: Path, **settings: object) -> tuple[Project, Conductor]:
    """A round by given numbers whose intermediate tier suggests by class."""
    given = {"budgets": Budgets(mode=BudgetMode.FIXED), "costs": Costs(), **settings}
    project = make(tmp_path, **given)
    leads = conductor(project)
    queue = [(item, 1 + item % 2, "intermediate") for item in range(10, 40)] + [(50, 0, "hard")]
    request = leads.request(leads.propose())
    assert request.pages is None
    leads.begin_round(request, likely(result(project, 1, queue), 0.97))
    return project, leads


def likely(made: LearnResult, probability: float) -> LearnResult:
    return replace(made, queue=tuple(replace(c, top=((c.label, probability),)) for c in made.queue))


def test_with_given_numbers_the_tier_that_suggests_by_class_comes_on_pages(tmp_path: Path) -> None:
    project, leads = fixed(tmp_path)
    assert [task.item for task in project.queue if task.page is None] == [50]
    assert [len([t for t in project.queue if t.page == page]) for page in project.queue.pages()] == [15, 15]
    Hand(project).answer(0)
    page = project.queue.page()
    assert {task.tier for task in page} == {"intermediate"}
    # A new round leaves them, as it leaves all that it chose.
    leads.begin_round(leads.request(leads.propose()), result(project, 2, [(60, 1, "hard")]))
    assert project.queue.page() == page
    assert len(project.queue.pages()) == 2
    assert confirm(leads, page) == 15
    rows = project.store.query("SELECT DISTINCT mode, tier, strategy FROM labels WHERE purpose = 'page'")
    assert rows == [("page", "intermediate", "badge")]
    project.store.close()


def test_given_numbers_without_pages_are_asked_one_by_one(tmp_path: Path) -> None:
    project, _ = fixed(tmp_path)
    project.change_settings(project.settings.model_copy(update={"pages": False, "holdout": 0}))
    assert project.queue.pages() == ()
    assert len(project.queue) == 31
    assert project.desk.phase is Phase.COMING
    project.store.close()
    again = open_project(tmp_path / "p.clarifier")
    assert len(again.queue) == 31
    again.store.close()
    other, _ = fixed(tmp_path / "units", costs=Costs(origin=CostOrigin.PAPER))
    assert other.queue.pages() == ()
    other.store.close()
