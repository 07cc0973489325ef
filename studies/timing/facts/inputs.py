"""What can happen in a session, each with its time stamp in ns on the clock of ``time.perf_counter_ns()``."""

from __future__ import annotations

from dataclasses import dataclass

from studies.timing.facts.records import Device, StampSource


@dataclass(frozen=True)
class Input:
    """Something that happened at a moment."""

    at_ns: int


@dataclass(frozen=True)
class Agree(Input):
    """The participant agreed to take part."""


@dataclass(frozen=True)
class Continue(Input):
    """The participant goes on from a page of text, a break, a pause or feedback."""


@dataclass(frozen=True)
class Shown(Input):
    """The stimulus and its suggestion are on screen; ``at_ns`` is the onset, derived from the two raw times."""

    painted_ns: int = 0  # the program had painted it
    drawn_ns: int = 0  # the program knew that the window system had drawn it


@dataclass(frozen=True)
class Touch(Input):
    """A first key or click that chooses among classes without answering yet."""


@dataclass(frozen=True)
class Backtrack(Input):
    """A choice or a typed letter was taken back."""


@dataclass(frozen=True)
class LoseFocus(Input):
    """The window is no longer the active one."""


@dataclass(frozen=True)
class Flag(Input):
    """ "The data set itself is wrong here", or the taking back of it."""


@dataclass(frozen=True)
class Pause(Input):
    """The participant wants to pause; a stimulus on screen is void and comes again."""


@dataclass(frozen=True)
class Answer(Input):
    """The deciding input, as a class name; ``at_ns`` is the event's own stamp."""

    answer: str
    handler_ns: int
    stamp_source: StampSource
    device: Device
    longest_stall_ns: int


@dataclass(frozen=True)
class ImageFailed(Input):
    """The image of the coming trial cannot be read any more."""

    reason: str


@dataclass(frozen=True)
class Finish(Input):
    """The last answer is in."""
