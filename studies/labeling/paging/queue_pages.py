"""Pages in the queue: when a round asks on pages, which come next, and what an answer to one becomes."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence

import numpy as np

from model.rounds.live_values import Groups
from model.tiers import Tier
from studies.answers import Timing
from studies.labeling.facts.records import LabelEvent, Purpose, Task, Verb
from studies.labeling.facts.settings import BudgetMode, CostOrigin
from studies.labeling.paging.cluster_pages import make_cluster_tasks, name_cluster, refuse_cluster
from studies.labeling.paging.page_tasks import group_on_pages, make_odd_tasks, make_page_tasks
from studies.labeling.planning.ask_costs import ask_costs
from studies.labeling.planning.finish_round import most_of_round
from studies.labeling.planning.page_plan import PageInputs, PagePlan, as_arrays
from studies.labeling.project.project import Project
from studies.labeling.rounds.chosen_round import CARRIED_OVER
from studies.labeling.rounds.item_predictions import ItemPredictions
from studies.labeling.state.queue import CARRIED, FEWEST
from studies.pages.asking import AskCosts
from studies.pages.calibration import RECENT
from studies.pages.queue import PAGES_A_SINGLE

CELLS = 24  # of a page, if nothing else is chosen
_SOON = 5  # images that still wait to be asked about one by one when the first page is made
_AHEAD = 2  # pages that wait: one is looked at, and one is decoded


class QueuePages:
    """Makes pages where they cost this person less, by the newest plan. Uses the project in its thread."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self.plan: PagePlan | None = None
        self._predictions: ItemPredictions | None = None
        self._errors = project.store.corrected_suggestions()  # by class suggested
        self._unread: set[int] = set()  # their images could not be read on a page
        self._number = project.store.next_page()
        # A round, how many images it may ask about on pages, and how many of those come before its own.
        self._images = (-1, 0, 0)
        self._made = project.store.count_on_pages(project.round)

    @property
    def possible(self) -> bool:
        """Whether pages are planned beside a round's own images: not where its numbers are given."""
        project = self._project
        ended = bool(
            project.ledger.of_folder.any()
        )  # what is missed on pages would come on top of what was certified
        return self.wanted and not ended and project.settings.budgets.mode is BudgetMode.PLANNED

    @property
    def wanted(self) -> bool:
        """Whether this project asks on pages at all."""
        settings = self._project.settings
        return settings.pages and settings.costs.origin is not CostOrigin.PAPER

    def group(self, tasks: Sequence[Task]) -> tuple[Task, ...]:
        """A round's tasks, where its numbers are given with those of the tier that suggests by class on pages."""
        if not self.wanted or self.possible:
            return tuple(tasks)
        grouped = group_on_pages(tasks, self.costs, CELLS, self._number)
        self._count_pages(grouped)
        return grouped

    def inputs(self, class_ids: Sequence[int], cells: int = CELLS) -> PageInputs | None:
        """What pages are to be planned by, with a model of these classes; ``None`` where none are asked for."""
        if not self.possible:
            return None
        project = self._project
        resolve = project.classes.resolve
        by_class: dict[int, list[int]] = {}
        for output, class_id in enumerate(class_ids):
            by_class.setdefault(resolve(class_id), []).append(output)
        rejected = [
            (item, output)
            for class_id, outputs in by_class.items()
            for item in project.ledger.rejections.items_of(class_id, resolve)
            for output in outputs
        ]
        free = project.pool_of_round().free & ~project.certified
        free[list(self._unread)] = False
        return PageInputs(
            self.costs,
            cells,
            len(class_ids),
            free,
            np.array(rejected, np.int64).reshape(-1, 2),
            as_arrays(project.store.answered_suggestions(RECENT)),
        )

    def count_carried_over(self, plan: PagePlan | None) -> int:
        """How many images this round was to ask about on pages and has not yet, as far as a newer plan has pages that
        need not wait: the next round asks about so many first, or a fast person would never come to a page.
        """
        if plan is None or not self.possible:
            return 0
        on_desk = self._project.desk.page
        waiting = sum(t.purpose is Purpose.PAGE and t.page != on_desk for t in self._project.queue)
        return min(max(0, self._budget() - self._made) + waiting, plan.good_images)

    def take(self, plan: PagePlan | None, predictions: ItemPredictions) -> None:
        """Plan by a newer model from now on."""
        self.plan, self._predictions = plan, predictions

    def begin_round(self) -> None:
        """A round began: what was found wrong meanwhile may be put on pages, and there is room for new ones."""
        self._errors = self._project.store.corrected_suggestions()
        self._made = 0

    @property
    def images_left(self) -> int:
        """How many images this round may still ask about on pages that need not wait."""
        return max(0, min(self._budget() - self._made, self.likely_images))

    @property
    def likely_images(self) -> int:
        """How many images are likely enough for pages that need not wait."""
        return self.plan.good_images if self.plan is not None and self.possible else 0

    @property
    def seconds_an_image(self) -> float:
        """What an image on a page is expected to cost, but for marks."""
        costs = self.costs.pages
        return costs.cell_s + costs.page_s / CELLS

    @property
    def costs(self) -> AskCosts:
        """What each way of asking costs this person."""
        return ask_costs(self._project.settings.costs, self._project.tally, self._project.pages)

    def fill(self, cells: int, last: bool = False) -> None:
        """Make the next pages where it is time for them. ``last``: nothing else is left to ask, so none waits.

        Raises ``StoreError`` with nothing changed.
        """
        project = self._project
        while self.possible and len(project.queue.pages()) < _AHEAD:
            is_carried = self._made < self._carried()
            early = not is_carried and project.queue.of_main > _SOON
            if early or (page := self._next(cells, last)) is None:
                return
            label, items = page
            predictions = self._predictions
            assert predictions is not None  # a plan is made of some
            strategy = CARRIED if is_carried else "page"
            tasks = make_page_tasks(project, predictions, label, items, self._number, self._errors, strategy)
            project.add_tasks(tasks)
            self._count_pages(tasks)
            self._made += len(items)

    def add_clusters(self, groups: Groups) -> None:
        """Put pages of groups that look pure before the first labels. Raises ``StoreError`` with nothing changed."""
        project = self._project
        tasks = make_cluster_tasks(project.pool(), groups, project.tasks_made, self._number, CELLS)
        project.add_tasks(tasks)
        self._count_pages(tasks)

    def name(
        self, shown: Sequence[Task], odd: Collection[int], unread: Collection[int], name: str, timing: Timing
    ) -> int:
        """Store what most images of a page without a class show; as :meth:`confirm`, and raises ``ClassError`` too."""
        return name_cluster(self._project, self._seen(shown, unread), odd, name, timing)

    def refuse(self, shown: Sequence[Task], unread: Collection[int], timing: Timing) -> int:
        """Store that a page without a class is not of one; returns how many images go back. Raises ``StoreError`` with
        nothing changed.
        """
        seen = self._seen(shown, unread)
        refuse_cluster(self._project, seen, timing)
        self._project.go_on()  # where nothing of it was seen, nothing is stored
        return len(seen)

    def confirm(
        self, shown: Sequence[Task], odd: Collection[int], unread: Collection[int], timing: Timing
    ) -> int:
        """Store the answer to a page as one action: its tasks in their places, those marked, those not seen, by id.

        What could not be seen is asked about by itself later. Returns how many images have a new label. Raises
        ``StoreError`` with nothing changed.
        """
        project = self._project
        seen = self._seen(shown, unread)
        events = [_event_of(task, place, task.task_id in odd, timing) for place, task in seen]
        marked = [task for _, task in seen if task.task_id in odd and task.purpose is not Purpose.CATCH]
        # Images of a page first: the action is known by its first event.
        events.sort(key=lambda event: event.purpose is Purpose.CATCH)
        project.record(events, make_odd_tasks(project, marked))
        project.go_on()  # where nothing of it was seen, nothing is stored
        return sum(event.verb is Verb.LABEL for event in events)

    def _count_pages(self, tasks: Sequence[Task]) -> None:
        """Go on numbering behind the pages of these tasks."""
        self._number = max((task.page + 1 for task in tasks if task.page is not None), default=self._number)

    def _seen(self, shown: Sequence[Task], unread: Collection[int]) -> list[tuple[int, Task]]:
        """The tasks that could be seen, with their places; the others leave the page."""
        for task in shown:
            if task.task_id in unread:
                self._unread.add(task.item)
                self._project.queue.remove(task.task_id)
        return [(place, task) for place, task in enumerate(shown) if task.task_id not in unread]

    def _next(self, cells: int, last: bool) -> tuple[int, tuple[int, ...]] | None:
        """The label and the items of the page that saves most an image, of what is still free."""
        plan = self.plan
        left = cells if last else min(cells, self.images_left)
        if plan is None or left < FEWEST:
            return None
        free = self._project.pool().free
        free[list(self._unread)] = False

        by_label: dict[int, list[int]] = {}  # those that save most first
        for page in plan.pages:
            items = by_label.setdefault(page.label, [])
            if last or plan.is_good(page):
                items += [item for item in page.items if free[item]]
            if len(items) >= left:
                return page.label, tuple(items[:left])
        label = max(by_label, key=lambda label: len(by_label[label]), default=0)
        rest = by_label.get(label, [])
        return (label, tuple(rest)) if len(rest) >= FEWEST else None

    def _budget(self) -> int:
        """How many images the last round may ask about on pages."""
        return self._of_round()[0]

    def _carried(self) -> int:
        """How many of those come before what it asks about one by one."""
        return self._of_round()[1]

    def _of_round(self) -> tuple[int, int]:
        project = self._project
        if self._images[0] != project.round:
            plan = json.loads(project.rounds[-1].plan) if project.rounds else {}
            asked = sum(plan.get(f"{tier.value}_budget", 0) for tier in Tier if tier.asked)
            images = PAGES_A_SINGLE * asked
            if project.settings.goal.wants_certificate:
                images = min(images, most_of_round(len(project.items)))
            carried = plan.get(CARRIED_OVER, 0)
            self._images = project.round, images + carried, carried
        return self._images[1:]


def _event_of(task: Task, place: int, is_odd: bool, timing: Timing) -> LabelEvent:
    if task.purpose is Purpose.CATCH:
        verb, purpose, class_id = Verb.ANSWER, Purpose.CATCH, None if is_odd else task.suggestion
    elif is_odd:
        verb, purpose, class_id = Verb.RELEASE, Purpose.PAGE, None
    else:
        verb, purpose, class_id = Verb.LABEL, Purpose.PAGE, task.suggestion
    return LabelEvent(
        0,
        task.item,
        verb,
        purpose,
        class_id,
        suggestion=task.suggestion,
        task_id=task.task_id,
        timing=timing,
        place=place,
    )
