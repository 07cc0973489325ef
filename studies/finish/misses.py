"""What a person has overlooked: a limit for the odd ones that stay on confirmed pages, from catch cells.

With K odd ones found and a share m of odd ones missed, K m / (1 - m) stay on average. Of C catch cells x were missed.
Putting the upper limit of m into that formula leaves out that the number that stays varies too. The limit here has
both, and m drops out: if catch cells are missed as often as the page's own odd ones, then of all K + U + C odd ones, of
which U + x were missed, the catch cells are an even sample. So U is the largest number with

    P(X <= x) > chance,    X hypergeometric: C drawn from K + U + C, of which U + x are missed,

which is Fisher's exact test (1935) turned into a limit. The same holds of wrong suggestions that are shown by
themselves: found, planted, and accepted.

Rare odd ones are missed more (Wolfe et al. 2005), so pages are put into groups by the share of odd ones on them, and
each group is judged by its own catch cells. Catch cells count as odd ones of their page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from studies.finish.exact import Draw, chance_of_few, last_where, upper_limit

MISS_SHARE = 0.2
"""Of the chance that a promise is broken, what the limit of the misses may spend; the folder rule has the rest."""

GROUP_SHARES = (0.0, 0.05, 0.15, 1.0)  # odd ones on a page: the edges of groups


@dataclass(frozen=True)
class Caught:
    """Pages with about the same share of odd ones: what was found on them, and what of the catch cells was missed."""

    found: int  # odd ones marked, false marks not counted
    confirmed: int  # cells that were confirmed and are no catch cells
    planted: int
    missed: int  # of those planted

    def __post_init__(self) -> None:
        if min(self.found, self.confirmed) < 0 or not 0 <= self.missed <= self.planted:
            raise ValueError(f"no such pages: {self}")

    @property
    def expected_unseen(self) -> float | None:
        """K m / (1 - m) by the share missed; ``None`` where no catch cell was found."""
        seen = self.planted - self.missed
        return None if seen == 0 else self.found * self.missed / seen


def limit_miss_rate(caught: Caught, chance: float) -> float:
    """The upper limit of the share of odd ones that is missed (Clopper and Pearson 1934)."""
    return upper_limit(caught.missed, caught.planted, chance)


def limit_unseen(caught: Caught, chance: float) -> int:
    """The most odd ones that stay among the confirmed cells, but for ``chance``; without catch cells, all may."""

    def may_be(unseen: int) -> bool:
        draw = Draw(caught.found + unseen + caught.planted, caught.planted)
        return chance_of_few(caught.missed, unseen + caught.missed, (draw,)) > chance

    return last_where(may_be, caught.confirmed)


def limit_all_unseen(groups: Sequence[Caught], chance: float) -> int:
    """The most odd ones that stay on all pages: each group's limit at an even part of ``chance`` (Bonferroni).

    Groups that have nothing confirmed take no part.
    """
    used = [group for group in groups if group.confirmed]
    return sum(limit_unseen(group, chance / len(used)) for group in used)


def split_chance(chance: float, pages: bool) -> tuple[float, float]:
    """What of the chance is the folder rule's, and what the misses': all is the rule's where no page was confirmed."""
    return (chance * (1 - MISS_SHARE), chance * MISS_SHARE) if pages else (chance, 0.0)
