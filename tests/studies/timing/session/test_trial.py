"""Every way from phase to phase of a session, and that there is no other."""

from __future__ import annotations

import dataclasses

import pytest

from studies.answers import Device
from studies.timing.facts import inputs as ev
from studies.timing.facts.pages import PageMarks, PageResponse
from studies.timing.facts.questions import Replies
from studies.timing.facts.records import Event, EventKind, Response
from studies.timing.session.trial import (
    TRANSITIONS,
    IllegalEventError,
    Phase,
    Rules,
    SessionState,
    begin,
    step,
)
from tests.studies.timing.session.states import (
    NO_BREAKS,
    RULES,
    S,
    answer,
    at_fixation,
    at_page,
    at_stimulus,
    confirm,
    marks,
    plan,
    run,
)

EVENTS: dict[type[ev.Input], ev.Input] = {
    ev.Agree: ev.Agree(1_000),
    ev.AnswerQuestions: ev.AnswerQuestions(1_000, ()),
    ev.Continue: ev.Continue(1_000),
    ev.Shown: ev.Shown(1_000),
    ev.Touch: ev.Touch(1_000),
    ev.Backtrack: ev.Backtrack(1_000),
    ev.LoseFocus: ev.LoseFocus(1_000),
    ev.Early: ev.Early(1_000, Device.MOUSE),
    ev.Flag: ev.Flag(1_000),
    ev.Pause: ev.Pause(1_000),
    ev.Answer: answer(1_000),
    ev.Mark: marks(1_000, 0),
    ev.Confirm: confirm(1_000),
    ev.ImageFailed: ev.ImageFailed(1_000, "gone"),
    ev.Finish: ev.Finish(1_000),
}


Kind = EventKind | type[Response | PageMarks | PageResponse | Replies] | None
ASKS = Rules(feedback=True, break_every=2, questions=True)
ONE_PAGE = Rules(feedback=True, break_every=0, page_break_every=1)

# A state of every phase, and of every way out of it: (what it is about, state, event, phase after, record's kind).
WAYS: tuple[tuple[str, SessionState, ev.Input, Phase, Kind], ...] = (
    ("agree", begin(plan("m"), RULES), ev.Agree(5), Phase.INSTRUCTIONS, EventKind.CONSENTED),
    ("agree to be asked", begin(plan("m"), ASKS), ev.Agree(5), Phase.QUESTIONS, EventKind.CONSENTED),
    (
        "answer the questions",
        run(begin(plan("m"), ASKS), ev.Agree(1)),
        ev.AnswerQuestions(5, ()),
        Phase.INSTRUCTIONS,
        Replies,
    ),
    (
        "read",
        run(begin(plan("m"), RULES), ev.Agree(1)),
        ev.Continue(5),
        Phase.BLOCK_INTRO,
        EventKind.INSTRUCTED,
    ),
    (
        "read, nothing to do",
        run(begin((), RULES), ev.Agree(1)),
        ev.Continue(5),
        Phase.ENDING,
        EventKind.INSTRUCTED,
    ),
    (
        "begin a block",
        run(begin(plan("m"), RULES), ev.Agree(1), ev.Continue(2)),
        ev.Continue(5),
        Phase.FIXATION,
        EventKind.BLOCK_STARTED,
    ),
    ("show", at_fixation("m"), ev.Shown(5), Phase.STIMULUS, EventKind.PRESENTED),
    ("pause early", at_fixation("m"), ev.Pause(5), Phase.PAUSED, EventKind.PAUSED),
    ("image gone", at_fixation("mm"), ev.ImageFailed(5, "x"), Phase.FIXATION, EventKind.IMAGE_FAILED),
    ("part gone", at_fixation("m", "m"), ev.ImageFailed(5, "x"), Phase.BLOCK_INTRO, EventKind.IMAGE_FAILED),
    ("practice gone", at_fixation("pm"), ev.ImageFailed(5, "x"), Phase.BLOCK_INTRO, EventKind.IMAGE_FAILED),
    ("last gone", at_fixation("m"), ev.ImageFailed(5, "x"), Phase.ENDING, EventKind.IMAGE_FAILED),
    ("touch", at_stimulus("m"), ev.Touch(150), Phase.STIMULUS, None),
    ("take back", at_stimulus("m"), ev.Backtrack(150), Phase.STIMULUS, None),
    ("look away", at_stimulus("m"), ev.LoseFocus(150), Phase.STIMULUS, None),
    ("too soon", at_stimulus("m"), ev.Early(150, Device.MOUSE), Phase.STIMULUS, EventKind.EARLY),
    ("flag", at_stimulus("m"), ev.Flag(150), Phase.STIMULUS, EventKind.FLAGGED),
    ("unflag", run(at_stimulus("m"), ev.Flag(140)), ev.Flag(150), Phase.STIMULUS, EventKind.UNFLAGGED),
    ("answer too early", at_stimulus("m"), answer(99), Phase.STIMULUS, None),
    ("answer", at_stimulus("mm"), answer(150), Phase.FIXATION, Response),
    ("answer practice", at_stimulus("pp"), answer(150), Phase.FEEDBACK, Response),
    ("no feedback", at_stimulus("pp", rules=NO_BREAKS), answer(150), Phase.FIXATION, Response),
    ("end of practice", at_stimulus("pm", rules=NO_BREAKS), answer(150), Phase.BLOCK_INTRO, Response),
    ("end of a block", at_stimulus("m", "m"), answer(150), Phase.BLOCK_INTRO, Response),
    ("a break is due", at_stimulus("mm", rules=Rules(True, 1)), answer(150), Phase.BREAK, Response),
    ("no break at the end", at_stimulus("m", rules=Rules(True, 1)), answer(150), Phase.ENDING, Response),
    ("pause", at_stimulus("m"), ev.Pause(150), Phase.PAUSED, EventKind.PAUSED),
    ("seen", run(at_stimulus("pp"), answer(150)), ev.Continue(200), Phase.FIXATION, None),
    ("seen, practised", run(at_stimulus("pm"), answer(150)), ev.Continue(200), Phase.BLOCK_INTRO, None),
    ("seen, only practice", run(at_stimulus("p"), answer(150)), ev.Continue(200), Phase.ENDING, None),
    (
        "rested",
        run(at_stimulus("mm", rules=Rules(True, 1)), answer(150)),
        ev.Continue(200),
        Phase.FIXATION,
        EventKind.BREAK_ENDED,
    ),
    ("show a page", at_fixation("g"), ev.Shown(5), Phase.PAGE, EventKind.PRESENTED),
    ("touch a page", at_page("g"), ev.Touch(150), Phase.PAGE, None),
    ("look away from a page", at_page("g"), ev.LoseFocus(150), Phase.PAGE, None),
    ("mark", at_page("g"), marks(150, 1), Phase.PAGE, PageMarks),
    ("mark what is marked", run(at_page("g"), marks(140, 1)), marks(150, 1), Phase.PAGE, None),
    ("mark too early", at_page("g"), marks(99, 1), Phase.PAGE, None),
    ("confirm too early", at_page("g"), confirm(99 + S), Phase.PAGE, None),
    ("confirm before the onset", at_page("g"), confirm(99), Phase.PAGE, None),
    ("confirm", at_page("gg"), confirm(100 + S), Phase.FIXATION, PageResponse),
    ("confirm practice", at_page("qg"), confirm(2 * S), Phase.PAGE_FEEDBACK, PageResponse),
    ("confirm the last of a block", at_page("g", "m"), confirm(2 * S), Phase.BLOCK_INTRO, PageResponse),
    ("confirm the last", at_page("g"), confirm(2 * S), Phase.ENDING, PageResponse),
    ("a break from pages", at_page("gg", rules=ONE_PAGE), confirm(2 * S), Phase.BREAK, PageResponse),
    ("pause a page", at_page("g"), ev.Pause(150), Phase.PAUSED, EventKind.PAUSED),
    ("seen a page", run(at_page("qq"), confirm(2 * S)), ev.Continue(3 * S), Phase.FIXATION, None),
    (
        "seen the last practice",
        run(at_page("qg"), confirm(2 * S)),
        ev.Continue(3 * S),
        Phase.BLOCK_INTRO,
        None,
    ),
    ("seen, only practice pages", run(at_page("q"), confirm(2 * S)), ev.Continue(3 * S), Phase.ENDING, None),
    ("go on", run(at_stimulus("m"), ev.Pause(150)), ev.Continue(200), Phase.FIXATION, EventKind.RESUMED),
    ("finish", run(at_stimulus("m"), answer(150)), ev.Finish(200), Phase.FINISHED, EventKind.FINISHED),
)


FINISHED = run(at_stimulus("m"), answer(150), ev.Finish(200))


STATES: dict[Phase, list[SessionState]] = {phase: [] for phase in Phase}


for _way in WAYS:
    STATES[_way[1].phase].append(_way[1])


STATES[Phase.FINISHED].append(FINISHED)


@pytest.mark.parametrize(("about", "state", "event", "phase", "kind"), WAYS, ids=[w[0] for w in WAYS])
def test_every_way_from_phase_to_phase(
    about: str,
    state: SessionState,
    event: ev.Input,
    phase: Phase,
    kind: Kind,
) -> None:
    after, record = step(state, event)
    assert after.phase is phase
    if kind is None:
        assert record is None
    elif isinstance(kind, EventKind):
        assert isinstance(record, Event)
        assert (record.kind, record.at_ns) == (kind, event.at_ns)
    else:
        assert isinstance(record, kind)


def test_the_table_has_these_ways_and_no_other() -> None:
    walked = {(state.phase, type(event), phase) for _, state, event, phase, _ in WAYS}
    table = {
        (phase, event, after)
        for phase, ways in TRANSITIONS.items()
        for event, afters in ways.items()
        for after in afters
    }
    assert walked == table
    assert set(TRANSITIONS) == set(Phase)
    inputs = {getattr(ev, name) for name in ev.__all__}
    assert set(EVENTS) == inputs - {ev.Input, ev.AboutImage, ev.Decision}


ILLEGAL = [
    (phase, event)
    for phase in Phase
    for kind, event in EVENTS.items()
    if kind not in TRANSITIONS[phase] and kind is not ev.LoseFocus
]


@pytest.mark.parametrize(
    ("phase", "event"), ILLEGAL, ids=[f"{type(e).__name__} in {p.name}" for p, e in ILLEGAL]
)
def test_an_illegal_event_raises_and_changes_nothing(phase: Phase, event: ev.Input) -> None:
    assert STATES[phase]
    for state in STATES[phase]:
        before = dataclasses.replace(state)
        presented = dict(state.presented)
        with pytest.raises(IllegalEventError, match=f"{type(event).__name__} in {phase.name}"):
            step(state, event)
        assert state == before
        assert state.presented == presented


@pytest.mark.parametrize("phase", [p for p in Phase if p not in (Phase.STIMULUS, Phase.PAGE)])
def test_focus_may_go_at_any_time(phase: Phase) -> None:
    for state in STATES[phase]:
        assert step(state, ev.LoseFocus(1)) == (state, None)


def test_a_step_leaves_the_state_before_as_it_was() -> None:
    """A record that cannot be stored must find the same state again."""
    for _, state, event, _, _ in WAYS:
        before, presented = dataclasses.replace(state), dict(state.presented)
        first = step(state, event)
        assert (state, dict(state.presented)) == (before, presented)
        assert step(state, event) == first
