"""One image at a time as a pure state machine: inputs with time stamps in, a new state and a timed decision out.

It never reads a clock, a file or a widget. ``step`` returns the next state and, where the input decided
something, what was decided and when; or raises ``IllegalInputError`` and leaves everything as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from types import MappingProxyType

from studies.labeling.facts import inputs as ev
from studies.labeling.facts.records import Task, Timing, Verb


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
class OnScreen:
    """The presentation under way; times in ns."""

    onset_ns: int
    first_input_ns: int | None = None
    backtracks: int = 0
    focus_lost: bool = False


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

    def accepts(self, at_ns: int) -> bool:
        """Whether an input stamped ``at_ns`` may count: an image is on screen and was so by then."""
        return self.phase is Phase.SHOWN and self.on_screen is not None and at_ns >= self.on_screen.onset_ns


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
    return _HANDLERS[type(event)](desk, event)


def _shown(desk: Desk, event: ev.Shown) -> Result:
    return replace(desk, phase=Phase.SHOWN, on_screen=OnScreen(event.at_ns)), None


def _touch(desk: Desk, event: ev.Touch) -> Result:
    if not desk.accepts(event.at_ns):
        return desk, None
    return replace(desk, on_screen=_touched(desk, event.at_ns)), None


def _backtrack(desk: Desk, event: ev.Backtrack) -> Result:
    if not desk.accepts(event.at_ns):
        return desk, None
    seen = _touched(desk, event.at_ns)
    return replace(desk, on_screen=replace(seen, backtracks=seen.backtracks + 1)), None


def _lose_focus(desk: Desk, _event: ev.LoseFocus) -> Result:
    return replace(desk, on_screen=replace(_seen(desk), focus_lost=True)), None


def _answer(desk: Desk, event: ev.Answer) -> Result:
    return _decided(desk, event, Verb.LABEL, event.class_id)


def _remark(desk: Desk, event: ev.Remark) -> Result:
    return _decided(desk, event, event.verb, None)


def _decided(desk: Desk, event: ev.Decision, verb: Verb, class_id: int | None) -> Result:
    if not desk.accepts(event.at_ns):
        return desk, None  # pressed before the image was there: no answer
    seen = _touched(desk, event.at_ns)
    timing = Timing(
        onset_ns=seen.onset_ns,
        first_input_ns=seen.first_input_ns,
        response_ns=event.at_ns,
        handler_ns=event.handler_ns,
        stamp_source=event.stamp_source,
        device=event.device,
        backtracks=seen.backtracks,
        focus_lost=seen.focus_lost,
        longest_stall_ns=event.longest_stall_ns,
    )
    return Desk(), Decided(verb, class_id, timing)


def _pause(desk: Desk, _event: ev.Pause) -> Result:
    return replace(desk, phase=Phase.PAUSED, on_screen=None), None


def _continue(desk: Desk, _event: ev.Continue) -> Result:
    return replace(desk, phase=Phase.NOTHING if desk.item is None else Phase.COMING), None


def _seen(desk: Desk) -> OnScreen:
    assert desk.on_screen is not None  # held by the phase SHOWN
    return desk.on_screen


def _touched(desk: Desk, at_ns: int) -> OnScreen:
    seen = _seen(desk)
    return seen if seen.first_input_ns is not None else replace(seen, first_input_ns=at_ns)


_HANDLERS: Mapping[type[ev.Input], Callable[..., Result]] = MappingProxyType(
    {
        ev.Shown: _shown,
        ev.Touch: _touch,
        ev.Backtrack: _backtrack,
        ev.LoseFocus: _lose_focus,
        ev.Answer: _answer,
        ev.Remark: _remark,
        ev.Pause: _pause,
        ev.Continue: _continue,
    }
)
