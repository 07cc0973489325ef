"""Pages without a class, before there is a model: images that look alike, and what the person says they show."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from model.rounds.live_values import Groups
from studies.answers import Timing
from studies.labeling.facts.records import LabelEvent, Purpose, Task, Verb
from studies.labeling.paging.page_tasks import make_odd_tasks
from studies.labeling.planning.tasks import Pool
from studies.labeling.project.project import Project
from studies.pages.clusters import pure_pages


def make_cluster_tasks(
    pool: Pool, groups: Groups, first_id: int, first_page: int, cells: int
) -> tuple[Task, ...]:
    """The tasks of pages of at most ``cells`` images, one for each group that looks pure, from ``first_page`` on."""
    free = pool.free[groups.items]
    items = groups.items[free]
    pages = pure_pages(groups.cluster[free], groups.distance[free], cells)
    placed = [(number, int(items[row])) for number, page in enumerate(pages) for row in page.items]
    return tuple(
        Task(first_id + place, 0, item, Purpose.CLUSTER, strategy="k-means", page=first_page + number)
        for place, (number, item) in enumerate(placed)
    )


def name_cluster(
    project: Project, seen: Sequence[tuple[int, Task]], odd: Collection[int], name: str, timing: Timing
) -> int:
    """Label what is seen of a page, tasks with their places, with a class, but for the ``odd`` ones, by id.

    The odd ones are asked about by themselves. A name that no class has makes one. All is one action. Returns how many
    images have a new label. Raises ``ClassError`` and ``StoreError`` with nothing changed.
    """
    changes = project.classes.additions([name])
    class_id = project.classes.after(changes).id_of(name)
    events = [
        _event_of(task, place, timing, Verb.RELEASE if task.task_id in odd else Verb.LABEL, class_id)
        for place, task in seen
    ]
    marked = [task for _, task in seen if task.task_id in odd]
    project.record(events, make_odd_tasks(project, marked), changes)
    return len(events) - len(marked)


def refuse_cluster(project: Project, seen: Sequence[tuple[int, Task]], timing: Timing) -> None:
    """A page is not of one class: none of its images has a label, and all go back to those that may be asked about.

    Raises ``StoreError`` with nothing changed.
    """
    project.record([_event_of(task, place, timing, Verb.RELEASE, None) for place, task in seen])


def _event_of(task: Task, place: int, timing: Timing, verb: Verb, class_id: int | None) -> LabelEvent:
    """``class_id``: of the page; a released image was said not to be of it."""
    is_label = verb is Verb.LABEL
    return LabelEvent(
        0,
        task.item,
        verb,
        Purpose.CLUSTER,
        class_id if is_label else None,
        suggestion=None if is_label else class_id,
        task_id=task.task_id,
        timing=timing,
        place=place,
    )
