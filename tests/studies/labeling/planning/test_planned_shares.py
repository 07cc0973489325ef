"""How a planned round is shared between the tiers: by what a label teaches over what it costs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.tiers import Tier, asked_total, budgets_of
from studies.estimates import Share
from studies.labeling.facts.settings import BudgetMode, Budgets, CostOrigin
from studies.labeling.planning.costs import Rates
from studies.labeling.planning.planner import PlannerInput, propose, shares

PLANNED = Budgets(mode=BudgetMode.PLANNED, images=budgets_of(hard=200, intermediate=100), minutes=None)
SHARES = st.floats(0, 1)
RATIOS = st.floats(1, 20)


def rates(ratio: float, verify: float = 1.0) -> Rates:
    return Rates(verify, ratio * verify, ratio * verify, CostOrigin.GIVEN, True)


def hard_share(rates_: Rates, hard: float, intermediate: float) -> float:
    return shares(rates_, {Tier.HARD: hard, Tier.INTERMEDIATE: intermediate})[Tier.HARD]


def test_by_hand_at_four_to_one():
    # Hard: 0.5 / 2.5 = 0.2 a unit; intermediate: 0.3 / 1.9 = 0.15789. Fourth powers: 0.0016, 0.00062153.
    assert hard_share(rates(4), 0.5, 0.7) == pytest.approx(0.0016 / (0.0016 + 0.00062153), abs=1e-4)
    # Nothing is learned from what is always suggested rightly.
    assert hard_share(rates(4), 0.5, 1.0) == 0.85
    assert hard_share(rates(4), 1.0, 1.0) == pytest.approx(0.5)


def test_where_correcting_costs_no_more_nearly_all_is_hard():
    assert hard_share(rates(1), 0.4, 0.7) == 0.85


def test_where_correcting_is_dear_more_is_intermediate():
    found = [hard_share(rates(ratio), 0.4, 0.7) for ratio in (1, 2, 3, 4, 6, 20)]
    assert found == sorted(found, reverse=True)
    assert found[0] == 0.85
    assert found[-1] < 0.6


@given(RATIOS, SHARES, SHARES, st.floats(0.1, 60))
def test_both_tiers_go_on_being_measured_whatever_the_unit(
    ratio: float, hard: float, intermediate: float, verify: float
):
    share = hard_share(rates(ratio, verify), hard, intermediate)
    assert 0.15 <= share <= 0.85
    assert share == pytest.approx(hard_share(rates(ratio), hard, intermediate), abs=1e-6)


@given(RATIOS, SHARES)
def test_tiers_alike_share_alike(ratio: float, right: float):
    assert hard_share(rates(ratio), right, right) == pytest.approx(0.5)


def test_the_share_is_that_of_the_proposal():
    answered = {Tier.HARD: Share(498, 996), Tier.INTERMEDIATE: Share(697, 996)}
    found = propose(PLANNED, PlannerInput(rates(4), answered, left=10_000, round=3))
    hard = found.budgets[Tier.HARD]
    assert asked_total(found.budgets) == 300
    assert hard == round(300 * shares(rates(4), found.right)[Tier.HARD])
    # 72 % of 300, as by hand above, the usual shares weighing little beside so many answers.
    assert hard == pytest.approx(216, abs=1)
