"""Catch trials: suggestions that are wrong on purpose, on items with a known label, and how many were accepted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from studies.estimates import Share
from studies.numerals import counted


@dataclass(frozen=True)
class CatchTrialAnswer:
    """The answer to one catch trial."""

    action: int
    tier: str | None  # which tier the suggestion looked like
    missed: bool  # the wrong suggestion was accepted
    on_page: bool = False  # it was a cell of a page


class CatchTrials:
    """The catch trials that were answered, and those among them whose suggestion was accepted."""

    def __init__(self, answers: Iterable[CatchTrialAnswer] = ()) -> None:
        self._answers: dict[int, list[CatchTrialAnswer]] = {}  # by action: a page may have several
        for answer in answers:
            self.add(answer)

    def add(self, answer: CatchTrialAnswer) -> None:
        """Take in an answer."""
        self._answers.setdefault(answer.action, []).append(answer)

    def take_back(self, action: int) -> None:
        """An action was undone."""
        self._answers.pop(action, None)

    @property
    def answered(self) -> int:
        """How many were answered."""
        return len(self._all)

    @property
    def missed(self) -> int:
        """How many wrong suggestions were accepted."""
        return sum(answer.missed for answer in self._all)

    @property
    def by_itself(self) -> Share:
        """Of those to an image by itself, how many wrong suggestions were accepted."""
        alone = [answer.missed for answer in self._all if not answer.on_page]
        return Share(sum(alone), len(alone))

    def sentence(self) -> str:
        """What to say of it, gently; empty while there is nothing to say."""
        if not self.missed:
            return ""
        by_place = Counter(_place_of(answer) for answer in self._all if answer.missed)
        tiers = ", ".join(f"{count} {place}" for place, count in sorted(by_place.items()))
        shown = counted(self.answered, "suggestion was", "suggestions were")
        missed = counted(self.missed, "of them was", "of them were")
        return (
            f"{shown} wrong on purpose, to see whether suggestions are checked; "
            f"{missed} accepted ({tiers}). Your labels are not changed by them."
        )

    @property
    def _all(self) -> list[CatchTrialAnswer]:
        return [answer for answers in self._answers.values() for answer in answers]


def _place_of(answer: CatchTrialAnswer) -> str:
    return "on pages" if answer.on_page else f"in the {answer.tier or 'other'} tier"
