"""The list "Look again": what it says, and what the answers to a page of doubtful labels become."""

from __future__ import annotations

from collections.abc import Sequence

from studies.answers import Timing
from studies.finish.doubtful import Doubt
from studies.labeling.doubts.label_checks import LabelChecks, ListedLabel
from studies.labeling.doubts.looks import confirm_looks, label_looks
from studies.labeling.facts.records import Purpose
from studies.labeling.project.project import Project

NAME = "Look again"
_HOW = (
    "Below each image its label; what it may be. Mark what is wrong: you are asked about it again. Enter says that the "
    "others are right, and they do not come again."
)
_LOOKING = "Looking for labels that may be wrong."
_NONE = "No label is doubtful."


class DoubtfulLabels:
    """The doubtful labels as they are now, found once for each state of the project."""

    def __init__(self, project: Project, checks: LabelChecks) -> None:
        self._project, self.checks = project, checks
        self._actions = -1
        self._made_of: tuple[object, object] = (None, None)  # classes, what the learner found
        self._listed: dict[int, ListedLabel] = {}  # by item, the most doubtful first
        self._told: dict[int, ListedLabel] = {}  # also those of before
        self._words = ""

    @property
    def items(self) -> list[int]:
        """The images, the most doubtful label first."""
        return list(self._refreshed())

    def want(self) -> None:
        """Somebody looks at it."""
        self.checks.want()

    @property
    def waits(self) -> bool:
        """Whether the learner is still to say what is doubtful."""
        return not self.checks.problem and (self.checks.due or self.checks.found is None)

    def explain(self) -> str:
        """What stands above a page, or in its place where there is none."""
        if self._refreshed():
            return f"{_HOW} {self._words}".strip()
        if self.checks.problem:
            return self.checks.problem
        return _LOOKING if self.waits else f"{_NONE} {self._words}".strip()

    def note(self, item: int) -> str:
        """Both classes of an image of the list, in few words."""
        listed = self._refreshed().get(item)
        if listed is None:
            return ""
        given, other = (self._project.classes.name(c) for c in (listed.given, listed.other))
        if listed.doubts == {Doubt.FAST}:
            return f"{given}; answered too fast"
        if Doubt.MODEL not in listed.doubts:
            return f"{given}; one like it {other}"
        return f"{given}; {other}?"

    def confirm(
        self, accepted: Sequence[int], odd: Sequence[int], timing: Timing, shown: Sequence[int]
    ) -> int:
        """Note that labels are right, and ask about the odd images again, as one action.

        ``shown``: the page's images in their places. Returns how many labels were looked at. Raises ``StoreError`` with
        nothing changed.
        """
        listed = self._standing()
        others = {item: listed[item].other for item in odd if item in listed}
        return confirm_looks(self._project, Purpose.DOUBT, listed, accepted, others, timing, shown)

    def label(self, items: Sequence[int], class_id: int, timing: Timing) -> None:
        """Label images of the list by hand, as one action. Raises ``StoreError`` with nothing changed."""
        label_looks(self._project, Purpose.DOUBT, self._standing(), items, class_id, timing)

    def _standing(self) -> dict[int, ListedLabel]:
        """What was listed, as the page on screen may be of an earlier list, and still has that label."""
        self._refreshed()
        label_of = self._project.label_of
        return {item: label for item, label in self._told.items() if label_of(item) == label.given}

    def _refreshed(self) -> dict[int, ListedLabel]:
        made_of = (self._project.classes, self.checks.found)
        same = all(a is b for a, b in zip(made_of, self._made_of, strict=True))
        if self._actions != self._project.ledger.actions or not same:
            self._actions, self._made_of = self._project.ledger.actions, made_of
            listed = self.checks.listed()
            self._listed = {label.item: label for label in listed}
            self._told |= self._listed
            slips = self.checks.slips(listed)
            self._words = "" if slips is None else slips.sentence()
        return self._listed
