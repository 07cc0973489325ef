"""What can happen in a session: the inputs of every answer, and the study's own."""

from __future__ import annotations

from dataclasses import dataclass

from studies.answers import (
    AboutImage,
    Backtrack,
    Continue,
    Decision,
    Device,
    Flag,
    ImageFailed,
    Input,
    LoseFocus,
    Pause,
    Shown,
    Touch,
)
from studies.pages.marking import Mark

__all__ = [
    "AboutImage",
    "Agree",
    "Answer",
    "Backtrack",
    "Confirm",
    "Continue",
    "Decision",
    "Early",
    "Finish",
    "Flag",
    "ImageFailed",
    "Input",
    "LoseFocus",
    "Mark",
    "Pause",
    "Shown",
    "Touch",
]


@dataclass(frozen=True)
class Agree(Input):
    """The participant agreed to take part; ``to`` names the text that was on screen."""

    to: str = ""


@dataclass(frozen=True)
class Answer(Decision):
    """The deciding input, as a class name."""

    answer: str


@dataclass(frozen=True)
class Confirm(Decision):
    """The page is done: what is not marked is of the suggested class."""


@dataclass(frozen=True)
class Early(AboutImage):
    """A key press or click sooner after the onset than anybody can have seen the image; it is no answer."""

    device: Device


@dataclass(frozen=True)
class Finish(Input):
    """The last answer is in."""
