"""The folder's certificate: which images the program may label so that at most a given share of the folder is wrong.

All N images have a score and a prediction; the program labels those whose score is above a threshold, a person the
others. From the pool of M images that had no label, n were drawn evenly at random and labeled by the person; k of them
are predicted wrongly, out of fold, and above the threshold. With b wrong ones allowed, a threshold passes if

    P(X <= k) <= chance,    X hypergeometric: n drawn from M, of which k + b + 1 are wrong,

and the lowest that passes is taken. Why it holds for the lowest one: the left side grows with k, and k as the threshold
falls, so the rule is to let c wrong ones of the sample through, c the largest k that passes. Walk the pool's wrong
images down from the highest score. Where the (b + 1)-th that is not in the sample is met, the promise breaks; the rule
reaches it only if at most c of the sample came before, which is to say that of the first c + b + 1 wrong ones at most c
were drawn: P(X <= c), at most the chance.

Several draws, with images labeled in other ways between them: what is labeled in between can only leave the pool. An
opponent who chose which ones, knowing all, would gain nothing by taking wrong ones away (the chance above grows with
the number of wrong ones beyond b, whatever the sizes of pools), so the chain of draws with all wrong ones left in is
the worst case. Sizes of the pools are taken as they were: how many are labeled between draws must not be chosen by what
the sample showed. Where that is in doubt, give the first pool with all that was drawn, which holds in any case.

A wrong one of the sample that a person overlooks (where a suggestion is shown) is not seen. The chance is then that at
most k of the first k + b + 1 wrong ones are drawn and seen; so it counts among the b as well, which errs on the side of
caution. Each is taken to be overlooked with the same chance, wherever its score lies. Those below the threshold are the
person's own labels, and not counted.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studies.estimates import Interval
from studies.finish.exact import (
    Draw,
    Floats,
    chance_of_few,
    chance_of_few_leaving,
    join_draws,
    last_where,
)

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Sample:
    """The random sample: its draws in order, and score and judgement, out of fold, of each of its n items."""

    draws: tuple[Draw, ...]
    score: Floats  # (n,)
    wrong: Bools  # (n,) predicted otherwise than labeled, or left without a label by the person

    def __post_init__(self) -> None:
        if not len(self.score) == len(self.wrong) == sum(draw.drawn for draw in self.draws):
            raise ValueError("score, judgement and draws are of samples of different sizes")

    def count_above(self, threshold: float) -> int:
        """How many are wrong and above."""
        return int((self.wrong & (self.score > threshold)).sum())


@dataclass(frozen=True)
class Certificate:
    """What is promised: the program labels what has a score above ``threshold``, with at most ``allowed`` wrong.

    ``threshold`` is -inf where all that is left may be labeled, and inf where nothing may. ``share`` is that of the
    whole folder, the wrong ones among the person's own labels counted by the limit ``elsewhere``.
    """

    threshold: float
    items: int  # N, of the folder
    share: float  # of them that may be wrong
    elsewhere: int  # wrong ones at most among what a person labeled
    allowed: int  # wrong ones at most among what the program labels
    chance: float  # of this look, that more are wrong
    most: int  # wrong ones of the sample that may be above the threshold; -1: it is too small
    sampled: int
    seen: int  # wrong ones of the sample above the threshold

    @property
    def given(self) -> bool:
        """Whether the program may label anything."""
        return self.threshold < math.inf

    def select(self, score: Floats) -> Bools:
        """Which of the items left, (m,), the program may label."""
        above: Bools = score > self.threshold
        return above


def count_allowed(items: int, share: float, elsewhere: int = 0) -> int:
    """How many of the program's labels may be wrong: floor(share N), less those elsewhere; may be negative."""
    return math.floor(share * items + 1e-9) - elsewhere


def certify(
    sample: Sample, items: int, share: float, chance: float, elsewhere: int = 0, overlooked: float = 0.0
) -> Certificate:
    """Take the lowest threshold that passes.

    ``elsewhere``: a limit for the wrong ones among the person's labels outside the sample; ``overlooked``: one for the
    share of wrong suggestions that the person accepts in the sample (0: without suggestions). The chances at which
    those two hold are to be added to ``chance`` by the caller.
    """
    if not 0 <= share < 1:
        raise ValueError(f"{share} is no share")
    allowed = count_allowed(items, share, elsewhere)
    most = find_most(sample.draws, allowed, chance, overlooked)
    threshold = find_threshold(sample, most)
    seen = sample.count_above(threshold)
    return Certificate(threshold, items, share, elsewhere, allowed, chance, most, len(sample.score), seen)


def find_most(draws: Sequence[Draw], allowed: int, chance: float, overlooked: float = 0.0) -> int:
    """How many of the sample may be wrong and above a threshold that passes (c); -1 where none may be either."""
    joined = join_draws(draws)
    if allowed < 0 or chance <= 0 or not joined:
        return -1

    def passes(wrong: int) -> bool:
        return chance_of_few(wrong, wrong + allowed + 1, joined, overlooked) <= chance

    drawn = 1 - math.prod(1 - draw.drawn / draw.pool for draw in joined)  # the chance of one that stayed
    seen = drawn * (1 - overlooked)
    usual = (allowed + 1) * seen / max(1 - seen, 1e-9)
    guess = round(usual - 1.64 * math.sqrt(usual / max(1 - seen, 1e-9)))
    return last_where(passes, sum(draw.drawn for draw in joined), guess)


def find_threshold(sample: Sample, most: int) -> float:
    """The lowest threshold above which at most ``most`` of the sample are wrong: the score of the next wrong one."""
    if most < 0:
        return math.inf
    wrong = np.sort(sample.score[sample.wrong])[::-1]
    return -math.inf if len(wrong) <= most else float(wrong[most])


def least_draws(
    before: Sequence[Draw], left: int, allowed: int, chance: float, wrong: int = 0, overlooked: float = 0.0
) -> int | None:
    """How many more to draw from the ``left`` so that ``wrong`` ones of the sample may be above; ``None``: never.

    ``overlooked``: as for :func:`certify`.
    """

    def too_few(more: int) -> bool:
        joined = join_draws([*before, Draw(left, more)])
        return chance_of_few(wrong, wrong + allowed + 1, joined, overlooked) > chance

    if allowed < 0:
        return None
    share = min(1.0, (wrong + 3 + 1.7 * math.sqrt(wrong)) / (wrong + allowed + 1) / (1 - overlooked))
    stayed = math.prod(1 - draw.drawn / draw.pool for draw in before)
    guess = round(left * (1 - min(1.0, (1 - share) / stayed))) if stayed else 0
    last = last_where(too_few, left, guess)
    return None if last == left else last + 1


def estimate_wrong(
    sample: Sample, threshold: float, labeled: Sequence[int] = (), chance: float = 0.05
) -> Interval:
    """How many of the images left are wrong and above a threshold that was not chosen by the sample, with limits.

    ``labeled``: for each draw, how many wrong ones above, judged out of fold, were labeled in other ways after it and
    before the next draw or now; none if it is empty. The value is the median-unbiased one; low and high miss the truth
    with ``chance`` together, as far as models out of fold are as good as the one that labels. They are a little worse,
    so the value leans high.
    """
    seen = sample.count_above(threshold)
    after = list(labeled) or [0] * len(sample.draws)
    if len(after) != len(sample.draws):
        raise ValueError("what was labeled must be told for each draw")
    gone = np.cumsum([0, *after])
    total = int(gone[-1])
    largest = (sample.draws[0].pool if sample.draws else 0) - len(sample.score) - total

    def few(found: int, left: int) -> float:
        return chance_of_few_leaving(found, seen + left + total, sample.draws, gone.tolist())

    def limit(at: float) -> int:
        """The most left of which so few would be drawn with a chance above ``at``."""
        return max(0, last_where(lambda left: few(seen, left) > at, largest))

    def least(at: float) -> int:
        """The fewest left of which so many would be drawn with a chance above ``at``."""
        if seen == 0:
            return 0
        return 1 + last_where(lambda left: 1 - few(seen - 1, left) <= at, largest - 1)

    low, high = least(chance / 2), limit(chance / 2)
    middle = (least(0.5) + limit(0.5)) / 2
    return Interval(float(min(max(middle, low), high)), float(low), float(max(low, high)))
