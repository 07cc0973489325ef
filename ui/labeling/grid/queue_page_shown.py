"""The page of the queue in the grid: which tasks are on screen, and what an answer says of them."""

from __future__ import annotations

from studies.labeling.facts.records import Task
from studies.labeling.project.project import Project
from studies.labeling.rounds.conductor import Conductor
from ui.labeling.grid.grid_data import GridAnswer, GridPageData, queue_page_data


class QueuePageShown:
    """The tasks that were shown last. What stores raises as :class:`QueuePages` does, with nothing changed."""

    def __init__(self, project: Project, conductor: Conductor) -> None:
        self._project, self._pages = project, conductor.pages
        self._tasks: tuple[Task, ...] = ()

    @property
    def name_of_class(self) -> str:
        """What its images are said to be."""
        return self._project.classes.name(self._tasks[0].suggestion or 0)

    def data(self, capacity: int) -> GridPageData:
        """The page that comes next, with room for so many images."""
        queue = self._project.queue
        self._tasks = queue.page()[:capacity]
        shown = {task.task_id for task in self._tasks}
        coming = [task for task in queue if task.page is not None and task.task_id not in shown]
        more = len(coming) + max(0, self._pages.images_left)
        following = [task for task in coming if task.page == coming[0].page][:capacity]
        return queue_page_data(self._project, self._tasks, following, more)

    def count_odd(self, answer: GridAnswer) -> int:
        """How many of those that still wait are marked."""
        return len(self._ids(answer.odd))

    def confirm(self, answer: GridAnswer) -> int:
        """Store that the others are of the class; returns how many have a new label."""
        odd, unread = self._ids(answer.odd), self._ids(answer.unread)
        return self._pages.confirm(self._waiting(), odd, unread, answer.timing)

    def name(self, answer: GridAnswer, name: str) -> int:
        """Store what the others show, as :meth:`confirm`."""
        odd, unread = self._ids(answer.odd), self._ids(answer.unread)
        return self._pages.name(self._waiting(), odd, unread, name, answer.timing)

    def refuse(self, answer: GridAnswer) -> int:
        """Store that they are not of one class; returns how many go back."""
        return self._pages.refuse(self._waiting(), self._ids(answer.unread), answer.timing)

    def _waiting(self) -> list[Task]:
        return [task for task in self._tasks if task in self._project.queue]

    def _ids(self, items: tuple[int, ...]) -> set[int]:
        return {task.task_id for task in self._waiting() if task.item in items}
