"""What a step of a session records: responses with their timing, flags, feedback and images left out."""

from __future__ import annotations

import pytest

from studies.answers import Device, StampSource, Timing, counts
from studies.timing.facts import inputs as ev
from studies.timing.facts.records import Event, EventKind, Response
from studies.timing.session.trial import (
    Phase,
    step,
)
from tests.studies.timing.session.states import answer, at_fixation, at_stimulus, run


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
