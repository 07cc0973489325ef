"""What a page of the grid shows, the lists beside it, and what is decided there, as values."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import accumulate

from studies.answers import Timing
from studies.labeling.facts.records import Purpose, Task, Verb
from studies.labeling.project.project import Project
from studies.labeling.rounds.grid_lists import GridLists, ListKind, Section
from studies.labeling.rounds.item_predictions import ItemPredictions
from studies.pages.marking import PageOnScreen
from ui.labeling.grid.grid_keys import GRID_KEYS, GridAction

_COLUMNS = (ListKind.AUTO, ListKind.LIKELY, ListKind.LABELED)  # of the lists beside the page
_NOT_ONE = GRID_KEYS[GridAction.NOT_ONE].hint
_HOW_TO_NAME = (
    "They look alike. Mark those that show something else: each is asked about by itself. Then press Enter and type "
    f"what all others show; {_NOT_ONE} if that is not one class."
)
QUEUE = -1  # in place of a list: the queue's page
_GO_ON_WITH = (ListKind.AUTO, ListKind.LIKELY, ListKind.OPEN, ListKind.FLAGGED, ListKind.REMARKED)


@dataclass(frozen=True)
class GridCell:
    """An image of the grid, with a word below it."""

    item: int
    note: str = ""


@dataclass(frozen=True)
class Following:
    """The list to go on with, where one holds nothing."""

    section: int
    name: str
    count: int


@dataclass(frozen=True)
class GridPageData:
    """The images of one list that are on this page, and those that are decoded for the next."""

    section: int
    title: str  # the suggested class, or the list
    kind: str  # which list of the class it is; empty for a list of no class
    explanation: str
    accepts: bool  # whether Enter labels: the section is of one class
    cells: tuple[GridCell, ...]
    start: int  # the place of the first one in the list
    count: int  # images of the list
    classes: tuple[str, ...]
    coming: tuple[GridCell, ...] = ()
    following: Following | None = None
    names: bool = (
        False  # whether Enter asks for a class: the images look alike, and the person names what they show
    )

    @property
    def place(self) -> str:
        """Which list it is, and which of its images these are."""
        if not self.count:
            return self.kind
        images = "1 image" if self.count == 1 else f"{self.count:,} images"
        if len(self.cells) < self.count:
            images = f"{self.start + 1:,} to {self.start + len(self.cells):,} of {images}"
        return f"{self.kind}, {images}" if self.kind else images


@dataclass(frozen=True)
class ListRow:
    """A row of the lists beside the page: a class, or a list of no class, whose count stands in the last column."""

    name: str
    sections: tuple[int | None, int | None, int | None]
    counts: tuple[int, int, int]
    of_class: bool


@dataclass(frozen=True)
class GridAnswer:
    """What was decided about a page."""

    accepted: tuple[int, ...]
    odd: tuple[int, ...]
    timing: Timing
    unread: tuple[int, ...] = ()  # nothing is said of these
    shown: tuple[int, ...] = ()  # all of the page, in their places

    @classmethod
    def of(cls, data: GridPageData, page: PageOnScreen, gone: Collection[int], timing: Timing) -> GridAnswer:
        """What is said of a page as it is on screen; of cells that are ``gone`` something was said already."""
        items = tuple(cell.item for cell in data.cells)
        unread = (cell for cell in sorted(page.unread) if cell not in gone)
        accepted, odd, unseen = (
            tuple(items[cell] for cell in cells) for cells in (page.confirmed, sorted(page.marked), unread)
        )
        return cls(accepted, odd, timing, unseen, items)

    @property
    def says_something(self) -> bool:
        """Whether any image could be read."""
        return bool(self.accepted or self.odd)


def grid_page_data(
    project: Project,
    predictions: ItemPredictions | None,
    lists: GridLists,
    sections: Sequence[Section],
    chosen: int,
    start: int,
    capacity: int,
) -> GridPageData:
    """A page of a section with ``capacity`` images from ``start`` on; behind the last stand the last ones."""
    section = sections[chosen]
    if section.kind is ListKind.SECOND_LOOK:
        return _second_look_data(project, lists, chosen, start, capacity)
    items = lists.items(section)
    count = len(items)
    start = min(start, max(0, count - 1) // capacity * capacity)
    waits = section.kind is ListKind.DOUBTFUL and lists.doubtful.waits
    following = None if count or waits else _following(project, lists, sections, chosen)

    def cells(of: Section, first: int) -> tuple[GridCell, ...]:
        on_page = lists.items(of)[first : first + capacity].tolist()
        if of.kind is ListKind.AUTO:
            on_page.reverse()  # the least sure pages come first, and on each page the surest image
        if of.kind is ListKind.DOUBTFUL:
            return tuple(GridCell(item, lists.doubtful.note(item)) for item in on_page)
        return tuple(GridCell(item, _note(project, predictions, of, item)) for item in on_page)

    after = (section, start + capacity) if following is None else (sections[following.section], 0)
    title = _title(project, section)
    explanation = section.explanation if count else _done(title, following)
    if section.kind is ListKind.DOUBTFUL:
        explanation = lists.doubtful.explain()
    return GridPageData(
        section=chosen,
        title=title,
        kind="" if section.class_id is None else section.name.removeprefix(title).strip(": "),
        explanation=explanation,
        accepts=section.accepts,
        cells=cells(section, start),
        start=start,
        count=count,
        classes=tuple(info.name for info in project.classes.standing),
        coming=cells(*after),
        following=following,
    )


def _second_look_data(
    project: Project, lists: GridLists, chosen: int, start: int, capacity: int
) -> GridPageData:
    """The page of a second look that the place ``start`` is on; behind the last stands the last one."""
    pages = lists.second_look.pages(capacity)
    starts = [0, *accumulate(len(page.items) for page in pages)]
    number = min(max(0, bisect_right(starts, start) - 1), max(0, len(pages) - 1))
    name = project.classes.name(pages[number].label) if pages else ""
    each = [tuple(GridCell(item) for item in page.items) for page in pages[number : number + 2]]
    words = f"You confirmed these as {name} on a page. Mark what is not: each is asked about by itself."
    return GridPageData(
        section=chosen,
        title=f"{name}?",
        kind="second look",
        explanation=words if pages else lists.second_look.explain(),
        accepts=True,
        cells=each[0] if each else (),
        start=starts[number],
        count=starts[-1],
        classes=tuple(info.name for info in project.classes.standing),
        coming=each[1] if len(each) > 1 else (),
    )


def queue_page_data(
    project: Project, tasks: Sequence[Task], coming: Sequence[Task], more: int
) -> GridPageData:
    """A page of the queue: its ``tasks`` in their places, those of the page behind it, and how many more there are."""
    class_id, names = tasks[0].suggestion, tasks[0].purpose is Purpose.CLUSTER
    name = "" if class_id is None else project.classes.name(class_id)
    return GridPageData(
        section=QUEUE,
        title="What do most of these show?" if names else f"{name}?",
        kind=f"about {more:,} more on pages" if more else "",
        explanation=_HOW_TO_NAME
        if names
        else f"Mark what is not {name}: each is asked about by itself. All others are labeled {name}.",
        accepts=True,
        names=names,
        cells=tuple(GridCell(task.item) for task in tasks),
        start=0,
        count=len(tasks),
        classes=tuple(info.name for info in project.classes.standing),
        coming=tuple(GridCell(task.item) for task in coming),
    )


def list_rows(project: Project, lists: GridLists, sections: Sequence[Section]) -> tuple[ListRow, ...]:
    """The classes with how many of each are labeled by the program, likely, and labeled by a person; then the rest."""
    by_class = {(s.kind, s.class_id): i for i, s in enumerate(sections) if s.class_id is not None}
    rows = []
    for info in project.classes.standing:
        of = [by_class[kind, info.class_id] for kind in _COLUMNS]
        auto, likely, labeled = (lists.size(sections[index]) for index in of)
        rows.append(ListRow(info.name, (of[0], of[1], of[2]), (auto, likely, labeled), True))
    rows += [
        ListRow(section.name, (None, None, index), (0, 0, lists.size(section)), False)
        for index, section in enumerate(sections)
        if section.class_id is None
    ]
    return tuple(rows)


def _title(project: Project, section: Section) -> str:
    return section.name if section.class_id is None else project.classes.name(section.class_id)


def _following(
    project: Project, lists: GridLists, sections: Sequence[Section], chosen: int
) -> Following | None:
    """The largest list of the same kind, else of the next kind that holds anything."""
    for kind in (sections[chosen].kind, *_GO_ON_WITH):
        sizes = {i: lists.size(s) for i, s in enumerate(sections) if s.kind is kind and i != chosen}
        largest = max(sizes, key=sizes.__getitem__, default=chosen)
        if sizes.get(largest):
            return Following(largest, _title(project, sections[largest]), sizes[largest])
    return None


def _done(title: str, following: Following | None) -> str:
    if following is None:
        return f"{title} is done, and so are all lists."
    return f"{title} is done. Next: {following.name}, {following.count:,}"


def _note(project: Project, predictions: ItemPredictions | None, section: Section, item: int) -> str:
    """What the list does not say: the file, or how sure the model is, as far as measured, and of which class."""
    if section.verb is Verb.UNREADABLE:
        return project.items[item]
    label = project.label_of(item)
    if label is not None:
        return "" if label == section.class_id else project.classes.name(label)
    likely = None if predictions is None else predictions.of(item)
    if predictions is None or likely is None:
        return ""
    sure = f"{likely.probability:.0%}" if predictions.measured else "?"
    if project.classes.resolve(likely.class_id) == section.class_id:
        return sure.strip("?")
    return f"{project.classes.name(likely.class_id)} {sure}"
