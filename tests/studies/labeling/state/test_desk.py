from __future__ import annotations

import pytest

from studies.answers import Device, StampSource
from studies.labeling.facts import inputs as ev
from studies.labeling.facts.records import Purpose, Task, Verb
from studies.labeling.state import desk as desks
from studies.labeling.state.desk import Desk, IllegalInputError, Phase, Review

TASK = Task(3, 1, 7, Purpose.QUEUE, "hard", "badge", 2, 0.5, 0)


def answer(at_ns: int, class_id: int = 2) -> ev.Answer:
    return ev.Answer(at_ns, at_ns + 5, StampSource.MONOTONIC, Device.KEYBOARD, 11, class_id)


def shown(at_ns: int = 1_000) -> Desk:
    return desks.step(desks.offer(TASK), ev.Shown(at_ns))[0]


def test_an_answer_carries_all_that_was_measured():
    desk = shown()
    for event in (ev.Touch(1_200), ev.Backtrack(1_300), ev.LoseFocus(1_400)):
        desk, decided = desks.step(desk, event)
        assert decided is None
    after, decided = desks.step(desk, answer(2_000))
    assert after == Desk()
    assert decided is not None
    assert (decided.verb, decided.class_id) == (Verb.LABEL, 2)
    timing = decided.timing
    assert (timing.onset_ns, timing.first_input_ns, timing.response_ns) == (1_000, 1_200, 2_000)
    assert (timing.handler_ns, timing.backtracks, timing.focus_lost) == (2_005, 1, True)
    assert timing.longest_stall_ns == 11


def test_a_press_from_before_the_image_is_no_answer():
    desk = shown()
    assert desks.step(desk, answer(999)) == (desk, None)


@pytest.mark.parametrize("verb", [Verb.NONE, Verb.SEVERAL, Verb.SKIP])
def test_a_remark_decides_without_a_class(verb):
    event = ev.Remark(2_000, 2_001, StampSource.HANDLER, Device.MOUSE, 0, verb)
    _, decided = desks.step(shown(), event)
    assert decided is not None
    assert (decided.verb, decided.class_id) == (verb, None)


def test_a_pause_voids_what_is_on_screen_and_it_comes_again():
    paused, decided = desks.step(shown(), ev.Pause(1_500))
    assert decided is None
    assert (paused.phase, paused.on_screen, paused.item) == (Phase.PAUSED, None, 7)
    again, _ = desks.step(paused, ev.Continue(9_000))
    assert (again.phase, again.item) == (Phase.COMING, 7)


def test_a_pause_with_nothing_to_do_ends_with_nothing_to_do():
    paused, _ = desks.step(Desk(), ev.Pause(1))
    assert desks.step(paused, ev.Continue(2))[0].phase is Phase.NOTHING


def test_what_is_looked_at_again_is_on_the_desk_and_the_task_waits():
    desk = desks.look_back(shown(), Review(1, 4, 0))
    assert (desk.phase, desk.item, desk.task) == (Phase.COMING, 4, TASK)


def test_focus_may_come_and_go_at_any_time():
    for desk in (Desk(), desks.offer(TASK)):
        assert desks.step(desk, ev.LoseFocus(1)) == (desk, None)


def test_an_input_that_needs_the_ledger_is_the_projects():
    with pytest.raises(IllegalInputError, match="Undo needs the ledger"):
        desks.step(shown(), ev.Undo(1_500))


def test_a_way_that_the_table_does_not_list_is_found_out():
    desks.confirm(Phase.SHOWN, answer(2_000), Phase.COMING)
    with pytest.raises(IllegalInputError, match="Answer in SHOWN led to PAUSED"):
        desks.confirm(Phase.SHOWN, answer(2_000), Phase.PAUSED)


@pytest.mark.parametrize(
    ("desk", "event"),
    [
        (Desk(), ev.Shown(1)),
        (desks.offer(TASK), answer(1)),
        (shown(), ev.Continue(1)),
        (shown(), ev.Shown(1)),
    ],
)
def test_an_illegal_input_is_refused(desk, event):
    with pytest.raises(IllegalInputError):
        desks.step(desk, event)
