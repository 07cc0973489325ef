"""A page of the grid as values, without a window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from model.rounds.live_values import Chosen
from studies.labeling.facts.records import LabelEvent, Purpose, Verb
from studies.labeling.project.project import Project
from studies.labeling.rounds.conductor import Conductor
from studies.labeling.rounds.grid_lists import GridLists, ListKind
from tests.studies.labeling import sample
from ui.labeling.grid.grid_data import GridCell, GridPageData, grid_page_data, list_rows


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    sample.create(tmp_path / "p").close()
    opened = sample.open_project(tmp_path / "p")
    opened.record([LabelEvent(0, item, Verb.LABEL, Purpose.GRID, 0) for item in range(10, 15)])
    yield opened
    opened.store.close()


def page(
    project: Project, leads: Conductor, kind: ListKind, class_id: int | None, start: int
) -> GridPageData:
    lists = GridLists(project, leads)
    sections = lists.sections()
    chosen = next(i for i, s in enumerate(sections) if (s.kind, s.class_id) == (kind, class_id))
    return grid_page_data(project, leads.predictions, lists, sections, chosen, start, capacity=2)


def test_a_page_holds_what_fits_and_behind_the_last_stands_the_last(project: Project) -> None:
    leads = sample.conductor(project)
    first, middle, last = (page(project, leads, ListKind.LABELED, 0, start) for start in (0, 2, 9))
    assert (first.start, middle.start, last.start, first.count) == (0, 2, 4, 5)
    assert [cell.item for cell in first.cells] == [10, 11]
    assert first.coming == middle.cells
    assert last.cells == (GridCell(14),)
    assert last.coming == ()
    assert (first.title, first.kind, first.accepts) == ("cat", "labeled by you", True)
    assert (first.place, last.place) == (
        "labeled by you, 1 to 2 of 5 images",
        "labeled by you, 5 to 5 of 5 images",
    )
    assert first.classes == ("cat", "dog", "owl")


def test_an_image_without_a_label_shows_its_prediction(project: Project) -> None:
    leads = sample.conductor(project)
    assert {cell.note for cell in page(project, leads, ListKind.OPEN, None, 0).cells} == {""}
    sample.begin_round(project, leads, [])
    data = page(project, leads, ListKind.LIKELY, 1, 0)
    assert {cell.note for cell in data.cells} == {"70%"}, "the list says of which class"
    unlabeled = page(project, leads, ListKind.OPEN, None, 0)
    assert {cell.note.split()[1] for cell in unlabeled.cells} == {"70%"}
    assert not unlabeled.accepts


def test_how_sure_the_model_is_shows_only_where_it_was_measured(project: Project) -> None:
    leads = sample.conductor(project)
    sample.begin_round(project, leads, [], measured=False)
    assert {cell.note for cell in page(project, leads, ListKind.LIKELY, 1, 0).cells} == {""}
    assert {cell.note.split()[1] for cell in page(project, leads, ListKind.OPEN, None, 0).cells} == {"?"}


def test_a_list_that_holds_nothing_names_the_largest_of_its_kind(project: Project) -> None:
    leads = sample.conductor(project)
    chosen = tuple(Chosen(item, "easy", "certified", 2 if item < 30 else 0, 0.9) for item in range(20, 33))
    sample.begin_round(project, leads, [], auto=chosen)
    data = page(project, leads, ListKind.AUTO, 1, 3)
    assert (data.explanation, data.cells, data.start) == ("dog is done. Next: owl, 10", (), 0)
    assert data.following is not None
    assert len(data.coming) == 2, "the next list's first page is decoded meanwhile"


def test_when_no_list_of_its_kind_holds_anything_it_names_another(project: Project) -> None:
    data = page(project, sample.conductor(project), ListKind.AUTO, 1, 0)
    n = project.ledger.open_items
    assert data.explanation == f"dog is done. Next: No label yet, {n}"


def test_the_lists_beside_the_page(project: Project) -> None:
    leads = sample.conductor(project)
    lists = GridLists(project, leads)
    cat, *_, unread = list_rows(project, lists, lists.sections())
    assert (cat.name, cat.counts, cat.of_class) == ("cat", (0, 0, 5), True)
    assert (unread.name, unread.sections[:2], unread.of_class) == ("Cannot be read", (None, None), False)


def test_files_that_cannot_be_read_are_named(project: Project) -> None:
    project.record([LabelEvent(0, 20, Verb.UNREADABLE, Purpose.SEED)])
    leads = sample.conductor(project)
    lists = GridLists(project, leads)
    sections = lists.sections()
    chosen = next(i for i, s in enumerate(sections) if s.verb is Verb.UNREADABLE)
    data = grid_page_data(project, leads.predictions, lists, sections, chosen, 0, capacity=2)
    assert data.cells == (GridCell(20, "020.png"),)
    assert "Label them" not in data.explanation
