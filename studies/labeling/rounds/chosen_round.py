"""What of a round that the learner chose is still to be asked, and what is on record of how it was chosen."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from model.rounds.live_values import Chosen, LearnRequest, LearnResult
from model.tiers import Tier
from studies.labeling.facts.settings import BudgetMode

CARRIED_OVER = "carried_over"  # of a round's plan


def without_likely(result: LearnResult, likely: NDArray[np.bool_]) -> LearnResult:
    """Leave out the hard images that cost less on a page; a random sample stays whole."""

    def kept(part: tuple[Chosen, ...]) -> tuple[Chosen, ...]:
        return tuple(c for c in part if c.tier != Tier.HARD.value or not likely[c.item])

    return replace(result, queue=kept(result.queue), spare=kept(result.spare))


def plan_json(request: LearnRequest, mode: BudgetMode, carried_over: int = 0) -> str:
    """What a round was chosen with, strategies under the names of their tiers.

    ``carried_over``: images that come first, on pages that the round before had not come to.
    """
    settings = dict(vars(request.settings))
    strategies = request.settings.strategies.by_name
    del settings["strategies"]
    budgets = {f"{name}_budget": count for name, count in request.budgets.by_name.items()}
    values = {**settings, **strategies, "mode": mode.value, **budgets, CARRIED_OVER: carried_over}
    return json.dumps(values, default=str)


def still_free(result: LearnResult, free: NDArray[np.bool_]) -> LearnResult:
    """Leave out what was labeled while the learner worked."""
    queue, spare, auto = (
        tuple(chosen for chosen in part if free[chosen.item])
        for part in (result.queue, result.spare, result.auto_labels)
    )
    return replace(result, queue=queue, spare=spare, auto_labels=auto)
