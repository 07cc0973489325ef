"""What the next round shall take of each tier: fixed, ramped, or planned from this person's costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from model.tiers import Tier
from studies.estimates import Share
from studies.labeling.facts.settings import BudgetMode, Budgets
from studies.labeling.planning.costs import Rates, expected_cost
from studies.labeling.planning.tasks import AUDIT_SHARE

_UNITS_PER_MINUTE = 60  # where costs are units, one is taken for a second
_PRIOR_RIGHT: Mapping[Tier, tuple[float, float]] = {
    # Right and wrong ones, as if seen: half and three quarters, the first rounds of the paper's experiments.
    Tier.HARD: (2.0, 2.0),
    Tier.INTERMEDIATE: (3.0, 1.0),
}
_LEAST_SHARE = 0.15  # of a round for each of the two tiers: what is not asked is not known
_PREFERENCE = 4
_ROUNDING = 1e-6
_EASY_PER_ASKED = 1.0


@dataclass(frozen=True)
class Asked:
    """What a proposal is made of."""

    rates: Rates
    hard: Share  # suggestions of the last rounds that were accepted
    intermediate: Share
    accuracy: float | None  # of the last model on the held-out sample
    left: int  # items that nothing is known of
    round: int  # that is to come, from 1
    held_out: int = 0  # items of the held-out sample that nothing is known of
    plant_rate: float = 0.0  # catch trials, a share of the queue


@dataclass(frozen=True)
class Proposal:
    """The budgets of a round, what they are expected to cost, and why."""

    hard: int
    intermediate: int
    easy: int
    expected_s: float | None  # None where costs are units
    right: Mapping[str, float]  # by tier, the expected share of right suggestions
    sentence: str


def propose(budgets: Budgets, asked: Asked) -> Proposal:
    """The budgets of the next round.

    FIXED (the paper): the numbers as they are. RAMPED: the numbers times the number of the round, so that early
    rounds, whose suggestions are seldom right, are short. PLANNED: as many items as the minutes pay for, shared
    between the hard and the intermediate tier by what a label of each brings for its cost.
    """
    right = {tier.value: _right(tier, share) for tier, share in _shares(asked).items()}
    if budgets.mode is BudgetMode.FIXED:
        counts, why = (budgets.hard, budgets.intermediate), "The numbers are the ones you gave."
    elif budgets.mode is BudgetMode.RAMPED:
        counts = (budgets.hard * asked.round, budgets.intermediate * asked.round)
        why = f"The numbers you gave, times {asked.round}: rounds grow."
    else:
        counts, why = _planned(budgets, asked, right)
    hard, intermediate = _within(counts, asked.left)
    easy = min(_easy(budgets, asked, hard + intermediate), asked.left - hard - intermediate)
    return Proposal(hard, intermediate, easy, expected_s(asked, hard, intermediate), right, why)


def expected_s(asked: Asked, hard: int, intermediate: int) -> float | None:
    """What a round of so many images is expected to cost, in s; ``None`` where costs are units.

    With the images of the held-out sample and the catch trials that are asked about between them.
    """
    if not asked.rates.in_seconds:
        return None
    budgets = {Tier.HARD.value: hard, Tier.INTERMEDIATE.value: intermediate}
    right = {tier.value: _right(tier, share) for tier, share in _shares(asked).items()}
    count = hard + intermediate
    held_out = min(asked.held_out, round(AUDIT_SHARE * count))
    catch_trials = asked.plant_rate * count
    beside = held_out * asked.rates.unaided + catch_trials * asked.rates.correct
    return expected_cost(asked.rates, budgets, right) + beside


def _shares(asked: Asked) -> Mapping[Tier, Share]:
    return {Tier.HARD: asked.hard, Tier.INTERMEDIATE: asked.intermediate}


def _right(tier: Tier, seen: Share) -> float:
    """The expected share of right suggestions: what was seen together with a little of what is usual."""
    right, wrong = _PRIOR_RIGHT[tier]
    return (seen.right + right) / (seen.total + right + wrong)


def _planned(budgets: Budgets, asked: Asked, right: Mapping[str, float]) -> tuple[tuple[int, int], str]:
    costs = {tier: asked.rates.expected(right[tier.value]) for tier in _PRIOR_RIGHT}
    share = hard_share(asked.rates, right[Tier.HARD.value], right[Tier.INTERMEDIATE.value])
    per_item = share * costs[Tier.HARD] + (1 - share) * costs[Tier.INTERMEDIATE]
    per_item += (
        AUDIT_SHARE * asked.rates.unaided * (asked.held_out > 0) + asked.plant_rate * asked.rates.correct
    )
    if budgets.minutes is None:
        count = budgets.hard + budgets.intermediate
    else:
        count = max(2, int(budgets.minutes * _UNITS_PER_MINUTE / per_item))
    hard = round(share * count)
    return (hard, count - hard), _why(asked, right, share)


def hard_share(rates_: Rates, hard_right: float, intermediate_right: float) -> float:
    """The share of the hard tier among the items that are asked about, 0.15 to 0.85.

    From the share of right suggestions in each tier, 0 to 1. A label teaches where its suggestion was wrong, and is
    paid with its expected cost; the tiers are weighed by the fourth power of one over the other, so that one that is
    a fifth better a buy gets two thirds. Both go on being asked about: what is not asked is not known.
    """
    hard, intermediate = (
        ((1 - right + _ROUNDING) / rates_.expected(right)) ** _PREFERENCE
        for right in (hard_right, intermediate_right)
    )
    share = hard / (hard + intermediate)
    return min(1 - _LEAST_SHARE, max(_LEAST_SHARE, share))


def _why(asked: Asked, right: Mapping[str, float], share: float) -> str:
    rates = asked.rates
    unit = " s" if rates.in_seconds else ""
    seen = asked.hard.total + asked.intermediate.total > 0
    hard, intermediate = (f"{right[tier.value]:.0%}" for tier in (Tier.HARD, Tier.INTERMEDIATE))
    source = "are expected to be right in" if seen else "are taken to be right in"
    yours = "takes you" if rates.measured else "is taken to cost"
    more = "intermediate" if share < 0.5 else "hard"
    of_hard, of_intermediate = (rates.expected(right[tier.value]) for tier in (Tier.HARD, Tier.INTERMEDIATE))
    return (
        f"Checking {yours} {rates.verify:.1f}{unit} and correcting {rates.correct:.1f}{unit}; suggestions {source} "
        f"{hard} of hard and {intermediate} of intermediate images, so one costs {of_hard:.1f}{unit} and "
        f"{of_intermediate:.1f}{unit}: most images are {more} ones."
    )


def _easy(budgets: Budgets, asked: Asked, count: int) -> int:
    if budgets.mode is BudgetMode.FIXED:
        return budgets.easy
    if budgets.mode is BudgetMode.RAMPED:
        return budgets.easy * asked.round
    return round(_EASY_PER_ASKED * count * max(1, asked.round))


def _within(counts: tuple[int, int], left: int) -> tuple[int, int]:
    """Both counts scaled down to what is left, in their proportion."""
    total = sum(counts)
    if total <= left:
        return counts
    hard = round(left * counts[0] / total)
    return hard, left - hard
