"""What is said of a project in which nothing is left: counts, the certificate, what to see, minutes, accuracy."""

from __future__ import annotations

import numpy as np

from model.datasets.base import UNKNOWN
from studies.labeling.planning.costs import AnswerKind
from studies.labeling.project.project import Project
from studies.numerals import counted

_CLASSES = 12  # that are named
_KINDS = {
    AnswerKind.VERIFIED: "checking",
    AnswerKind.CORRECTED: "correcting",
    AnswerKind.UNAIDED: "without a suggestion",
}


def summarize(project: Project) -> tuple[str, ...]:
    """Sentences about the whole of a project, for a person."""
    told = (
        _count_classes(project),
        _promise(project),
        _open_ends(project),
        _minutes(project),
        _accuracy(project),
    )
    return tuple(sentence for sentence in told if sentence)


def _count_classes(project: Project) -> str:
    size = len(project.classes)

    def count(labels: np.ndarray[tuple[int], np.dtype[np.int32]]) -> list[int]:
        given = project.resolved(labels)
        counts: list[int] = np.bincount(given[given != UNKNOWN], minlength=size).tolist()
        return counts

    person, program = count(project.ledger.labels), count(project.ledger.auto)
    parts = [
        f"{c.name} {person[c.class_id] + program[c.class_id]:,}"
        + (f" ({program[c.class_id]:,} by the program)" if program[c.class_id] else "")
        for c in project.classes.standing
    ]
    more = counted(len(parts) - _CLASSES, "more class", "more classes")
    shown = ", ".join(parts[:_CLASSES])
    return f"{shown} and {more}." if len(parts) > _CLASSES else f"{shown}."


def _promise(project: Project) -> str:
    look = project.store.certified_by()
    if look is not None:
        return look.sentence
    if project.settings.goal.wants_certificate and not project.ledger.auto_count:
        return "The program labeled nothing, so there is nothing to be certified."
    return ""


def _open_ends(project: Project) -> str:
    progress, flagged = project.ledger.progress(), int(project.ledger.flagged.sum())
    parts = [f"{n:,} {verb.meaning.remark.lower()}" for verb, n in progress.without_label.items()]
    parts += [f"{flagged:,} marked for review"] if flagged else []
    return f"To be seen in the grid: {', '.join(parts)}." if parts else ""


def _minutes(project: Project) -> str:
    spent = {name: project.tally.seconds_of(kind) for kind, name in _KINDS.items()}
    spent["pages"] = project.pages.total_s
    parts = [f"{name} {seconds / 60:.1f}" for name, seconds in spent.items() if seconds]
    return f"Your minutes: {', '.join(parts)}." if parts else ""


def _accuracy(project: Project) -> str:
    last = project.models[-1] if project.models else None
    if last is None or not last.holdout_n:
        return ""
    images = counted(last.holdout_n, "image")
    return f"The last model was right on {last.holdout_right:,} of {images} that it had never seen."
