"""What stays unseen on pages: exact, and right as often as it says."""

from __future__ import annotations

from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studies.finish.misses import (
    Caught,
    limit_all_unseen,
    limit_miss_rate,
    limit_unseen,
    split_chance,
)


def few_missed(unseen: int, found: int, planted: int, missed: int) -> float:
    """Fisher's one-sided chance that so few of those missed are planted ones."""
    everything, gone = found + unseen + planted, unseen + missed
    ways = sum(comb(gone, x) * comb(everything - gone, planted - x) for x in range(missed + 1))
    return ways / comb(everything, planted)


@pytest.mark.parametrize(("found", "planted", "missed"), [(40, 30, 0), (40, 30, 4), (5, 10, 2), (300, 60, 6)])
def test_the_limit_is_fishers_test(found: int, planted: int, missed: int) -> None:
    limit = limit_unseen(Caught(found, 10_000, planted, missed), 0.05)
    assert few_missed(limit, found, planted, missed) > 0.05
    assert few_missed(limit + 1, found, planted, missed) <= 0.05


def test_it_is_above_what_is_expected_and_no_more_than_there_are() -> None:
    pages = Caught(80, 4000, 50, 5)
    assert pages.expected_unseen == pytest.approx(80 * 0.1 / 0.9)
    rate = limit_miss_rate(pages, 0.05)
    assert limit_unseen(pages, 0.05) > 80 * rate / (1 - rate), "the number that stays varies too"
    assert limit_unseen(Caught(80, 7, 50, 5), 0.05) == 7
    assert limit_unseen(Caught(80, 4000, 0, 0), 0.05) == 4000, "without catch cells nothing is known"
    assert Caught(80, 4000, 3, 3).expected_unseen is None
    with pytest.raises(ValueError, match="no such pages"):
        Caught(1, 1, 2, 3)


@given(st.integers(0, 200), st.integers(1, 80), st.data(), st.sampled_from([0.01, 0.05]))
@settings(max_examples=60, deadline=None)
def test_more_found_more_missed_and_less_chance_raise_it(
    found: int, planted: int, data: st.DataObject, chance: float
) -> None:
    missed = data.draw(st.integers(0, planted - 1))
    limit = limit_unseen(Caught(found, 500, planted, missed), chance)
    assert limit_unseen(Caught(found + 1, 500, planted, missed), chance) >= limit
    assert limit_unseen(Caught(found, 500, planted, missed + 1), chance) >= limit
    assert limit_unseen(Caught(found, 500, planted, missed), chance / 2) >= limit
    assert limit_unseen(Caught(found, 500, planted + 1, missed), chance) <= limit


@pytest.mark.parametrize("rate", [0.02, 0.1, 0.3])
def test_it_holds_as_often_as_it_says(rate: float) -> None:
    chance = np.random.default_rng(4)
    broken = 0
    for _ in range(1500):
        odd, planted = int(chance.integers(5, 120)), int(chance.integers(10, 60))
        unseen, missed = chance.binomial(odd, rate), chance.binomial(planted, rate)
        broken += unseen > limit_unseen(Caught(int(odd - unseen), 1000, planted, int(missed)), 0.05)
    assert broken / 1500 <= 0.05 + 0.017


def test_groups_of_pages_share_the_chance() -> None:
    rare, common = Caught(20, 800, 30, 6), Caught(60, 400, 30, 2)
    both = limit_all_unseen([rare, common], 0.05)
    assert both == limit_unseen(rare, 0.025) + limit_unseen(common, 0.025)
    assert limit_all_unseen([rare, Caught(0, 0, 0, 0)], 0.05) == limit_unseen(rare, 0.05)
    assert limit_all_unseen([], 0.05) == 0


def test_the_chance_of_a_promise_is_split() -> None:
    assert split_chance(0.05, pages=False) == (0.05, 0.0)
    assert sum(split_chance(0.05, pages=True)) == pytest.approx(0.05)
