"""A round toward a certificate: how large it is, and what of it is drawn for the random sample."""

from __future__ import annotations

from model.tiers import PerTier, asked, split
from studies.finish.effort import FinishPlan

LEAST_DRAWN = 20  # of a round, while the random sample is to grow
_LEAST_ROUND, _ROUNDS = 40, 8


def most_of_round(items: int) -> int:
    """How many images a round asks about at most one by one, and as many on pages, where a folder of so many is to be
    certified: only a new model takes a look.
    """
    return max(_LEAST_ROUND, items // _ROUNDS)


def cap_round(budgets: PerTier[int], items: int) -> PerTier[int]:
    """The budgets of a round of a folder to be certified: looks come in time, and nothing is labeled by another
    promise.
    """
    most, counts = most_of_round(items), asked(budgets)
    return PerTier(split(most, counts) if sum(counts.values()) > most else counts, 0)


def count_draws(plan: FinishPlan, queued: int) -> int:
    """How many items a round draws for the sample that asks about ``queued`` others."""
    return min(plan.draws, max(LEAST_DRAWN, queued // 2))
