"""What is left to do until the folder is labeled with at most so many wrong: a plan, its seconds, and an interval.

A plan is a size of the random sample. A larger one lets the program label more and costs more; what is below the
threshold a person labels. For each number c of wrong ones that the sample may hold above the threshold: how many more
draws that takes by the folder rule, which threshold it is expected to reach by calibrated probabilities, and what the
draws and the images below it take. The cheapest is planned. Only what models predict enters, not what the sample
showed: when to look may not depend on that (:mod:`studies.finish.looks`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from studies.estimates import Interval
from studies.finish.exact import Draw, Floats
from studies.finish.folder_rule import least_draws
from studies.pages.asking import AskCosts, expect_seconds

_TRIED = (0, 1, 2, 3, 5, 8, 12, 18, 27, 40, 60, 90, 130, 200, 300, 450, 700, 1000)
_PATIENCE = 2  # tries that are no better than the best

# What it took over what was planned, in simulated projects (docs/finish.md). Early plans are too long, as models become
# better: at 0 of the work by this logarithm, which falls by e every so much of it.
_LEANS, _FADES = -0.9, 0.13
_LEAST, _MOST = 0.5, 1.6  # of the rest: nine of ten lie between,
_MOST_OF_DONE = 0.5  # or above by so much of what was done: a look may show less than was planned
_MOST_OF_ALL = 1.15  # but no more than this of what all would take a person


@dataclass(frozen=True)
class Left:
    """The m images that have no label: calibrated probabilities (m, C), scores (m,), what each takes a person (m,)."""

    probabilities: Floats
    score: Floats
    seconds: Floats
    alone: Floats | None = (
        None  # (m,) by itself, where ``seconds`` may be those of pages: after a certificate
    )

    @property
    def after(self) -> Floats:
        """(m,) what each takes a person once the program has labeled others by a certificate."""
        return self.seconds if self.alone is None else self.alone

    @property
    def wrong(self) -> Floats:
        """(m,) the chance that the likeliest class is wrong."""
        wrong: Floats = 1.0 - self.probabilities.max(axis=1)
        return wrong

    def __len__(self) -> int:
        return len(self.score)


@dataclass(frozen=True)
class FinishPlan:
    """How the folder is expected to be finished."""

    draws: int  # more items of the random sample
    by_person: int  # others that a person labels
    by_program: int
    seconds: float  # of the person, for draws and the others
    wrong: float  # of the program's labels, expected
    all_seconds: float  # if the person labeled all that is left
    suggested: bool = False  # whether the draws come with suggestions
    planted: int = 0  # wrong suggestions that are to be planted before those draws count

    @property
    def ready(self) -> bool:
        """Whether the sample is large enough to look."""
        return self.draws == 0 and self.planted == 0


def seconds_by_person(probabilities: Floats, costs: AskCosts, cells: int, pages: bool = True) -> Floats:
    """What each image is expected to take a person, (m,): by itself, or on a page of ``cells`` if that is cheaper."""
    seconds = expect_seconds(probabilities, costs)
    if not pages:
        return seconds.alone
    cheapest: Floats = np.minimum(seconds.alone, seconds.page + costs.pages.page_s / cells)
    return cheapest


@dataclass(frozen=True)
class DrawPrice:
    """What the draws of a plan take a person, and how surely their labels tell what is wrong."""

    seconds: float  # of one
    overlooked: float = 0.0  # limit for the share of wrong suggestions that the person accepts
    planted: int = 0  # wrong suggestions that must be planted before they count,
    planted_s: float = 0.0  # each of which takes so long
    suggested: bool = False


def plan_finish(
    left: Left, draws: Sequence[Draw], allowed: int, chance: float, price: DrawPrice
) -> FinishPlan:
    """The cheapest plan; all by the person if no sample pays.

    ``draws``: the random sample so far; ``allowed``: how many of the program's labels may be wrong; ``chance``: of the
    next look; ``price``: of the draws.
    """
    order = np.argsort(-left.score, kind="stable")
    wrong = np.concatenate([[0.0], np.cumsum(left.wrong[order])])  # among the first i
    by_hand = left.after.sum() - np.concatenate(
        [[0.0], np.cumsum(left.after[order])]
    )  # all but the first i, one by one
    m = len(left)
    all_s = float(left.seconds.sum())
    best = FinishPlan(0, m, 0, all_s, 0.0, all_s)
    stayed = math.prod(1 - draw.drawn / draw.pool for draw in draws)  # the chance not to be drawn
    before_s = price.planted * price.planted_s
    worse = 0
    for most in _TRIED:
        more = least_draws(draws, m, allowed, chance, most, price.overlooked) if m else None
        if more is None or more * price.seconds + before_s >= best.seconds:
            break  # more wrong ones take more draws
        rest = 1 - more / m
        drawn = (1 - stayed * rest) * (1 - price.overlooked)  # and seen
        # The threshold is the score of the sample's next wrong one. This many wrong ones are left above it.
        above = (most + 1) * (1 - drawn) / drawn if drawn else math.inf
        count = int(np.searchsorted(wrong * rest, min(above, allowed + 1.0), side="right")) - 1
        seconds = before_s + more * price.seconds + rest * float(by_hand[count])
        worse += seconds >= best.seconds
        if worse > _PATIENCE:
            break
        if seconds < best.seconds:
            labeled = round(rest * count)
            wrong_s = float(rest * wrong[count])
            best = FinishPlan(
                more, m - more - labeled, labeled, seconds, wrong_s, all_s, price.suggested, price.planted
            )
    return best


def estimate_rest(plan: FinishPlan, done_s: float) -> Interval:
    """The person-seconds left, with limits that hold for nine of ten simulated projects from a tenth of the work on.

    ``done_s``: what the person has spent. Models become better and plans change: the further on a project is, the less
    the true rest spreads around the plan's.
    """
    if plan.all_seconds <= 0:
        return Interval(0.0, 0.0, 0.0)
    progress = done_s / (done_s + plan.seconds) if done_s else 0.0
    value = plan.seconds * math.exp(_LEANS * math.exp(-progress / _FADES))
    high = min(max(_MOST * value, value + _MOST_OF_DONE * done_s), _MOST_OF_ALL * plan.all_seconds)
    return Interval(value, _LEAST * value, max(value, high))


def order_by_worth(left: Left) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Positions of the images, those first that are likeliest wrong for the seconds they take."""
    order: np.ndarray[tuple[int], np.dtype[np.int64]] = np.argsort(-left.wrong / left.seconds, kind="stable")
    return order


def wrong_after(left: Left, seconds: Sequence[float], now: Interval) -> list[Interval]:
    """How many of the program's labels would be wrong after so many more seconds of a person each.

    ``now``: how many are wrong if the program labels all that is left, by the sample
    (:func:`studies.finish.folder_rule.estimate_wrong`). The images that are likeliest wrong for what they take are
    labeled first; the limits shrink in proportion, but by no more than the numbers vary that are found. That models
    become better by it is left out.
    """
    order = order_by_worth(left)
    spent, found = np.cumsum(left.seconds[order]), np.cumsum(left.wrong[order])
    total = float(found[-1]) if len(found) else 0.0
    told = []
    for at in seconds:
        count = int(np.searchsorted(spent, at, side="right"))
        part = float(found[count - 1]) / total if count and total > 0 else 0.0
        value, varies = (1 - part) * now.value, 4 * part * (1 - part) * now.value
        below = math.hypot((1 - part) * (now.value - now.low), math.sqrt(varies))
        above = math.hypot((1 - part) * (now.high - now.value), math.sqrt(varies))
        told.append(Interval(value, max(0.0, value - below), value + above))
    return told
