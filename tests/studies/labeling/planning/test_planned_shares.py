"""How a planned round is shared between the tiers: by what a label teaches over what it costs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studies.estimates import Share
from studies.labeling.facts.settings import BudgetMode, Budgets, CostOrigin
from studies.labeling.planning.costs import Rates
from studies.labeling.planning.planner import Asked, hard_share, propose

PLANNED = Budgets(mode=BudgetMode.PLANNED, hard=200, intermediate=100, easy=0, minutes=None)
SHARES = st.floats(0, 1)
RATIOS = st.floats(1, 20)


def rates(ratio: float, verify: float = 1.0) -> Rates:
    return Rates(verify, ratio * verify, ratio * verify, CostOrigin.GIVEN, True)


def test_by_hand_at_four_to_one():
    # Hard: 0.5 / 2.5 = 0.2 a unit; intermediate: 0.3 / 1.9 = 0.15789. Fourth powers: 0.0016, 0.00062153.
    assert hard_share(rates(4), 0.5, 0.7) == pytest.approx(0.0016 / (0.0016 + 0.00062153), abs=1e-4)
    # Nothing is learned from what is always suggested rightly.
    assert hard_share(rates(4), 0.5, 1.0) == 0.85
    assert hard_share(rates(4), 1.0, 1.0) == pytest.approx(0.5)


def test_where_correcting_costs_no_more_nearly_all_is_hard():
    assert hard_share(rates(1), 0.4, 0.7) == 0.85


def test_where_correcting_is_dear_more_is_intermediate():
    shares = [hard_share(rates(ratio), 0.4, 0.7) for ratio in (1, 2, 3, 4, 6, 20)]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] == 0.85
    assert shares[-1] < 0.6


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
    asked = Asked(rates(4), Share(498, 996), Share(697, 996), accuracy=None, left=10_000, round=3)
    found = propose(PLANNED, asked)
    assert found.hard + found.intermediate == 300
    assert found.hard == round(300 * hard_share(rates(4), found.right["hard"], found.right["intermediate"]))
    # 72 % of 300, as by hand above, the usual shares weighing little beside so many answers.
    assert found.hard == pytest.approx(216, abs=1)
