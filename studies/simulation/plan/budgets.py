"""Budgets of a round that are computed from what answers cost and how often suggestions were right."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from model.tiers import Tier
from studies.estimates import Share
from studies.labeling.facts.settings import BudgetMode, Budgets, CostOrigin
from studies.labeling.planning.costs import Rates
from studies.labeling.planning.planner import Asked, propose

Counts = tuple[int, int, int]
"""Of the hard, the intermediate and the easy tier."""

_RECENT = 2  # rounds whose suggestions say what those of the next will be worth


@dataclass(frozen=True)
class Evidence:
    """What is known before a round; nothing of it comes from the test part."""

    round: int  # that is to come, from 1
    budgets: Counts  # as the plan gives them; how a planner reads them is its own
    verify: float  # c_v, c_a and c_0
    correct: float
    unaided: float
    suggestions: Mapping[Tier, Sequence[Share]]  # right ones, round by round; of the easy tier none is known
    accuracy: float | None  # on the labels of the random sample, by models that were trained without them
    classes: int
    labeled: int  # by the annotator
    left: int  # items without a label of the annotator


Planner = Callable[[Evidence], Counts]


def as_the_program(known: Evidence) -> Counts:
    """What live rounds propose for as many labels as the plan gives the hard and the intermediate tier together."""
    recent = {tier: _sum(known.suggestions[tier][-_RECENT:]) for tier in (Tier.HARD, Tier.INTERMEDIATE)}
    hard, intermediate, easy = known.budgets
    budgets = Budgets(mode=BudgetMode.PLANNED, hard=hard, intermediate=intermediate, easy=easy, minutes=None)
    asked = Asked(
        rates=Rates(known.verify, known.correct, known.unaided, CostOrigin.GIVEN, True),
        hard=recent[Tier.HARD],
        intermediate=recent[Tier.INTERMEDIATE],
        accuracy=known.accuracy,
        left=known.left,
        round=known.round,
    )
    found = propose(budgets, asked)
    return found.hard, found.intermediate, found.easy


def _sum(shares: Sequence[Share]) -> Share:
    return Share(sum(share.right for share in shares), sum(share.total for share in shares))


PLANNERS: Mapping[str, Planner] = {"program": as_the_program}
"""By the names that plans give them."""
