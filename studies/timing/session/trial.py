"""The session: one trial after another, as a pure state machine of ten phases.

Its state holds the trial list, the queue of positions to come (the current one first), how often each trial was
presented, which are flagged, what is known of the presentation under way, and the answers since the last break. It
reads no clock, file or widget: time comes with the inputs, and what is to be stored comes out as one record a step.

Consent, instructions and each block's introduction are followed once. A trial then goes from FIXATION by Shown to
STIMULUS and by Answer on: to FEEDBACK (practice only), to the next FIXATION, to a BREAK, to the next BLOCK_INTRO, or to
ENDING after the last one. A pause, or an interruption of the program, voids a stimulus on screen: its trial moves to
the end of its part of the block (practice, or the trials that count) and is presented anew, as another attempt. An
image that cannot be read leaves the queue without an answer.

:data:`TRANSITIONS` lists every input that a phase knows and the phases that it may lead to. What it does not list is
illegal: it raises ``IllegalEventError``, and nothing changes. An input about the image on screen that does not count
(see :func:`studies.answers.counts`) changes nothing either. Focus may come and go at any time; it is noted while a
stimulus is on screen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from types import MappingProxyType

from studies.answers import OnScreen, counts, observe, timing_of
from studies.timing.facts import inputs as ev
from studies.timing.facts.records import Event, EventKind, PlannedTrial, Response


class Phase(Enum):
    """What the participant has before them."""

    CONSENT = "consent"
    INSTRUCTIONS = "instructions"
    BLOCK_INTRO = "block_intro"
    FIXATION = "fixation"
    STIMULUS = "stimulus"
    FEEDBACK = "feedback"
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


@dataclass(frozen=True)
class SessionState:
    """An immutable view of the session; ``queue`` holds the positions to come, the current one first."""

    trials: tuple[PlannedTrial, ...]
    rules: Rules
    phase: Phase
    queue: tuple[int, ...]
    presented: Mapping[int, int] = field(default_factory=lambda: MappingProxyType({}))
    flagged: frozenset[int] = frozenset()
    on_screen: OnScreen | None = None
    last_response: Response | None = None
    since_break: int = 0

    @property
    def trial(self) -> PlannedTrial | None:
        """The current trial, or the one that comes next."""
        return self.trials[self.queue[0]] if self.queue else None

    def upcoming(self, count: int) -> tuple[PlannedTrial, ...]:
        """The next trials in order, the current one first."""
        return tuple(self.trials[position] for position in self.queue[:count])


Record = Response | Event | None
_P = Phase

TRANSITIONS: Mapping[Phase, Mapping[type[ev.Input], frozenset[Phase]]] = MappingProxyType(
    {
        _P.CONSENT: {ev.Agree: frozenset({_P.INSTRUCTIONS})},
        _P.INSTRUCTIONS: {ev.Continue: frozenset({_P.BLOCK_INTRO, _P.ENDING})},
        _P.BLOCK_INTRO: {ev.Continue: frozenset({_P.FIXATION})},
        _P.FIXATION: {
            ev.Shown: frozenset({_P.STIMULUS}),
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
        _P.FEEDBACK: {ev.Continue: frozenset({_P.FIXATION, _P.BLOCK_INTRO, _P.ENDING})},
        _P.BREAK: {ev.Continue: frozenset({_P.FIXATION})},
        _P.PAUSED: {ev.Continue: frozenset({_P.FIXATION})},
        _P.ENDING: {ev.Finish: frozenset({_P.FINISHED})},
        _P.FINISHED: {},
    }
)


def begin(trials: tuple[PlannedTrial, ...], rules: Rules) -> SessionState:
    """The state before a participant has done anything."""
    return SessionState(trials, rules, Phase.CONSENT, tuple(t.position for t in trials))


def resume(
    trials: tuple[PlannedTrial, ...],
    rules: Rules,
    *,
    answered: frozenset[int],
    left_out: frozenset[int],
    presented: Mapping[int, int],
    flagged: frozenset[int],
    phase: Phase,
) -> SessionState:
    """The state after an interruption; ``phase`` is CONSENT, INSTRUCTIONS or BLOCK_INTRO.

    A trial that was shown but not answered is void and comes again at the end of its part of the block.
    """
    waiting = [t for t in trials if t.position not in answered and t.position not in left_out]
    waiting.sort(key=lambda t: (t.block, not t.practice, presented.get(t.position, 0) > 0, t.position))
    if not waiting and phase is Phase.BLOCK_INTRO:
        phase = Phase.ENDING
    queue = tuple(t.position for t in waiting)
    return SessionState(trials, rules, phase, queue, MappingProxyType(dict(presented)), flagged)


def step(state: SessionState, event: ev.Input) -> tuple[SessionState, Record]:
    """The state after ``event`` and the record to store (or none). Raises ``IllegalEventError``."""
    allowed = TRANSITIONS[state.phase]
    if type(event) is ev.LoseFocus and ev.LoseFocus not in allowed:
        return state, None
    if type(event) not in allowed:
        raise IllegalEventError(f"{type(event).__name__} in {state.phase.name}")
    if isinstance(event, ev.AboutImage) and not counts(state.on_screen, event.at_ns):
        return state, None
    after, record = _HANDLERS[type(event)](state, event)
    if after.phase not in allowed[type(event)]:
        raise IllegalEventError(f"{type(event).__name__} in {state.phase.name} led to {after.phase.name}")
    return after, record


def _agree(state: SessionState, event: ev.Agree) -> tuple[SessionState, Record]:
    return replace(state, phase=Phase.INSTRUCTIONS), Event(EventKind.CONSENTED, event.at_ns)


def _continue(state: SessionState, event: ev.Continue) -> tuple[SessionState, Record]:
    position = state.queue[0] if state.queue else None
    if state.phase is Phase.INSTRUCTIONS:
        after = Phase.BLOCK_INTRO if state.queue else Phase.ENDING
        return replace(state, phase=after), Event(EventKind.INSTRUCTED, event.at_ns)
    if state.phase is Phase.FEEDBACK:
        return _advance(
            replace(state, last_response=None), state.trials[_last_response(state).position]
        ), None
    kind = {
        Phase.BLOCK_INTRO: EventKind.BLOCK_STARTED,
        Phase.BREAK: EventKind.BREAK_ENDED,
        Phase.PAUSED: EventKind.RESUMED,
    }[state.phase]
    since = 0 if state.phase is Phase.BLOCK_INTRO else state.since_break
    return replace(state, phase=Phase.FIXATION, since_break=since), Event(kind, event.at_ns, position)


def _show(state: SessionState, event: ev.Shown) -> tuple[SessionState, Record]:
    position = state.queue[0]
    presented = {**state.presented, position: state.presented.get(position, 0) + 1}
    after = replace(
        state,
        phase=Phase.STIMULUS,
        presented=MappingProxyType(presented),
        on_screen=OnScreen(event.at_ns),
        last_response=None,
    )
    raw = f"painted {event.painted_ns} ns, drawn {event.drawn_ns} ns"
    return after, Event(EventKind.PRESENTED, event.at_ns, position, raw)


def _observe(state: SessionState, event: ev.Input) -> tuple[SessionState, Record]:
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
    trial = state.trials[state.queue[0]]
    timing = timing_of(_presentation(state), event)
    response = Response(trial.position, state.presented[trial.position], event.answer, timing)
    after = replace(state, queue=state.queue[1:], on_screen=None, last_response=response)
    if not trial.practice:
        after = replace(after, since_break=state.since_break + 1)
    if trial.practice and state.rules.feedback:
        return replace(after, phase=Phase.FEEDBACK), response
    return _advance(after, trial), response


def _pause(state: SessionState, event: ev.Pause) -> tuple[SessionState, Record]:
    on_screen = state.phase is Phase.STIMULUS
    queue = _postpone(state) if on_screen else state.queue
    after = replace(state, phase=Phase.PAUSED, queue=queue, on_screen=None)
    return after, Event(EventKind.PAUSED, event.at_ns, state.queue[0] if on_screen else None)


def _image_failed(state: SessionState, event: ev.ImageFailed) -> tuple[SessionState, Record]:
    trial = state.trials[state.queue[0]]
    after = _advance(replace(state, queue=state.queue[1:]), trial)
    return after, Event(EventKind.IMAGE_FAILED, event.at_ns, trial.position, event.reason)


def _finish(state: SessionState, event: ev.Finish) -> tuple[SessionState, Record]:
    return replace(state, phase=Phase.FINISHED), Event(EventKind.FINISHED, event.at_ns)


def _advance(state: SessionState, last: PlannedTrial) -> SessionState:
    """The state after the trial ``last`` is over."""
    trial = state.trial
    if trial is None:
        return replace(state, phase=Phase.ENDING)
    if (trial.block, trial.practice) != (last.block, last.practice):
        return replace(state, phase=Phase.BLOCK_INTRO)
    if state.rules.break_every and state.since_break >= state.rules.break_every:
        return replace(state, phase=Phase.BREAK, since_break=0)
    return replace(state, phase=Phase.FIXATION)


def _postpone(state: SessionState) -> tuple[int, ...]:
    """The queue with its first trial moved to the end of its part of the block."""
    first = state.trials[state.queue[0]]
    rest = state.queue[1:]
    part = (first.block, first.practice)
    end = sum(1 for p in rest if (state.trials[p].block, state.trials[p].practice) == part)
    return (*rest[:end], first.position, *rest[end:])


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
        ev.Pause: _pause,
        ev.ImageFailed: _image_failed,
        ev.Finish: _finish,
    }
)
