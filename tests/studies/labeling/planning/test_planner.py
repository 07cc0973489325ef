from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.tiers import PerTier, Tier, asked_total, budgets_of
from studies.estimates import Share
from studies.labeling.facts.settings import BudgetMode, Budgets, CostOrigin
from studies.labeling.planning.costs import Rates
from studies.labeling.planning.planner import PlannerInput, Proposal, expected_s, propose

NOTHING = Share(0, 0)
SECONDS = Rates(1.0, 4.0, 4.0, CostOrigin.PROJECT, True)
UNITS = Rates(1.0, 4.0, 4.0, CostOrigin.PAPER, False)


def known(
    rates: Rates = SECONDS,
    hard: Share = NOTHING,
    intermediate: Share = NOTHING,
    left: int = 10_000,
    round_: int = 1,
) -> PlannerInput:
    return PlannerInput(rates, {Tier.HARD: hard, Tier.INTERMEDIATE: intermediate}, left, round_)


def counts(proposal: Proposal) -> tuple[int, int, int]:
    hard, intermediate, easy = proposal.budgets.values()
    return hard, intermediate, easy


def test_fixed_budgets_are_taken_as_they_are():
    proposal = propose(
        Budgets(mode=BudgetMode.FIXED, images=budgets_of(hard=30, intermediate=270, easy=7)), known(round_=9)
    )
    assert counts(proposal) == (30, 270, 7)
    # Before anything is seen half of the hard and three quarters of the others: 30 * 2.5 + 270 * 1.75.
    assert proposal.expected_s == pytest.approx(547.5)
    assert proposal.right == {Tier.HARD: 0.5, Tier.INTERMEDIATE: 0.75}
    assert proposal.sentence == "The numbers are the ones you gave."


def test_ramped_budgets_grow_with_the_round():
    proposal = propose(
        Budgets(mode=BudgetMode.RAMPED, images=budgets_of(hard=30, intermediate=60, easy=50)), known(round_=3)
    )
    assert counts(proposal) == (90, 180, 150)
    assert "times 3" in proposal.sentence


def test_a_planned_round_spends_the_minutes():
    """5 minutes: (0.5 / 2.5)^4 to (0.25 / 1.75)^4, so 0.7935 hard ones at 2.3451 s on average, 127 images."""
    proposal = propose(Budgets(minutes=5), known())
    assert counts(proposal) == (101, 26, 127)
    assert proposal.expected_s == pytest.approx(101 * 2.5 + 26 * 1.75)


def test_a_planned_round_without_minutes_shares_out_the_counts():
    proposal = propose(Budgets(minutes=None, images=budgets_of(hard=30, intermediate=60)), known(round_=2))
    assert counts(proposal) == (71, 19, 180)  # 0.7935 * 90


def test_what_was_seen_moves_the_plan():
    """9 of 10 hard and 2 of 10 others right: with the prior's 4 each 11/14 and 5/14."""
    proposal = propose(Budgets(minutes=5), known(hard=Share(9, 10), intermediate=Share(2, 10)))
    assert proposal.right == {
        Tier.HARD: pytest.approx(11 / 14),
        Tier.INTERMEDIATE: pytest.approx(5 / 14),
    }
    # (3/14 / 1.642857)^4 to (9/14 / 2.928571)^4: 0.000289 to 0.002322, share 0.111, raised to 0.15.
    per_item = 0.15 * 1.642857 + 0.85 * 2.928571
    assert asked_total(proposal.budgets) == int(300 / per_item) == 109
    assert proposal.budgets[Tier.HARD] == round(0.15 * 109)


def test_the_held_out_sample_and_catch_trials_are_paid_for_too():
    """1 minute of 2.5 s an image; beside each 0.1 * 4 s of held-out ones and 0.05 * 4 s of catch trials: 3.1 s."""
    alike = Share(10**9, 2 * 10**9)
    with_both = replace(known(hard=alike, intermediate=alike), held_out=100, plant_rate=0.05)
    proposal = propose(Budgets(minutes=1), with_both)
    assert asked_total(proposal.budgets) == int(60 / 3.1) == 19
    assert proposal.expected_s == pytest.approx(19 * 2.5 + 2 * 4 + 0.05 * 19 * 4, rel=1e-6)
    assert expected_s(replace(with_both, held_out=1), budgets_of(hard=10, intermediate=9)) == pytest.approx(
        19 * 2.5 + 4 + 3.8, rel=1e-6
    )


def test_what_is_left_is_shared_in_the_same_proportion():
    fixed = Budgets(mode=BudgetMode.FIXED, images=budgets_of(hard=30, intermediate=60, easy=60))
    assert counts(propose(fixed, known(left=100))) == (30, 60, 10)
    assert counts(propose(fixed, known(left=9))) == (3, 6, 0)
    assert counts(propose(fixed, known(left=0))) == (0, 0, 0)


def test_costs_in_units_predict_no_time():
    proposal = propose(Budgets(minutes=1), known(UNITS))
    assert proposal.expected_s is None
    assert asked_total(proposal.budgets) == 25  # 60 units at 2.3451
    assert " s" not in proposal.sentence.replace(" suggestions", "").replace(" so", "")


def test_the_sentence_says_why():
    assert propose(Budgets(), known()).sentence == (
        "Checking takes you 1.0 s and correcting 4.0 s; suggestions are assumed to be right in 50% of hard and 75% of "
        "intermediate images, so one costs 2.5 s and 1.8 s: most images are hard ones."
    )
    seen = propose(Budgets(), known(hard=Share(16, 16), intermediate=Share(1, 16))).sentence
    assert "are expected to be right in 90% of hard and 20% of intermediate" in seen
    assert seen.endswith("most images are intermediate ones.")


def test_costs_that_were_not_measured_are_not_said_to_be_this_persons():
    assert propose(Budgets(), known(UNITS)).sentence.startswith("Checking is assumed to cost 1.0 and")


@given(
    mode=st.sampled_from(BudgetMode),
    minutes=st.one_of(st.none(), st.floats(0.01, 600)),
    sizes=st.tuples(*[st.integers(0, 1000)] * 3),
    right=st.tuples(st.integers(0, 20), st.integers(0, 20)),
    left=st.integers(0, 2000),
    round_=st.integers(1, 20),
)
def test_a_round_never_takes_more_than_is_left(mode, minutes, sizes, right, left, round_):
    images = PerTier(dict(zip(Tier, sizes, strict=True)), 0)
    budgets = Budgets(mode=mode, minutes=minutes, images=images)
    seen = known(SECONDS, Share(right[0], 20), Share(right[1], 20), left, round_)
    proposal = propose(budgets, seen)
    assert min(counts(proposal)) >= 0
    assert sum(counts(proposal)) <= left
    if mode is BudgetMode.PLANNED and minutes is not None and asked_total(proposal.budgets) > 2:
        assert proposal.expected_s is not None
        # One image more or less in a tier by rounding.
        assert proposal.expected_s <= minutes * 60 + (SECONDS.correct - SECONDS.verify)


def on_pages(images: int, left: int = 10_000) -> PlannerInput:
    return replace(known(left=left), on_pages=images, page_image_s=0.5)


def test_the_minutes_pay_for_pages_beside_the_images_that_are_asked_about_one_by_one():
    """One of 2.3451 s and three on pages at 0.5 s each: 5 minutes pay for 78 and 234."""
    proposal = propose(Budgets(minutes=5), on_pages(5_000))
    assert sum(counts(proposal)[:2]) == 78
    assert proposal.expected_s == pytest.approx(300, rel=0.02)
    assert "About 234 more come on pages, at 0.5 s an image." in proposal.sentence


def test_where_few_images_are_likely_the_rest_of_the_minutes_goes_to_single_ones():
    proposal = propose(Budgets(minutes=5), on_pages(30))
    assert sum(counts(proposal)[:2]) == 121  # (300 - 15) / 2.3451
    assert proposal.expected_s == pytest.approx(300, rel=0.02)


def test_a_round_with_pages_is_a_part_of_what_is_left():
    proposal = propose(Budgets(minutes=30), on_pages(800, left=1_000))
    assert sum(counts(proposal)[:2]) == 31  # of 125 images
    assert sum(counts(propose(Budgets(minutes=30), known(left=1_000)))[:2]) > 500


@given(st.integers(0, 3_000), st.integers(1, 3_000), st.floats(0.1, 60))
def test_whatever_is_likely_some_images_are_asked_about_one_by_one(likely, left, minutes):
    proposal = propose(Budgets(minutes=minutes), on_pages(min(likely, left), left=left))
    assert 0 < sum(counts(proposal)[:2]) <= left
