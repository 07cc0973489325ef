"""The desk: labeling image after image, or page after page, as a state machine of five phases.

It holds the task whose image is asked about, the answer of before that is looked at instead (the task then waits), and,
while an image is on screen, what is known of its presentation. It reads no clock, file or widget: time comes with the
inputs.

=========  ==================================================================================================
NOTHING    There is no task. The program offers the next one as soon as there is one.
COMING     The image of the task, or of the answer looked at, is about to be shown: nothing can be answered yet.
SHOWN      It is on screen since its onset; inputs about it count from then on.
PAGE       A page of the queue is asked about. What happens on it is the page's own (:mod:`studies.pages.marking`);
           its confirmation is an action of the project, and the desk goes on.
PAUSED     Nothing is asked. An image that was on screen is void and comes again.
=========  ==================================================================================================

:data:`TRANSITIONS` lists every input that a phase knows and the phases that it may lead to. What it does not list is
illegal: it raises ``IllegalInputError``, and nothing changes. An input about the image on screen that does not count
(see :func:`studies.answers.counts`) changes nothing either.

:func:`step` makes the transitions that need the desk alone. Undo, Back, Forward, Flag, PutOff and ImageFailed need the
ledger and the queue too: the project makes them, by the same table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from types import MappingProxyType

from studies.answers import OnScreen, Timing, counts, observe, timing_of
from studies.labeling.facts import inputs as ev
from studies.labeling.facts.records import LabelEvent, Purpose, Task, Verb
from studies.labeling.state.suggestions import rank_of


class Phase(Enum):
    """What the annotator has before them."""

    NOTHING = "nothing"  # no image to ask about
    COMING = "coming"  # an image is about to be shown
    SHOWN = "shown"
    PAGE = "page"  # a page of the queue
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
    refit: int | None = None  # whose suggestion the task has; None: its own
    page: int | None = None  # the number of the page that is asked about

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

_NEXT = frozenset({_P.COMING, _P.PAGE, _P.NOTHING})  # the next task or page, or that there is none

TRANSITIONS: Mapping[Phase, Mapping[type[ev.Input], frozenset[Phase]]] = MappingProxyType(
    {
        _P.NOTHING: {
            ev.LoseFocus: frozenset({_P.NOTHING}),
            ev.Undo: _NEXT,
            ev.Back: frozenset({_P.COMING, _P.NOTHING}),
            ev.Forward: frozenset({_P.NOTHING}),
            ev.Pause: frozenset({_P.PAUSED}),
        },
        _P.PAGE: {
            ev.LoseFocus: frozenset({_P.PAGE}),
            ev.Undo: frozenset({_P.COMING, _P.PAGE}),
            ev.Back: frozenset({_P.COMING, _P.PAGE}),  # PAGE: there is nothing before it
            ev.Forward: frozenset({_P.PAGE}),
            ev.Pause: frozenset({_P.PAUSED}),
        },
        _P.COMING: {
            ev.Shown: frozenset({_P.SHOWN}),
            ev.ImageFailed: _NEXT,
            ev.PutOff: _NEXT,
            ev.LoseFocus: frozenset({_P.COMING}),
            ev.Undo: _NEXT,
            ev.Back: frozenset({_P.COMING}),
            ev.Forward: _NEXT,
            ev.Pause: frozenset({_P.PAUSED}),
        },
        _P.SHOWN: {
            ev.Touch: frozenset({_P.SHOWN}),
            ev.Backtrack: frozenset({_P.SHOWN}),
            ev.LoseFocus: frozenset({_P.SHOWN}),
            ev.Flag: frozenset({_P.SHOWN}),
            ev.Answer: _NEXT,
            ev.Remark: _NEXT,
            ev.Undo: _NEXT | {_P.SHOWN},  # SHOWN: there is nothing to take back
            ev.Back: frozenset({_P.COMING, _P.SHOWN}),  # SHOWN: there is nothing before it
            ev.Forward: _NEXT | {_P.SHOWN},  # SHOWN: it is the present already
            ev.Pause: frozenset({_P.PAUSED}),
        },
        _P.PAUSED: {
            ev.LoseFocus: frozenset({_P.PAUSED}),
            ev.Undo: frozenset({_P.PAUSED}),
            ev.Back: frozenset({_P.PAUSED}),
            ev.Forward: frozenset({_P.PAUSED}),
            ev.Continue: _NEXT,
        },
    }
)


def offer(task: Task | None, refit: int | None = None) -> Desk:
    """The desk with the next task on it, not yet shown; or its page; or nothing. ``refit``: whose suggestion it has."""
    if task is None:
        return Desk()
    return Desk(Phase.COMING, task, refit=refit) if task.page is None else Desk(Phase.PAGE, page=task.page)


def look_back(desk: Desk, review: Review) -> Desk:
    """The desk with an image of before on it, not yet shown; the task waits."""
    return Desk(Phase.COMING, desk.task, review, refit=desk.refit)


def takes(desk: Desk, event: ev.Input) -> bool:
    """Whether an input has an effect; not so if it is about an image and does not count.

    Raises ``IllegalInputError`` for an input that the phase does not know.
    """
    if type(event) not in TRANSITIONS[desk.phase]:
        raise IllegalInputError(f"{type(event).__name__} in {desk.phase.name}")
    return not isinstance(event, ev.AboutImage) or counts(desk.on_screen, event.at_ns)


def confirm(before: Phase, event: ev.Input, after: Phase) -> None:
    """Raise ``IllegalInputError`` if an input led to a phase that the table does not list."""
    if after not in TRANSITIONS[before][type(event)]:
        raise IllegalInputError(f"{type(event).__name__} in {before.name} led to {after.name}")


def step(desk: Desk, event: ev.Input) -> Result:
    """The desk after ``event`` and what it decided. After a decision the desk is empty: offer it the next task.

    Raises ``IllegalInputError`` for an input that the phase does not know, or that the project has to handle.
    """
    if not takes(desk, event):
        return desk, None
    if type(event) not in _HANDLERS:
        raise IllegalInputError(f"{type(event).__name__} needs the ledger")
    return _HANDLERS[type(event)](desk, event)


def label_event(desk: Desk, decided: Decided, action: int, resolve: Callable[[int], int]) -> LabelEvent:
    """What is stored of a decision about the image on the desk, as the action of that number.

    The answer to a catch trial is no label: the item keeps the one that it has. ``resolve`` gives the class that
    stands for a class after merges.
    """
    assert desk.item is not None  # something was on screen
    task = None if desk.review is not None else desk.task
    purpose = Purpose.REVIEW if task is None else task.purpose
    is_catch_trial = purpose is Purpose.CATCH
    return LabelEvent(
        action=action,
        item=desk.item,
        verb=Verb.ANSWER if is_catch_trial else decided.verb,
        purpose=purpose,
        class_id=decided.class_id,
        suggestion=None if task is None else task.suggestion,
        task_id=None if task is None else task.task_id,
        timing=decided.timing,
        detail=decided.verb.value if is_catch_trial else "",
        rank=None if task is None or decided.class_id is None else rank_of(task, decided.class_id, resolve),
        refit=None if task is None else desk.refit,
    )


def _show(desk: Desk, event: ev.Shown) -> Result:
    return replace(desk, phase=Phase.SHOWN, on_screen=OnScreen(event.at_ns)), None


def _observe(desk: Desk, event: ev.Input) -> Result:
    if desk.on_screen is None:  # the focus was lost while nothing was on screen
        return desk, None
    return replace(desk, on_screen=observe(desk.on_screen, event)), None


def _answer(desk: Desk, event: ev.Answer) -> Result:
    return Desk(), Decided(Verb.LABEL, event.class_id, timing_of(_presentation(desk), event))


def _remark(desk: Desk, event: ev.Remark) -> Result:
    return Desk(), Decided(event.verb, None, timing_of(_presentation(desk), event))


def _pause(desk: Desk, _event: ev.Pause) -> Result:
    return replace(desk, phase=Phase.PAUSED, on_screen=None, page=None), None


def _continue(desk: Desk, _event: ev.Continue) -> Result:
    return replace(desk, phase=Phase.NOTHING if desk.item is None else Phase.COMING), None


def _presentation(desk: Desk) -> OnScreen:
    assert desk.on_screen is not None  # held by the phase SHOWN
    return desk.on_screen


_HANDLERS: Mapping[type[ev.Input], Callable[..., Result]] = MappingProxyType(
    {
        ev.Shown: _show,
        ev.Touch: _observe,
        ev.Backtrack: _observe,
        ev.LoseFocus: _observe,
        ev.Answer: _answer,
        ev.Remark: _remark,
        ev.Pause: _pause,
        ev.Continue: _continue,
    }
)
