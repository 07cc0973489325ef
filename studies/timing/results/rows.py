"""One row of each table of a study's results: the columns of its view, with their types, units and meanings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, get_type_hints

from studies.table_files import Column


def text(meaning: str) -> Column:
    """A column of text."""
    return Column("text", "", meaning)


def count(meaning: str, unit: str = "trials") -> Column:
    """A column of whole numbers."""
    return Column("integer", unit, meaning)


def seconds(meaning: str) -> Column:
    """A column of times in s."""
    return Column("number", "s", meaning)


def nanoseconds(meaning: str) -> Column:
    """A column of moments in ns."""
    return Column(
        "integer", "ns", meaning + " On the program's monotonic clock: compare within a session only."
    )


def yes_no(meaning: str) -> Column:
    """A column of 0 and 1."""
    return Column("boolean", "", meaning)


def number(meaning: str) -> Column:
    """A column of numbers without a unit."""
    return Column("number", "", meaning)


_UNDEFINED = "Empty where there is no such trial."

_Study = Annotated[
    str, text("Name of the plan; with the start of its hash where one file holds two plans of that name.")
]
_Participant = Annotated[
    str, text("Code of the participant, as it was first written: case and spaces do not tell people apart.")
]
_Dataset = Annotated[str, text("Name of the data set.")]
_Interface = Annotated[str, text("How participants answered: keyboard, dropdown or page.")]
_Robot = Annotated[bool, yes_no("Whether the participant was simulated; left out unless asked for.")]
_Shown = Annotated[
    int, count("Answered trials with a suggestion, practice left out: kept, discarded and excluded ones.")
]
_VerifyKept = Annotated[int, count("Kept trials whose suggestion was right.")]
_CorrectKept = Annotated[int, count("Kept trials whose suggestion was wrong.")]
_Discarded = Annotated[
    int, count("Trials answered wrongly (the paper's rule), whatever other rule applies too.")
]
_AnsweredShare = "of the trials and pages that count and whose images could be read"
_Excluded = Annotated[int, count("Trials answered rightly that another rule removed.")]


@dataclass(frozen=True)
class RatioRow:
    """One participant, data set and interface; times in seconds, ``None`` where undefined."""

    study: _Study
    participant: _Participant
    dataset: _Dataset
    interface: _Interface
    n_shown: _Shown
    n_verify_kept: _VerifyKept
    n_correct_kept: _CorrectKept
    n_discarded: _Discarded
    n_excluded: _Excluded
    c_v_mean_s: Annotated[
        float | None,
        seconds(
            "Arithmetic mean response time of kept trials with a right suggestion (verifying); rounds and experiments "
            f"are planned with it. {_UNDEFINED}"
        ),
    ]
    c_v_median_s: Annotated[float | None, seconds(f"Median of the same times. {_UNDEFINED}")]
    c_v_geomean_s: Annotated[float | None, seconds(f"Geometric mean of the same times. {_UNDEFINED}")]
    c_a_mean_s: Annotated[
        float | None,
        seconds(
            "Arithmetic mean response time of kept trials with a wrong suggestion (correcting); rounds and experiments "
            f"are planned with it. {_UNDEFINED}"
        ),
    ]
    c_a_median_s: Annotated[float | None, seconds(f"Median of the same times. {_UNDEFINED}")]
    c_a_geomean_s: Annotated[float | None, seconds(f"Geometric mean of the same times. {_UNDEFINED}")]
    ratio_mean: Annotated[float | None, number("c_a_mean_s / c_v_mean_s. Empty where one of them is.")]
    ratio_median: Annotated[float | None, number("c_a_median_s / c_v_median_s. Empty where one of them is.")]
    ratio_geomean: Annotated[
        float | None, number("c_a_geomean_s / c_v_geomean_s. Empty where one of them is.")
    ]
    under_correction_rate: Annotated[
        float | None, number("Wrong suggestions accepted, as a share of wrong suggestions shown.")
    ]
    over_correction_rate: Annotated[
        float | None, number("Right suggestions changed, as a share of right suggestions shown.")
    ]
    finished: Annotated[bool, yes_no("Whether the participant finished every session of the study.")]
    answered_share: Annotated[
        float | None, number(f"Share of the participant's sessions that is answered, {_AnsweredShare}.")
    ]
    robot: _Robot = False


@dataclass(frozen=True)
class ScratchRow:
    """What one participant needed without a suggestion (c_0), for one data set and interface."""

    study: _Study
    participant: _Participant
    dataset: _Dataset
    interface: _Interface
    n_shown: Annotated[int, count("Answered trials without a suggestion, practice left out.")]
    n_kept: Annotated[int, count("Those of them that no rule removes.")]
    n_discarded: _Discarded
    n_excluded: _Excluded
    c_0_mean_s: Annotated[
        float | None, seconds(f"Mean response time of kept trials without a suggestion. {_UNDEFINED}")
    ]
    c_0_median_s: Annotated[float | None, seconds(f"Median of the same times. {_UNDEFINED}")]
    c_0_geomean_s: Annotated[float | None, seconds(f"Geometric mean of the same times. {_UNDEFINED}")]
    robot: _Robot = False


@dataclass(frozen=True)
class SummaryRow:
    """One data set and interface over its participants."""

    study: _Study
    dataset: _Dataset
    interface: _Interface
    n_participants: Annotated[
        int, count("Participants with an answered trial, practice left out.", "participants")
    ]
    n_shown: _Shown
    n_verify_kept: _VerifyKept
    n_correct_kept: _CorrectKept
    n_discarded: _Discarded
    n_excluded: _Excluded
    c_v_geomean_s: Annotated[
        float | None, seconds("Geometric mean over the n_ratio participants of their c_v_geomean_s.")
    ]
    c_a_geomean_s: Annotated[
        float | None, seconds("Geometric mean over the n_ratio participants of their c_a_geomean_s.")
    ]
    ratio_mean: Annotated[
        float | None, number("Mean over participants of their ratio_mean (the paper's figure 2).")
    ]
    ratio_mean_sd: Annotated[
        float | None, number("Standard deviation of the same; empty with fewer than two participants.")
    ]
    ratio_median: Annotated[
        float | None, number("Mean over participants of their ratio_median (the paper's figure 2).")
    ]
    ratio_median_sd: Annotated[
        float | None, number("Standard deviation of the same; empty with fewer than two participants.")
    ]
    ratio_geomean: Annotated[float | None, number("Geometric mean over participants of their ratio_geomean.")]
    ratio_geomean_low: Annotated[
        float | None,
        number(
            "Lower end of its 95 % interval (Student's t on log ratios); empty with fewer than two participants."
        ),
    ]
    ratio_geomean_high: Annotated[float | None, number("Upper end of the same interval.")]
    under_correction_rate: Annotated[
        float | None, number("Mean over participants of their under_correction_rate.")
    ]
    over_correction_rate: Annotated[
        float | None, number("Mean over participants of their over_correction_rate.")
    ]
    c_0_geomean_s: Annotated[
        float | None,
        seconds("Geometric mean over the n_scratch participants of their c_0_geomean_s (no suggestion)."),
    ]
    n_scratch_kept: Annotated[int, count("Kept trials without a suggestion.")]
    n_ratio: Annotated[
        int,
        count(
            "Participants with a kept right and a kept wrong suggestion: c_v, c_a and all ratios are over them.",
            "participants",
        ),
    ]
    n_scratch: Annotated[int, count("Participants with a kept trial without a suggestion.", "participants")]
    n_finished: Annotated[int, count("Participants who finished every session of the study.", "participants")]
    answered_share: Annotated[float | None, number("Mean over participants of their answered_share.")]


@dataclass(frozen=True)
class ExclusionRow:
    """What one exclusion rule removed, and the geometric mean ratio with and without that rule."""

    study: _Study
    dataset: _Dataset
    interface: _Interface
    rule: Annotated[
        str, text("Name of the exclusion rule; the column of that name in trials says what it means.")
    ]
    n_flagged: Annotated[
        int, count("Answered trials with a suggestion, practice left out, to which the rule applies.")
    ]
    n_only: Annotated[int, count("Those of them that no other rule removes.")]
    ratio_geomean: Annotated[
        float | None, number("Geometric mean ratio over participants with all rules, as in summary.")
    ]
    ratio_geomean_without_rule: Annotated[float | None, number("The same with all rules but this one.")]


def describe_columns(row: type) -> Mapping[str, Column]:
    """What the fields of a row class mean, in their order."""
    hints = get_type_hints(row, include_extras=True)
    return {name: hint.__metadata__[0] for name, hint in hints.items()}
