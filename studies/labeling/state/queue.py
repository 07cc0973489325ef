"""The queue: tasks that wait to be shown, in eight parts by urgency.

=========  ===================================================================================================
front      Tasks put back: by undo, one of a page or all, or because one was on screen when a round began. The latest
           comes first.
returned   Images marked as odd in the grid.
clusters   Pages without a class, before there is a model: the person names what most of their images show.
carried    Pages that the last round had not come to when this one began, planned anew by its model.
main       What a round chose, the seed and held-out samples, and catch trials (wrong suggestions).
pages      Pages of many images, each asked about together, when the main part is empty.
odd        Images marked as odd on those pages: they come when the pages are done.
ahead      The last ranking's next images, labeled while the program works on the next round, which drops them.
=========  ===================================================================================================

Within a part tasks keep the order in which they were added. The queue names the next task and takes none out by
itself: a task leaves it by ``remove`` when its answer is stored, by ``drop_items`` when its image was labeled in
another way, or by ``drop_ahead`` and ``drop_pages`` when a round begins.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain, islice, zip_longest

from studies.labeling.facts.records import Purpose, Task

FEWEST = 4  # images that are worth a page
ODD_ON_PAGE = "page"  # the strategy of tasks about images marked as odd on a page of the queue
CARRIED = "page-carried-over"  # the strategy of tasks on pages that the last round had not come to


def is_planned(task: Task) -> bool:
    """Whether a task is on a page that was planned between two rounds; a round's own tasks last longer."""
    return task.page is not None and task.purpose is not Purpose.QUEUE


class Queue:
    """Tasks that wait, by id; none twice."""

    def __init__(self, tasks: Iterable[Task] = ()) -> None:
        self._front: list[Task] = []  # the next one last
        self._returned: dict[int, Task] = {}
        self._clusters: dict[int, Task] = {}
        self._carried: dict[int, Task] = {}
        self._main: dict[int, Task] = {}
        self._pages: dict[int, Task] = {}
        self._odd: dict[int, Task] = {}
        self._ahead: dict[int, Task] = {}
        self.add(tasks)

    def __len__(self) -> int:
        return len(self._front) + sum(map(len, self._parts))

    def __iter__(self) -> Iterator[Task]:
        return chain(reversed(self._front), *(part.values() for part in self._parts))

    def __contains__(self, task: Task) -> bool:
        return any(task.task_id in part for part in self._parts) or task in self._front

    def task(self, task_id: int) -> Task | None:
        """The task of an id, if it waits."""
        return next((task for task in self if task.task_id == task_id), None)

    @property
    def of_round(self) -> int:
        """How many tasks wait to be shown one by one, without those to label ahead."""
        return len(self) - len(self._ahead) - self.on_pages

    @property
    def of_main(self) -> int:
        """How many tasks wait before the round's pages, without those on pages that come earlier."""
        front = sum(task.page is None for task in self._front)
        return front + len(self._returned) + len(self._clusters) + len(self._main)

    @property
    def on_pages(self) -> int:
        """How many tasks wait on pages."""
        return sum(task.page is not None for task in self)

    @property
    def to_name(self) -> int:
        """How many tasks wait on pages that the person names."""
        return sum(task.purpose is Purpose.CLUSTER for task in self)

    def page(self) -> tuple[Task, ...]:
        """The tasks of the page that comes first, in the order of their places; none where no page waits."""
        first = next((task.page for task in self if task.page is not None), None)
        return () if first is None else tuple(task for task in self if task.page == first)

    def pages(self) -> tuple[int, ...]:
        """The numbers of the pages that wait, in order."""
        return tuple(dict.fromkeys(task.page for task in self if task.page is not None))

    @property
    def images_of_round(self) -> int:
        """How many images :attr:`of_round` is about; catch trials are about images that have a label."""
        parts = (self._returned, self._clusters, self._carried, self._main, self._pages, self._odd)
        tasks = chain(self._front, *(part.values() for part in parts))
        return sum(task.purpose is not Purpose.CATCH for task in tasks)

    def add(self, tasks: Iterable[Task]) -> None:
        """Take in tasks behind those of their kind."""
        for task in tasks:
            self._part(task)[task.task_id] = task

    def mix_in(self, tasks: Iterable[Task]) -> None:
        """Take in tasks, one after each that waits in the main part, and the rest behind them."""
        waiting, new = list(self._main.values()), list(tasks)
        mixed = chain.from_iterable(zip_longest(waiting, new))
        self._main = {task.task_id: task for task in mixed if task is not None}

    def upcoming(self, count: int) -> tuple[Task, ...]:
        """The next tasks in order; none is taken."""
        return tuple(islice(self, count))

    def remove(self, task_id: int) -> None:
        """Take a task out, wherever it is."""
        self._front = [task for task in self._front if task.task_id != task_id]
        for part in self._parts:
            part.pop(task_id, None)

    def put_back(self, task: Task) -> None:
        """Ask about ``task`` next."""
        self.remove(task.task_id)
        self._front.append(task)

    def put_off(self, task: Task) -> None:
        """Ask about ``task`` after all others of the round."""
        self.remove(task.task_id)
        self._main[task.task_id] = task

    def drop_items(self, items: Iterable[int]) -> None:
        """Take out the tasks about items that no longer need an answer; catch trials stay."""
        answered = set(items)
        for task in [t for t in self if t.item in answered and t.purpose is not Purpose.CATCH]:
            self.remove(task.task_id)

    def drop_seeds(self) -> None:
        """Take out the first labels that were not asked yet: now there are suggestions."""
        for task in [t for t in self._main.values() if t.is_seed]:
            del self._main[task.task_id]

    def drop_pages(self, but: int | None) -> None:
        """Take out the pages that were planned, but that of number ``but``: it is looked at, and stays the next one. A
        round's own stay.
        """
        for task in [t for t in self if t.page != but and is_planned(t)]:
            self.remove(task.task_id)
        for task in reversed([t for t in self if but is not None and t.page == but]):
            self.put_back(task)

    def end_pages(self) -> None:
        """Ask on no page any more: a round's own images are asked about one by one."""
        self.drop_pages(None)
        for task in [t for t in self if t.page is not None]:
            self.remove(task.task_id)
            self.add([replace(task, page=None)])

    def drop_remains(self) -> None:
        """Take out what is left of planned pages where it is worth none: images that could not be read, mostly."""
        counts = Counter(task.page for task in self)
        for task in [t for t in self if is_planned(t) and counts[t.page] < FEWEST]:
            self.remove(task.task_id)

    def drop_clusters(self) -> None:
        """Take out the pages that the person would name."""
        for task in [t for t in self if t.purpose is Purpose.CLUSTER]:
            self.remove(task.task_id)

    def drop_ahead(self) -> None:
        """Take out the tasks to label ahead: there is a new ranking."""
        self._ahead.clear()

    def items(self) -> set[int]:
        """The items that wait."""
        return {task.item for task in self}

    def lasting_items(self) -> set[int]:
        """The items that still wait after :meth:`drop_ahead`, :meth:`drop_pages` and :meth:`drop_seeds`."""
        lasting = (task for task in self._main.values() if not task.is_seed)
        on_pages = (task for task in self._pages.values() if not is_planned(task))
        parts = (self._front, self._returned.values(), lasting, on_pages, self._odd.values())
        return {task.item for task in chain(*parts)}

    @property
    def _parts(self) -> tuple[dict[int, Task], ...]:
        """All but the front, in order."""
        return (
            self._returned,
            self._clusters,
            self._carried,
            self._main,
            self._pages,
            self._odd,
            self._ahead,
        )

    def _part(self, task: Task) -> dict[int, Task]:
        if task.page is not None:
            if task.purpose is Purpose.CLUSTER:
                return self._clusters
            return self._carried if task.strategy == CARRIED else self._pages
        if task.purpose is Purpose.RETURNED and task.strategy == ODD_ON_PAGE:
            return self._odd
        return {Purpose.RETURNED: self._returned, Purpose.AHEAD: self._ahead}.get(task.purpose, self._main)
