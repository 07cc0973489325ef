"""What a timing session writes down of trials: planned ones, presentations, responses and events."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from studies.answers import Timing


class Interface(str, Enum):
    """How a participant answers."""

    KEYBOARD = "keyboard"
    DROPDOWN = "dropdown"
    PAGE = "page"  # many images at once, of which the odd ones are marked


class EventKind(str, Enum):
    """The facts of a session that are not responses."""

    CONSENTED = "consented"
    QUESTIONED = "questioned"  # the plan's questions are answered
    INSTRUCTED = "instructed"
    BLOCK_STARTED = "block_started"
    PRESENTED = "presented"  # a stimulus was painted; at_ns is its onset
    EARLY = "early"  # a press sooner after the onset than anybody can have seen the image: no answer
    FLAGGED = "flagged"  # "the data set itself is wrong here"
    UNFLAGGED = "unflagged"
    PAUSED = "paused"  # with a position: the trial on screen was void and comes again
    RESUMED = "resumed"
    BREAK_ENDED = "break_ended"
    INTERRUPTED = "interrupted"  # the program ended in mid-session; detail holds the gap
    IMAGE_FAILED = "image_failed"  # an image could no longer be read; its trial is left out
    FINISHED = "finished"


@dataclass(frozen=True)
class PlannedTrial:
    """One trial of a session, drawn and stored before the session's first trial."""

    position: int  # from 0, in the order drawn; a trial that was void comes later than its position
    block: int  # from 0, in the order shown
    dataset: str
    practice: bool
    item: str  # the image's stable id in its data set
    true_class: str
    suggestion: str | None  # None: no suggestion is shown (measures c_0)
    interface: Interface | None = None  # None: that of the session
    page: int | None = None  # position of the page on which its image was marked
    cell: int | None = None  # and its place on it

    @property
    def images(self) -> int:
        """How many images are asked about."""
        return 1

    @property
    def asked_after(self) -> bool:
        """Whether it asks about an image that was marked on a page."""
        return self.page is not None

    @property
    def suggestion_right(self) -> bool | None:
        """Whether the suggestion is the true class; ``None`` without a suggestion."""
        return None if self.suggestion is None else self.suggestion == self.true_class


@dataclass(frozen=True)
class Event:
    """A fact of a session; ``at_ns`` is on the clock of ``time.perf_counter_ns()`` of its process."""

    kind: EventKind
    at_ns: int
    position: int | None = None
    detail: str = ""  # a reason in words, or a number with its unit


@dataclass(frozen=True)
class Response:
    """The answer to one presentation of a trial."""

    position: int
    attempt: int  # 1 for the first presentation of this trial
    answer: str
    timing: Timing


@dataclass(frozen=True)
class SessionRecord:
    """One sitting of one participant under one plan."""

    session_id: str  # a UUID
    participant: str
    participant_number: int  # from 1; chooses the session's trial list
    interface: Interface
    seed: int
    app_version: str
    environment: str  # JSON: platform, Qt, screen, clock
    robot: bool = False  # a simulated participant
