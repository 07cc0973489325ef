"""Rounds toward a certificate: their size, and what they draw."""

from __future__ import annotations

from model.tiers import PerTier, Tier
from studies.finish.effort import FinishPlan
from studies.labeling.planning.finish_round import cap_round, count_draws, most_of_round


def plan(draws: int) -> FinishPlan:
    return FinishPlan(draws, 100, 500, 400.0, 3.0, 900.0)


def test_a_round_is_an_eighth_of_the_folder_at_most_and_has_nothing_of_the_easy_tier() -> None:
    assert (most_of_round(100), most_of_round(6000)) == (40, 750)
    capped = cap_round(PerTier({Tier.HARD: 60, Tier.INTERMEDIATE: 40, Tier.EASY: 9}, 0), 400)
    assert [capped[tier] for tier in Tier] == [30, 20, 0]


def test_a_round_draws_what_is_planned_but_no_more_than_half_as_many_as_it_asks_about() -> None:
    assert count_draws(plan(0), 80) == 0
    assert count_draws(plan(24), 80) == 24
    assert count_draws(plan(300), 80) == 40
    assert count_draws(plan(300), 10) == 20
