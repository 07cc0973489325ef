"""What the labeling page shows, as values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ui.labeling.one_by_one.label_actions import LABEL_KEYS, LabelAction


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
    confusable: tuple[int, ...] = ()  # what the suggested class is often confused with
    flagged: bool = False
    tier: str = ""
    note: str = ""  # what its file tells, such as "page 1 of 3"
    history: str = ""  # such as "2 back", where an answer of before is looked at


@dataclass(frozen=True)
class LabelStatus:
    """Where the round stands, for those who ask."""

    progress: str
    learner: str = ""  # what the program does meanwhile

    @property
    def line(self) -> str:
        """Both in one line."""
        return "   ·   ".join(part for part in (self.progress, self.learner) if part)


@dataclass(frozen=True)
class End:
    """What is said when nothing is left to label."""

    title: str
    words: str
    can_start_again: bool  # all labels came with the images: undoing takes them back in one go
    has_model: bool = False  # another folder can begin with it
    second_look: str = ""  # what it would be; empty: there is nothing to look at

    def can_do(self, action: LabelAction) -> bool:
        """Whether a next step is one here."""
        there = {
            LabelAction.UNDO: self.can_start_again,
            LabelAction.ANOTHER: self.has_model,
            LabelAction.SECOND_LOOK: bool(self.second_look),
        }
        return there.get(action, True)


def class_of_key(items: Sequence[ClassItem], sign: str) -> int | None:
    """The class whose own key writes a sign."""
    wanted = sign.casefold()
    return next((item.class_id for item in items if wanted and item.key.casefold() == wanted), None)


def hint(card: Card, names: Mapping[int, str], other: str, alone: bool = False) -> str:
    """The line below the image: how to answer, and what else is known of it. ``names`` by class id, ``other``: how
    a class is answered with that is not suggested, empty where that cannot be seen, ``alone``: the image has the window
    for itself.
    """
    parts = [
        card.history and f"{card.history} ({LABEL_KEYS[LabelAction.FORWARD].hint}: toward the present)",
        card.tier and f"{card.tier} tier",
    ]
    if card.suggestion is None:
        parts.append(f"Which class is it? {other[:1].upper()}{other[1:]}".rstrip())
    else:
        parts.append(other and f"Another class: {other}")
    if card.confusable:
        confusable = ", ".join(names.get(c, "") for c in card.confusable)
        parts.append(f"often confused with {confusable} ({LABEL_KEYS[LabelAction.EXAMPLES].hint})")
    parts += ["marked for review" if card.flagged else "", card.note]
    parts.append(f"{LABEL_KEYS[LabelAction.LARGE].hint}: show all else again" if alone else "")
    return "   ·   ".join(part for part in parts if part)
