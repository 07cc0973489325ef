"""Result rows as a store of several participants would give them, with numbers fixed by hand."""

from __future__ import annotations

import math
from collections.abc import Sequence

from studies.timing.results.rows import ExclusionRow, RatioRow, ScratchRow, SummaryRow


def ratio_row(
    participant: str = "P01", dataset: str = "digits", ratio: float | None = 3.0, **other
) -> RatioRow:
    c_a = None if ratio is None else 1.2 * ratio
    values = {
        "study": "pilot",
        "participant": participant,
        "dataset": dataset,
        "interface": "keyboard",
        "n_shown": 100,
        "n_verify_kept": 48,
        "n_correct_kept": 0 if ratio is None else 45,
        "n_discarded": 7,
        "n_excluded": 3,
        "c_v_mean_s": 1.3,
        "c_v_median_s": 1.1,
        "c_v_geomean_s": 1.2,
        "c_a_mean_s": None if c_a is None else 1.1 * c_a,
        "c_a_median_s": None if c_a is None else 0.9 * c_a,
        "c_a_geomean_s": c_a,
        "ratio_mean": None if ratio is None else 1.1 * ratio,
        "ratio_median": None if ratio is None else 0.9 * ratio,
        "ratio_geomean": ratio,
        "under_correction_rate": 0.04,
        "over_correction_rate": 0.0,
        "finished": True,
        "answered_share": 1.0,
    }
    return RatioRow(**{**values, **other})


def summary_row(dataset: str = "digits", ratio: float | None = 3.0, people: int = 12, **other) -> SummaryRow:
    several = people > 1 and ratio is not None
    values = {
        "study": "pilot",
        "dataset": dataset,
        "interface": "keyboard",
        "n_participants": people,
        "n_shown": 100 * people,
        "n_verify_kept": 48 * people,
        "n_correct_kept": 45 * people,
        "n_discarded": 7 * people,
        "n_excluded": 3 * people,
        "c_v_geomean_s": 1.2,
        "c_a_geomean_s": None if ratio is None else 1.2 * ratio,
        "ratio_mean": None if ratio is None else 1.1 * ratio,
        "ratio_mean_sd": 0.5 if several else None,
        "ratio_median": None if ratio is None else 0.9 * ratio,
        "ratio_median_sd": 0.4 if several else None,
        "ratio_geomean": ratio,
        "ratio_geomean_low": 0.8 * ratio if several and ratio else None,
        "ratio_geomean_high": 1.25 * ratio if several and ratio else None,
        "under_correction_rate": 0.04,
        "over_correction_rate": 0.0,
        "c_0_geomean_s": None,
        "n_scratch_kept": 0,
        "n_ratio": people if ratio is not None else 0,
        "n_scratch": 0,
        "n_finished": people,
        "answered_share": 1.0,
    }
    return SummaryRow(**{**values, **other})


def scratch_row(participant: str = "P01", dataset: str = "digits") -> ScratchRow:
    return ScratchRow("pilot", participant, dataset, "keyboard", 20, 18, 2, 1, 3.1, 2.9, 3.0)


def exclusion_row(rule: str = "focus_lost", dataset: str = "digits") -> ExclusionRow:
    return ExclusionRow("pilot", dataset, "keyboard", rule, 12, 9, 3.0, 2.94)


def study_of(datasets: Sequence[str], people: int) -> tuple[tuple[SummaryRow, ...], tuple[RatioRow, ...]]:
    """A study in which participant ``i`` of data set ``k`` has a ratio that grows with both."""
    summary, ratios = [], []
    for k, dataset in enumerate(datasets):
        centre = 2.6 + 0.4 * (k % 4)
        summary.append(summary_row(dataset, centre, people))
        for i in range(people):
            spread = math.exp(0.6 * ((7 * i % people) / max(1, people - 1) - 0.5))
            ratios.append(ratio_row(f"P{i + 1:02}", dataset, centre * spread))
    return tuple(summary), tuple(ratios)
