"""What every column of the store's tables for people means: the data dictionary beside each export."""

from __future__ import annotations

from collections.abc import Mapping

from studies.table_files import Column


def _text(meaning: str) -> Column:
    return Column("text", "", meaning)


def _count(meaning: str, unit: str = "trials") -> Column:
    return Column("integer", unit, meaning)


def _seconds(meaning: str) -> Column:
    return Column("number", "s", meaning)


def _nanoseconds(meaning: str) -> Column:
    return Column(
        "integer", "ns", meaning + " On the program's monotonic clock: compare within a session only."
    )


def _yes_no(meaning: str) -> Column:
    return Column("boolean", "", meaning)


def _number(meaning: str) -> Column:
    return Column("number", "", meaning)


_UNDEFINED = "Empty where there is no such trial."

_GROUP = {
    "study": _text(
        "Name of the plan; with the start of its hash where one file holds two plans of that name."
    ),
    "participant": _text("Code of the participant."),
    "dataset": _text("Name of the data set."),
    "interface": _text("How participants answered: keyboard or dropdown."),
}
_CELL = {name: _GROUP[name] for name in ("study", "dataset", "interface")}

_COUNTS = {
    "n_shown": _count(
        "Answered trials with a suggestion, practice left out: kept, discarded and excluded ones."
    ),
    "n_verify_kept": _count("Kept trials whose suggestion was right."),
    "n_correct_kept": _count("Kept trials whose suggestion was wrong."),
    "n_discarded": _count("Trials answered wrongly (the paper's rule), whatever other rule applies too."),
    "n_excluded": _count("Trials answered rightly that another rule removed."),
}

_RATES = {
    "under_correction_rate": _number("Wrong suggestions accepted, as a share of wrong suggestions shown."),
    "over_correction_rate": _number("Right suggestions changed, as a share of right suggestions shown."),
}

TRIALS: Mapping[str, Column] = {
    "study": _GROUP["study"],
    "participant": _GROUP["participant"],
    "session": _text("Id of the sitting."),
    "interface": _GROUP["interface"],
    "block": _count("Block in the order shown, from 0.", ""),
    "position": _count("Place of the trial in the session's trial list, from 0.", ""),
    "dataset": _GROUP["dataset"],
    "practice": _yes_no("Whether this was a practice trial; those enter no result."),
    "item": _text("Id of the image in its data set."),
    "true_class": _text("Class of the image as the data set has it."),
    "suggestion": _text("Class that was suggested; empty in a trial without a suggestion."),
    "suggestion_right": _yes_no("Whether the suggestion was the true class; empty without a suggestion."),
    "answer": _text("Class that the participant gave."),
    "answer_right": _yes_no("Whether the answer was the true class."),
    "kind": _text("verify (right suggestion), correct (wrong suggestion) or scratch (no suggestion)."),
    "response_time_s": _seconds("From the stimulus on the screen to the deciding input."),
    "first_input_s": _seconds("From the stimulus on the screen to the first input that changed anything."),
    "handler_delay_s": _seconds("From the deciding input's own time stamp to the program's taking it."),
    "stamp_source": _text(
        "Where the input's time comes from: monotonic (the platform's stamp on the program's clock), calibrated "
        "(the platform's stamp mapped onto it) or handler (the time at which the program took the input)."
    ),
    "device": _text("What gave the deciding input: keyboard or mouse."),
    "backtracks": _count("How often the participant took back a choice or a typed letter.", "times"),
    "focus_lost": _yes_no("Rule focus_lost: the window lost the keyboard while the stimulus was on screen."),
    "longest_stall_s": _seconds(
        "Longest time for which the program's event loop stood still during the trial."
    ),
    "presentations": _count(
        "How often the stimulus was shown; more than once after a pause or a crash.", "times"
    ),
    "flagged": _yes_no("Rule flagged: the participant marked the data set itself as wrong here."),
    "too_fast": _yes_no("Rule too_fast: faster than the plan's limit for a possible reaction."),
    "repeated": _yes_no("Rule repeated: shown more than once, so the image was known."),
    "stalled": _yes_no("Rule stalled: the event loop stood still for more than 0.1 s."),
    "excluded_by": _text("Names of the rules that remove this trial, separated by commas; empty for none."),
    "kept": _yes_no("Whether the trial enters the results: no rule removes it and it was not practice."),
    "utc": Column("text", "ISO 8601, UTC", "When the answer was stored, by the wall clock."),
    "onset_ns": _nanoseconds("When the stimulus was on the screen."),
    "first_input_ns": _nanoseconds("When the first input that changed anything came."),
    "response_ns": _nanoseconds("When the deciding input came, by its own stamp."),
    "handler_ns": _nanoseconds("When the program took the deciding input."),
    "longest_stall_ns": Column("integer", "ns", "The same as longest_stall_s, as measured."),
}

RATIOS: Mapping[str, Column] = {
    **_GROUP,
    **_COUNTS,
    "c_v_mean_s": _seconds(
        "Arithmetic mean response time of kept trials with a right suggestion (verifying); rounds and experiments "
        f"are planned with it. {_UNDEFINED}"
    ),
    "c_v_median_s": _seconds(f"Median of the same times. {_UNDEFINED}"),
    "c_v_geomean_s": _seconds(f"Geometric mean of the same times. {_UNDEFINED}"),
    "c_a_mean_s": _seconds(
        "Arithmetic mean response time of kept trials with a wrong suggestion (correcting); rounds and experiments "
        f"are planned with it. {_UNDEFINED}"
    ),
    "c_a_median_s": _seconds(f"Median of the same times. {_UNDEFINED}"),
    "c_a_geomean_s": _seconds(f"Geometric mean of the same times. {_UNDEFINED}"),
    "ratio_mean": _number("c_a_mean_s / c_v_mean_s. Empty where one of them is."),
    "ratio_median": _number("c_a_median_s / c_v_median_s. Empty where one of them is."),
    "ratio_geomean": _number("c_a_geomean_s / c_v_geomean_s. Empty where one of them is."),
    **_RATES,
}

SCRATCH: Mapping[str, Column] = {
    **_GROUP,
    "n_shown": _count("Answered trials without a suggestion, practice left out."),
    "n_kept": _count("Those of them that no rule removes."),
    "n_discarded": _COUNTS["n_discarded"],
    "n_excluded": _COUNTS["n_excluded"],
    "c_0_mean_s": _seconds(f"Mean response time of kept trials without a suggestion. {_UNDEFINED}"),
    "c_0_median_s": _seconds(f"Median of the same times. {_UNDEFINED}"),
    "c_0_geomean_s": _seconds(f"Geometric mean of the same times. {_UNDEFINED}"),
}

SUMMARY: Mapping[str, Column] = {
    **_CELL,
    "n_participants": _count("Participants with an answered trial, practice left out.", "participants"),
    **_COUNTS,
    "c_v_geomean_s": _seconds("Geometric mean over participants of their c_v_geomean_s."),
    "c_a_geomean_s": _seconds("Geometric mean over participants of their c_a_geomean_s."),
    "ratio_mean": _number("Mean over participants of their ratio_mean (the paper's figure 2)."),
    "ratio_mean_sd": _number("Standard deviation of the same; empty with fewer than two participants."),
    "ratio_median": _number("Mean over participants of their ratio_median (the paper's figure 2)."),
    "ratio_median_sd": _number("Standard deviation of the same; empty with fewer than two participants."),
    "ratio_geomean": _number("Geometric mean over participants of their ratio_geomean."),
    "ratio_geomean_low": _number(
        "Lower end of its 95 % interval (Student's t on log ratios); empty with fewer than two participants."
    ),
    "ratio_geomean_high": _number("Upper end of the same interval."),
    "under_correction_rate": _number("Mean over participants of their under_correction_rate."),
    "over_correction_rate": _number("Mean over participants of their over_correction_rate."),
    "c_0_geomean_s": _seconds("Geometric mean over participants of their c_0_geomean_s (no suggestion)."),
    "n_scratch_kept": _count("Kept trials without a suggestion."),
}

EXCLUSIONS: Mapping[str, Column] = {
    **_CELL,
    "rule": _text("Name of the exclusion rule; the column of that name in trials says what it means."),
    "n_flagged": _count("Answered trials with a suggestion, practice left out, to which the rule applies."),
    "n_only": _count("Those of them that no other rule removes."),
    "ratio_geomean": _number("Geometric mean ratio over participants with all rules, as in summary."),
    "ratio_geomean_without_rule": _number("The same with all rules but this one."),
}

DICTIONARY: Mapping[str, Mapping[str, Column]] = {
    "trials": TRIALS,
    "ratios": RATIOS,
    "scratch": SCRATCH,
    "summary": SUMMARY,
    "exclusions": EXCLUSIONS,
}
