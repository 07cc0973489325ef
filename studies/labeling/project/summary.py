"""What is said of a project as a whole: counts, the certificate, what to see, minutes, accuracy.

Its numbers are those of the end page and of the report.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.datasets.base import UNKNOWN
from studies.estimates import Share
from studies.labeling.facts.finish import LookRecord
from studies.labeling.facts.records import Purpose
from studies.labeling.planning.costs import TIMED, AnswerKind
from studies.labeling.project.project_view import ProjectView
from studies.numerals import counted

_CLASSES = 12  # that are named
_KINDS = {
    AnswerKind.VERIFIED: "checking",
    AnswerKind.CORRECTED: "correcting",
    AnswerKind.UNAIDED: "without a suggestion",
}
_APART = {Purpose.SAMPLE: "random sample", Purpose.AUDIT: "held-out"}  # what the promise and accuracy cost
NO_PROMISE = "The program labeled nothing, so there is nothing to be certified."


@dataclass(frozen=True)
class ClassCount:
    """How many images have a class, by who said so."""

    name: str
    by_person: int  # imported ones too
    imported: int  # of those, from a file or from the folder's own layout
    by_program: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.by_person + self.by_program


def count_classes(project: ProjectView) -> tuple[ClassCount, ...]:
    """Labels by class and by whom, in the order of the classes; those merged into another count as it."""
    size, ledger = len(project.classes), project.ledger
    labels = project.resolved(ledger.labels)

    def count(given: NDArray[np.int32]) -> list[int]:
        counts: list[int] = np.bincount(given[given != UNKNOWN], minlength=size).tolist()
        return counts

    person, program = count(labels), count(project.resolved(ledger.auto))
    imported = count(labels[ledger.labels_for((Purpose.IMPORT,))])
    return tuple(
        ClassCount(c.name, person[c.class_id], imported[c.class_id], program[c.class_id])
        for c in project.classes.standing
    )


def minutes_by_kind(project: ProjectView) -> dict[str, float]:
    """A person's minutes whose time is known, by what they went into; all together they are the work done."""
    tally = project.tally
    rest = [purpose for purpose in TIMED if purpose not in _APART]
    spent = {name: tally.seconds_of(kind, rest) for kind, name in _KINDS.items()}
    for purpose, name in _APART.items():
        spent[name] = sum(tally.seconds_of(kind, (purpose,)) for kind in AnswerKind)
    spent["pages"] = project.pages.total_s
    spent["second look"] = project.pages.second_look_s
    return {name: seconds / 60 for name, seconds in spent.items()}


def flagged_items(project: ProjectView) -> list[int]:
    """Images that are marked for review."""
    return [int(item) for item in np.flatnonzero(project.ledger.flagged)]


def certificate(project: ProjectView) -> LookRecord | None:
    """The look by which the program labeled images; ``None``: nothing of the folder is certified."""
    return project.store.certified_by()


def last_accuracy(project: ProjectView) -> Share | None:
    """How many held-out images the last model was right on; ``None`` where nobody knows."""
    last = project.models[-1] if project.models else None
    return Share(last.holdout_right, last.holdout_n) if last is not None and last.holdout_n else None


def summarize(project: ProjectView) -> tuple[str, ...]:
    """Sentences about the whole of a project, for a person."""
    told = (
        _tell_classes(count_classes(project)),
        _promise(project),
        _open_ends(project),
        _tell_minutes(minutes_by_kind(project)),
        tell_accuracy(last_accuracy(project)),
    )
    return tuple(sentence for sentence in told if sentence)


def _tell_classes(counts: tuple[ClassCount, ...]) -> str:
    parts = [
        f"{c.name} {c.total:,}" + (f" ({c.by_program:,} by the program)" if c.by_program else "")
        for c in counts
    ]
    more = counted(len(parts) - _CLASSES, "more class", "more classes")
    shown = ", ".join(parts[:_CLASSES])
    return f"{shown} and {more}." if len(parts) > _CLASSES else f"{shown}."


def _promise(project: ProjectView) -> str:
    look = certificate(project)
    if look is not None:
        return look.sentence
    if project.settings.goal.wants_certificate and not project.ledger.auto_count:
        return NO_PROMISE
    return ""


def _open_ends(project: ProjectView) -> str:
    progress, flagged = project.ledger.progress(), len(flagged_items(project))
    parts = [f"{n:,} {verb.meaning.remark.lower()}" for verb, n in progress.without_label.items()]
    parts += [f"{flagged:,} marked for review"] if flagged else []
    return f"To be seen in the grid: {', '.join(parts)}." if parts else ""


def _tell_minutes(minutes: dict[str, float]) -> str:
    parts = [f"{name} {spent:.1f}" for name, spent in minutes.items() if spent]
    return f"Your minutes: {', '.join(parts)}." if parts else ""


def tell_accuracy(accuracy: Share | None) -> str:
    """How often the last model is right, with its 95 % interval (Wilson); empty where nobody knows."""
    interval = None if accuracy is None else accuracy.wilson()
    if accuracy is None or interval is None:
        return ""
    images = counted(accuracy.total, "image")
    return (
        f"The last model was right on {accuracy.right:,} of {images} that it had never seen "
        f"({interval.value:.0%}, 95 % interval {interval.low:.0%} to {interval.high:.0%})."
    )
