"""The tables of pages, against numbers that a hand can compute."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from studies.estimates import Share
from studies.pages.costs import PageCosts
from studies.timing.file.store import Store
from studies.timing.results.analysis import Filter, choices, ratio_rows, scratch_rows
from studies.timing.results.export import export
from studies.timing.results.page_costs import page_cost_rows
from tests.studies.timing.page_sample import (
    PAGES,
    Looked,
    answer_asked,
    asked_about,
    look,
    planned,
    sit_pages,
)
from tests.studies.timing.sample import Answered, add_study, record, sit


def exported(store: Store, what: str, folder: Path) -> list[dict[str, str]]:
    export(store, what, folder / f"{what}.csv")
    columns = json.loads((folder / f"{what}.dictionary.json").read_text(encoding="utf-8"))["columns"]
    with (folder / f"{what}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert all(list(row) == list(columns) for row in rows)
    return rows


def test_pages_as_they_were_confirmed(store: Store, tmp_path: Path) -> None:
    sit_pages(store, "s", PAGES)
    rows = exported(store, "pages", tmp_path)
    told = [
        tuple(row[name] for name in ("cells", "odd", "marks", "misses", "false_marks", "taken_back"))
        for row in rows
    ]
    assert told == [
        ("3", "1", "1", "0", "0", "0"),
        ("4", "1", "1", "0", "0", "0"),
        ("4", "2", "1", "1", "0", "1"),
        ("8", "1", "2", "0", "1", "0"),
        ("6", "0", "0", "0", "0", "0"),
        ("6", "2", "2", "0", "0", "0"),
        ("10", "2", "2", "0", "0", "0"),
        *[("2", "2", "2", "0", "0", "0")] * 3,
    ]
    assert [row["excluded_by"] for row in rows] == [""] * 7 + ["repeated", "focus_lost", "stalled"]
    assert [row["kept"] for row in rows] == ["0", *"111111", *"000"]
    assert [float(row["page_time_s"]) for row in rows] == pytest.approx([looked.time_s for looked in PAGES])
    assert float(rows[1]["first_input_s"]) == 0.5
    assert rows[7]["presentations"] == "2"


def test_cells_with_their_marks(store: Store, tmp_path: Path) -> None:
    sit_pages(store, "s", PAGES)
    rows = exported(store, "cells", tmp_path)
    assert len(rows) == sum(len(looked.classes) for looked in PAGES)
    third = [row for row in rows if row["position"] == "2"]
    assert [(row["true_class"], row["odd"], row["marked"], row["miss"]) for row in third] == [
        ("a", "0", "0", "0"),
        ("a", "0", "0", "0"),
        ("b", "1", "1", "0"),
        ("b", "1", "0", "1"),
    ]
    assert [row["marked_s"] for row in third] == ["", "", "0.5", ""]
    (false,) = [row for row in rows if row["false_mark"] == "1"]
    assert (false["position"], false["cell"], false["item"]) == ("3", "0", "img3.0")


def test_costs_are_fitted_to_kept_pages(store: Store) -> None:
    sit_pages(store, "s", PAGES)
    over_all, tenth, quarter = page_cost_rows(store)
    assert (over_all.odd_share, tenth.odd_share, quarter.odd_share) == (None, 0.1, 0.25)
    assert (over_all.n_pages, over_all.n_kept, over_all.n_cells, over_all.n_marks) == (9, 6, 38, 8)
    assert (over_all.a_s, over_all.c_g_s, over_all.c_m_s) == pytest.approx((1.0, 0.5, 2.0))
    assert over_all.c_g_low_s == pytest.approx(over_all.c_g_high_s)  # they fit exactly
    assert over_all.image_s == pytest.approx((6 * 1 + 0.5 * 38 + 2 * 8) / 38)
    assert (over_all.n_odd, over_all.n_missed, over_all.n_right, over_all.n_falsely_marked) == (8, 1, 30, 1)
    wilson = Share(1, 8).wilson()
    assert wilson is not None
    assert (over_all.miss, over_all.miss_low, over_all.miss_high) == pytest.approx(
        (wilson.value, wilson.low, wilson.high)
    )
    assert (tenth.n_pages, tenth.n_odd, tenth.n_missed) == (3, 3, 0)
    assert tenth.false_mark == pytest.approx(1 / 21)
    assert (quarter.n_pages, quarter.n_odd, quarter.n_missed) == (6, 5, 1)
    assert quarter.a_s is None
    assert over_all.break_even is None  # nothing is known of images one by one
    assert page_cost_rows(store, Filter(interface="keyboard")) == ()
    assert page_cost_rows(store, Filter(dataset="other")) == ()
    assert choices(store).interfaces == ("page",)


def test_what_is_asked_afterwards_is_a_cost_of_its_own(store: Store, tmp_path: Path) -> None:
    first, second = Looked("aabb", (2, 3), 7.0), Looked("aab", (2,), 5.0)
    store.start_session(add_study(store), record("s"), [planned(first, 0), planned(second, 1)])
    look(store, "s", first, 0, (asked_about(2, 0, 2), asked_about(3, 0, 3)))
    look(store, "s", second, 1, (asked_about(4, 1, 2),))
    answer_asked(store, "s", 2, 3.0)
    answer_asked(store, "s", 3, 2.0)
    answer_asked(store, "s", 4, 9.0, given="c")  # wrong: not kept
    (costs, _) = page_cost_rows(store)
    assert (costs.n_asked, costs.asked_s) == (2, 2.5)
    assert costs.c_g_s is None  # two pages tell nothing
    trials = exported(store, "trials", tmp_path)
    assert [(row["kind"], row["interface"], row["page"], row["cell"]) for row in trials] == [
        ("asked", "keyboard", "0", "2"),
        ("asked", "keyboard", "0", "3"),
        ("asked", "keyboard", "1", "2"),
    ]
    cells = exported(store, "cells", tmp_path)
    assert [(row["asked_position"], row["asked_answer"]) for row in cells if row["marked"] == "1"] == [
        ("2", "b"),
        ("3", "b"),
        ("4", "c"),
    ]
    assert scratch_rows(store) == ()  # the rejected class is known: this is no c_0
    assert ratio_rows(store) == ()


def test_from_which_chance_on_a_page_is_cheaper(store: Store) -> None:
    sit(store, add_study(store), "one by one", (Answered("a", 2.0), Answered("b", 9.0)))
    sit_pages(store, "pages", PAGES)
    costs = page_cost_rows(store)[0]
    assert costs.break_even is not None
    wanted = PageCosts(1.0, 0.5, 2.0, 1 / 8, 1 / 30).break_even(6, 2.0, 9.0)
    assert costs.break_even == pytest.approx(wanted)
    assert 0 < wanted < 1
    assert choices(store).interfaces == ("keyboard", "page")
