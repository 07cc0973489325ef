"""What every column of the store's tables for people means: the data dictionary beside each export."""

from __future__ import annotations

from collections.abc import Mapping

from studies.table_files import Column
from studies.timing.results.factors import FactorRow
from studies.timing.results.learning import LearningRow, SpeedRow
from studies.timing.results.page_rows import CELLS, PAGES, PageCostRow
from studies.timing.results.rows import (
    ExclusionRow,
    RatioRow,
    ScratchRow,
    SummaryRow,
    count,
    describe_columns,
    nanoseconds,
    number,
    seconds,
    text,
    yes_no,
)
from studies.timing.results.sensitivity import SensitivityRow
from studies.timing.results.session_columns import EVENTS, SESSIONS

_RATIOS = describe_columns(RatioRow)

_IF_ON = "It removes trials only where the plan turns it on."

TRIALS: Mapping[str, Column] = {
    "study": _RATIOS["study"],
    "participant": _RATIOS["participant"],
    "session": text("Id of the session."),
    "interface": _RATIOS["interface"],
    "block": count("Block in the order shown, from 0.", ""),
    "position": count("Place of the trial in the session's trial list, from 0.", ""),
    "dataset": _RATIOS["dataset"],
    "practice": yes_no("Whether this was a practice trial; those enter no result."),
    "item": text("Id of the image in its data set."),
    "true_class": text("Class of the image as the data set has it."),
    "suggestion": text("Class that was suggested; empty in a trial without a suggestion."),
    "suggestion_right": yes_no("Whether the suggestion was the true class; empty without a suggestion."),
    "answer": text("Class that the participant gave."),
    "answer_right": yes_no("Whether the answer was the true class."),
    "kind": text(
        "verify (right suggestion), correct (wrong suggestion), scratch (no suggestion) or asked (about an image "
        "that was marked on a page)."
    ),
    "response_time_s": seconds("From the stimulus on the screen to the deciding input."),
    "first_input_s": seconds("From the stimulus on the screen to the first input that changed anything."),
    "handler_delay_s": seconds("From the deciding input's own time stamp to the program's taking it."),
    "stamp_source": text(
        "Where the input's time comes from: monotonic (the platform's stamp on the program's clock), calibrated "
        "(the platform's stamp mapped onto it) or handler (the time at which the program took the input)."
    ),
    "device": text("What gave the deciding input: keyboard or mouse."),
    "backtracks": count("How often the participant took back a choice or a typed letter.", "times"),
    "focus_lost": yes_no("Rule focus_lost: the window lost the keyboard while the stimulus was on screen."),
    "longest_stall_s": seconds(
        "Longest time for which the program's event loop stood still during the trial."
    ),
    "presentations": count(
        "How often the stimulus was shown; more than once after a pause or a crash.", "times"
    ),
    "flagged": yes_no("Rule flagged: the participant marked the data set itself as wrong here."),
    "too_fast": yes_no("Rule too_fast: faster than the plan's limit for a possible reaction."),
    "repeated": yes_no("Rule repeated: shown more than once, so the image was known."),
    "stalled": yes_no(
        "Rule stalled: the event loop, or the machine in its sleep, stood still for more than 0.1 s. Where the plan "
        "has stalled_at_ends in its place, it removes nothing."
    ),
    "excluded_by": text("Names of the rules that remove this trial, separated by commas; empty for none."),
    "kept": yes_no("Whether the trial enters the results: no rule removes it and it was not practice."),
    "utc": Column("text", "ISO 8601, UTC", "When the answer was stored, by the wall clock."),
    "onset_ns": nanoseconds("When the stimulus was on the screen."),
    "first_input_ns": nanoseconds("When the first input that changed anything came."),
    "response_ns": nanoseconds("When the deciding input came, by its own stamp."),
    "handler_ns": nanoseconds("When the program took the deciding input."),
    "longest_stall_ns": Column("integer", "ns", "The same as longest_stall_s, as measured."),
    "page": count("Position of the page on which the image was marked; empty for other trials.", ""),
    "cell": count("Its place on that page, from 0.", ""),
    "trial": count(
        "Which of its block it was in the order answered, from 1; practice, and what is asked about after pages, are "
        "counted apart.",
        "",
    ),
    "stalled_at_ends": yes_no(
        "Rule stalled_at_ends: more than 0.1 s passed from painting the image until it was drawn, or from the "
        "deciding input until the program took it, or the machine slept; or the program stalled, and the input has no "
        f"stamp of its own. {_IF_ON}"
    ),
    "too_slow": yes_no(
        f"Rule too_slow: slower than the plan's limit, or than 10 s where it has none. {_IF_ON}"
    ),
    "outlier": yes_no(
        "Rule outlier: the log time is further from its median over the participant's right answers of this data set, "
        "interface and kind than the plan's number (3 where it has none) of scaled median absolute deviations. "
        f"{_IF_ON}"
    ),
    "first_trials": yes_no(
        f"Rule first_trials: among the first of a block, as many as the plan says, or 5 where it does not. {_IF_ON}"
    ),
    "incomplete": yes_no(
        "Rule incomplete: less of the session is answered than the plan asks for, or than 0.9 where it does not. "
        f"{_IF_ON}"
    ),
    "robot": _RATIOS["robot"],
}

QUESTIONS: Mapping[str, Column] = {
    **{name: TRIALS[name] for name in ("study", "participant", "session")},
    "place": count("Place of the question in the plan, from 0.", ""),
    "question": text("Its name in the plan."),
    "kind": text("What is answered: choice (one of a list), number or text (own words)."),
    "text": text("What the participant read."),
    "answer": text("What the participant answered; empty where the question was left out."),
    "number": number("The answer to a question of the kind number, in the unit beside it; empty for others."),
    "unit": text("Unit of the number; empty for none."),
    "utc": Column("text", "ISO 8601, UTC", "When the answers were stored, by the wall clock."),
}

AGREEMENTS: Mapping[str, Column] = {
    **{name: TRIALS[name] for name in ("study", "participant", "session")},
    "version": text("Version of the consent's text, as the plan has it."),
    "sha256": text("SHA-256 of the consent's text in UTF-8, without space at its ends."),
    "contact": text("Whom participants were told to ask."),
    "code": text("Code that the participant was told to quote for a later deletion."),
    "utc": Column("text", "ISO 8601, UTC", "When the participant agreed, by the wall clock."),
}

DICTIONARY: Mapping[str, Mapping[str, Column]] = {
    "trials": TRIALS,
    "ratios": _RATIOS,
    "scratch": describe_columns(ScratchRow),
    "summary": describe_columns(SummaryRow),
    "exclusions": describe_columns(ExclusionRow),
    "sensitivity": describe_columns(SensitivityRow),
    "learning": describe_columns(LearningRow),
    "speed": describe_columns(SpeedRow),
    "factors": describe_columns(FactorRow),
    "pages": PAGES,
    "cells": CELLS,
    "page_costs": describe_columns(PageCostRow),
    "questions": QUESTIONS,
    "agreements": AGREEMENTS,
    "sessions": SESSIONS,
    "events": EVENTS,
}
