"""A person's c_v, c_a and c_0 as a timing study measured them, to plan rounds with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from model.errors import UserError
from studies.timing.file.store import Store
from studies.timing.results.analysis import ratio_rows, scratch_rows


class StudyTimesError(UserError):
    """A study that measured nobody's costs."""


@dataclass(frozen=True)
class StudyTimes:
    """The arithmetic mean times of one participant with one set of images, in s.

    A round's costs add up, and sums are planned with arithmetic means; the study's own results are geometric ones.
    """

    name: str
    c_v_mean_s: float
    c_a_mean_s: float  # no less than c_v_mean_s
    c_0_mean_s: float | None  # where the study had trials without suggestions


def read_study_times(path: Path) -> tuple[StudyTimes, ...]:
    """All participants of a study whose c_v and c_a are known; raises ``UserError`` where there are none."""
    with Store.open(path, writable=False) as store:
        ratios, scratch = ratio_rows(store), scratch_rows(store)
    alone = {(s.study, s.participant, s.dataset, s.interface): s.c_0_mean_s for s in scratch}
    times = tuple(
        StudyTimes(
            f"{row.participant}, {row.dataset}, {row.interface} ({row.study})",
            row.c_v_mean_s,
            max(row.c_v_mean_s, row.c_a_mean_s),
            alone.get((row.study, row.participant, row.dataset, row.interface)),
        )
        for row in ratios
        if row.c_v_mean_s is not None and row.c_a_mean_s is not None
    )
    if not times:
        raise StudyTimesError(f"{path} holds no participant with both c_v and c_a: choose another study.")
    return times
