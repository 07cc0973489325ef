"""A look at a project's random sample: which labels are of it, what it shows, and what the program may label by it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.rounds.live_values import Judged, Likeliest
from studies.estimates import Interval
from studies.finish.effort import FinishPlan, Left, wrong_after
from studies.finish.folder_rule import Sample, estimate_wrong
from studies.finish.looks import CHANCE, Looks
from studies.finish.misses import Caught
from studies.finish.promise import Promise, take_look
from studies.finish.sample import (
    RandomDraw,
    RandomSample,
    Way,
    choose_sample,
    judge_sample,
    limit_overlooked,
)
from studies.finish.score import margins
from studies.labeling.facts.finish import Certified, SampleDraw
from studies.pages.calibration import scale_likeliest

WORTH = 1.5  # a certificate is worth taking that leaves so many times the seconds that were planned at most,
WORTH_S = 60.0  # and so many more
_LATER_S = 360.0  # after so much more work of the person it is told how many would be wrong
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class SampleInputs:
    """The random sample of a folder as it stood when the learner was asked; ready to go to another thread."""

    draws: tuple[SampleDraw, ...]
    ways: Mapping[int, Way]  # of the items drawn that are settled
    labels: NDArray[np.int32]  # (n,) people's labels as indices into the model's outputs, -1 without
    looks: Looks  # those that were taken
    items: int  # N, of the folder
    share: float  # of them that may be wrong
    caught: Caught  # on all pages
    planted: int = 0  # wrong suggestions to images by themselves
    accepted: int = 0  # of those

    @property
    def overlooked(self) -> float:
        """The limit for the share of wrong suggestions that this person accepts."""
        return limit_overlooked(self.planted, self.accepted, CHANCE)

    @property
    def suggested(self) -> Caught:
        """What was planted by itself, as the promise takes it."""
        return Caught(0, 0, self.planted, self.accepted)


@dataclass(frozen=True)
class Restricted:
    """The draws whose labels count, each from what was in the pools of all counting draws before it."""

    chosen: RandomSample
    eligible: Bools  # (n,) left, and in the pool of every counting draw: what a certificate may be about
    gone: tuple[
        Bools, ...
    ]  # for each counting draw: what was labeled in other ways after it, before the next one


@dataclass(frozen=True)
class Drawn:
    """The sample as the folder rule takes it, with what is needed to tell how many are wrong."""

    sample: Sample
    wrong_elsewhere: tuple[int, ...]  # by draw, judged out of fold: wrong ones labeled in other ways after it
    suggested: bool  # whether some of its labels were given with a suggestion


@dataclass(frozen=True)
class FinishLook:
    """What a look showed, and what the program would label by it."""

    promise: Promise
    certified: Certified  # what the program may label
    left: int  # images that had no label, and that a certificate may be about
    beside: int  # images left that it may not be about: held out, new, or that cannot be read
    person_s: float  # for all that the program does not label
    wrong: Interval  # how many of the ``left`` would be wrong if the program labeled them all
    later_s: float  # after so many more seconds of the person
    wrong_later: Interval  # so many would be

    def worth_taking(self, plan: FinishPlan) -> bool:
        """Whether it lets the program label images, and leaves not much more to the person than was planned, and no
        more than without it: what it leaves is asked about one by one.
        """
        given = self.promise.certificate.given and len(self.certified.items) > 0
        return given and self.person_s <= min(WORTH * plan.seconds + WORTH_S, plan.all_seconds)


def restrict_draws(sample: SampleInputs, left: Bools, overlooked: float) -> Restricted:
    """Say which draws count, and what they are a sample of. ``left`` (n,): what has no label now.

    ``overlooked``: the limit for the share of wrong suggestions that this person accepts.

    Images that came, or lost their label, between two draws were not in the pool of the first: they are left out of
    the later one, evenly drawn or not, and a person labels them.
    """
    n = len(left)
    inside = np.ones(n, np.bool_)
    counting: list[RandomDraw] = []
    pools: list[tuple[Bools, Bools]] = []  # of each counting draw: before it, and after it
    for draw in sample.draws:
        pool = draw.mask(n) & inside
        items = tuple(item for _, item in draw.drawn if inside[item])
        one = RandomDraw(int(pool.sum()), items)
        taken = choose_sample([one], sample.ways, overlooked).items
        if not taken:
            continue
        counting.append(one)
        inside = pool.copy()
        inside[list(taken)] = False
        pools.append((pool, inside))
    after = [pool for pool, _ in pools[1:]] + [left]
    gone = tuple(kept & ~later for (_, kept), later in zip(pools, after, strict=False))
    return Restricted(choose_sample(counting, sample.ways, overlooked), inside & left, gone)


def judge_draws(
    restricted: Restricted, sample: SampleInputs, judged: Judged, temperature: float, classes: int
) -> Drawn:
    """Judge the sample by predictions out of fold."""
    n = len(restricted.eligible)
    score, predicted = np.zeros(n), np.full(n, -1, np.int64)
    for rows, likeliest in (
        (np.arange(len(judged.model.labels)), judged.model),
        (judged.items, judged.out_of_fold),
    ):
        score[rows] = _scores(likeliest, classes, temperature)
        predicted[rows] = likeliest.labels[:, 0]
    found = judge_sample(restricted.chosen, score, predicted, sample.labels.astype(np.int64))
    wrong = np.zeros(n, np.bool_)
    wrong[judged.items] = judged.out_of_fold.labels[:, 0] != sample.labels[judged.items]
    elsewhere = tuple(int((wrong & gone).sum()) for gone in restricted.gone)
    return Drawn(found, elsewhere, restricted.chosen.overlooked > 0)


def look_at(
    drawn: Drawn,
    sample: SampleInputs,
    left: Left,
    rows: NDArray[np.int64],
    classes: NDArray[np.int32],
    beside: int,
    persons_s: float,
) -> FinishLook:
    """Take a look: ``left`` are the items ``rows`` (m,) with their likeliest classes; ``beside`` others
    are a person's, who takes ``persons_s`` for them.
    """
    suggested = sample.suggested if drawn.suggested else None
    promise = take_look(drawn.sample, sample.items, sample.share, sample.looks, [sample.caught], suggested)
    chosen = promise.certificate.select(left.score)
    wrong = estimate_wrong(drawn.sample, -np.inf, drawn.wrong_elsewhere)
    later_s = min(_LATER_S, float(left.seconds.sum()) / 2)
    return FinishLook(
        promise,
        Certified(rows[chosen], classes[chosen], left.score[chosen]),
        len(left),
        beside,
        float(left.after[~chosen].sum()) + persons_s,
        wrong,
        later_s,
        wrong_after(left, [later_s], wrong)[0],
    )


def _scores(likeliest: Likeliest, classes: int, temperature: float) -> NDArray[np.float64]:
    scaled = scale_likeliest(likeliest.probabilities.astype(np.float64), classes, temperature)
    return np.where(likeliest.labels[:, 0] >= 0, margins(scaled), 0.0)
