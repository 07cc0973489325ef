"""How a simulated person marks a page: what it misses, what it marks falsely, and what it takes."""

from __future__ import annotations

import math
import random
from collections.abc import Collection
from dataclasses import dataclass, field

from PySide6.QtCore import Qt

from clarifier_desktop.robots.typist import Keys, Typist
from studies.answers import SEEN_AFTER_NS
from studies.pages.costs import PageCosts
from studies.pages.marking import LOOKED_AFTER_NS
from ui.answering.pages.cell_codes import cell_codes

_SLACK_NS = 30_000_000  # timers come early, and stamps are cut off to whole ms


@dataclass(frozen=True)
class PageManner:
    """What pages cost a robot, and how well it looks.

    ``spread``: the standard deviation of the logarithm of a page's time, whose mean is what the costs say.
    """

    costs: PageCosts = field(default_factory=lambda: PageCosts(0.4, 0.06, 0.25, miss=0.08, false_mark=0.01))
    spread: float = 0.1


def draw_marks(images: int, odd: Collection[int], manner: PageManner, chance: random.Random) -> list[int]:
    """The cells that the robot marks of a page of ``images``: ``odd`` ones but for some that it misses, and some right
    ones.
    """
    costs = manner.costs
    return [
        cell
        for cell in range(images)
        if chance.random() < (1 - costs.miss if cell in odd else costs.false_mark)
    ]


def draw_seconds(images: int, marks: int, manner: PageManner, chance: random.Random) -> float:
    """How long the robot takes for a page."""
    noise = math.exp(chance.gauss(-(manner.spread**2) / 2, manner.spread)) if manner.spread else 1.0
    return manner.costs.of_page(images, marks) * noise


def press_marks(typist: Typist, images: int, cells: list[int], onset_ns: int, due_ns: int) -> int:
    """Mark cells one after another, evenly until ``due_ns``; when the page can be confirmed then.

    No key is pressed sooner than the page takes it.
    """
    due_ns = max(due_ns, onset_ns + LOOKED_AFTER_NS + _SLACK_NS)
    codes = cell_codes(images)
    first_ns = onset_ns + SEEN_AFTER_NS + 2 * _SLACK_NS
    for number, cell in enumerate(cells):
        keys: Keys = [*codes[cell]]
        typist.press_at(first_ns + (due_ns - first_ns) * (number + 1) // (len(cells) + 1), keys, _nothing)
    return due_ns


CONFIRM: Keys = [Qt.Key.Key_Return]
NOT_ONE_CLASS: Keys = [Qt.Key.Key_F4]


def _nothing() -> None:
    """Only the confirmation is noted."""
