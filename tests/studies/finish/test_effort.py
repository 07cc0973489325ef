"""What is left to do: plans that follow the rule, seconds that add up, limits that hold together."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studies.estimates import Interval
from studies.finish.effort import (
    DrawPrice,
    FinishPlan,
    Left,
    estimate_rest,
    order_by_worth,
    plan_finish,
    seconds_by_person,
    wrong_after,
)
from studies.finish.exact import Draw
from studies.finish.folder_rule import find_most, least_draws
from studies.pages.asking import USUAL_COSTS


def left_of(wrong: list[float], seconds: float = 2.0) -> Left:
    p = np.array([[1 - w, w] for w in wrong]).reshape(-1, 2)
    return Left(p, p[:, 0] - p[:, 1], np.full(len(p), seconds))


def test_a_sure_model_is_looked_at_as_soon_as_the_rule_can_pass() -> None:
    left = left_of([0.001] * 1900)
    plan = plan_finish(left, [Draw(2000, 100)], 20, 0.05, DrawPrice(4.5))
    assert plan.draws == least_draws([Draw(2000, 100)], 1900, 20, 0.05)
    assert (plan.by_person, plan.by_program) == (0, 1900 - plan.draws)
    assert plan.seconds == pytest.approx(4.5 * plan.draws)
    assert plan.wrong == pytest.approx(0.001 * plan.by_program)
    enough = plan_finish(left_of([0.001] * 1600), [Draw(2000, 400)], 20, 0.05, DrawPrice(4.5))
    assert enough.ready
    assert enough.seconds == 0


def test_a_model_that_knows_nothing_leaves_all_to_the_person() -> None:
    plan = plan_finish(left_of([0.5] * 300), [Draw(320, 20)], 3, 0.05, DrawPrice(4.5))
    assert (plan.draws, plan.by_program, plan.by_person) == (0, 0, 300)
    assert plan.seconds == plan.all_seconds == 600.0
    none_allowed = plan_finish(left_of([0.001] * 300), [Draw(320, 20)], -1, 0.05, DrawPrice(4.5))
    assert none_allowed.by_program == 0
    assert plan_finish(left_of([]), [Draw(20, 20)], 3, 0.05, DrawPrice(4.5)).seconds == 0  # nothing is left


def test_doubtful_images_are_the_persons() -> None:
    left = left_of([0.0005] * 1500 + [0.4] * 300)
    plan = plan_finish(left, [Draw(2000, 200)], 20, 0.05, DrawPrice(4.5))
    most = find_most([Draw(2000, 200), Draw(1800, plan.draws)], 20, 0.05)
    assert most >= 0
    share_left = 1 - plan.draws / 1800
    assert plan.by_program == pytest.approx(1500 * share_left, rel=0.06)
    assert plan.wrong <= 21


def test_draws_with_suggestions_cost_less_and_are_more_where_some_are_overlooked() -> None:
    left, before = left_of([0.001] * 1900), [Draw(2000, 100)]
    unaided = plan_finish(left, before, 20, 0.05, DrawPrice(4.5))
    cheap = DrawPrice(1.4, overlooked=0.16, planted=29, planted_s=2.8, suggested=True)
    plan = plan_finish(left, before, 20, 0.05, cheap)
    assert plan.draws > unaided.draws
    assert plan.seconds == pytest.approx(1.4 * plan.draws + 29 * 2.8)
    assert (plan.suggested, plan.planted) == (True, 29)
    waits = plan_finish(left_of([0.001] * 1600), [Draw(2000, 400)], 20, 0.05, cheap)
    assert waits.draws == 0
    assert not waits.ready, "wrong suggestions are still to be planted"


@given(st.lists(st.floats(0.0, 0.5), min_size=1, max_size=60), st.integers(0, 12), st.integers(0, 30))
@settings(max_examples=60, deadline=None)
def test_plans_add_up_and_cost_no_more_than_all_by_the_person(
    wrong: list[float], allowed: int, drawn: int
) -> None:
    left = left_of(wrong)
    before = [Draw(len(wrong) + drawn, drawn)] if drawn else []
    plan = plan_finish(left, before, allowed, 0.05, DrawPrice(4.5))
    assert plan.draws + plan.by_person + plan.by_program == len(wrong)
    assert min(plan.draws, plan.by_person, plan.by_program) >= 0
    assert plan.seconds <= plan.all_seconds + 1e-9
    more = plan_finish(left, before, allowed + 1, 0.05, DrawPrice(4.5))
    assert more.seconds <= plan.seconds * 1.25 + 4.5 * 3, "more allowed is not much dearer"
    rest = estimate_rest(plan, 30.0)
    assert 0 <= rest.low <= rest.value <= rest.high


def test_the_rest_is_told_with_limits() -> None:
    plan = FinishPlan(100, 200, 700, 1000.0, 5.0, 3000.0)
    early, late = estimate_rest(plan, 100.0), estimate_rest(plan, 3000.0)
    assert early.value < late.value < 1000, "models become better, most of all in the beginning"
    assert estimate_rest(plan, 0.0).value == pytest.approx(1000 * math.exp(-0.9))
    assert late.high == pytest.approx(late.value + 1500)
    assert estimate_rest(plan, 9000.0).high == pytest.approx(1.15 * 3000), "no more than all by the person"
    assert estimate_rest(FinishPlan(0, 0, 0, 0.0, 0.0, 0.0), 9.0) == Interval(0, 0, 0)


def test_what_is_likeliest_wrong_for_its_seconds_comes_first() -> None:
    left = Left(
        np.array([[0.9, 0.1], [0.6, 0.4], [0.7, 0.3]]), np.array([0.8, 0.2, 0.4]), np.array([1.0, 8.0, 2.0])
    )
    assert order_by_worth(left).tolist() == [2, 0, 1]
    now = Interval(27.0, 18.0, 45.0)
    told = wrong_after(left, [0.0, 2.0, 3.5, 100.0], now)
    assert told[0] == now
    assert told[1].value == pytest.approx(27 * 0.5 / 0.8)
    assert told[1].high > 45 * 0.5 / 0.8, "how many are found varies too"
    assert told[2].value == pytest.approx(27 * 0.4 / 0.8)
    assert told[3].value == pytest.approx(0)


def test_pages_are_cheaper_for_sure_images() -> None:
    p = np.array([[0.99, 0.01, 0.0], [0.4, 0.3, 0.3]])
    alone, paged = (seconds_by_person(p, USUAL_COSTS, 24, pages=pages) for pages in (False, True))
    assert paged[0] < alone[0]
    assert paged[1] == alone[1]
