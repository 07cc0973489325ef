from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studies.rounds.costs import Rates, Share
from studies.rounds.planner import Asked, Proposal, hard_share, propose
from studies.rounds.settings import BudgetMode, Budgets, CostOrigin

NOTHING = Share(0, 0)
SECONDS = Rates(1.0, 4.0, 4.0, CostOrigin.PROJECT, True)
UNITS = Rates(1.0, 4.0, 4.0, CostOrigin.PAPER, False)


def asked(
    rates: Rates = SECONDS,
    hard: Share = NOTHING,
    intermediate: Share = NOTHING,
    accuracy: float | None = None,
    left: int = 10_000,
    round_: int = 1,
) -> Asked:
    return Asked(rates, hard, intermediate, accuracy, left, round_)


def counts(proposal: Proposal) -> tuple[int, int, int]:
    return proposal.hard, proposal.intermediate, proposal.easy


def test_fixed_budgets_are_taken_as_they_are():
    proposal = propose(Budgets(mode=BudgetMode.FIXED, hard=30, intermediate=270, easy=7), asked(round_=9))
    assert counts(proposal) == (30, 270, 7)
    # Before anything is seen half of the hard and three quarters of the others: 30 * 2.5 + 270 * 1.75.
    assert proposal.expected_s == pytest.approx(547.5)
    assert proposal.right == {"hard": 0.5, "intermediate": 0.75}
    assert proposal.sentence == "The numbers are the ones you gave."


def test_ramped_budgets_grow_with_the_round():
    proposal = propose(Budgets(mode=BudgetMode.RAMPED, hard=30, intermediate=60, easy=50), asked(round_=3))
    assert counts(proposal) == (90, 180, 150)
    assert "times 3" in proposal.sentence


def test_a_planned_round_spends_the_minutes():
    """5 minutes: shares (1 / 2.5)^2 to (1 / 1.75)^2, so 0.3289 hard ones at 1.9966 s in the mean, 150 images."""
    proposal = propose(Budgets(minutes=5), asked())
    assert counts(proposal) == (49, 101, 150)
    assert proposal.expected_s == pytest.approx(49 * 2.5 + 101 * 1.75)


def test_a_planned_round_without_minutes_shares_out_the_counts():
    proposal = propose(Budgets(minutes=None, hard=30, intermediate=60), asked(round_=2))
    assert counts(proposal) == (30, 60, 180)  # 0.3289 * 90


def test_what_was_seen_moves_the_plan():
    """9 of 10 hard and 2 of 10 others right: with the prior's 4 each 11/14 and 5/14."""
    proposal = propose(Budgets(minutes=5), asked(hard=Share(9, 10), intermediate=Share(2, 10), accuracy=0.5))
    assert proposal.right == {"hard": pytest.approx(11 / 14), "intermediate": pytest.approx(5 / 14)}
    # Costs 1.642857 and 2.928571, a hard label worth 2: weights 1.217391 and 0.341463, share 0.927, cut to 0.85.
    per_item = 0.85 * 1.642857 + 0.15 * 2.928571
    assert proposal.hard + proposal.intermediate == int(300 / per_item) == 163
    assert proposal.hard == round(0.85 * 163)


@pytest.mark.parametrize(
    ("hard_cost", "intermediate_cost", "accuracy", "share"),
    [
        (2.0, 2.0, None, 0.5),
        (2.0, 1.0, 0.0, 0.2),  # twice as dear: a fifth
        (1.0, 1.0, 0.5, 0.8),  # worth twice as much: four fifths
        (1.0, 1.0, 1.0, 0.85),  # 0.9, and the other tier is asked all the same
        (4.0, 1.0, 0.0, 0.15),
    ],
)
def test_the_tiers_share_by_value_over_cost(hard_cost, intermediate_cost, accuracy, share):
    assert hard_share(hard_cost, intermediate_cost, accuracy) == pytest.approx(share)


def test_what_is_left_is_shared_in_the_same_proportion():
    fixed = Budgets(mode=BudgetMode.FIXED, hard=30, intermediate=60, easy=60)
    assert counts(propose(fixed, asked(left=100))) == (30, 60, 10)
    assert counts(propose(fixed, asked(left=9))) == (3, 6, 0)
    assert counts(propose(fixed, asked(left=0))) == (0, 0, 0)


def test_costs_in_units_predict_no_time():
    proposal = propose(Budgets(minutes=1), asked(UNITS))
    assert proposal.expected_s is None
    assert proposal.hard + proposal.intermediate == 30  # 60 units at 1.9966
    assert " s" not in proposal.sentence.replace(" suggestions", "").replace(" so", "")


def test_the_sentence_says_why():
    assert propose(Budgets(), asked()).sentence == (
        "Checking takes you 1.0 s and correcting 4.0 s; suggestions are taken to be right in 50% of hard and 75% of "
        "intermediate images, so one costs 2.5 s and 1.8 s: most images are intermediate ones."
    )
    seen = propose(Budgets(), asked(hard=Share(16, 16), intermediate=Share(1, 16), accuracy=1.0)).sentence
    assert "are expected to be right in 90% of hard and 20% of intermediate" in seen
    assert seen.endswith("most images are hard ones.")


def test_costs_that_were_not_measured_are_not_said_to_be_this_persons():
    assert propose(Budgets(), asked(UNITS)).sentence.startswith("Checking is taken to cost 1.0 and")


@given(
    mode=st.sampled_from(BudgetMode),
    minutes=st.one_of(st.none(), st.floats(0.01, 600)),
    sizes=st.tuples(*[st.integers(0, 1000)] * 3),
    right=st.tuples(st.integers(0, 20), st.integers(0, 20)),
    accuracy=st.one_of(st.none(), st.floats(0, 1)),
    left=st.integers(0, 2000),
    round_=st.integers(1, 20),
)
def test_a_round_never_takes_more_than_is_left(mode, minutes, sizes, right, accuracy, left, round_):
    hard, intermediate, easy = sizes
    budgets = Budgets(mode=mode, minutes=minutes, hard=hard, intermediate=intermediate, easy=easy)
    seen = asked(SECONDS, Share(right[0], 20), Share(right[1], 20), accuracy, left, round_)
    proposal = propose(budgets, seen)
    assert min(counts(proposal)) >= 0
    assert sum(counts(proposal)) <= left
    if mode is BudgetMode.PLANNED and minutes is not None and proposal.hard + proposal.intermediate > 2:
        assert proposal.expected_s is not None
        # One image more or less in a tier by rounding.
        assert proposal.expected_s <= minutes * 60 + (SECONDS.correct - SECONDS.verify)
