"""Budgets of a round that are computed from what answers cost and how often suggestions were right."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from model.tiers import PerTier, Tier
from studies.estimates import Share, add_up
from studies.labeling.facts.settings import BudgetMode, Budgets, CostOrigin
from studies.labeling.planning.costs import Rates
from studies.labeling.planning.planner import PlannerInput, propose

_RECENT = 2  # rounds whose suggestions say what those of the next will be worth


@dataclass(frozen=True)
class Evidence:
    """What is known before a round; nothing of it comes from the test part."""

    round: int  # that is to come, from 1
    budgets: PerTier[int]  # as the plan gives them; how a planner reads them is its own
    verify: float  # c_v, c_a and c_0
    correct: float
    unaided: float
    suggestions: Mapping[
        Tier, Sequence[Share]
    ]  # right ones, round by round, of the tiers that are asked about
    left: int  # items without a label of the annotator


Planner = Callable[[Evidence], PerTier[int]]


def propose_as_live(known: Evidence) -> PerTier[int]:
    """What live rounds propose for as many labels as the plan gives the tiers that are asked about together."""
    proposal = propose(
        Budgets(mode=BudgetMode.PLANNED, images=known.budgets, minutes=None),
        PlannerInput(
            rates=Rates(known.verify, known.correct, known.unaided, CostOrigin.GIVEN, True),
            suggestions={tier: add_up(shares[-_RECENT:]) for tier, shares in known.suggestions.items()},
            left=known.left,
            round=known.round,
        ),
    )
    return proposal.budgets


PLANNERS: Mapping[str, Planner] = {"program": propose_as_live}
"""By the names that plans give them."""
