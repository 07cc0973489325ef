"""The three tiers of a round."""

from __future__ import annotations

from enum import Enum


class Tier(Enum):
    """How hard the label of an item is to suggest (paper, figure 1)."""

    HARD = "hard"
    INTERMEDIATE = "intermediate"
    EASY = "easy"
