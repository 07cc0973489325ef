"""A page of the grid as values, without a window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from studies.labeling.facts.records import LabelEvent, Purpose, Verb
from studies.labeling.project.project import Project
from studies.labeling.rounds.conductor import Conductor
from studies.labeling.rounds.grid_lists import GridLists, ListKind
from tests.studies.labeling import sample
from ui.labeling.grid.grid_data import GridCell, GridPageData, grid_page_data


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    sample.create(tmp_path / "p").close()
    opened = sample.open_project(tmp_path / "p")
    opened.record([LabelEvent(0, item, Verb.LABEL, Purpose.GRID, 0) for item in range(10, 15)])
    yield opened
    opened.store.close()


def page(
    project: Project, leads: Conductor, kind: ListKind, class_id: int | None, number: int
) -> GridPageData:
    lists = GridLists(project, leads)
    sections = lists.sections()
    chosen = next(i for i, s in enumerate(sections) if (s.kind, s.class_id) == (kind, class_id))
    return grid_page_data(project, leads.predictions, lists, sections, chosen, number, capacity=2)


def test_a_page_holds_what_fits_and_behind_the_last_stands_the_last(project: Project) -> None:
    leads = sample.conductor(project)
    first, last = (page(project, leads, ListKind.LABELED, 0, number) for number in (0, 9))
    assert (first.page, first.pages, last.page) == (0, 3, 2)
    assert [cell.item for cell in first.cells] == [10, 11]
    assert last.cells == (GridCell(14, "cat"),)
    assert first.sections[first.section].count == 5
    assert (first.accepts, first.classes) == (True, ("cat", "dog", "owl"))


def test_an_image_without_a_label_shows_its_prediction(project: Project) -> None:
    leads = sample.conductor(project)
    assert {cell.note for cell in page(project, leads, ListKind.OPEN, None, 0).cells} == {""}
    sample.begin_round(project, leads, [])
    data = page(project, leads, ListKind.LIKELY, 1, 0)
    assert {cell.note for cell in data.cells} == {"dog 70%"}
    assert not page(project, leads, ListKind.OPEN, None, 0).accepts


def test_how_sure_the_model_is_shows_only_where_it_was_measured(project: Project) -> None:
    leads = sample.conductor(project)
    sample.begin_round(project, leads, [], measured=False)
    assert {cell.note for cell in page(project, leads, ListKind.LIKELY, 1, 0).cells} == {"dog ?"}


def test_a_list_that_holds_nothing_says_so(project: Project) -> None:
    data = page(project, sample.conductor(project), ListKind.AUTO, 1, 3)
    assert (data.explanation, data.cells, data.page, data.pages) == (
        "dog: labeled by the program is done. Next: cat: labeled by you (5).",
        (),
        0,
        1,
    )
