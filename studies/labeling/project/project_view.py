"""Queries to an open project; none changes it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from model.tiers import Tier
from studies.labeling.facts.finish import SampleDraw
from studies.labeling.facts.records import Purpose, Task
from studies.labeling.file.store import ProjectStore
from studies.labeling.planning.tasks import Pool
from studies.labeling.project.loading import Loaded, is_wrong
from studies.labeling.state.desk import Decided, Desk
from studies.labeling.state.history import older
from studies.labeling.state.suggestions import Renewal


class ProjectView:
    """A project's parts as they are now: its store, ledger, queue, tally, classes, settings, rounds, and desk."""

    def __init__(self, store: ProjectStore, loaded: Loaded, sitting: int) -> None:
        self.store = store
        self.sitting = sitting
        self.head, self.place = loaded.head, loaded.place
        self.items = loaded.items
        self.ledger, self.queue = loaded.ledger, loaded.queue
        self.tally, self.catch_trials, self.pages = loaded.tally, loaded.catch_trials, loaded.pages
        self.classes, self.settings = loaded.classes, loaded.settings
        self.rounds, self.models = list(loaded.rounds), list(loaded.models)
        self.tasks_made, self.refits_made = loaded.tasks_made, loaded.refits_made
        self.draws, self.looks = list(loaded.draws), list(loaded.looks)
        self.begun_with = loaded.begun_with
        self.renewal: Renewal | None = None  # what the latest refit of this sitting suggests
        self.desk = Desk()

    @property
    def round(self) -> int:
        """The last round that began; 0: the seed round."""
        return self.rounds[-1].round if self.rounds else 0

    def upcoming(self, count: int) -> tuple[int, ...]:
        """The items that come next, the one on the desk first; none twice."""
        items = [] if self.desk.item is None else [self.desk.item]
        if self.desk.task is not None:
            items.append(self.desk.task.item)
        one_by_one = (task for task in self.queue if task.page is None)
        items += [task.item for task in islice(one_by_one, count)]
        return tuple(dict.fromkeys(items))[:count]

    @property
    def behind(self) -> int | None:
        """The item that a step back through history shows, and that taking back the last answer brings back."""
        review = older(self.ledger, self.desk.review)
        return None if review is None else review.item

    def agrees(self, item: int, decided: Decided) -> bool:
        """Whether an item has the state that was decided already."""
        if decided.class_id is not None:
            return self.label_of(item) == decided.class_id
        return self.ledger.state(item) is decided.verb

    def is_spoiled(self, task: Task) -> bool:
        """Whether a task asks no question any more: a catch trial whose suggestion is no longer wrong, or an image of a
        page that was said meanwhile not to be of its class.
        """
        resolve = self.classes.resolve
        if task.purpose is Purpose.CATCH:
            return not is_wrong(task, self.ledger, resolve)
        rejected = self.ledger.rejections.of(task.item, resolve)
        return task.page is not None and task.suggestion is not None and resolve(task.suggestion) in rejected

    def label_of(self, item: int) -> int | None:
        """The class that a person gave, after merges."""
        given = self.ledger.label(item)
        return None if given is None else self.classes.resolve(given)

    def resolved(self, labels: NDArray[np.int32]) -> NDArray[np.int32]:
        """Class ids after merges; -1 stays. Where nothing is merged, ``labels`` itself."""
        table = np.array([self.classes.resolve(c) for c in range(len(self.classes))] or [0], np.int32)
        if np.array_equal(table, np.arange(len(table))):
            return labels
        return np.where(labels < 0, labels, table[np.maximum(labels, 0)]).astype(np.int32)

    def examples(self, class_id: int, count: int, without: int | None = None) -> tuple[int, ...]:
        """Items that show a class: the one that was chosen for it, then some that a person labeled with it.

        ``without`` is left out: an item that is on screen already.
        """
        chosen = self.classes.infos[class_id].example
        labeled = np.flatnonzero(self.resolved(self.ledger.labels) == class_id)[: count + 1].tolist()
        items = dict.fromkeys([*([] if chosen is None else [chosen]), *labeled])
        return tuple(item for item in items if item != without)[:count]

    @property
    def certified(self) -> NDArray[np.bool_]:
        """(n,) whether an item has an auto-label that holds and that was certified.

        Only the random sample of a round asks about it: that is what the certificate of the next round rests on. Where
        it no longer holds for an item, the label goes.
        """
        chose = self.rounds[-1].strategies.get(Tier.EASY.value) if self.rounds else None
        holds = self.ledger.auto >= 0
        return holds if chose == Tier.EASY.strategy else self.ledger.of_folder

    def unlabeled(self, count: int) -> NDArray[np.bool_]:
        """(count,) which of the first items neither a person nor the program has labeled, without those held out."""
        ledger = self.ledger
        return ~(ledger.settled | ledger.holdout)[:count] & (ledger.auto < 0)[:count]

    def pool(self) -> Pool:
        """What new tasks may be about."""
        return self._pool(self.queue.items())

    def pool_of_round(self) -> Pool:
        """What a new round may be about: also what only waits to be labeled ahead, which its ranking replaces."""
        return self._pool(self.asked_about())

    def asked_about(self) -> set[int]:
        """The items that are still asked about when a new round has begun."""
        on_desk = {task.item for task in self.queue if task.page is not None and task.page == self.desk.page}
        if self.desk.task is not None:
            on_desk.add(self.desk.task.item)
        return self.queue.lasting_items() | on_desk

    def _pool(self, taken: set[int]) -> Pool:
        free = ~self.ledger.settled
        free[list(taken)] = False
        free &= ~self.ledger.of_folder
        return Pool(free & ~self.ledger.holdout, free & self.ledger.holdout)

    @property
    def labels_by_class(self) -> Counter[int]:
        """Labels of a person that a model may be trained on, by class after merges."""
        counts: Counter[int] = Counter()
        for class_id, count in self.ledger.class_counts.items():
            if count:
                counts[self.classes.resolve(class_id)] += count
        return counts

    def _note_draw(self, draw: SampleDraw | None, tasks: Sequence[Task]) -> None:
        if draw is not None:
            drawn = ((task.task_id, task.item) for task in tasks if task.draw == draw.draw)
            suggested = any(task.suggestion is not None for task in tasks if task.draw == draw.draw)
            self.draws.append(replace(draw, drawn=tuple(drawn), suggested=suggested))
