"""What the next round shall take of each tier: fixed, ramped, or planned from this person's costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from model import tiers
from model.tiers import PerTier, Tier, asked_total, split
from studies.estimates import Share
from studies.labeling.facts.settings import BudgetMode, Budgets
from studies.labeling.planning.costs import Rates, expected_cost
from studies.labeling.planning.tasks import AUDIT_SHARE
from studies.pages.queue import PAGES_A_SINGLE

_UNITS_PER_MINUTE = 60  # if costs are units, one counts as a second
# Right and wrong suggestions that are counted in before any is answered: half and three quarters right, as in the
# first rounds of the paper's experiments.
_PRIOR_RIGHT = PerTier({Tier.HARD: (2.0, 2.0), Tier.INTERMEDIATE: (3.0, 1.0)}, (1.0, 1.0))
_LEAST_ROUND, _MOST_OF_LEFT = 80, 1 / 8  # items of a round that asks on pages, of those that are left at most
_LEAST_SHARE = 0.15  # of a round for each tier that is asked about: what is not asked is not known
_PREFERENCE = 4
_ROUNDING = 1e-6
_AUTO_PER_ASKED = 1.0


@dataclass(frozen=True)
class PlannerInput:
    """What a proposal is computed from."""

    rates: Rates
    suggestions: Mapping[Tier, Share]  # accepted ones of the last rounds, of the tiers that are asked about
    left: int  # items that nothing is known of
    round: int  # that is to come, from 1
    held_out: int = 0  # items of the held-out sample that nothing is known of
    plant_rate: float = 0.0  # catch trials, a share of the queue
    on_pages: int = 0  # items that pages may be made of
    page_image_s: float = 0.0  # what an image on a page is expected to cost, in s

    @property
    def right(self) -> dict[Tier, float]:
        """The expected share of right suggestions in each tier that is asked about, 0 to 1."""
        return {tier: _expect_right(tier, share) for tier, share in self.suggestions.items()}


@dataclass(frozen=True)
class Proposal:
    """The budgets of a round, what they are expected to cost, and why."""

    budgets: PerTier[int]
    expected_s: float | None  # None where costs are units
    right: Mapping[Tier, float]  # the expected share of right suggestions
    sentence: str


def propose(budgets: Budgets, known: PlannerInput) -> Proposal:
    """The budgets of the next round.

    FIXED (the paper): the numbers as they are. RAMPED: the numbers times the number of the round, so that early
    rounds, whose suggestions are seldom right, are short. PLANNED: as many items as the minutes pay for, shared
    between the tiers that are asked about by what a label of each brings for its cost.
    """
    grown = known.round if budgets.mode is BudgetMode.RAMPED else 1
    counts = tiers.asked({tier: count * grown for tier, count in budgets.images.items()})
    if budgets.mode is BudgetMode.FIXED:
        why = "The numbers are the ones you gave."
    elif budgets.mode is BudgetMode.RAMPED:
        why = f"The numbers you gave, times {known.round}: rounds grow."
    else:
        counts, why = _plan(budgets, known)
    if sum(counts.values()) > known.left:
        counts = split(known.left, counts)
    total = sum(counts.values())
    left = known.left - total
    for tier in (tier for tier in Tier if not tier.asked):
        planned = round(_AUTO_PER_ASKED * total * max(1, known.round))
        wanted = planned if budgets.mode is BudgetMode.PLANNED else budgets.images[tier] * grown
        counts[tier] = min(wanted, left)
        left -= counts[tier]
    return Proposal(PerTier(counts, 0), expected_s(known, counts), known.right, why)


def expected_s(known: PlannerInput, budgets: Mapping[Tier, int]) -> float | None:
    """What a round with these budgets is expected to cost, in s; ``None`` where costs are units.

    With the images of the held-out sample and the catch trials that are asked about between them.
    """
    if not known.rates.in_seconds:
        return None
    count = asked_total(budgets)
    held_out = min(known.held_out, round(AUDIT_SHARE * count))
    catch_trials = known.plant_rate * count
    beside = held_out * known.rates.unaided + catch_trials * known.rates.correct
    beside += min(PAGES_A_SINGLE * count, known.on_pages) * known.page_image_s
    return expected_cost(known.rates, tiers.asked(budgets), known.right) + beside


def shares(rates: Rates, right: Mapping[Tier, float]) -> dict[Tier, float]:
    """Each tier's share of the items that are asked about, at least 0.15; they add up to 1.

    ``right``: the share of right suggestions in each tier, 0 to 1. A label teaches where its suggestion was wrong, and
    is paid with its expected cost; the tiers are weighed by the fourth power of one over the other, so that one that
    is a fifth better a buy gets two thirds. All go on being asked about: what is not asked is not known.
    """
    free = {
        tier: ((1 - share + _ROUNDING) / rates.expected(share)) ** _PREFERENCE
        for tier, share in right.items()
    }
    result = dict.fromkeys(free, _LEAST_SHARE)
    while free:
        total, weight = 1 - _LEAST_SHARE * (len(right) - len(free)), sum(free.values())
        low = [tier for tier, value in free.items() if total * (value / weight) < _LEAST_SHARE]
        if not low:
            return result | {tier: total * (value / weight) for tier, value in free.items()}
        for tier in low:
            del free[tier]
    return result


def _expect_right(tier: Tier, answered: Share) -> float:
    """The share of right suggestions: what was answered together with a little of what is usual."""
    right, wrong = _PRIOR_RIGHT[tier]
    return (answered.right + right) / (answered.total + right + wrong)


def _plan(budgets: Budgets, known: PlannerInput) -> tuple[dict[Tier, int], str]:
    rates, right = known.rates, known.right
    by_tier = shares(rates, right)
    per_item = sum(share * rates.expected(right[tier]) for tier, share in by_tier.items())
    per_item += AUDIT_SHARE * rates.unaided * (known.held_out > 0) + known.plant_rate * rates.correct
    if budgets.minutes is None:
        count = asked_total(budgets.images)
    else:
        count = max(2, _count_affordable(budgets.minutes * _UNITS_PER_MINUTE, per_item, known))
    return split(count, by_tier), _explain(known, by_tier) + _explain_pages(known, count)


def _count_affordable(seconds: float, per_item: float, known: PlannerInput) -> int:
    """How many items are asked about one by one, if as many as can be are asked about on pages beside them: what the
    time pays for, but no more than a part of what is left.
    """
    count = int(seconds / (per_item + PAGES_A_SINGLE * known.page_image_s))
    if PAGES_A_SINGLE * count > known.on_pages:
        count = int((seconds - known.on_pages * known.page_image_s) / per_item)
    if not known.on_pages:
        return count
    # Short rounds: what is doubtful now is likely for the next model.
    most = max(_LEAST_ROUND, int(_MOST_OF_LEFT * known.left))
    return min(count, max(most // (1 + PAGES_A_SINGLE), most - known.on_pages))


def _explain_pages(known: PlannerInput, count: int) -> str:
    images = min(PAGES_A_SINGLE * count, known.on_pages)
    if not images:
        return ""
    return f" About {images:,} more come on pages, at {known.page_image_s:.1f} s an image."


def _explain(known: PlannerInput, by_tier: Mapping[Tier, float]) -> str:
    rates, right = known.rates, known.right
    unit = " s" if rates.in_seconds else ""
    answered = any(share.total for share in known.suggestions.values())
    source = "are expected to be right in" if answered else "are assumed to be right in"
    yours = "takes you" if rates.measured else "is assumed to cost"
    parts = _join([f"{share:.0%} of {tier.value}" for tier, share in right.items()])
    costs = _join([f"{rates.expected(share):.1f}{unit}" for share in right.values()])
    most = max(by_tier, key=lambda tier: by_tier[tier])
    return (
        f"Checking {yours} {rates.verify:.1f}{unit} and correcting {rates.correct:.1f}{unit}; suggestions {source} "
        f"{parts} images, so one costs {costs}: most images are {most.value} ones."
    )


def _join(parts: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))
