"""What lies on an open project's desk: the next task with the newest suggestion, or an answer of before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from studies.labeling.facts.records import Purpose, Task
from studies.labeling.project.loading import still_wanted
from studies.labeling.project.project_view import ProjectView
from studies.labeling.state import desk as desks
from studies.labeling.state.desk import Desk, Phase, Review
from studies.labeling.state.fact import Fact
from studies.labeling.state.history import newer, older


class ProjectDesk(ProjectView):
    """A project whose desk is brought up to its queue and its history; nothing here is stored."""

    def offer(self) -> Desk:
        """Put the next task on an empty desk; what lies there or a pause stays."""
        if self.desk.phase is Phase.NOTHING:
            self.desk = self._next()
        elif self.desk.phase is Phase.PAUSED and self.desk.item is None:
            coming = self._next()
            self.desk = replace(self.desk, task=coming.task, refit=coming.refit)
        return self.desk

    def go_on(self) -> None:
        """Offer what comes next where the queue no longer holds what is on the desk."""
        self._clear_desk()
        self.offer()

    def _next(self) -> Desk:
        """The desk with the task that comes next.

        Catch trials whose suggestion is no longer wrong leave the queue; so do all once nothing else waits: one wrong
        suggestion after the other would tell what they are.
        """
        if all(waiting.purpose is Purpose.CATCH for waiting in self.queue):
            for waiting in tuple(self.queue):
                self.queue.remove(waiting.task_id)
        task = next(iter(self.queue), None)
        while task is not None and self.is_spoiled(task):
            self.queue.remove(task.task_id)
            task = next(iter(self.queue), None)
        if task is None:
            return Desk()
        renewed = task if self.renewal is None else self.renewal.renewed(task)
        refit = None if renewed is task or self.renewal is None else self.renewal.refit
        return desks.offer(self._cleared(renewed), refit)

    def _cleared(self, task: Task) -> Task:
        return self.ledger.rejections.cleared(task, self.classes.resolve)

    def _look_back(self) -> None:
        """Show the answer before the one on screen; if there is none, the desk stays as it is."""
        self._look_at(older(self.ledger, self.desk.review))

    def _look_forward(self, review: Review | None) -> None:
        """Show the answer after ``review``, or the present; in the present the desk stays as it is."""
        later = None if review is None else newer(self.ledger, review)
        if later is None:
            self._return_to_present()
        else:
            self._look_at(later)

    def _look_at(self, review: Review | None) -> None:
        if review is not None and self.desk.phase is not Phase.PAUSED:
            self.desk = desks.look_back(self.desk, review)

    def _return_to_present(self) -> None:
        """Leave history for the next task."""
        if self.desk.review is not None and self.desk.phase is not Phase.PAUSED:
            self.desk = Desk()
            self.offer()

    def _clear_desk(self) -> None:
        """Take a task off the desk that is no longer in the queue."""
        task, page = self.desk.task, self.desk.page
        if page is not None and page not in self.queue.pages():
            self.desk = Desk()
        if task is not None and (
            task not in self.queue or self.is_spoiled(task) or self._cleared(task) != task
        ):
            self.desk = replace(self.desk, task=None) if self.desk.phase is Phase.PAUSED else Desk()

    def _ask_again(self, facts: Sequence[Fact]) -> None:
        """Bring the queue to what it was before an action that was taken back."""
        self.queue.drop_items(fact.item for fact in facts if fact.verb.meaning.reopens)
        tasks = self.store.tasks([f.task_id for f in facts if f.task_id is not None])
        for task in sorted(tasks, key=lambda task: task.task_id, reverse=True):  # a page as it was
            self.queue.put_back(task)
        if any(fact.task_id is None for fact in facts):
            # Not made through the queue: it may have held tasks about these items.
            items = {fact.item for fact in facts}
            waiting = {task.task_id for task in self.queue}
            for task in self.store.pending_tasks_of(items):
                wanted = task.task_id not in waiting
                if wanted and still_wanted(task, self.ledger, self.round, self.classes.resolve):
                    self.queue.add([task])
