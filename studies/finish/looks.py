"""How the chance of a broken promise is shared out over the looks at a sample that grows."""

from __future__ import annotations

from dataclasses import dataclass, replace

CHANCE = 0.05  # of a certificate that is broken


@dataclass(frozen=True)
class Looks:
    """The chance that may be spent in all, how much of what is left a look spends, and how many were taken.

    With ``spends`` 1/2 the looks spend 1/2, 1/4, 1/8 ... of ``chance``; with 1 there is one look, at the end. All of
    them together break a promise with at most ``chance`` (Bonferroni). When a look is taken may depend on how many
    labels there are and on what models predict, but not on what the sample showed: whoever tries every round and
    counts only what passed has taken all those looks. The three numbers are what a project stores.
    """

    chance: float = CHANCE
    spends: float = 0.5
    taken: int = 0

    def __post_init__(self) -> None:
        if not (0 < self.chance < 1 and 0 < self.spends <= 1 and self.taken >= 0):
            raise ValueError(f"no looks: {self}")

    @property
    def left(self) -> float:
        """The chance that no look has spent."""
        return self.chance * (1 - self.spends) ** self.taken

    @property
    def next_chance(self) -> float:
        """The chance that the next look spends; 0 where none is left."""
        return self.left * self.spends

    @property
    def spent(self) -> float:
        """The chance that the looks so far have spent."""
        return self.chance - self.left

    def take(self) -> Looks:
        """What there is after the next look, whatever it showed. Raises ``ValueError`` where no chance is left."""
        if self.next_chance <= 0:
            raise ValueError("the one look has been taken")
        return replace(self, taken=self.taken + 1)
