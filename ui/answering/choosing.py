"""What a key or a click did to the choice of a class; shared by both response interfaces."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Effect(Enum):
    """The effect of an input on the choice."""

    NONE = "none"
    TOUCHED = "touched"  # something changed, no answer yet
    TAKEN_BACK = "taken_back"
    ANSWERED = "answered"


@dataclass(frozen=True)
class Outcome:
    """An effect, with the class name where it is an answer."""

    effect: Effect
    answer: str = ""


NOTHING = Outcome(Effect.NONE)
TOUCHED = Outcome(Effect.TOUCHED)
TAKEN_BACK = Outcome(Effect.TAKEN_BACK)


def answered(name: str) -> Outcome:
    """The choice is made."""
    return Outcome(Effect.ANSWERED, name)
