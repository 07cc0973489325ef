"""What can happen while one image after another is labeled, each with its time stamp.

Stamps are ns on the clock of ``time.perf_counter_ns()``.
"""

from __future__ import annotations

from dataclasses import dataclass

from studies.labeling.facts.records import Verb
from studies.timing.facts.records import Device, StampSource


@dataclass(frozen=True)
class Input:
    """Something that happened at a moment."""

    at_ns: int


@dataclass(frozen=True)
class Shown(Input):
    """The image and its suggestion are on screen; ``at_ns`` is the onset."""


@dataclass(frozen=True)
class Touch(Input):
    """A key or click that chooses among classes without answering yet."""


@dataclass(frozen=True)
class Backtrack(Input):
    """A choice or a typed letter was taken back."""


@dataclass(frozen=True)
class LoseFocus(Input):
    """The window is no longer the active one."""


@dataclass(frozen=True)
class Decision(Input):
    """A deciding input; ``at_ns`` is the event's own stamp."""

    handler_ns: int
    stamp_source: StampSource
    device: Device
    longest_stall_ns: int


@dataclass(frozen=True)
class Answer(Decision):
    """The image's class."""

    class_id: int


@dataclass(frozen=True)
class Remark(Decision):
    """The image has no single class, or is put off: NONE, SEVERAL or SKIP."""

    verb: Verb


@dataclass(frozen=True)
class Flag(Input):
    """Mark the image to be looked at again, or take the mark back."""


@dataclass(frozen=True)
class Undo(Input):
    """Take back the last action that still stands; its image comes on screen again."""


@dataclass(frozen=True)
class Back(Input):
    """Look at the image that was answered before the one on screen."""


@dataclass(frozen=True)
class Forward(Input):
    """Toward the present again, by one image."""


@dataclass(frozen=True)
class Pause(Input):
    """A pause; the image on screen is void and comes again."""


@dataclass(frozen=True)
class Continue(Input):
    """Go on after a pause."""


@dataclass(frozen=True)
class ImageFailed(Input):
    """The coming image cannot be read."""

    reason: str
