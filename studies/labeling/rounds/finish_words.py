"""How far a project is from its goal, in words: one line wherever it is told, and more when asked."""

from __future__ import annotations

from dataclasses import dataclass

from studies.estimates import Interval, Share
from studies.labeling.facts.finish import FolderLabels
from studies.labeling.facts.goal import Goal, GoalKind
from studies.labeling.planning.finish_look import FinishLook
from studies.labeling.state.progress import Progress
from studies.numerals import counted, duration_text

_ENOUGH = 20  # held-out images: of fewer, a share says nothing


@dataclass(frozen=True)
class Offer:
    """An offer to end: the program labels what a look has certified, and a person the others."""

    look: int
    found: FinishLook
    labels: tuple[FolderLabels, ...]

    @property
    def count(self) -> int:
        """How many images the program would label."""
        return len(self.found.certified.items)

    @property
    def in_words(self) -> tuple[str, ...]:
        """What it would be to end now, what is promised, and what is left to the person."""
        found, all_ = self.found, counted(self.found.left, "image")
        yours = counted(found.left + found.beside - self.count, "image")
        return (
            f"{all_} left that the program can tell of. All of them by program: about {_about(found.wrong)} wrong. "
            f"With {duration_text(found.later_s)} more of yours: about {_about(found.wrong_later)}.",
            f"Certified: the program labels {counted(self.count, 'image')}. {found.promise.sentence}",
            f"You label the others: {yours}, about {duration_text(found.person_s)}. "
            "Nothing asks about the certified ones any more; each can be changed in the grid.",
        )


@dataclass(frozen=True)
class FinishStatus:
    """Where a project stands on the way to its goal."""

    progress: Progress
    goal: Goal
    seconds: Interval | None = None  # of the person, to the end; None: nobody knows, or nobody aims at it
    guess: bool = False  # there is no model yet: it is what the rest takes at most
    by_program: int = 0  # of the images left, those that the program is expected to label
    accuracy: Share | None = None  # of the last model
    offer: Offer | None = None

    @property
    def line(self) -> str:
        """How far, how long, how good, in one line."""
        return "   ·   ".join((self.count, *self.rest))

    @property
    def count(self) -> str:
        """Labeled images of all."""
        return self.progress.in_words()

    @property
    def rest(self) -> tuple[str, ...]:
        """What is left, for how long, and how good it is; what is not known is left out."""
        known = self.accuracy is not None and self.accuracy.value is not None
        right = f"{self.accuracy.value:.0%} right" if self.accuracy is not None and known else ""
        if self.goal.kind is GoalKind.MODEL:
            return (f"the model is {right}" if right else "no model yet", f"goal {self.goal.accuracy:.0%}")
        left = f"{self.progress.left:,} left" if self.progress.left else ""
        enough = self.accuracy is not None and self.accuracy.total >= _ENOUGH
        return tuple(
            part for part in (left, self.to_go, f"suggestions {right}" if right and enough else "") if part
        )

    @property
    def to_go(self) -> str:
        """How long it still takes; empty where that is not known."""
        if self.seconds is None or not self.progress.left:
            return ""
        text = duration_text(self.seconds.value)
        return f"at most about {text} to go" if self.guess else f"about {text} to go"

    @property
    def detail(self) -> str:
        """All counts, the limits of the time, and what they rest on."""
        told = [self.progress.sentence()]
        if self.seconds is not None and self.progress.left:
            told.append(self._explain(self.seconds))
        return " ".join(told)

    def _explain(self, seconds: Interval) -> str:
        if self.guess:
            return "The time is a guess, as if each image took you what those so far did, until a model tells more."
        told = f"To go: {duration_text(seconds.low)} to {duration_text(seconds.high)} of yours in nine of ten projects."
        if self.by_program:
            program = counted(self.by_program, "image")
            told += f" The program is expected to label {program}; at most {100 * self.goal.share:g}% of all are wrong."
        return told


def _about(wrong: Interval) -> str:
    return f"{wrong.value:,.0f} ({wrong.low:,.0f} to {wrong.high:,.0f})"
