"""One image at a time as a pure state machine: inputs with time stamps in, a new state and a timed decision out.

It never reads a clock, a file or a widget. ``step`` returns the next state and, where the input decided
something, what was decided and when; or raises ``IllegalInputError`` and leaves everything as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from types import MappingProxyType

from studies.answers import OnScreen, Timing, counts, observe, timing_of
from studies.labeling.facts import inputs as ev
from studies.labeling.facts.records import Task, Verb


class Phase(Enum):
    """What the annotator has before them."""

    NOTHING = "nothing"  # no image to ask about
    COMING = "coming"  # an image is about to be shown
    SHOWN = "shown"
    PAUSED = "paused"


class IllegalInputError(Exception):
    """An input that the present phase does not know: a bug in the caller, never a person's mistake."""


@dataclass(frozen=True)
class Review:
    """An image of before that is looked at again: how many steps back, and the action that stands for it."""

    depth: int  # 1: the last one
    item: int
    action: int


@dataclass(frozen=True)
class Desk:
    """An immutable view of the labeling under way: a task, or an item under review."""

    phase: Phase = Phase.NOTHING
    task: Task | None = None
    review: Review | None = None
    on_screen: OnScreen | None = None

    @property
    def item(self) -> int | None:
        """The image on screen, or about to be."""
        if self.review is not None:
            return self.review.item
        return None if self.task is None else self.task.item


@dataclass(frozen=True)
class Decided:
    """What an input decided about the image on screen."""

    verb: Verb
    class_id: int | None
    timing: Timing


Result = tuple[Desk, Decided | None]
_P = Phase

# What each phase may take. Undo, Back, Forward and Flag need the project's ledger and are taken there.
ALLOWED: Mapping[Phase, frozenset[type[ev.Input]]] = MappingProxyType(
    {
        _P.NOTHING: frozenset({ev.Pause}),
        _P.COMING: frozenset({ev.Shown, ev.Pause}),
        _P.SHOWN: frozenset({ev.Touch, ev.Backtrack, ev.LoseFocus, ev.Answer, ev.Remark, ev.Pause}),
        _P.PAUSED: frozenset({ev.Continue}),
    }
)


def offer(task: Task | None) -> Desk:
    """The desk with the next task on it, not yet shown; or with nothing."""
    return Desk() if task is None else Desk(Phase.COMING, task)


def look_back(desk: Desk, review: Review) -> Desk:
    """The desk with an image of before on it, not yet shown; the task waits."""
    return Desk(Phase.COMING, desk.task, review)


def step(desk: Desk, event: ev.Input) -> Result:
    """The desk after ``event`` and what it decided. After a decision the desk is empty: offer it the next task."""
    if type(event) is ev.LoseFocus and desk.phase is not Phase.SHOWN:
        return desk, None
    if type(event) not in ALLOWED[desk.phase]:
        raise IllegalInputError(f"{type(event).__name__} in {desk.phase.name}")
    if isinstance(event, ev.AboutImage) and not counts(desk.on_screen, event.at_ns):
        return desk, None
    return _HANDLERS[type(event)](desk, event)


def _shown(desk: Desk, event: ev.Shown) -> Result:
    return replace(desk, phase=Phase.SHOWN, on_screen=OnScreen(event.at_ns)), None


def _observe(desk: Desk, event: ev.Input) -> Result:
    return replace(desk, on_screen=observe(_presentation(desk), event)), None


def _answer(desk: Desk, event: ev.Answer) -> Result:
    return Desk(), Decided(Verb.LABEL, event.class_id, timing_of(_presentation(desk), event))


def _remark(desk: Desk, event: ev.Remark) -> Result:
    return Desk(), Decided(event.verb, None, timing_of(_presentation(desk), event))


def _pause(desk: Desk, _event: ev.Pause) -> Result:
    return replace(desk, phase=Phase.PAUSED, on_screen=None), None


def _continue(desk: Desk, _event: ev.Continue) -> Result:
    return replace(desk, phase=Phase.NOTHING if desk.item is None else Phase.COMING), None


def _presentation(desk: Desk) -> OnScreen:
    assert desk.on_screen is not None  # held by the phase SHOWN
    return desk.on_screen


_HANDLERS: Mapping[type[ev.Input], Callable[..., Result]] = MappingProxyType(
    {
        ev.Shown: _shown,
        ev.Touch: _observe,
        ev.Backtrack: _observe,
        ev.LoseFocus: _observe,
        ev.Answer: _answer,
        ev.Remark: _remark,
        ev.Pause: _pause,
        ev.Continue: _continue,
    }
)
