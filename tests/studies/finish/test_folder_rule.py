"""The folder's certificate: exact small cases, what must hold of any, and how often it breaks."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import hypergeom

from studies.finish.exact import Draw
from studies.finish.folder_rule import (
    Sample,
    certify,
    count_allowed,
    estimate_wrong,
    find_most,
    find_threshold,
    least_draws,
)


def sample_of(pool: int, score: list[float], wrong: list[bool]) -> Sample:
    return Sample((Draw(pool, len(score)),), np.array(score), np.array(wrong))


def test_the_rule_as_it_is_written() -> None:
    """P(X <= k) with X hypergeometric of k + b + 1 wrong ones: the largest k at which it is at most the chance."""
    pool, drawn, allowed = 2000, 400, 20
    passing = [k for k in range(30) if hypergeom.cdf(k, pool, k + allowed + 1, drawn) <= 0.05]
    assert find_most([Draw(pool, drawn)], allowed, 0.05) == max(passing) == 1


def test_the_threshold_is_the_score_of_the_next_wrong_one() -> None:
    sample = sample_of(100, [0.9, 0.8, 0.7, 0.6, 0.5], [False, True, False, True, True])
    assert [find_threshold(sample, most) for most in (-1, 0, 1, 2, 3)] == [math.inf, 0.8, 0.6, 0.5, -math.inf]
    assert sample.count_above(0.6) == 1, "what has the threshold's own score is not above it"


def test_what_may_be_wrong_is_of_the_whole_folder() -> None:
    assert count_allowed(1400, 0.01) == 14
    assert count_allowed(1499, 0.01, elsewhere=3) == 11
    assert count_allowed(300, 0.01) == 3, "a share that is no binary fraction loses nothing"
    assert count_allowed(100, 0.01, elsewhere=4) == -3


def test_a_certificate_says_what_it_promises() -> None:
    wrong = np.arange(400) % 200 == 199
    sample = Sample((Draw(2000, 400),), np.linspace(1, 0, 400), wrong)
    found = certify(sample, 2400, 0.01, 0.05, elsewhere=4)
    assert (found.given, found.allowed, found.most, found.sampled, found.seen) == (True, 20, 1, 400, 1)
    assert found.threshold == pytest.approx(sample.score[399])
    assert found.select(np.array([0.5, 0.0, 1.0])).tolist() == [True, False, True]
    nothing = certify(sample, 2400, 0.01, 0.05, elsewhere=30)
    assert (nothing.given, nothing.allowed) == (False, -6)
    assert not nothing.select(np.array([1.0, math.inf])).any()


def test_a_whole_pool_that_was_drawn_lets_all_through() -> None:
    sample = sample_of(3, [0.9, 0.8, 0.7], [True, True, True])
    assert certify(sample, 100, 0.0, 0.05).threshold == -math.inf


def test_exact_by_enumeration() -> None:
    """Of all samples of a small pool at most the chance leads to more wrong ones than allowed."""
    wrong_at = (1, 2, 4, 5, 7, 9)  # by falling score
    pool, drawn, allowed, chance = 11, 5, 1, 0.3
    broken = total = 0
    for chosen in combinations(range(pool), drawn):
        scores = [1 - i / pool for i in chosen]
        sample = sample_of(pool, scores, [i in wrong_at for i in chosen])
        found = certify(sample, 100, allowed / 100, chance)
        left = sum(i not in chosen and 1 - i / pool > found.threshold for i in wrong_at)
        broken += left > allowed
        total += 1
    worst = hypergeom.cdf(found.most, pool, found.most + allowed + 1, drawn)
    assert found.most >= 0
    assert broken / total == pytest.approx(worst)
    assert broken / total <= chance


@given(st.integers(5, 400), st.data(), st.integers(0, 30), st.sampled_from([0.01, 0.05, 0.2]))
@settings(max_examples=80, deadline=None)
def test_more_draws_more_allowed_and_more_chance_never_take_anything_away(
    pool: int, data: st.DataObject, allowed: int, chance: float
) -> None:
    drawn = data.draw(st.integers(0, pool - 1))
    most = find_most([Draw(pool, drawn)], allowed, chance)
    assert find_most([Draw(pool, drawn + 1)], allowed, chance) >= most
    assert find_most([Draw(pool, drawn)], allowed + 1, chance) >= most
    assert find_most([Draw(pool, drawn)], allowed, 2 * chance) >= most
    assert find_most([Draw(pool, drawn)], allowed, chance, overlooked=0.1) <= most


@given(st.integers(20, 300), st.integers(0, 15), st.integers(0, 4))
@settings(max_examples=60, deadline=None)
def test_as_many_draws_as_it_takes_and_no_more(pool: int, allowed: int, wrong: int) -> None:
    needed = least_draws([], pool, allowed, 0.05, wrong)
    if needed is None:
        assert find_most([Draw(pool, pool)], allowed, 0.05) < wrong
        return
    assert find_most([Draw(pool, needed)], allowed, 0.05) >= wrong
    assert needed == 0 or find_most([Draw(pool, needed - 1)], allowed, 0.05) < wrong


def simulate(chance: np.random.Generator, kept: int, overlooked: float = 0.0) -> tuple[bool, int]:
    """Three draws of 60 from 600, between them 100 others labeled, the likeliest wrong first but for ``kept`` of ten.

    Whether more than 10 were wrong and above the threshold, or overlooked in the sample; and how many wrong ones of
    the sample may be above it.
    """
    right = chance.beta(6, 1, 600)
    wrong = chance.random(600) > right
    labeled, draws, items = np.zeros(600, bool), [], []
    for _ in range(3):
        left = np.flatnonzero(~labeled)
        drawn = chance.choice(left, 60, replace=False)
        draws.append(Draw(len(left), 60))
        items += drawn.tolist()
        labeled[drawn] = True
        left = np.flatnonzero(~labeled)
        hard = left[np.argsort(right[left])]
        taken = hard[np.arange(len(hard)) % 10 >= kept][:100]
        labeled[taken] = True
    at = np.array(items)
    unseen = wrong[at] & (chance.random(len(at)) < overlooked)
    sample = Sample(tuple(draws), right[at], wrong[at] & ~unseen)
    found = certify(sample, 1000, 0.01, 0.05, overlooked=overlooked)
    by_program = ~labeled & found.select(right)
    bad = int((wrong & by_program).sum()) + (
        int((unseen & found.select(right[at])).sum()) if found.given else 0
    )
    return bad > 10, found.most


@pytest.mark.parametrize(("kept", "overlooked"), [(0, 0.0), (5, 0.0), (10, 0.0), (5, 0.1)])
def test_it_breaks_in_at_most_5_percent_whoever_labels_between_the_draws(
    kept: int, overlooked: float
) -> None:
    chance = np.random.default_rng(7)
    results = [simulate(chance, kept, overlooked) for _ in range(800)]
    broken = np.mean([broken for broken, _ in results])
    assert all(most >= 0 for _, most in results)
    assert broken <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / 800)


def test_how_many_are_wrong_with_limits() -> None:
    sample = sample_of(2000, np.linspace(1, 0, 400).tolist(), [i % 50 == 0 for i in range(400)])
    found = estimate_wrong(sample, -math.inf)
    assert found.value == pytest.approx(8 * 1600 / 400, abs=4)
    assert found.low < 20 < found.value < 50 < found.high
    above = estimate_wrong(sample, 0.5)
    assert above.high < found.high
    labeled = estimate_wrong(sample, -math.inf, [15])
    assert (labeled.low, labeled.high) == (max(0, found.low - 15), found.high - 15)
    with pytest.raises(ValueError, match="for each draw"):
        estimate_wrong(sample, -math.inf, [1, 2])
    none = estimate_wrong(sample_of(2000, [0.5] * 100, [False] * 100), 0.0)
    assert none.low == 0 < none.value < none.high < 80


def test_the_limits_of_how_many_are_wrong_hold() -> None:
    chance = np.random.default_rng(3)
    missed = 0
    for _ in range(400):
        wrong = np.arange(500) < chance.integers(0, 60)
        drawn = chance.choice(500, 80, replace=False)
        found = estimate_wrong(Sample((Draw(500, 80),), np.ones(80), wrong[drawn]), 0.0)
        left = wrong.sum() - wrong[drawn].sum()
        missed += not found.low <= left <= found.high
    assert missed / 400 <= 0.05 + 0.033


def test_what_was_labeled_between_the_draws_is_no_longer_left() -> None:
    """Six draws of 30 from 800, after each of them 60 others labeled, wrong ones three times as likely."""
    chance = np.random.default_rng(5)
    missed, values, truths = 0, 0.0, 0
    for _ in range(300):
        wrong = chance.random(800) < 0.12
        labeled, items, draws, found = np.zeros(800, bool), [], [], []
        for _ in range(6):
            left = np.flatnonzero(~labeled)
            items += (drawn := chance.choice(left, 30, replace=False)).tolist()
            draws.append(Draw(len(left), 30))
            labeled[drawn] = True
            left = np.flatnonzero(~labeled)
            weight = 1.0 + 2 * wrong[left]
            others = chance.choice(left, 60, replace=False, p=weight / weight.sum())
            labeled[others] = True
            found.append(int(wrong[others].sum()))
        sample = Sample(tuple(draws), np.ones(180), wrong[np.array(items)])
        told = estimate_wrong(sample, 0.0, found)
        truth = int(wrong[~labeled].sum())
        missed += not told.low <= truth <= told.high
        values, truths = values + told.value, truths + truth
    assert missed / 300 <= 0.05 + 0.04
    assert values / truths == pytest.approx(1, abs=0.1)
