"""What answers cost: units, or response times drawn from those that people needed in a timing study."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.errors import UserError
from studies.numerals import counted
from studies.pages.asking import NEAR_RANK, NEAR_SHARE, AskCosts, Misses
from studies.pages.costs import USUAL, PageCosts
from studies.simulation.plan.page_times import draw_pages, given_pages
from studies.simulation.plan.plan import Cost


class TimesError(UserError):
    """A study whose times cannot be drawn from."""


@dataclass(frozen=True)
class Times:
    """Response times in s of kept trials."""

    verify: tuple[float, ...]
    correct: tuple[float, ...]
    unaided: tuple[float, ...]

    @property
    def sha256(self) -> str:
        """A hash of all of them."""
        text = json.dumps([self.verify, self.correct, self.unaided])
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class CostSetting:
    """c_v, c_a and c_0 in s or units; of ``times`` their arithmetic means, because the costs of a run add up."""

    label: str
    verify: float
    correct: float
    unaided: float
    times: Times | None = None
    near: tuple[tuple[int, float], ...] = ()
    pages: PageCosts = USUAL
    misses: Misses | None = None

    @property
    def asking(self) -> AskCosts:
        """What whole folders are labeled at: means, also where times could be drawn."""
        return AskCosts(self.verify, self.correct, self.unaided, self.near, self.pages, self.misses)

    def draw(self, verified: int, corrected: int, unaided: int, chance: np.random.Generator) -> float:
        """The cost of these numbers of answers; with measured times the sum of as many, drawn with replacement."""
        if self.times is None:
            return verified * self.verify + corrected * self.correct + unaided * self.unaided
        counts = (
            (self.times.verify, verified),
            (self.times.correct, corrected),
            (self.times.unaided, unaided),
        )
        return float(sum(_draw(times, count, chance).sum() for times, count in counts))


def _draw(times: tuple[float, ...], count: int, chance: np.random.Generator) -> NDArray[np.float64]:
    return chance.choice(np.asarray(times), count) if count else np.zeros(0)


def setting_of(cost: Cost, folder: Path, whole_folder: bool = True) -> CostSetting:
    """The costs of a plan's table; a study's path starts at ``folder``. Pages are of plans of a ``whole_folder``.

    A study says nothing of ranks: unless the plan does, corrections near the top cost their usual share of c_a. Raises
    :class:`TimesError`, :class:`studies.simulation.plan.page_times.PageTimesError` and
    :class:`studies.files.store_errors.StoreError` for a study that cannot be used.
    """
    pages, misses = given_pages(cost)
    if not cost.study:
        unaided = cost.correct if cost.unaided is None else cost.unaided
        return CostSetting(cost.label, cost.verify, cost.correct, unaided, None, cost.near, pages, misses)
    times = read_times(folder / cost.study, cost.participant, cost.dataset)
    verify, correct, unaided = (
        float(np.mean(values)) for values in (times.verify, times.correct, times.unaided)
    )
    near = cost.near
    if whole_folder:
        pages, misses = draw_pages(cost, folder / cost.study)
        if "near" not in cost.model_fields_set:
            near = ((NEAR_RANK, max(min(verify, correct), NEAR_SHARE * correct)),)
    return CostSetting(cost.label, verify, correct, unaided, times, near, pages, misses)


def read_times(path: Path, participant: str = "", dataset: str = "") -> Times:
    """The times of a study's kept trials, of one participant or data set or of all; c_0's are c_a's if it has none."""
    from studies.timing.file.store import Store

    with Store.open(path, writable=False) as store:
        times = store.kept_times(participant or None, dataset or None)
    by_kind: dict[str, list[float]] = {"verify": [], "correct": [], "scratch": []}
    for time in times:
        if time.kind in by_kind:  # not what was asked about because of a mark
            by_kind[time.kind].append(time.response_time_s)
    verify, correct, scratch = (tuple(values) for values in by_kind.values())
    if not verify or not correct:
        raise TimesError(
            f"{path} holds {counted(len(verify), 'time')} of right and {len(correct)} of wrong suggestions for these "
            "choices; times can be drawn once there is one of each."
        )
    return Times(verify, correct, scratch or correct)
