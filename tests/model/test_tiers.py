"""Values by tier: whole, frozen, by name, and shared out."""

from __future__ import annotations

import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.errors import SelectionError
from model.selection import STRATEGIES
from model.tiers import PerTier, Tier, asked, asked_total, budgets_of, split, strategies_for, strategies_of


def test_every_tier_says_all_that_is_asked_of_it():
    for tier in Tier:
        assert STRATEGIES[tier.strategy].tier is tier
        assert tier.title.lower() == tier.value
        assert tier.meaning
    assert [tier for tier in Tier if tier.asked] == [Tier.HARD, Tier.INTERMEDIATE]


def test_values_are_whole_and_equal_to_the_same_mapping():
    budgets = budgets_of(hard=3, easy=5)
    assert budgets == {Tier.HARD: 3, Tier.INTERMEDIATE: 0, Tier.EASY: 5}
    assert budgets == PerTier({Tier.EASY: 5, Tier.HARD: 3}, 0)
    assert hash(budgets) == hash(PerTier({Tier.EASY: 5, Tier.HARD: 3}, 0))
    assert budgets != budgets_of(hard=3)
    assert list(budgets) == list(Tier)
    assert budgets.by_name == {"hard": 3, "intermediate": 0, "easy": 5}
    assert budgets.map(str) == {Tier.HARD: "3", Tier.INTERMEDIATE: "0", Tier.EASY: "5"}
    assert pickle.loads(pickle.dumps(budgets)) == copy.deepcopy(budgets) == budgets
    assert repr(budgets) == "PerTier(hard=3, intermediate=0, easy=5)"


def test_a_name_that_is_no_tier_is_refused():
    with pytest.raises(SelectionError, match=r"no tier 'medium'; choose one of hard, intermediate, easy"):
        budgets_of(medium=3)


def test_strategies_that_are_not_given_are_the_usual_ones():
    assert strategies_of(hard="margin") == strategies_for({Tier.HARD: "margin"})
    assert strategies_of(hard="margin")[Tier.INTERMEDIATE] == Tier.INTERMEDIATE.strategy


def test_what_a_person_is_asked():
    budgets = budgets_of(hard=3, intermediate=4, easy=5)
    assert asked(budgets) == {Tier.HARD: 3, Tier.INTERMEDIATE: 4}
    assert asked_total(budgets) == 7


@given(st.integers(0, 1000), st.lists(st.floats(0, 100), min_size=1, max_size=3))
def test_shares_add_up_and_keep_the_proportion(total: int, numbers: list[float]):
    weights = dict(zip(Tier, numbers, strict=False))
    shares = split(total, weights)
    whole = sum(numbers)
    assert sum(shares.values()) == (total if whole else 0)
    for tier, share in shares.items():
        assert share >= 0
        if whole:
            assert share == pytest.approx(total * weights[tier] / whole, abs=1 + 1e-6)
            assert weights[tier] or not share
