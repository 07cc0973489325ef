"""The annotator's say in a round's budgets."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.tiers import asked_total, budgets_of
from studies.files.store_errors import StoreFull
from tests.studies.labeling.sample import conductor, create, load, open_project

GIVEN = budgets_of(hard=3, intermediate=4, easy=5)


@pytest.fixture
def project(tmp_path: Path):
    create(tmp_path / "p", items=200).close()
    opened = open_project(tmp_path / "p")
    yield opened
    opened.store.close()


def test_budgets_are_kept_for_their_round_alone(project):
    leads = conductor(project)
    leads.choose_budgets(GIVEN, ahead=2)
    assert leads.propose(ahead=2).budgets == GIVEN
    assert leads.propose().budgets != GIVEN
    assert load(project.store).settings == project.settings, "it is on disk"


def test_the_proposal_itself_is_no_choice(project):
    leads = conductor(project)
    leads.choose_budgets(leads.propose().budgets)
    assert project.settings.budgets.chosen is None


def test_minutes_take_the_place_of_chosen_budgets(project):
    leads = conductor(project)
    planned = leads.propose().budgets
    leads.choose_budgets(GIVEN)
    leads.limit_minutes(1)
    assert (project.settings.budgets.chosen, project.settings.budgets.minutes) == (None, 1)
    assert 0 < asked_total(leads.propose().budgets) < asked_total(planned)


def test_a_full_disk_changes_no_budgets(project, monkeypatch):
    def full(*_: object) -> None:
        raise StoreFull("The disk is full: make room.")

    leads, before = conductor(project), project.settings
    monkeypatch.setattr(project.store, "add_settings", full)
    with pytest.raises(StoreFull):
        leads.choose_budgets(GIVEN)
    with pytest.raises(StoreFull):
        leads.limit_minutes(1)
    assert project.settings == before
