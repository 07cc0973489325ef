"""When a person's labels are judged anew, what is doubtful among them now, and how many slips there are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.rounds.live_values import LearnRequest
from studies.estimates import Interval
from studies.finish.doubtful import Doubt, estimate_slips, rank_judged
from studies.labeling.doubts.label_check import LabelCheck
from studies.labeling.project.project import Project
from studies.labeling.project.project_view import ProjectView
from studies.labeling.rounds.request import Folders, output_classes, request_labels
from studies.numerals import counted

LEAST_LOOKED = 12  # labels that were looked at again, without which nobody knows how many slips there are
CHECK_EVERY = 10  # labels that changed, while the list is looked through


@dataclass(frozen=True)
class CheckRequest:
    """A check as it was asked for."""

    learn: LearnRequest
    class_ids: tuple[int, ...]  # of the model's outputs
    labels: NDArray[np.int32]  # (n,) class ids, after merges


@dataclass(frozen=True)
class JudgedLabels:
    """k labels of a person, as the learner judged them; classes are ids, after merges."""

    items: NDArray[np.int64]  # (k,) ascending
    given: NDArray[np.int64]  # (k,)
    other: NDArray[np.int64]  # (k,) what each may be in its place
    wrong: NDArray[np.float64]  # (k,) the chance that it is wrong, by the models alone
    open: NDArray[np.bool_]  # (k,) it holds, and nobody looked at it again


@dataclass(frozen=True)
class ListedLabel:
    """A label that may be wrong."""

    item: int
    given: int  # class id
    other: int  # what it may be in its place
    chance: float  # that it is wrong
    doubts: frozenset[Doubt]


@dataclass(frozen=True)
class Slips:
    """What was found among the labels looked at again, and what is to be expected of all."""

    labels: int  # that were judged
    looked_at: int
    found: int  # of those, wrong
    left: Interval | None  # wrong ones among the labels that nobody looked at again; None: nobody knows

    def sentence(self) -> str:
        """It in words."""
        seen = f"Of {self.looked_at:,} looked at again {self.found:,} were wrong. " if self.looked_at else ""
        if self.left is None:
            return seen
        low, high = (f"{round(value):,}" for value in (self.left.low, self.left.high))
        more = " more" if self.found else ""
        share = f"{(self.found + self.left.value) / max(self.labels, 1):.1%}"
        left = f"About {round(self.left.value):,}{more} of {self.labels:,} labels may be ({low} to {high})"
        return f"{seen}{left}: {share} in all."


class LabelChecks:
    """Uses the project in its thread; the learner itself runs elsewhere."""

    def __init__(self, project: Project, folders: Folders) -> None:
        self._project, self._folders = project, folders
        self.found: LabelCheck | None = None
        self.problem = ""  # why the last check found nothing
        self._request: CheckRequest | None = None  # of what was found
        self._wanted = False
        self._least_changed = self._new_ones = 1
        self._failed_at = -1  # after how many actions the learner could not

    def want(self) -> None:
        """Somebody looks at the list: judge the labels where that was not done, or where any changed since."""
        self._wanted, self._least_changed, self.problem = True, 1, ""
        self._new_ones = 1

    def want_new(self) -> None:
        """As :meth:`want`, where labels that were never judged count: of the others what was found holds."""
        self._wanted, self._least_changed, self.problem = True, CHECK_EVERY, ""
        self._new_ones = CHECK_EVERY

    def leave(self) -> None:
        """Nobody looks at it."""
        self._wanted = False

    @property
    def due(self) -> bool:
        """Whether the learner is to judge the labels."""
        return self._wanted and self._changed(self._new_ones) >= self._least_changed

    @property
    def due_at_end(self) -> bool:
        """Whether the learner is to judge them when nothing is left to label: some were never judged, or many changed
        since. Not so where it just could not.
        """
        if self._failed_at == self._project.ledger.actions:
            return False
        return self._changed(new_ones=CHECK_EVERY) >= CHECK_EVERY

    def _changed(self, new_ones: int = 1) -> int:
        """How many labels are others than when they were judged, each that was not there counted ``new_ones`` times."""
        before, labels = self._request, self._labels()
        if before is None or before.class_ids != output_classes(self._project):
            return max(CHECK_EVERY, len(labels))
        now, was = labels[: len(before.labels)], before.labels
        new = np.count_nonzero((was < 0) & (now >= 0)) + len(labels) - len(was)
        return int(np.count_nonzero((was >= 0) & (now != was)) + new_ones * new)

    def request(self) -> CheckRequest:
        """What the learner is to do."""
        learn = request_labels(self._project, self._folders)
        return CheckRequest(learn, output_classes(self._project), self._labels())

    def take(self, request: CheckRequest, found: LabelCheck) -> None:
        """Take what the learner found."""
        self._request, self.found, self.problem = request, found, ""
        self._least_changed = CHECK_EVERY

    def fail(self, sentence: str) -> None:
        """The learner could not: it is not asked again until somebody wants it."""
        self.problem, self._wanted, self._failed_at = sentence, False, self._project.ledger.actions

    def judged(self) -> JudgedLabels | None:
        """What was found about the labels, and which of them hold; ``None`` where nothing was found yet."""
        found, request = self.found, self._request
        if found is None or request is None:
            return None
        ids = np.array([self._project.classes.resolve(class_id) for class_id in request.class_ids], np.int64)
        settled = ~self._still_held(found, request)
        for item, given in looked_at(self._project):
            place = int(np.searchsorted(found.items, item))
            if place < len(found.items) and found.items[place] == item:
                settled[place] |= ids[found.labels[place]] == given
        return JudgedLabels(
            found.items, ids[found.labels], ids[found.judged.other], found.judged.wrong, ~settled
        )

    def listed(self) -> list[ListedLabel]:
        """The doubtful labels that still hold, the most doubtful first; none twice that was said to be right."""
        found, request = self.found, self._request
        if found is None or request is None:
            return []
        judged = self.judged()
        assert judged is not None  # as something was found
        names = [self._project.classes.resolve(class_id) for class_id in request.class_ids]
        pairs = ((int(one), int(two)) for one, two in found.pairs)
        ranked = rank_judged(
            found.judged, found.labels, pairs, found.fast, np.flatnonzero(~judged.open).tolist()
        )
        listed = [
            ListedLabel(
                int(found.items[d.place]), names[found.labels[d.place]], names[d.other], d.chance, d.doubts
            )
            for d in ranked
        ]
        return [label for label in listed if label.given != label.other or label.doubts == {Doubt.FAST}]

    def slips(self, listed: Sequence[ListedLabel]) -> Slips | None:
        """How many labels are wrong, as far as can be told; ``listed``: what is doubtful now."""
        found, request = self.found, self._request
        if found is None or request is None:
            return None
        looks = looked_at(self._project)
        was_slip = are_slips(self._project, looks)
        left = None
        if found.calibrated and len(looks) >= LEAST_LOOKED:
            seen = [item for item, _ in looks] + [label.item for label in listed]
            rest = self._still_held(found, request) & ~np.isin(found.items, seen)
            unlisted = found.judged.wrong[rest]
            expected = np.array([*looks.values(), *(label.chance for label in listed)])
            estimate = estimate_slips(was_slip, expected, unlisted)
            slips = sum(was_slip)
            left = Interval(*(max(0.0, v - slips) for v in (estimate.value, estimate.low, estimate.high)))
        return Slips(len(found.items), len(looks), sum(was_slip), left)

    def _labels(self) -> NDArray[np.int32]:
        return self._project.resolved(self._project.ledger.labels).copy()

    def _still_held(self, found: LabelCheck, request: CheckRequest) -> NDArray[np.bool_]:
        """(k,) whether the labels that were judged are still those of their items."""
        ids = np.array([self._project.classes.resolve(class_id) for class_id in request.class_ids])
        held: NDArray[np.bool_] = self._labels()[found.items] == ids[found.labels]
        return held


def looked_at(project: ProjectView) -> dict[tuple[int, int], float]:
    """The labels that were looked at again, as item and class (after merges), each with the chance to be wrong."""
    looks = {}
    for item, detail in project.store.looked_at():
        given, chance = detail.split()
        looks[item, project.classes.resolve(int(given))] = float(chance)
    return looks


def tell_second_looks(project: ProjectView) -> str:
    """How many labels of pages were looked at once more, and what was found; empty where none was."""
    seen = project.store.looked_at_twice()
    looks = {(item, project.classes.resolve(int(detail.split()[0]))) for item, detail in seen}
    wrong = sum(are_slips(project, looks))
    were = "was" if wrong == 1 else "were"
    return (
        f"A second look at {counted(len(looks), 'label')} of pages: {wrong:,} {were} wrong." if looks else ""
    )


def are_slips(project: ProjectView, looks: Iterable[tuple[int, int]]) -> list[bool]:
    """Whether labels that were looked at again were wrong: they are not so any more."""
    return [project.label_of(item) != given for item, given in looks]


def note_look(label: ListedLabel) -> str:
    """What an event keeps of the label that was looked at: its class, and the chance that it was wrong."""
    return f"{label.given} {label.chance:.4f}"
