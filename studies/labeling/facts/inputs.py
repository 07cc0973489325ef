"""What can happen while one image after another is labeled: the inputs of every answer, and labeling's own."""

from __future__ import annotations

from dataclasses import dataclass

from studies.answers import (
    AboutImage,
    Backtrack,
    Continue,
    Decision,
    Flag,
    ImageFailed,
    Input,
    LoseFocus,
    Pause,
    Shown,
    Touch,
)
from studies.labeling.facts.records import Verb

__all__ = [
    "AboutImage",
    "Answer",
    "Back",
    "Backtrack",
    "Continue",
    "Decision",
    "Flag",
    "Forward",
    "ImageFailed",
    "Input",
    "LoseFocus",
    "Pause",
    "PutOff",
    "Remark",
    "Shown",
    "Touch",
    "Undo",
]


@dataclass(frozen=True)
class Answer(Decision):
    """The image's class."""

    class_id: int


@dataclass(frozen=True)
class Remark(Decision):
    """The image has no single class, or is put off: NONE, SEVERAL or SKIP."""

    verb: Verb


@dataclass(frozen=True)
class PutOff(Input):
    """The image that is about to be shown does not come: ask about the others first. Nothing is stored."""


@dataclass(frozen=True)
class Undo(Input):
    """Take back the last action that still stands; its image comes on screen again."""


@dataclass(frozen=True)
class Back(Input):
    """Look at the image that was answered before the one on screen."""


@dataclass(frozen=True)
class Forward(Input):
    """Toward the present again, by one image."""
