"""What the labeling page shows, as values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ClassItem:
    """A class as it is answered with; ``key`` is a character of the annotator's own choice, or empty."""

    class_id: int
    name: str
    key: str = ""
    colour: str = ""  # #rrggbb, or empty


@dataclass(frozen=True)
class Card:
    """What stands beside an image. Classes are ids."""

    caption: str
    suggestion: int | None = None  # what Enter accepts
    top: tuple[int, ...] = ()  # the model's likeliest
    recent: tuple[int, ...] = ()  # answered lately
    confusable: tuple[int, ...] = ()  # what the suggested class is taken for
    flagged: bool = False
    tier: str = ""
    history: str = ""  # such as "2 back", where an answer of before is looked at


@dataclass(frozen=True)
class Status:
    """The lines above the image."""

    title: str
    progress: str = ""
    learner: str = ""  # what the program does meanwhile
