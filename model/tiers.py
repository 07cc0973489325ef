"""The tiers of a round, and values that are given by tier."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

from model.errors import SelectionError

T = TypeVar("T")
S = TypeVar("S")


class Tier(Enum):
    """How hard the label of an item is to suggest (paper, figure 1), or another way of choosing what to ask.

    The only list of tiers, with what is known of each in ``_FACTS``. Their order is that of lists of numbers in plans
    and of random numbers in a round, so a new one goes to the end.
    """

    HARD = "hard"
    INTERMEDIATE = "intermediate"
    EASY = "easy"

    @classmethod
    def named(cls, name: str) -> Tier:
        """The tier of a name; raises :class:`SelectionError`, listing the known ones."""
        try:
            return cls(name)
        except ValueError:
            known = ", ".join(tier.value for tier in cls)
            raise SelectionError(f"There is no tier {name!r}; choose one of {known}.") from None

    @property
    def asked(self) -> bool:
        """Whether a person answers; otherwise the suggestions become labels as they are."""
        return _FACTS[self].asked

    @property
    def strategy(self) -> str:
        """The name of the strategy that chooses where nothing else is said."""
        return _FACTS[self].strategy

    @property
    def title(self) -> str:
        """The name at the beginning of a line."""
        return self.value.capitalize()

    @property
    def meaning(self) -> str:
        """What it takes, for people."""
        return _FACTS[self].meaning


@dataclass(frozen=True)
class _Facts:
    asked: bool
    strategy: str
    meaning: str


_FACTS: Mapping[Tier, _Facts] = {
    Tier.HARD: _Facts(True, "badge", "what the model learns most from"),
    Tier.INTERMEDIATE: _Facts(True, "logdetmi", "easier ones"),
    Tier.EASY: _Facts(False, "certified", "labeled by the program, at most"),
}


class PerTier(Mapping[Tier, T]):
    """A value for each tier, in their order. Frozen; equal to any mapping with the same values."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[Tier, T], default: T) -> None:
        """Take ``values``, and ``default`` for the other tiers."""
        self._values = {tier: values.get(tier, default) for tier in Tier}

    @classmethod
    def of(cls, value: Callable[[Tier], T]) -> PerTier[T]:
        """What a function returns for each tier."""
        values = {tier: value(tier) for tier in Tier}
        return cls(values, values[next(iter(Tier))])

    def map(self, change: Callable[[T], S]) -> PerTier[S]:
        """The same function of every value."""
        return PerTier.of(lambda tier: change(self._values[tier]))

    @property
    def by_name(self) -> dict[str, T]:
        """The values by the names of tiers, as files hold them."""
        return {tier.value: value for tier, value in self._values.items()}

    def __getitem__(self, tier: Tier) -> T:
        return self._values[tier]

    def __iter__(self) -> Iterator[Tier]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __hash__(self) -> int:
        return hash(tuple(self._values.values()))

    def __repr__(self) -> str:
        return f"PerTier({', '.join(f'{name}={value!r}' for name, value in self.by_name.items())})"


def budgets_of(**numbers: int) -> PerTier[int]:
    """The number of items of each tier, by the tiers' names; 0 for the others."""
    return PerTier({Tier.named(name): number for name, number in numbers.items()}, 0)


def strategies_of(**names: str) -> PerTier[str]:
    """The strategy of each tier, by the tiers' names; of the others the usual one."""
    return strategies_for({Tier.named(name): strategy for name, strategy in names.items()})


def strategies_for(given: Mapping[Tier, str]) -> PerTier[str]:
    """The strategies that are given, and of the other tiers the usual one."""
    return PerTier.of(lambda tier: given.get(tier, tier.strategy))


def asked(values: Mapping[Tier, T]) -> dict[Tier, T]:
    """The values of the tiers that a person is asked about."""
    return {tier: values[tier] for tier in Tier if tier.asked}


def asked_total(numbers: Mapping[Tier, int]) -> int:
    """How many items a person is asked about."""
    return sum(asked(numbers).values())


def split(total: int, weights: Mapping[Tier, float]) -> dict[Tier, int]:
    """``total`` items in the proportion of ``weights``, which add up to it unless all are 0; then none.

    Each share of what is still to be shared is rounded; the last tier with a weight takes the rest.
    """
    shares = dict.fromkeys(weights, 0)
    numbers = list(weights.values())
    left = total
    for place, (tier, weight) in enumerate(weights.items()):
        if weight:
            shares[tier] = round(left * weight / sum(numbers[place:]))
            left -= shares[tier]
    return shares
