"""Which class gets an item that several want: deferred acceptance between classes and items."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from model.selection.functions.logdet import Chain


@dataclass(frozen=True, order=True)
class Award:
    """An item and the class that it goes to, with the gain that it has there."""

    item: int
    label: int
    gain: float


def settle(
    chains: Mapping[int, Chain],
    quotas: Mapping[int, int],
    longer: Callable[[list[int]], Mapping[int, Chain]] | None = None,
) -> list[Award]:
    """Give each class up to its quota of items; no item goes to two.

    A class asks for the items of its chain one by one; an item stays with the class where its gain is largest
    (a tie: the lowest class), and a class that loses one asks for its next. Since an item only ever moves to
    where it is worth more, the outcome does not depend on the order of asking, and no class and item would
    both rather have each other than what they got (Gale and Shapley 1962).

    ``longer`` is asked for longer chains of the classes that came to the end of theirs; it returns those
    that there are. Without it such a class goes without: chains no longer than the quotas are the authors'
    'drop'. The gains of a chain are given all its earlier items, those that were lost included: they get a
    label all the same, if as another class.
    """
    asking = _Asking({label: _Wishes(chains[label]) for label in chains}, dict(quotas))
    while short := asking.run():
        more = {} if longer is None else longer(short)
        extended = [asking.wishes[label].extend(chain) for label, chain in more.items()]
        if not any(extended):
            break
    return sorted(Award(item, label, gain) for item, (gain, label) in asking.held.items())


class _Wishes:
    """A class's chain and how far the class has gone along it."""

    def __init__(self, chain: Chain) -> None:
        self.items, self.gains = chain.items.tolist(), chain.gains.tolist()
        self.next = 0

    def extend(self, chain: Chain) -> bool:
        """Go on with what is new in a longer chain; a tie may have come out otherwise in it."""
        new = ~np.isin(chain.items, self.items)
        self.items += chain.items[new].tolist()
        self.gains += chain.gains[new].tolist()
        return bool(new.any())


class _Asking:
    def __init__(self, wishes: dict[int, _Wishes], wanted: dict[int, int]) -> None:
        self.wishes, self._wanted = wishes, wanted
        self.held: dict[int, tuple[float, int]] = {}

    def run(self) -> list[int]:
        """Let classes ask until each has its quota or is at the end of its chain; return the latter."""
        waiting, short = [label for label in self.wishes if self._wanted[label] > 0], []
        while waiting:
            label = waiting.pop()
            mine = self.wishes[label]
            if mine.next == len(mine.items):
                short.append(label)
                continue
            loser = self._ask(mine.items[mine.next], mine.gains[mine.next], label)
            mine.next += 1
            self._wanted[label] -= 1
            if loser is not None:
                self._wanted[loser] += 1
                if loser not in waiting and loser not in short:
                    waiting.append(loser)
            if self._wanted[label] > 0 and label not in waiting:
                waiting.append(label)
        return sorted(short)

    def _ask(self, item: int, gain: float, label: int) -> int | None:
        """Return the class that goes without, if one does."""
        holder = self.held.get(item)
        if holder is not None and (holder[0], -holder[1]) >= (gain, -label):
            return label
        self.held[item] = gain, label
        return None if holder is None else holder[1]
