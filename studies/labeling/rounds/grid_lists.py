"""The lists of images that the grid goes through, counted and put in order once for each state of the project."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

import numpy as np
from numpy.typing import NDArray

from studies.labeling.doubts import look_again, second_look
from studies.labeling.doubts.look_again import DoubtfulLabels
from studies.labeling.doubts.second_look import SecondLook
from studies.labeling.facts.records import MEANINGS, Verb
from studies.labeling.project.project import Project
from studies.labeling.rounds.conductor import Conductor

MOST = 100_000  # images of a list that can be gone through by pages


class ListKind(Enum):
    """What a list holds."""

    AUTO = auto()
    LIKELY = auto()
    LABELED = auto()
    OPEN = auto()
    DOUBTFUL = auto()
    SECOND_LOOK = auto()
    FLAGGED = auto()
    REMARKED = auto()


_REMARKED = "Label them, or leave them."
_UNREAD = "Their files are damaged or missing. Put them right, and you are asked about them when you open the project."
_OF_CLASS = (
    (ListKind.AUTO, "labeled by the program", "The program labeled these. Mark what is wrong."),
    (
        ListKind.LIKELY,
        "likely",
        "Not labeled yet; the model predicts this class, the most confident first. Mark what is wrong.",
    ),
    (ListKind.LABELED, "labeled by you", "Mark what is wrong: you are asked about it again."),
)

_OPEN = (
    "At random, to search for a class that has no example. "
    "Images that measure the model's accuracy are not here: you are asked about them one by one."
)


@dataclass(frozen=True)
class Section:
    """One list. Accepting its images labels them with ``class_id``."""

    kind: ListKind
    name: str
    explanation: str
    class_id: int | None = None
    verb: Verb | None = None

    @property
    def accepts(self) -> bool:
        """Whether accepting its images decides anything."""
        return self.class_id is not None or self.kind in (ListKind.DOUBTFUL, ListKind.SECOND_LOOK)


class GridLists:
    """Sections with their sizes and items. Counts hold until the next event."""

    def __init__(self, project: Project, conductor: Conductor) -> None:
        self._project, self._conductor = project, conductor
        self.doubtful, self.second_look = DoubtfulLabels(project, conductor.checks), conductor.second_look
        self._now = (-1, -1)  # actions, round
        self._held: tuple[object, ...] = (None,) * 3  # classes, what the model says, what is doubtful
        self._counts: dict[ListKind, NDArray[np.int64]] = {}
        self._items: dict[Section, NDArray[np.int64]] = {}
        self._order = np.zeros(0, np.int64)

    def sections(self) -> list[Section]:
        """All lists, in the order in which they are offered."""
        found = [
            Section(kind, f"{c.name}: {name}", explanation, c.class_id)
            for kind, name, explanation in _OF_CLASS
            for c in self._project.classes.standing
        ]
        found += [
            Section(ListKind.OPEN, "No label yet", _OPEN),
            Section(ListKind.DOUBTFUL, look_again.NAME, ""),
            Section(ListKind.SECOND_LOOK, second_look.NAME, ""),
            Section(ListKind.FLAGGED, "Marked for review", "Label them again, or leave them."),
        ]
        return found + [
            Section(
                ListKind.REMARKED,
                meaning.remark,
                _UNREAD if verb is Verb.UNREADABLE else _REMARKED,
                verb=verb,
            )
            for verb, meaning in MEANINGS.items()
            if meaning.remark
        ]

    def looked_at_again(self, section: Section) -> DoubtfulLabels | SecondLook | None:
        """What a section lists, where its images are labeled and looked at again."""
        if section.kind is ListKind.DOUBTFUL:
            return self.doubtful
        return self.second_look if section.kind is ListKind.SECOND_LOOK else None

    def size(self, section: Section) -> int:
        """How many images a section holds."""
        self._refresh()
        if section.class_id is not None:
            if not self._counts:
                self._counts = self._count()
            return int(self._counts[section.kind][section.class_id])
        if section.kind is ListKind.OPEN:
            return self._project.ledger.open_items
        return len(self.items(section))

    def items(self, section: Section) -> NDArray[np.int64]:
        """The images of a section in their order, at most :data:`MOST`."""
        self._refresh()
        if section not in self._items:
            self._items[section] = self._list(section)[:MOST]
        return self._items[section]

    def _refresh(self) -> None:
        """Forget what was counted where anything happened since."""
        project = self._project
        now = (project.ledger.actions, project.round)
        held = (project.classes, self._conductor.predictions, self._conductor.checks.found)
        if now != self._now or any(a is not b for a, b in zip(held, self._held, strict=True)):
            self._now, self._held = now, held
            self._counts = {}
            self._items.clear()

    def _count(self) -> dict[ListKind, NDArray[np.int64]]:
        """For each kind of list how many images each class has, by class id."""
        ledger = self._project.ledger
        return {
            ListKind.AUTO: self._by_class(ledger.auto),
            ListKind.LIKELY: self._likely_by_class(),
            ListKind.LABELED: self._by_class(ledger.labels),
        }

    def _list(self, section: Section) -> NDArray[np.int64]:
        ledger = self._project.ledger
        if section.class_id is not None:
            return _BY_CLASS[section.kind](self, section.class_id)
        if section.kind is ListKind.OPEN:
            order = self._any_order()
            return order[~(ledger.settled | ledger.holdout)[order]]
        again = self.looked_at_again(section)
        if again is not None:
            return np.array(again.items, np.int64)
        if section.verb is not None:
            return ledger.with_state(section.verb)
        return np.flatnonzero(ledger.flagged)

    def _auto_of(self, class_id: int) -> NDArray[np.int64]:
        project = self._project
        items = np.flatnonzero(project.resolved(project.ledger.auto) == class_id)
        # The least sure first: what is odd is there.
        return items[np.argsort(project.ledger.auto_scores[items], kind="stable")]

    def _likely_of(self, class_id: int) -> NDArray[np.int64]:
        last = self._conductor.predictions
        if last is None:
            return np.zeros(0, np.int64)
        outputs = [i for i, c in enumerate(last.class_ids) if self._project.classes.resolve(c) == class_id]
        found = np.isin(last.predicted, outputs) & self._project.unlabeled(len(last.predicted))
        found[self._rejected(class_id, len(found))] = False
        items = np.flatnonzero(found)
        return items[np.argsort(-last.confidence[items], kind="stable")]

    def _labeled_of(self, class_id: int) -> NDArray[np.int64]:
        project = self._project
        return np.flatnonzero(project.resolved(project.ledger.labels) == class_id)

    def _any_order(self) -> NDArray[np.int64]:
        """All items at random; those of a page that are not labeled stay where they were."""
        n = len(self._project.ledger)
        if len(self._order) != n:
            self._order = np.random.default_rng(self._project.settings.seed).permutation(n)
        return self._order

    def _by_class(self, labels: NDArray[np.int32]) -> NDArray[np.int64]:
        """How many items have each class, by class id."""
        counts = np.bincount(self._project.resolved(labels) + 1, minlength=len(self._project.classes) + 1)
        return counts[1:]

    def _likely_by_class(self) -> NDArray[np.int64]:
        classes, last = self._project.classes, self._conductor.predictions
        counts = np.zeros(len(classes), np.int64)
        if last is not None:
            predicted = last.predicted[self._project.unlabeled(len(last.predicted))]
            found = np.bincount(predicted + 1, minlength=len(last.class_ids) + 1)[1:]
            for class_id, count in zip(last.class_ids, found, strict=True):
                counts[classes.resolve(class_id)] += count
            for info in classes.standing:
                if self._rejected(info.class_id, len(last.predicted)):
                    counts[info.class_id] = len(self._likely_of(info.class_id))
        return counts

    def _rejected(self, class_id: int, n: int) -> list[int]:
        """Those of n items of which a person said that they are not of this class: it is not asked again."""
        rejected = self._project.ledger.rejections.items_of(class_id, self._project.classes.resolve)
        return [item for item in rejected if item < n]


_BY_CLASS = {
    ListKind.AUTO: GridLists._auto_of,
    ListKind.LIKELY: GridLists._likely_of,
    ListKind.LABELED: GridLists._labeled_of,
}
