from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import pytest

from studies.answers import Device, StampSource, Timing, counts
from studies.timing.facts import inputs as ev
from studies.timing.facts.records import Event, EventKind, PlannedTrial, Response
from studies.timing.session.trial import (
    TRANSITIONS,
    IllegalEventError,
    Phase,
    Rules,
    SessionState,
    begin,
    resume,
    step,
)

RULES = Rules(feedback=True, break_every=2)
NO_BREAKS = Rules(feedback=False, break_every=0)


def plan(*parts: str) -> tuple[PlannedTrial, ...]:
    """Blocks written as ``"ppmmm"``: practice trials, then trials that count."""
    flat = [(block, kind == "p") for block, part in enumerate(parts) for kind in part]
    return tuple(
        PlannedTrial(position, block, f"set {block}", practice, f"img{position}", "a", "b")
        for position, (block, practice) in enumerate(flat)
    )


def answer(at_ns: int, text: str = "a") -> ev.Answer:
    return ev.Answer(at_ns, at_ns + 5, StampSource.MONOTONIC, Device.KEYBOARD, 7, text)


def run(state: SessionState, *events: ev.Input) -> SessionState:
    for event in events:
        state, _ = step(state, event)
    return state


def at_fixation(*parts: str, rules: Rules = RULES) -> SessionState:
    return run(begin(plan(*parts), rules), ev.Agree(1), ev.Continue(2), ev.Continue(3))


def at_stimulus(*parts: str, rules: Rules = RULES) -> SessionState:
    """On screen since 100."""
    return run(at_fixation(*parts, rules=rules), ev.Shown(100))


EVENTS: dict[type[ev.Input], ev.Input] = {
    ev.Agree: ev.Agree(1_000),
    ev.Continue: ev.Continue(1_000),
    ev.Shown: ev.Shown(1_000),
    ev.Touch: ev.Touch(1_000),
    ev.Backtrack: ev.Backtrack(1_000),
    ev.LoseFocus: ev.LoseFocus(1_000),
    ev.Flag: ev.Flag(1_000),
    ev.Pause: ev.Pause(1_000),
    ev.Answer: answer(1_000),
    ev.ImageFailed: ev.ImageFailed(1_000, "gone"),
    ev.Finish: ev.Finish(1_000),
}

# A state of every phase, and of every way out of it: (what it is about, state, event, phase after, record's kind).
WAYS: tuple[tuple[str, SessionState, ev.Input, Phase, EventKind | type[Response] | None], ...] = (
    ("agree", begin(plan("m"), RULES), ev.Agree(5), Phase.INSTRUCTIONS, EventKind.CONSENTED),
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
    kind: EventKind | type[Response] | None,
) -> None:
    after, record = step(state, event)
    assert after.phase is phase
    if kind is None:
        assert record is None
    elif isinstance(kind, EventKind):
        assert isinstance(record, Event)
        assert (record.kind, record.at_ns) == (kind, event.at_ns)
    else:
        assert isinstance(record, Response)


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


@pytest.mark.parametrize("phase", [p for p in Phase if p is not Phase.STIMULUS])
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


def test_a_response_holds_what_was_measured() -> None:
    state = run(
        at_stimulus("m"),
        ev.Touch(130),
        ev.Backtrack(140),
        ev.Backtrack(150),
        ev.LoseFocus(160),
        ev.Touch(170),
    )
    given = ev.Answer(1_000_100, 1_000_900, StampSource.CALIBRATED, Device.MOUSE, 42, "b")
    assert step(state, given)[1] == Response(
        position=0,
        attempt=1,
        answer="b",
        timing=Timing(
            onset_ns=100,
            first_input_ns=130,
            response_ns=1_000_100,
            handler_ns=1_000_900,
            stamp_source=StampSource.CALIBRATED,
            device=Device.MOUSE,
            backtracks=2,
            focus_lost=True,
            longest_stall_ns=42,
        ),
    )


def test_one_key_is_first_input_and_answer_and_the_next_trial_starts_afresh() -> None:
    state = run(at_stimulus("mm"), ev.Backtrack(110), ev.LoseFocus(120), answer(130), ev.Shown(200))
    _, record = step(state, answer(230))
    assert isinstance(record, Response)
    timing = record.timing
    assert (record.position, timing.onset_ns, timing.first_input_ns, timing.response_ns) == (1, 200, 230, 230)
    assert (timing.backtracks, timing.focus_lost, record.attempt) == (0, False, 1)


@pytest.mark.parametrize("event", [ev.Touch(99), ev.Backtrack(99), ev.Flag(99), answer(99)])
def test_what_was_pressed_before_the_onset_does_not_count(event: ev.Input) -> None:
    state = at_stimulus("m")
    assert step(state, event) == (state, None)


@pytest.mark.parametrize("event", [ev.Touch(100), ev.Backtrack(100), ev.Flag(100), answer(100)])
def test_what_was_pressed_at_the_onset_counts(event: ev.Input) -> None:
    state = at_stimulus("m")
    assert step(state, event) != (state, None)
    assert counts(state.on_screen, 100)
    assert not counts(state.on_screen, 99)
    assert not counts(at_fixation("m").on_screen, 100)


def presented_order(state: SessionState, pauses: Sequence[int]) -> list[tuple[int, int, bool]]:
    """Play on to the end, pausing at the trials named, once each: (position, attempt, answered)."""
    left, shown = list(pauses), []
    at = 1_000
    while state.phase is not Phase.ENDING:
        at += 10
        if state.phase is not Phase.FIXATION:
            state = run(state, ev.Continue(at))
            continue
        position = state.queue[0]
        state = run(state, ev.Shown(at))
        stops = position in left
        shown.append((position, state.presented[position], not stops))
        if stops:
            left.remove(position)
        state = run(state, ev.Pause(at + 1) if stops else answer(at + 1))
    return shown


@pytest.mark.parametrize(
    ("parts", "pauses", "order"),
    [
        (("mmm",), (), (0, 1, 2)),
        (("mmm",), (0,), (0, 1, 2, 0)),
        (("mmm",), (2,), (0, 1, 2, 2)),  # the last one comes again at once
        (("mmm",), (0, 1), (0, 1, 2, 0, 1)),
        (("mmm",), (0, 0), (0, 1, 2, 0, 0)),
        (("ppmm", "m"), (0,), (0, 1, 0, 2, 3, 4)),  # practice stays practice
        (("ppmm", "m"), (2,), (0, 1, 2, 3, 2, 4)),  # and no trial leaves its block
        (("ppmm", "mm"), (4,), (0, 1, 2, 3, 4, 5, 4)),
        (("m", "m"), (0, 1), (0, 0, 1, 1)),
    ],
)
def test_a_pause_postpones_a_trial_to_the_end_of_its_part(
    parts: tuple[str, ...], pauses: tuple[int, ...], order: tuple[int, ...]
) -> None:
    shown = presented_order(at_fixation(*parts, rules=NO_BREAKS), pauses)
    assert tuple(position for position, _, _ in shown) == order
    for position in set(order):
        attempts = [(attempt, done) for p, attempt, done in shown if p == position]
        assert attempts == [(n + 1, n + 1 == len(attempts)) for n in range(len(attempts))]


def test_a_pause_before_the_stimulus_voids_nothing() -> None:
    state, record = step(at_fixation("mm"), ev.Pause(5))
    assert record == Event(EventKind.PAUSED, 5, None)
    assert state.queue == (0, 1)
    state, record = step(state, ev.Continue(9))
    assert record == Event(EventKind.RESUMED, 9, 0)
    assert state == at_fixation("mm")


def test_a_pause_says_which_trial_it_voided() -> None:
    state, record = step(at_stimulus("mm"), ev.Pause(150))
    assert record == Event(EventKind.PAUSED, 150, 0)
    assert (state.queue, state.on_screen, dict(state.presented)) == ((1, 0), None, {0: 1})


def breaks_after(rules: Rules, *parts: str, pauses: Sequence[int] = ()) -> list[int]:
    """After how many answers that count the breaks come."""
    state, done, found, left, at = at_fixation(*parts, rules=rules), 0, [], list(pauses), 1_000
    while state.phase is not Phase.ENDING:
        at += 10
        if state.phase is Phase.BREAK:
            found.append(done)
        if state.phase is not Phase.FIXATION:
            state = run(state, ev.Continue(at))
            continue
        trial = state.trials[state.queue[0]]
        if trial.position in left:
            left.remove(trial.position)
            state = run(state, ev.Shown(at), ev.Pause(at + 1))
        else:
            state = run(state, ev.Shown(at), answer(at + 1))
            done += not trial.practice
    return found


def test_breaks() -> None:
    assert breaks_after(Rules(True, 0), "pmmmmmm") == []
    assert breaks_after(Rules(True, 2), "ppppmmmmm") == [2, 4]
    assert breaks_after(Rules(True, 2), "mmmm") == [2]  # none where the block is over
    assert breaks_after(Rules(True, 2), "mmm", "pmmm") == [2, 5]  # counted from the block's start
    assert breaks_after(Rules(True, 2), "mmmmm", pauses=(0, 3)) == [2, 4]  # by answers, not by presentations
    assert breaks_after(Rules(True, 1), "mmm") == [1, 2]


def test_a_break_says_what_comes_next() -> None:
    state = run(at_stimulus("mm", rules=Rules(True, 1)), answer(150))
    assert step(state, ev.Continue(9))[1] == Event(EventKind.BREAK_ENDED, 9, 1)


def test_feedback_is_for_practice_alone_and_shows_the_answer_given() -> None:
    state = run(at_stimulus("pm"), answer(150, "b"))
    assert state.phase is Phase.FEEDBACK
    assert state.last_response is not None
    assert (state.last_response.position, state.last_response.answer) == (0, "b")
    state = run(state, ev.Continue(200))
    assert state.last_response is None
    state = run(state, ev.Continue(210), ev.Shown(300), answer(350))
    assert state.phase is Phase.ENDING


def test_flags_toggle_and_belong_to_a_trial() -> None:
    state, record = step(at_stimulus("mm"), ev.Flag(150))
    assert (record, state.flagged) == (Event(EventKind.FLAGGED, 150, 0), frozenset({0}))
    state, record = step(state, ev.Flag(160))
    assert (record, state.flagged) == (Event(EventKind.UNFLAGGED, 160, 0), frozenset())
    state = run(state, ev.Flag(170), answer(180), ev.Shown(200))
    assert state.flagged == {0}
    assert step(state, ev.Flag(210))[0].flagged == {0, 1}


def test_an_image_that_failed_is_left_out_by_name() -> None:
    state, record = step(at_fixation("mm"), ev.ImageFailed(5, "cannot be read"))
    assert record == Event(EventKind.IMAGE_FAILED, 5, 0, "cannot be read")
    assert state.queue == (1,)
    # the break that was near is neither moved nor lost
    state = run(at_stimulus("mmmm"), answer(150), ev.ImageFailed(160, ""), ev.Shown(200), answer(250))
    assert state.phase is Phase.BREAK


def test_what_comes_next_is_known_ahead() -> None:
    state = run(at_stimulus("mmmm"), ev.Pause(150), ev.Continue(160))
    assert [t.position for t in state.upcoming(3)] == [1, 2, 3]
    assert [t.position for t in state.upcoming(9)] == [1, 2, 3, 0]
    assert state.trial is state.trials[1]
    assert FINISHED.trial is None
    assert FINISHED.upcoming(2) == ()


def resumed(
    *parts: str,
    answered: Sequence[int] = (),
    left_out: Sequence[int] = (),
    presented: dict[int, int] | None = None,
    flagged: Sequence[int] = (),
    phase: Phase = Phase.BLOCK_INTRO,
) -> SessionState:
    return resume(
        plan(*parts),
        RULES,
        answered=frozenset(answered),
        left_out=frozenset(left_out),
        presented=presented or {},
        flagged=frozenset(flagged),
        phase=phase,
    )


@pytest.mark.parametrize(
    ("answered", "left_out", "presented", "queue"),
    [
        ((), (), {}, (0, 1, 2, 3, 4, 5)),
        ((0,), (), {0: 1}, (1, 2, 3, 4, 5)),
        ((0,), (), {0: 1, 1: 1}, (1, 2, 3, 4, 5)),  # practice: the last of its part comes at once
        ((), (), {0: 1}, (1, 0, 2, 3, 4, 5)),
        ((0, 1), (), {0: 1, 1: 1, 2: 1}, (3, 2, 4, 5)),
        ((0, 1, 2), (3,), {0: 1, 1: 1, 2: 1}, (4, 5)),
        ((0, 1, 2, 3), (), {0: 1, 1: 1, 2: 1, 3: 1, 4: 2}, (5, 4)),
        ((0, 1, 3, 5), (2,), {0: 1, 1: 1, 3: 1, 5: 1, 4: 1}, (4,)),
    ],
)
def test_after_an_interruption_a_trial_shown_comes_again_at_the_end_of_its_part(
    answered: tuple[int, ...], left_out: tuple[int, ...], presented: dict[int, int], queue: tuple[int, ...]
) -> None:
    state = resumed("ppmm", "mm", answered=answered, left_out=left_out, presented=presented)
    assert (state.phase, state.queue, dict(state.presented)) == (Phase.BLOCK_INTRO, queue, presented)
    first = queue[0]
    _, record = step(run(state, ev.Continue(10), ev.Shown(100)), answer(150))
    assert isinstance(record, Response)
    assert (record.position, record.attempt) == (first, presented.get(first, 0) + 1)


def test_a_session_is_resumed_where_it_was() -> None:
    assert resumed("m", phase=Phase.CONSENT) == begin(plan("m"), RULES)
    assert resumed("m", phase=Phase.INSTRUCTIONS).phase is Phase.INSTRUCTIONS
    all_done = resumed("m", answered=[0], presented={0: 1}, flagged=[0])
    assert (all_done.phase, all_done.queue, all_done.flagged) == (Phase.ENDING, (), frozenset({0}))
    # nothing to do, but the instructions were not read: the same way as at first
    assert run(resumed("m", left_out=[0], phase=Phase.INSTRUCTIONS), ev.Continue(1)).phase is Phase.ENDING


def test_what_is_given_to_resume_may_change_afterwards() -> None:
    presented = {0: 1}
    state = resumed("mm", presented=presented)
    presented[0] = 9
    assert dict(state.presented) == {0: 1}
    with pytest.raises(TypeError):
        state.presented[0] = 2  # type: ignore[index]
