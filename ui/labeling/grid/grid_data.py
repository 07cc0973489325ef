"""What a page of the grid shows and what is decided there, as values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from studies.answers import Timing
from studies.labeling.project.project import Project
from studies.labeling.rounds.grid_lists import GridLists, Section
from studies.labeling.rounds.item_predictions import ItemPredictions


@dataclass(frozen=True)
class GridCell:
    """An image of the grid, with a word below it."""

    item: int
    note: str = ""


@dataclass(frozen=True)
class GridSection:
    """A list of images one can go to."""

    name: str
    count: int


@dataclass(frozen=True)
class GridPageData:
    """What the page shows: sections, the chosen one, and its images on this page."""

    sections: tuple[GridSection, ...]
    section: int
    explanation: str
    accepts: bool  # whether Enter labels: the section is of one class
    cells: tuple[GridCell, ...]
    page: int
    pages: int
    classes: tuple[str, ...]
    following: int | None = None  # the list to go on with, where this one holds nothing


@dataclass(frozen=True)
class GridAnswer:
    """What was decided about a page."""

    accepted: tuple[int, ...]
    odd: tuple[int, ...]
    timing: Timing


def grid_page_data(
    project: Project,
    predictions: ItemPredictions | None,
    lists: GridLists,
    sections: Sequence[Section],
    chosen: int,
    page: int,
    capacity: int,
) -> GridPageData:
    """A page of a section with ``capacity`` images; behind the last page stands the last."""
    section = sections[chosen]
    items = lists.items(section)
    pages = max(1, -(-len(items) // capacity))
    page = min(page, pages - 1)
    on_page = items[page * capacity : (page + 1) * capacity].tolist()
    following = None if len(items) else _following(lists, sections, chosen)
    return GridPageData(
        sections=tuple(GridSection(s.name, lists.size(s)) for s in sections),
        section=chosen,
        explanation=section.explanation if len(items) else _done(lists, sections, chosen, following),
        accepts=section.class_id is not None,
        cells=tuple(GridCell(item, _note(project, predictions, item)) for item in on_page),
        page=page,
        pages=pages,
        classes=tuple(info.name for info in project.classes.standing),
        following=following,
    )


def _following(lists: GridLists, sections: Sequence[Section], chosen: int) -> int | None:
    """The next list of the same kind that holds images, then the one of any kind."""
    others = [(chosen + by) % len(sections) for by in range(1, len(sections))]
    filled = [index for index in others if lists.size(sections[index])]
    alike = [index for index in filled if sections[index].kind is sections[chosen].kind]
    return next(iter(alike or filled), None)


def _done(lists: GridLists, sections: Sequence[Section], chosen: int, following: int | None) -> str:
    if following is None:
        return f"{sections[chosen].name} is done, and so are all lists."
    after = sections[following]
    return f"{sections[chosen].name} is done. Next: {after.name} ({lists.size(after):,})."


def _note(project: Project, predictions: ItemPredictions | None, item: int) -> str:
    """The class of a label, else that of a prediction with its probability, as far as that was measured."""
    label = project.label_of(item)
    if label is not None:
        return project.classes.name(label)
    likely = None if predictions is None else predictions.of(item)
    if predictions is None or likely is None:
        return ""
    sure = f"{likely.probability:.0%}" if predictions.measured else "?"
    return f"{project.classes.name(likely.class_id)} {sure}"
