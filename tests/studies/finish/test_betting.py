"""The audit by betting: fair bets, limits that hold at every moment, a needle that only falls."""

from __future__ import annotations

import math
from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studies.finish.betting import Audit, draws_to_go, log_stake


def bets_one_by_one(outcomes: list[bool], pool: int, total: int, expected: float) -> float:
    """The stake by multiplying bets: 1 + bet (chance under the null - outcome); the bet is Kelly's by the belief."""
    stake, wrong = 1.0, 0
    a, b = 1.0, 1 / expected - 1
    for drawn, outcome in enumerate(outcomes):
        null = (total - wrong) / (pool - drawn)
        belief = (a + wrong) / (a + b + drawn)
        stake *= 1 + (null - belief) / (null * (1 - null)) * (null - outcome)
        wrong += outcome
    return stake


def test_the_stake_is_that_of_bets_placed_one_by_one() -> None:
    outcomes = [False] * 9 + [True] + [False] * 5 + [True, True] + [False] * 20
    audit = Audit(200, 0.05).add(len(outcomes), sum(outcomes))
    for total in (5, 20, 60, 150):
        expected = math.log(bets_one_by_one(outcomes, 200, total, 0.05))
        assert log_stake(audit, total) == pytest.approx(expected)


@given(st.integers(2, 60), st.data(), st.floats(0.001, 0.9))
@settings(max_examples=60, deadline=None)
def test_no_bet_gains_on_average_where_the_null_is_true(
    pool: int, data: st.DataObject, expected: float
) -> None:
    drawn = data.draw(st.integers(0, pool - 1))
    total = data.draw(st.integers(0, pool))
    wrong = data.draw(st.integers(max(0, total - pool + drawn), min(drawn, total)))
    audit = Audit(pool, expected, 0.05, drawn, wrong)
    chance = (total - wrong) / (pool - drawn)
    now = math.exp(float(log_stake(audit, total)))
    after = 0.0
    for more, weight in ((0, 1 - chance), (1, chance)):
        if weight > 0:
            then = Audit(pool, expected, 0.05, drawn + 1, wrong + more)
            after += weight * math.exp(float(log_stake(then, total)))
    if 0 < chance < 1:
        assert after == pytest.approx(now, rel=1e-6)
    else:  # it bets on what cannot be, too
        assert after <= now * (1 + 1e-6)


@pytest.mark.parametrize(("wrong", "expected"), [(6, 0.02), (30, 0.02), (30, 0.2), (0, 0.01)])
def test_the_limit_holds_at_every_moment(wrong: int, expected: float) -> None:
    chance = np.random.default_rng(wrong)
    pool, broken = 300, 0
    for _ in range(400):
        order = chance.permutation(pool) < wrong
        audit = Audit(pool, expected)
        for start in range(0, 180, 6):
            audit = audit.add(6, int(order[start : start + 6].sum()))
            broken_now = audit.limit < wrong
            if broken_now:
                broken += 1
                break
    assert broken / 400 <= 0.05 + 0.033


@given(st.lists(st.integers(0, 3), min_size=1, max_size=12), st.floats(0.005, 0.5))
@settings(max_examples=40, deadline=None)
def test_the_needle_only_falls_and_ends_at_what_is_known(found: list[int], expected: float) -> None:
    audit = Audit(8 * len(found), expected)
    for wrong in found:
        after = audit.add(8, wrong)
        assert after.limit <= audit.limit
        assert Audit(**asdict(after)) == after
        audit = after
    assert audit.left == 0
    assert audit.share == 0


def test_how_many_draws_are_to_go() -> None:
    audit = Audit(2000, 0.003)
    first = draws_to_go(audit, 20)
    assert first is not None
    assert 300 < first < 700
    assert draws_to_go(audit.add(200, 0), 20) < first - 200  # type: ignore[operator]
    assert draws_to_go(audit.add(200, 20), 20) is None or draws_to_go(audit.add(200, 20), 20) > 1000  # type: ignore[operator]
    done = audit.add(first, 0)
    assert done.left <= 20
    assert draws_to_go(done, 20) == 0


def test_impossible_audits_are_refused() -> None:
    with pytest.raises(ValueError, match="no audit"):
        Audit(10, 0.0)
    with pytest.raises(ValueError, match="cannot be wrong"):
        Audit(10, 0.1).add(2, 3)
