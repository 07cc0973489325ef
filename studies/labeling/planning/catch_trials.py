"""Catch trials: suggestions that are wrong on purpose, on items with a known label, and how many were accepted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from studies.numerals import counted


@dataclass(frozen=True)
class CatchTrialAnswer:
    """The answer to one catch trial."""

    action: int
    tier: str | None  # which tier the suggestion looked like
    missed: bool  # the wrong suggestion was accepted


class CatchTrials:
    """The catch trials that were answered, and those among them whose suggestion was accepted."""

    def __init__(self, answers: Iterable[CatchTrialAnswer] = ()) -> None:
        self._answers = {answer.action: answer for answer in answers}

    def add(self, answer: CatchTrialAnswer) -> None:
        """Take in an answer."""
        self._answers[answer.action] = answer

    def take_back(self, action: int) -> None:
        """An action was undone."""
        self._answers.pop(action, None)

    @property
    def answered(self) -> int:
        """How many were answered."""
        return len(self._answers)

    @property
    def missed(self) -> int:
        """How many wrong suggestions were accepted."""
        return sum(answer.missed for answer in self._answers.values())

    def sentence(self) -> str:
        """What to say of it, gently; empty while there is nothing to say."""
        if not self.missed:
            return ""
        by_tier = Counter(a.tier or "other" for a in self._answers.values() if a.missed)
        tiers = ", ".join(f"{count} in the {tier} tier" for tier, count in sorted(by_tier.items()))
        shown = counted(self.answered, "suggestion was", "suggestions were")
        missed = counted(self.missed, "of them was", "of them were")
        return (
            f"{shown} wrong on purpose, to see whether suggestions are checked; "
            f"{missed} accepted ({tiers}). Your labels are not changed by them."
        )
