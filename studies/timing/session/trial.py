"""The session: one trial or page after another, as a pure state machine.

It reads no clock, file or widget: time comes with the inputs, and what is to be stored comes out as one record a step.

Consent, instructions and the introduction of each part of a block are followed once. A trial then goes from FIXATION by
Shown to STIMULUS and by Answer on: to FEEDBACK (practice only), to the next FIXATION, to a BREAK, to the next
BLOCK_INTRO, or to ENDING after the last one. A page goes the same way through PAGE by Confirm; see
:mod:`studies.timing.session.page`. A pause, or an interruption of the program, voids what is on screen: it moves to the
end of its part of the block (practice, what counts, what is asked about afterwards) and is presented anew, as another
attempt. What has an image that cannot be read leaves the queue without an answer.

An input that the table of :mod:`studies.timing.session.state` does not list for a phase raises ``IllegalEventError``,
and nothing changes. An input about the image on screen that does not count (see :func:`studies.answers.counts`) changes
nothing either.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from studies.answers import OnScreen, counts, observe, timing_of
from studies.pages.marking import begin_page
from studies.timing.facts import inputs as ev
from studies.timing.facts.pages import PlannedPage, Unit
from studies.timing.facts.records import Event, EventKind, Response
from studies.timing.session import page
from studies.timing.session.state import (
    TRANSITIONS,
    IllegalEventError,
    Phase,
    Record,
    Rules,
    SessionState,
    advance,
    part_of,
    postpone,
)

__all__ = [
    "TRANSITIONS",
    "IllegalEventError",
    "Phase",
    "Record",
    "Rules",
    "SessionState",
    "begin",
    "resume",
    "step",
]


def begin(units: tuple[Unit, ...], rules: Rules) -> SessionState:
    """The state before a participant has done anything."""
    return SessionState(units, rules, Phase.CONSENT, tuple(unit.position for unit in units))


def resume(
    units: tuple[Unit, ...],
    rules: Rules,
    *,
    answered: frozenset[int],
    left_out: frozenset[int],
    presented: Mapping[int, int],
    flagged: frozenset[int],
    phase: Phase,
) -> SessionState:
    """The state after an interruption; ``phase`` is CONSENT, INSTRUCTIONS or BLOCK_INTRO.

    What was shown but not answered is void and comes again at the end of its part of the block.
    """
    waiting = [unit for unit in units if unit.position not in answered and unit.position not in left_out]
    waiting.sort(key=lambda unit: (part_of(unit), presented.get(unit.position, 0) > 0, unit.position))
    if not waiting and phase is Phase.BLOCK_INTRO:
        phase = Phase.ENDING
    queue = tuple(unit.position for unit in waiting)
    return SessionState(units, rules, phase, queue, MappingProxyType(dict(presented)), flagged)


def step(state: SessionState, event: ev.Input) -> tuple[SessionState, Record]:
    """The state after ``event`` and the record to store (or none). Raises ``IllegalEventError``."""
    allowed = TRANSITIONS[state.phase]
    if type(event) is ev.LoseFocus and ev.LoseFocus not in allowed:
        return state, None
    if type(event) not in allowed:
        raise IllegalEventError(f"{type(event).__name__} in {state.phase.name}")
    on_screen = state.on_screen if state.page is None else state.page.on_screen
    if isinstance(event, ev.AboutImage) and not counts(on_screen, event.at_ns):
        return state, None
    after, record = _HANDLERS[type(event)](state, event)
    if after.phase not in allowed[type(event)]:
        raise IllegalEventError(f"{type(event).__name__} in {state.phase.name} led to {after.phase.name}")
    return after, record


def _agree(state: SessionState, event: ev.Agree) -> tuple[SessionState, Record]:
    return replace(state, phase=Phase.INSTRUCTIONS), Event(EventKind.CONSENTED, event.at_ns, detail=event.to)


def _continue(state: SessionState, event: ev.Continue) -> tuple[SessionState, Record]:
    position = state.queue[0] if state.queue else None
    if state.phase is Phase.INSTRUCTIONS:
        after = Phase.BLOCK_INTRO if state.queue else Phase.ENDING
        return replace(state, phase=after), Event(EventKind.INSTRUCTED, event.at_ns)
    if state.phase is Phase.FEEDBACK:
        done = state.units[_last_response(state).position]
        return advance(replace(state, last_response=None), done), None
    if state.phase is Phase.PAGE_FEEDBACK:
        return page.leave_feedback(state), None
    kind = {
        Phase.BLOCK_INTRO: EventKind.BLOCK_STARTED,
        Phase.BREAK: EventKind.BREAK_ENDED,
        Phase.PAUSED: EventKind.RESUMED,
    }[state.phase]
    since = 0 if state.phase is Phase.BLOCK_INTRO else state.since_break
    return replace(state, phase=Phase.FIXATION, since_break=since), Event(kind, event.at_ns, position)


def _show(state: SessionState, event: ev.Shown) -> tuple[SessionState, Record]:
    position = state.queue[0]
    presented = MappingProxyType({**state.presented, position: state.presented.get(position, 0) + 1})
    unit = state.units[position]
    after = replace(state, presented=presented, last_response=None)
    if isinstance(unit, PlannedPage):
        after = replace(after, phase=Phase.PAGE, page=begin_page(unit.images, event.at_ns))
    else:
        after = replace(after, phase=Phase.STIMULUS, on_screen=OnScreen(event.at_ns))
    raw = f"painted {event.painted_ns} ns, drawn {event.drawn_ns} ns"
    return after, Event(EventKind.PRESENTED, event.at_ns, position, raw)


def _observe(state: SessionState, event: ev.Input) -> tuple[SessionState, Record]:
    if state.page is not None:
        return replace(state, page=replace(state.page, on_screen=observe(state.page.on_screen, event))), None
    return replace(state, on_screen=observe(_presentation(state), event)), None


def _note_early(state: SessionState, event: ev.Early) -> tuple[SessionState, Record]:
    late_ms = (event.at_ns - _presentation(state).onset_ns) // 1_000_000
    detail = f"{event.device.value}, {late_ms} ms after the onset"
    return state, Event(EventKind.EARLY, event.at_ns, state.queue[0], detail)


def _flag(state: SessionState, event: ev.Flag) -> tuple[SessionState, Record]:
    position = state.queue[0]
    kind = EventKind.UNFLAGGED if position in state.flagged else EventKind.FLAGGED
    return replace(state, flagged=state.flagged ^ {position}), Event(kind, event.at_ns, position)


def _answer(state: SessionState, event: ev.Answer) -> tuple[SessionState, Record]:
    trial = state.trial
    assert trial is not None  # held by the phase STIMULUS
    timing = timing_of(_presentation(state), event)
    response = Response(trial.position, state.presented[trial.position], event.answer, timing)
    after = replace(state, queue=state.queue[1:], on_screen=None, last_response=response)
    if not trial.practice:
        after = replace(after, since_break=state.since_break + 1)
    if trial.practice and state.rules.feedback:
        return replace(after, phase=Phase.FEEDBACK), response
    return advance(after, trial), response


def _pause(state: SessionState, event: ev.Pause) -> tuple[SessionState, Record]:
    on_screen = state.phase in (Phase.STIMULUS, Phase.PAGE)
    queue = postpone(state) if on_screen else state.queue
    after = replace(state, phase=Phase.PAUSED, queue=queue, on_screen=None, page=None)
    return after, Event(EventKind.PAUSED, event.at_ns, state.queue[0] if on_screen else None)


def _image_failed(state: SessionState, event: ev.ImageFailed) -> tuple[SessionState, Record]:
    unit = state.units[state.queue[0]]
    after = advance(replace(state, queue=state.queue[1:]), unit)
    return after, Event(EventKind.IMAGE_FAILED, event.at_ns, unit.position, event.reason)


def _finish(state: SessionState, event: ev.Finish) -> tuple[SessionState, Record]:
    return replace(state, phase=Phase.FINISHED), Event(EventKind.FINISHED, event.at_ns)


def _presentation(state: SessionState) -> OnScreen:
    assert state.on_screen is not None  # held by the phase STIMULUS
    return state.on_screen


def _last_response(state: SessionState) -> Response:
    assert state.last_response is not None  # held by the phase FEEDBACK
    return state.last_response


_HANDLERS: Mapping[type[ev.Input], Callable[..., tuple[SessionState, Record]]] = MappingProxyType(
    {
        ev.Agree: _agree,
        ev.Continue: _continue,
        ev.Shown: _show,
        ev.Touch: _observe,
        ev.Backtrack: _observe,
        ev.Early: _note_early,
        ev.LoseFocus: _observe,
        ev.Flag: _flag,
        ev.Answer: _answer,
        ev.Mark: page.mark,
        ev.Confirm: page.confirm,
        ev.Pause: _pause,
        ev.ImageFailed: _image_failed,
        ev.Finish: _finish,
    }
)
