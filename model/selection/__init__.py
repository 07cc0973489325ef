"""Selection in three tiers: which items a person is asked for next, and with which suggestion."""

from model.selection import badge, bait, certified, easy, hard, intermediate  # noqa: F401 (they register themselves)
from model.selection.registry import STRATEGIES, Strategy, register, select, strategy

__all__ = ["STRATEGIES", "Strategy", "register", "select", "strategy"]
