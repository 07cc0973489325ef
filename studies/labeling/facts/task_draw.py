"""When and how a task was chosen."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class TaskDraw:
    """When and how a task of a round was chosen."""

    task_id: int
    from_action: int  # the round's: this and later actions came after the draw
    tier: str  # a model.tiers.Tier's value
    strategy: str
    ahead: bool  # ranked beyond the budgets
    published: bool  # in the order of the authors' code, whose easy tier chooses first
