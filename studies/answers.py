"""Answers to one image at a time: their inputs, which inputs count, and the timing of an answer.

The timing study and the labeling of projects measure with the same rule and the same arithmetic. All times are ns on
the clock of ``time.perf_counter_ns()``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum


class Device(str, Enum):
    """What gave the deciding input of an answer."""

    KEYBOARD = "keyboard"
    MOUSE = "mouse"


class StampSource(str, Enum):
    """Where the time of an input comes from.

    ``MONOTONIC``: the platform's own stamp, on the clock of ``time.perf_counter_ns()``.
    ``CALIBRATED``: the platform's own stamp on another clock, mapped by the smallest delay seen.
    ``HANDLER``: no usable stamp; the time at which the program took the event.
    """

    MONOTONIC = "monotonic"
    CALIBRATED = "calibrated"
    HANDLER = "handler"


# Nobody sees an image and decides sooner than this after it came on screen: the study's usual limit (too_fast_ms).
SEEN_AFTER_NS = 150_000_000

# Inputs


@dataclass(frozen=True)
class Input:
    """Something that happened at a moment."""

    at_ns: int


@dataclass(frozen=True)
class Shown(Input):
    """The stimulus is on screen; ``at_ns`` is its onset, derived from the two raw times."""

    painted_ns: int = 0  # the program had painted it
    drawn_ns: int = 0  # the program knew that the window system had drawn it


@dataclass(frozen=True)
class ImageFailed(Input):
    """The coming image cannot be read."""

    reason: str


@dataclass(frozen=True)
class LoseFocus(Input):
    """The window is no longer the active one."""


@dataclass(frozen=True)
class Pause(Input):
    """A pause; the image on screen is void and comes again."""


@dataclass(frozen=True)
class Continue(Input):
    """Go on after a pause, or from a page of text, a break or feedback."""


@dataclass(frozen=True)
class AboutImage(Input):
    """A key press or click that is about the image on screen: it counts by the rule of :func:`counts`."""


@dataclass(frozen=True)
class Touch(AboutImage):
    """A key press or click that chooses among classes without answering yet."""


@dataclass(frozen=True)
class Backtrack(AboutImage):
    """A choice or a typed letter was taken back."""


@dataclass(frozen=True)
class Flag(AboutImage):
    """Mark the image (a study: "the data set itself is wrong here"), or take the mark back."""


@dataclass(frozen=True)
class Decision(AboutImage):
    """The deciding input of an answer; ``at_ns`` is the event's own stamp."""

    handler_ns: int  # when the program took the same event
    stamp_source: StampSource
    device: Device
    longest_stall_ns: int  # the event loop's longest stall while the stimulus was on screen


# Timing


@dataclass(frozen=True)
class OnScreen:
    """What is known of the presentation under way."""

    onset_ns: int
    first_input_ns: int | None = None  # first key press or click that changed anything
    backtracks: int = 0
    focus_lost: bool = False


@dataclass(frozen=True)
class Timing:
    """When an answer was given, and how. Its fields are columns of the files that keep answers."""

    onset_ns: int
    first_input_ns: int | None
    response_ns: int  # of the deciding input, by the event's own stamp
    handler_ns: int
    stamp_source: StampSource
    device: Device
    backtracks: int  # how often a choice or a typed letter was taken back
    focus_lost: bool
    longest_stall_ns: int
    images: int = 1  # that were on screen and share this time


def counts(on_screen: OnScreen | None, at_ns: int) -> bool:
    """Whether an input stamped ``at_ns`` counts: a stimulus is on screen, and was at that moment.

    Before the onset, while an image is awaited and in a pause nothing counts: such an input was meant for the image
    before. The repeats of a held key are no inputs at all; pages drop them before they come here.
    """
    return on_screen is not None and at_ns >= on_screen.onset_ns


def observe(on_screen: OnScreen, event: Input) -> OnScreen:
    """What is known of a presentation after an input that counts, or after the window lost the focus."""
    if isinstance(event, LoseFocus):
        return replace(on_screen, focus_lost=True)
    if on_screen.first_input_ns is None:
        on_screen = replace(on_screen, first_input_ns=event.at_ns)
    if isinstance(event, Backtrack):
        on_screen = replace(on_screen, backtracks=on_screen.backtracks + 1)
    return on_screen


def timing_of(on_screen: OnScreen, decision: Decision, images: int = 1) -> Timing:
    """The timing of an answer, from its presentation and its deciding input."""
    known = observe(on_screen, decision)
    return Timing(
        onset_ns=known.onset_ns,
        first_input_ns=known.first_input_ns,
        response_ns=decision.at_ns,
        handler_ns=decision.handler_ns,
        stamp_source=decision.stamp_source,
        device=decision.device,
        backtracks=known.backtracks,
        focus_lost=known.focus_lost,
        longest_stall_ns=decision.longest_stall_ns,
        images=images,
    )
