"""Which labels count as a random sample of what is still unlabeled, and why the others do not.

What the sample is a sample of: each draw is an even one from the items that had no label when it was made, its pool.
Items that are labeled in other ways afterwards leave the pools, so all that is left now was in every pool. That is all
the folder rule needs (:mod:`studies.finish.folder_rule`). A label counts by how its item was **drawn**, not by when it
was given.

- A draw counts as a whole or not at all: where suggestions are shown for some of it and may not count, what remains
  without would be the doubtful ones.
- In the order in which they were drawn, items count up to the first that still waits for its answer. Those that were
  labeled on a page or in the grid before they were asked about are passed over: they left the pool undrawn.
- A drawn item that the person skipped, or said to be of no class, counts as wrong: it has no label to compare with.
- The held-out sample of the whole folder does not count: nothing is chosen from it, so the hard images, which
  strategies take out of what is left, stay in it, and it judges what is left too harshly.
- Images left that were not in a draw's pool (new ones, ones whose label was taken back) are none of what the sample
  tells of: a person labels them, or each counts as wrong (``elsewhere`` of the rule).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from studies.finish.exact import Draw, Floats, upper_limit
from studies.finish.folder_rule import Sample
from studies.finish.looks import CHANCE

MOST_OVERLOOKED = 0.10
"""Labels given with a suggestion count where no more of the planted wrong ones than this are overlooked, by the upper
limit: it takes 29 planted ones, all found, to show it at 95 %."""


class Way(Enum):
    """How an item was settled."""

    UNAIDED = "unaided"  # by itself, without a suggestion
    SUGGESTED = "suggested"  # by itself, with one
    REMARK = "remark"  # skipped, or said to be of no class
    ELSEWHERE = "elsewhere"  # on a page, in the grid, or imported


class Reason(Enum):
    """Why a label counts, or does not."""

    COUNTS = "It was drawn evenly at random from what had no label then, and labeled without a suggestion."
    COUNTS_SUGGESTED = "It was drawn evenly at random, and this person finds wrong suggestions."
    COUNTS_AS_WRONG = "It was drawn evenly at random, and has a remark in place of a label."
    CHOSEN = "It was not drawn: a strategy, a page, the person or a file of labels chose it."
    HELD_OUT = "It is held out: a sample of the whole folder, not of what is left."
    SUGGESTED = "A suggestion was shown in its draw, and it is not known that this person finds wrong ones."
    BEFORE = "It was labeled in another way before it was asked about."
    WAITING = "One that was drawn before it still waits for an answer."


COUNTING = frozenset({Reason.COUNTS, Reason.COUNTS_SUGGESTED, Reason.COUNTS_AS_WRONG})


@dataclass(frozen=True)
class RandomDraw:
    """An even draw: how many items had no label, and those drawn in their order."""

    pool: int
    items: tuple[int, ...]
    held_out: bool = False


@dataclass(frozen=True)
class RandomSample:
    """The items that count, draw by draw, with why each settled item does or does not."""

    items: tuple[int, ...]
    draws: tuple[Draw, ...]  # those that count, in order
    reasons: Mapping[int, Reason]  # of every settled item
    overlooked: float  # limit for the share of wrong suggestions that were accepted; 0 where none was shown

    @property
    def remarked(self) -> frozenset[int]:
        """Items that count as wrong whatever is predicted."""
        return frozenset(item for item in self.items if self.reasons[item] is Reason.COUNTS_AS_WRONG)


def limit_overlooked(planted: int, missed: int, chance: float) -> float:
    """The upper limit of the share of wrong suggestions that a person accepts, from those planted."""
    return upper_limit(missed, planted, chance)


def count_to_plant(planted: int, missed: int) -> int:
    """How many more wrong suggestions must be planted, and found, before labels given with one count."""
    more = 0
    while limit_overlooked(planted + more, missed, CHANCE) > MOST_OVERLOOKED:
        more += 1
    return more


def choose_sample(
    draws: Sequence[RandomDraw], settled: Mapping[int, Way], overlooked: float = 1.0
) -> RandomSample:
    """Say which labels are a random sample of what is unlabeled, and why.

    ``draws`` in the order in which they were made; ``settled``: every item that has a person's label or remark, and in
    which way it got it; ``overlooked``: the limit for the share of wrong suggestions that this person accepts.
    """
    reasons = dict.fromkeys(settled, Reason.CHOSEN)
    items: list[int] = []
    counted: list[Draw] = []
    suggested = False
    for draw in draws:
        found = _judge(draw, settled, overlooked <= MOST_OVERLOOKED)
        reasons.update(found)
        taken = [item for item in draw.items if found.get(item) in COUNTING]
        suggested = suggested or any(found[item] is Reason.COUNTS_SUGGESTED for item in taken)
        if taken:
            items += taken
            counted.append(Draw(draw.pool, len(taken)))
    return RandomSample(tuple(items), tuple(counted), reasons, overlooked if suggested else 0.0)


def judge_sample(
    chosen: RandomSample, score: Floats, predicted: NDArray[np.int64], labels: NDArray[np.int64]
) -> Sample:
    """The sample as the folder rule takes it, from out-of-fold scores, predictions and labels of all N items, (N,)."""
    items = np.array(chosen.items, np.int64)
    remarked = np.isin(items, list(chosen.remarked))
    return Sample(chosen.draws, score[items], remarked | (predicted[items] != labels[items]))


def _judge(draw: RandomDraw, settled: Mapping[int, Way], permitted: bool) -> dict[int, Reason]:
    """The reasons of the draw's settled items."""
    answered = [item for item in draw.items if item in settled]
    if draw.held_out:
        return dict.fromkeys(answered, Reason.HELD_OUT)
    if not permitted and any(settled[item] is Way.SUGGESTED for item in answered):
        return dict.fromkeys(answered, Reason.SUGGESTED)
    waits = next((place for place, item in enumerate(draw.items) if item not in settled), len(draw.items))
    by_way = {
        Way.UNAIDED: Reason.COUNTS,
        Way.SUGGESTED: Reason.COUNTS_SUGGESTED,
        Way.REMARK: Reason.COUNTS_AS_WRONG,
        Way.ELSEWHERE: Reason.BEFORE,
    }
    reasons = {item: by_way[settled[item]] for item in draw.items[:waits]}
    reasons.update(
        {
            item: Reason.BEFORE if settled[item] is Way.ELSEWHERE else Reason.WAITING
            for item in draw.items[waits:]
            if item in settled
        }
    )
    return reasons
