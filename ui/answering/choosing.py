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
class PickerOutcome:
    """An effect, with the class name where it is an answer."""

    effect: Effect
    answer: str = ""


NOTHING = PickerOutcome(Effect.NONE)
TOUCHED = PickerOutcome(Effect.TOUCHED)
TAKEN_BACK = PickerOutcome(Effect.TAKEN_BACK)


def answer_with(name: str) -> PickerOutcome:
    """The choice is made."""
    return PickerOutcome(Effect.ANSWERED, name)
