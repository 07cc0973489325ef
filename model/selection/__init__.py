"""Selection in three tiers: which items a person is asked for next, and with which suggestion."""

from model.names import STRATEGIES as STRATEGY_NAMES
from model.names import check_listed
from model.selection import badge, bait, certified, easy, hard, intermediate, typical  # noqa: F401 (they register themselves)
from model.selection.registry import STRATEGIES, Strategy, register, select, strategy

__all__ = ["STRATEGIES", "Strategy", "register", "select", "strategy"]

for _tier, _names in STRATEGY_NAMES.items():
    check_listed(
        f"strategies of the {_tier.value} tier",
        [name for name, entry in STRATEGIES.items() if entry.tier is _tier],
        _names,
    )
