"""Rounds toward a certificate: their size, and what they draw."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from model.tiers import PerTier, Tier
from studies.finish.effort import FinishPlan
from studies.labeling.planning.finish_round import (
    cap_round,
    count_draws,
    count_planted,
    hold_pages,
    most_of_round,
)
from studies.labeling.planning.page_plan import PagePlan
from studies.pages.queue import PlannedPage


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


def test_while_a_certificate_is_planned_rounds_are_short_and_have_no_pages() -> None:
    certificate, by_hand = plan(300), replace(plan(0), by_program=0)
    wanted = PerTier({Tier.HARD: 300, Tier.INTERMEDIATE: 100, Tier.EASY: 0}, 0)
    assert sum(cap_round(wanted, 6000, certificate).values()) == 80
    assert sum(cap_round(wanted, 6000, by_hand).values()) == 400
    pages = PagePlan((PlannedPage(1, (2, 3), 1.0),), np.array([False, False, True, True]), 0.3)
    held = hold_pages(pages, certificate)
    assert held.pages == ()
    assert not held.likely.any()
    assert hold_pages(pages, by_hand) is pages


def test_wrong_suggestions_are_planted_until_draws_count() -> None:
    assert count_planted(plan(20), 3) == 3
    assert count_planted(replace(plan(20), planted=29), 3) == 10
    assert count_planted(replace(plan(20), planted=4), 3) == 4
