"""The guard against accepting without looking: wrong suggestions on confirmed items, and how many were accepted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Planted:
    """The answer to one planted suggestion."""

    action: int
    tier: str | None  # which tier the suggestion looked like
    missed: bool  # the wrong suggestion was accepted


class Guard:
    """Planted suggestions that were answered, and the misses among them by tier."""

    def __init__(self, answers: Iterable[Planted] = ()) -> None:
        self._answers = {answer.action: answer for answer in answers}

    def add(self, answer: Planted) -> None:
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
        return (
            f"{self.answered} wrong suggestions were planted to see whether the eye still looks; "
            f"{self.missed} of them passed ({tiers}). Your labels are not changed by them."
        )
