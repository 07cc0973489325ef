"""The state of a session: its phases, what it holds, and the table of what may happen in each phase.

It holds the trials and pages, the queue of positions to come (the current one first), how often each was presented,
which are flagged, what is known of the presentation under way, and how many answers there were since the last break.

:data:`TRANSITIONS` lists every input that a phase knows and the phases that it may lead to. What it does not list is
illegal. Focus may come and go at any time; it is noted while something is on screen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from types import MappingProxyType

from studies.answers import OnScreen
from studies.pages.marking import PageOnScreen
from studies.timing.facts import inputs as ev
from studies.timing.facts.pages import PageMarks, PageResponse, PlannedPage, Unit
from studies.timing.facts.questions import Replies
from studies.timing.facts.records import Event, PlannedTrial, Response


class Phase(Enum):
    """What the participant has before them."""

    CONSENT = "consent"
    QUESTIONS = "questions"  # of the plan; none where it has none
    INSTRUCTIONS = "instructions"
    BLOCK_INTRO = "block_intro"
    FIXATION = "fixation"
    STIMULUS = "stimulus"
    FEEDBACK = "feedback"
    PAGE = "page"
    PAGE_FEEDBACK = "page_feedback"
    BREAK = "break"
    PAUSED = "paused"
    ENDING = "ending"  # the last answer is in; the end is not yet recorded
    FINISHED = "finished"


class IllegalEventError(Exception):
    """An event that the present phase does not know: a bug in the caller, never a person's mistake."""


@dataclass(frozen=True)
class Rules:
    """What of the plan the machine needs."""

    feedback: bool
    break_every: int  # trials that count, between two breaks within a block; 0: none
    page_break_every: int = 0  # pages that count
    ask_marked: bool = (
        False  # images that were marked on pages that count come by themselves after their block
    )
    questions: bool = False  # the plan asks some after consent


@dataclass(frozen=True)
class SessionState:
    """An immutable view of the session; ``queue`` holds the positions to come, the current one first."""

    units: tuple[Unit, ...]  # by position; what is asked about after a block of pages stands at the end
    rules: Rules
    phase: Phase
    queue: tuple[int, ...]
    presented: Mapping[int, int] = field(default_factory=lambda: MappingProxyType({}))
    flagged: frozenset[int] = frozenset()
    on_screen: OnScreen | None = None  # of a trial
    page: PageOnScreen | None = None
    last_response: Response | None = None
    last_page: PageResponse | None = None
    since_break: int = 0

    @property
    def unit(self) -> Unit | None:
        """The current trial or page, or the one that comes next."""
        return self.units[self.queue[0]] if self.queue else None

    @property
    def trial(self) -> PlannedTrial | None:
        """The current trial, or the one that comes next; ``None`` where that is a page."""
        unit = self.unit
        return unit if isinstance(unit, PlannedTrial) else None

    @property
    def planned_page(self) -> PlannedPage | None:
        """The current page, or the one that comes next; ``None`` where that is a trial."""
        unit = self.unit
        return unit if isinstance(unit, PlannedPage) else None

    @property
    def blocks(self) -> int:
        """How many blocks the session has."""
        return 1 + max(unit.block for unit in self.units)

    def upcoming(self, count: int) -> tuple[Unit, ...]:
        """The next trials and pages in order, the current one first."""
        return tuple(self.units[position] for position in self.queue[:count])


def part_of(unit: Unit) -> tuple[int, int]:
    """The part of the session that a trial or page is in: its block, and there practice, what counts, or what is asked
    about afterwards.
    """
    return unit.block, 0 if unit.practice else 2 if unit.asked_after else 1


Record = Response | PageMarks | PageResponse | Replies | Event | None
_P = Phase

TRANSITIONS: Mapping[Phase, Mapping[type[ev.Input], frozenset[Phase]]] = MappingProxyType(
    {
        _P.CONSENT: {ev.Agree: frozenset({_P.QUESTIONS, _P.INSTRUCTIONS})},
        _P.QUESTIONS: {ev.AnswerQuestions: frozenset({_P.INSTRUCTIONS})},
        _P.INSTRUCTIONS: {ev.Continue: frozenset({_P.BLOCK_INTRO, _P.ENDING})},
        _P.BLOCK_INTRO: {ev.Continue: frozenset({_P.FIXATION})},
        _P.FIXATION: {
            ev.Shown: frozenset({_P.STIMULUS, _P.PAGE}),
            ev.Pause: frozenset({_P.PAUSED}),
            ev.ImageFailed: frozenset({_P.FIXATION, _P.BLOCK_INTRO, _P.ENDING}),
        },
        _P.STIMULUS: {
            ev.Touch: frozenset({_P.STIMULUS}),
            ev.Backtrack: frozenset({_P.STIMULUS}),
            ev.Early: frozenset({_P.STIMULUS}),
            ev.LoseFocus: frozenset({_P.STIMULUS}),
            ev.Flag: frozenset({_P.STIMULUS}),
            ev.Answer: frozenset(
                {_P.FIXATION, _P.FEEDBACK, _P.BLOCK_INTRO, _P.BREAK, _P.ENDING, _P.STIMULUS}
            ),
            ev.Pause: frozenset({_P.PAUSED}),
        },
        _P.PAGE: {
            ev.Touch: frozenset({_P.PAGE}),
            ev.LoseFocus: frozenset({_P.PAGE}),
            ev.Mark: frozenset({_P.PAGE}),
            ev.Confirm: frozenset(
                {_P.PAGE, _P.FIXATION, _P.PAGE_FEEDBACK, _P.BLOCK_INTRO, _P.BREAK, _P.ENDING}
            ),
            ev.Pause: frozenset({_P.PAUSED}),
        },
        _P.PAGE_FEEDBACK: {ev.Continue: frozenset({_P.FIXATION, _P.BLOCK_INTRO, _P.ENDING})},
        _P.FEEDBACK: {ev.Continue: frozenset({_P.FIXATION, _P.BLOCK_INTRO, _P.ENDING})},
        _P.BREAK: {ev.Continue: frozenset({_P.FIXATION})},
        _P.PAUSED: {ev.Continue: frozenset({_P.FIXATION})},
        _P.ENDING: {ev.Finish: frozenset({_P.FINISHED})},
        _P.FINISHED: {},
    }
)


def advance(state: SessionState, last: Unit) -> SessionState:
    """The state after the trial or page ``last`` is over."""
    unit = state.unit
    if unit is None:
        return replace(state, phase=Phase.ENDING)
    if part_of(unit) != part_of(last):
        return replace(state, phase=Phase.BLOCK_INTRO)
    paged = isinstance(unit, PlannedPage)
    every = state.rules.page_break_every if paged else state.rules.break_every
    if every and state.since_break >= every:
        return replace(state, phase=Phase.BREAK, since_break=0)
    return replace(state, phase=Phase.FIXATION)


def postpone(state: SessionState) -> tuple[int, ...]:
    """The queue with its first trial or page moved to the end of its part of the block."""
    first = state.units[state.queue[0]]
    rest = state.queue[1:]
    end = sum(1 for position in rest if part_of(state.units[position]) == part_of(first))
    return (*rest[:end], first.position, *rest[end:])
