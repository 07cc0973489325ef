"""One row of each table of pages: its columns, with their types, units and meanings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from studies.table_files import Column
from studies.timing.results.rows import (
    RatioRow,
    count,
    describe_columns,
    nanoseconds,
    number,
    seconds,
    text,
    yes_no,
)

_RATIOS = describe_columns(RatioRow)
_FEW = "Empty where there are too few kept pages, or where they do not tell the three costs apart."
_NONE = "Empty where there was none."
_LOW, _HIGH = "Lower end of its 95 % interval.", "Upper end of its 95 % interval."
_WILSON = "Wilson's 95 % interval"


@dataclass(frozen=True)
class PageRow:
    """A page that was confirmed, as far as costs are made of it."""

    study: str
    participant: str
    dataset: str
    practice: int
    odd_share: float
    cells: int
    odd: int
    marks: int
    misses: int
    false_marks: int
    page_time_s: float
    kept: int


@dataclass(frozen=True)
class AskedRow:
    """What one participant needed for images of one data set that were marked on pages, by themselves."""

    study: str
    participant: str
    dataset: str
    n_kept: int
    mean_s: float | None


@dataclass(frozen=True)
class PageCostRow:
    """What pages of one data set cost one participant: over all of them, or those of one share of odd ones."""

    study: Annotated[str, _RATIOS["study"]]
    participant: Annotated[str, _RATIOS["participant"]]
    dataset: Annotated[str, _RATIOS["dataset"]]
    odd_share: Annotated[
        float | None, number("The share of odd ones that its pages were drawn with; empty over all shares.")
    ]
    n_pages: Annotated[int, count("Confirmed pages, practice left out.", "pages")]
    n_kept: Annotated[int, count("Those of them that no rule removes.", "pages")]
    n_cells: Annotated[int, count("Images on kept pages.", "images")]
    n_marks: Annotated[int, count("Images marked on kept pages.", "images")]
    image_s: Annotated[
        float | None, seconds("Seconds an image: the time of kept pages divided by their images.")
    ]
    a_s: Annotated[
        float | None,
        seconds(
            "Cost of a page (a), of each image on it (c_g) and of each mark (c_m): the time of kept pages is fitted by "
            f"a + c_g images + c_m marks, by non-negative least squares with weights. {_FEW}"
        ),
    ]
    a_low_s: Annotated[float | None, seconds(_LOW)]
    a_high_s: Annotated[float | None, seconds(_HIGH)]
    c_g_s: Annotated[float | None, seconds("Cost of looking at an image on a page (c_g); see a_s.")]
    c_g_low_s: Annotated[float | None, seconds(_LOW)]
    c_g_high_s: Annotated[float | None, seconds(_HIGH)]
    c_m_s: Annotated[float | None, seconds("Cost of a mark (c_m); see a_s.")]
    c_m_low_s: Annotated[float | None, seconds(_LOW)]
    c_m_high_s: Annotated[float | None, seconds(_HIGH)]
    n_odd: Annotated[int, count("Odd images on kept pages.", "images")]
    n_missed: Annotated[int, count("Those of them that were not marked.", "images")]
    miss: Annotated[float | None, number(f"Share of odd images that were not marked (m). {_NONE}")]
    miss_low: Annotated[float | None, number(f"Lower end of {_WILSON}.")]
    miss_high: Annotated[float | None, number(f"Upper end of {_WILSON}.")]
    n_right: Annotated[int, count("Images of the suggested class on kept pages.", "images")]
    n_falsely_marked: Annotated[int, count("Those of them that were marked.", "images")]
    false_mark: Annotated[float | None, number(f"Share of right images that were marked. {_NONE}")]
    false_mark_low: Annotated[float | None, number(f"Lower end of {_WILSON}.")]
    false_mark_high: Annotated[float | None, number(f"Upper end of {_WILSON}.")]
    n_asked: Annotated[int, count("Kept trials that asked about an image that was marked on a page.")]
    asked_s: Annotated[float | None, seconds(f"Mean response time of these trials (c_a'). {_NONE}")]
    break_even: Annotated[
        float | None,
        number(
            "The chance of a right suggestion above which a page of the usual size costs less than the same images one "
            "by one, at this participant's c_v_mean_s and c_a_mean_s of the same data set. 0: always; 1: never. "
            "Empty without them."
        ),
    ]


PAGES: Mapping[str, Column] = {
    "study": _RATIOS["study"],
    "participant": _RATIOS["participant"],
    "session": text("Id of the session."),
    "interface": _RATIOS["interface"],
    "block": count("Block in the order shown, from 0.", ""),
    "position": count("Place of the page in the session's list of trials and pages, from 0.", ""),
    "dataset": _RATIOS["dataset"],
    "practice": yes_no("Whether this was a practice page; those enter no result."),
    "suggestion": text("The class that all images were said to be of."),
    "odd_share": number("The chance with which each image was drawn odd."),
    "cells": count("Images on the page.", "images"),
    "odd": count("Images that are not of the suggested class.", "images"),
    "marks": count("Images that were marked when the page was confirmed.", "images"),
    "misses": count("Odd images that were not marked.", "images"),
    "false_marks": count("Images of the suggested class that were marked.", "images"),
    "taken_back": count("How often a mark was taken back.", "times"),
    "page_time_s": seconds("From the page on the screen to its confirmation."),
    "first_input_s": seconds("From the page on the screen to the first input that changed anything."),
    "handler_delay_s": seconds("From the confirmation's own time stamp to the program's taking it."),
    "stamp_source": text("Where the confirmation's time comes from; as in trials."),
    "device": text("What confirmed the page: keyboard or mouse."),
    "focus_lost": yes_no("Rule focus_lost: the window lost the keyboard while the page was on screen."),
    "longest_stall_s": seconds("Longest time for which the program's event loop stood still meanwhile."),
    "presentations": count("How often the page was shown; more than once after a pause or a crash.", "times"),
    "repeated": yes_no("Rule repeated: shown more than once, so the images were known."),
    "stalled": yes_no(
        "Rule stalled: the event loop, or the machine in its sleep, stood still for more than 0.1 s."
    ),
    "excluded_by": text("Names of the rules that remove this page, separated by commas; empty for none."),
    "kept": yes_no("Whether the page enters the results: no rule removes it and it was not practice."),
    "utc": Column("text", "ISO 8601, UTC", "When the confirmation was stored, by the wall clock."),
    "onset_ns": nanoseconds("When the page was on the screen."),
    "first_input_ns": nanoseconds("When the first input that changed anything came."),
    "response_ns": nanoseconds("When the confirmation came, by its own stamp."),
    "handler_ns": nanoseconds("When the program took the confirmation."),
    "longest_stall_ns": Column("integer", "ns", "The same as longest_stall_s, as measured."),
    "stalled_at_ends": yes_no(
        "Rule stalled_at_ends, as in trials; it removes pages only where the plan turns it on."
    ),
    "incomplete": yes_no("Rule incomplete, as in trials; it removes pages only where the plan turns it on."),
    "robot": _RATIOS["robot"],
}

CELLS: Mapping[str, Column] = {
    **{name: PAGES[name] for name in ("study", "participant", "session", "position")},
    "cell": count("Place of the image on the page, from 0.", ""),
    **{name: PAGES[name] for name in ("dataset", "practice")},
    "item": text("Id of the image in its data set."),
    "true_class": text("Class of the image as the data set has it."),
    "suggestion": PAGES["suggestion"],
    "odd": yes_no("Whether the true class is not the suggested one."),
    "marked": yes_no("Whether it was marked when the page was confirmed."),
    "miss": yes_no("Odd, and not marked."),
    "false_mark": yes_no("Of the suggested class, and marked."),
    "marked_s": seconds("From the page on the screen to the mark; empty where it has none."),
    **{name: PAGES[name] for name in ("odd_share", "excluded_by", "kept")},
    "asked_position": count("Position of the trial that asked about it afterwards; empty for none.", ""),
    "asked_answer": text("What that trial was answered."),
}
