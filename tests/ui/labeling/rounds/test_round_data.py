"""The coming round as the page shows it, without a window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from model.tiers import budgets_of
from studies.labeling.facts.records import LabelEvent, Purpose, Verb
from studies.labeling.project.project import Project
from tests.studies.labeling import sample
from ui.labeling.rounds.round_data import expected_text, round_page_data


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    sample.create(tmp_path / "p", 200, 5).close()
    opened = sample.open_project(tmp_path / "p")
    opened.record([LabelEvent(0, item, Verb.LABEL, Purpose.GRID, item % 3) for item in range(10, 16)])
    yield opened
    opened.store.close()


def test_while_the_learner_works_the_round_after_the_next_can_be_chosen(project: Project) -> None:
    leads = sample.conductor(project)
    leads.choose_budgets(budgets_of(hard=3, intermediate=4), ahead=2)
    idle, working = (round_page_data(project, leads, busy) for busy in (False, True))
    assert (idle.title, idle.working) == ("Round 1", False)
    assert (working.title, working.working) == ("Round 2   (round 1 is being prepared)", True)
    assert working.budgets == budgets_of(hard=3, intermediate=4)
    assert working.expected.startswith("7 images to label, expected to take you ")
    assert (working.minutes, working.seeding) == (5.0, True)


def test_fixed_budgets_have_no_minutes_and_costs_in_units_no_seconds(project: Project) -> None:
    leads = sample.conductor(project)
    settings = project.settings.model_dump()
    settings["budgets"]["mode"], settings["costs"]["origin"] = "fixed", "paper"
    project.change_settings(type(project.settings).model_validate(settings))
    assert round_page_data(project, leads, False).minutes is None
    assert expected_text(leads, budgets_of(hard=1, intermediate=2)) == "3 images to label."


def test_the_last_round_says_how_it_was_prepared(project: Project) -> None:
    leads = sample.conductor(project)
    assert round_page_data(project, leads, False).notes == ""
    sample.begin_round(project, leads, [(20, 1, "hard")])
    data = round_page_data(project, leads, False)
    assert data.notes == "Round 1 was prepared in 2.0 s: training 2.0 s."
    assert (data.title, data.seeding) == ("Round 2", False)
