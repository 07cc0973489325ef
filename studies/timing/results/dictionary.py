"""What every column of the store's tables for people means: the data dictionary beside each export."""

from __future__ import annotations

from collections.abc import Mapping

from studies.table_files import Column
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

_RATIOS = describe_columns(RatioRow)

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
        "Rule stalled: the event loop, or the machine in its sleep, stood still for more than 0.1 s."
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
    "pages": PAGES,
    "cells": CELLS,
    "page_costs": describe_columns(PageCostRow),
    "questions": QUESTIONS,
    "agreements": AGREEMENTS,
}
