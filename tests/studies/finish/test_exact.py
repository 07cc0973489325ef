"""Exact chances: by enumeration, by scipy, and where they must rise or fall."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta, binom, hypergeom

from studies.finish.exact import (
    Draw,
    chance_of_few,
    join_draws,
    last_where,
    lower_limit,
    upper_limit,
)


@pytest.mark.parametrize(
    ("found", "wrong", "pool", "drawn"),
    [(3, 20, 1000, 200), (0, 5, 10, 3), (40, 300, 5000, 800), (2, 3, 4, 3), (500, 2500, 100_000, 20_000)],
)
def test_one_draw_is_hypergeometric(found: int, wrong: int, pool: int, drawn: int) -> None:
    expected = hypergeom.cdf(found, pool, wrong, drawn)
    assert chance_of_few(found, wrong, [Draw(pool, drawn)]) == pytest.approx(expected, rel=1e-7)


def enumerate_two_draws(found: int, wrong: int, first: Draw, second: Draw) -> float:
    """Of 0 ... pool - 1 the first ``wrong`` are; between the draws right ones leave, the last ones first."""
    few = total = 0.0
    for one in combinations(range(first.pool), first.drawn):
        rest = [i for i in range(first.pool) if i not in one][: second.pool]
        if sum(i < wrong for i in rest) < sum(i < wrong for i in range(first.pool) if i not in one):
            continue  # wrong ones would have had to leave: not this case
        for two in combinations(rest, second.drawn):
            total += 1
            few += sum(i < wrong for i in (*one, *two)) <= found
    return few / total


@pytest.mark.parametrize("found", [0, 1, 2])
def test_two_draws_with_others_leaving_between_by_enumeration(found: int) -> None:
    first, second = Draw(8, 2), Draw(4, 2)
    expected = enumerate_two_draws(found, 3, first, second)
    assert chance_of_few(found, 3, [first, second]) == pytest.approx(expected)


def test_draws_with_nothing_between_are_one() -> None:
    parts = [Draw(50, 7), Draw(43, 3), Draw(40, 10)]
    assert join_draws(parts) == (Draw(50, 20),)
    for found in range(6):
        assert chance_of_few(found, 9, parts) == pytest.approx(chance_of_few(found, 9, [Draw(50, 20)]))


def test_many_draws_are_put_together_on_the_safe_side() -> None:
    draws = [Draw(1000 - 30 * i, 10) for i in range(20)]
    joined = join_draws(draws)
    assert len(joined) == 8
    assert sum(draw.drawn for draw in joined) == 200
    assert chance_of_few(3, 30, joined) >= chance_of_few(3, 30, draws)


def test_images_that_came_in_are_no_part_of_what_was_drawn_from() -> None:
    with pytest.raises(ValueError, match="later pool"):
        join_draws([Draw(100, 10), Draw(95, 10)])
    with pytest.raises(ValueError, match="cannot be drawn"):
        Draw(5, 6)


def test_what_is_overlooked_by_simulation() -> None:
    chance = np.random.default_rng(1)
    drawn = chance.hypergeometric(12, 88, 40, 200_000)
    seen = chance.binomial(drawn, 0.7)
    assert chance_of_few(2, 12, [Draw(100, 40)], 0.3) == pytest.approx((seen <= 2).mean(), abs=0.005)


@given(st.integers(1, 60), st.data(), st.floats(0.001, 0.999))
@settings(max_examples=100, deadline=None)
def test_who_overlooks_sees_a_binomial_part_of_the_wrong_ones(
    pool: int, data: st.DataObject, overlooked: float
) -> None:
    """To be drawn and then seen is to be one that would be seen, and drawn."""
    draws = [Draw(pool, data.draw(st.integers(0, pool)))]
    left = pool - draws[0].drawn
    draws = list(join_draws([*draws, Draw(left, data.draw(st.integers(0, left)))]))
    wrong, found = data.draw(st.integers(0, pool)), data.draw(st.integers(0, 20))
    by_seen = binom.pmf(np.arange(wrong + 1), wrong, 1 - overlooked)
    mixed = sum(chance * chance_of_few(found, would, draws) for would, chance in enumerate(by_seen))
    assert chance_of_few(found, wrong, draws, overlooked) == pytest.approx(mixed, abs=1e-8)


@given(
    st.integers(1, 60), st.data(), st.integers(0, 12), st.integers(0, 20), st.sampled_from([0.0, 0.1, 0.5])
)
@settings(max_examples=150, deadline=None)
def test_the_chance_rises_with_what_is_let_through(
    pool: int, data: st.DataObject, found: int, allowed: int, overlooked: float
) -> None:
    """So that all thresholds above one that passes pass too, and taking wrong ones away helps no opponent."""
    drawn = data.draw(st.integers(0, pool))
    less = chance_of_few(found, found + allowed + 1, [Draw(pool, drawn)], overlooked)
    more = chance_of_few(found + 1, found + allowed + 2, [Draw(pool, drawn)], overlooked)
    assert 0 <= less <= 1
    assert more >= less - 1e-9 or found + allowed + 2 > pool
    seeing = chance_of_few(found, found + allowed + 1, [Draw(pool, drawn)])
    assert less >= seeing - 1e-9


def test_limits_are_those_of_clopper_and_pearson() -> None:
    assert upper_limit(3, 40, 0.05) == pytest.approx(beta.ppf(0.95, 4, 37))
    assert lower_limit(3, 40, 0.05) == pytest.approx(beta.ppf(0.05, 3, 38))
    assert upper_limit(0, 29, 0.05) < 0.1 < upper_limit(0, 28, 0.05)
    assert (upper_limit(0, 0, 0.05), lower_limit(0, 5, 0.05)) == (1.0, 0.0)
    with pytest.raises(ValueError, match="no share"):
        upper_limit(3, 2, 0.05)


@given(st.integers(0, 40), st.integers(-1, 40), st.integers(-3, 50))
def test_the_last_that_holds_is_found_from_any_guess(most: int, last: int, guess: int) -> None:
    assert last_where(lambda number: number <= last, most, guess) == min(last, most)
