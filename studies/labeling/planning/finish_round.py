"""A round toward a certificate: how large it is, and what of it is drawn for the random sample."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from model.tiers import PerTier, asked, split
from studies.finish.effort import FinishPlan
from studies.labeling.planning.page_plan import PagePlan

LEAST_DRAWN = 20  # of a round, while the random sample is to grow
_LEAST_ROUND, _ROUNDS = 40, 8
_MOST_TOWARD = 80  # images of a round while a certificate is planned
MOST_PLANTED = 10  # wrong suggestions of a round


def most_of_round(items: int) -> int:
    """How many images a round asks about at most one by one, and as many on pages, where a folder of so many is to be
    certified: only a new model takes a look.
    """
    return max(_LEAST_ROUND, items // _ROUNDS)


def cap_round(budgets: PerTier[int], items: int, plan: FinishPlan | None = None) -> PerTier[int]:
    """The budgets of a round of a folder to be certified: looks come in time, and nothing is labeled by another
    promise. While the ``plan`` is a certificate, rounds are short: each new model says anew whether it pays.
    """
    most, counts = most_of_round(items), asked(budgets)
    if plan is not None and plan.by_program:
        most = min(most, _MOST_TOWARD)
    return PerTier(split(most, counts) if sum(counts.values()) > most else counts, 0)


def count_draws(plan: FinishPlan, queued: int) -> int:
    """How many items a round draws for the sample that asks about ``queued`` others."""
    return min(plan.draws, max(LEAST_DRAWN, queued // 2))


def hold_pages(pages: PagePlan, plan: FinishPlan) -> PagePlan:
    """No pages while the ``plan`` is a certificate: they would ask about what the program is to label."""
    if not plan.by_program:
        return pages
    return replace(pages, pages=(), likely=np.zeros_like(pages.likely))


def count_planted(plan: FinishPlan, usual: int) -> int:
    """How many wrong suggestions a round plants: more than is ``usual`` where draws with suggestions wait for them."""
    return max(usual, min(plan.planted, MOST_PLANTED))
