"""Every number of the views against values computed by hand (the arithmetic stands in the comments)."""

from __future__ import annotations

import math
import sqlite3
from pathlib import Path

import pytest

from studies.files.copies import add_functions
from studies.timing.facts.records import Interface
from studies.timing.file.rules import RULES
from studies.timing.file.store import Store
from tests.studies.timing.sample import FULL, Answered, add_study, sit, two_participants


def table(store: Store, view: str, order: str) -> list[dict[str, object]]:
    columns = [row[1] for row in store.query(f"PRAGMA table_info({view})")]
    rows = store.query(f"SELECT * FROM {view} ORDER BY {order}")
    return [dict(zip(columns, row, strict=True)) for row in rows]


def near(row: dict[str, object]) -> dict[str, object]:
    return {name: pytest.approx(v, rel=1e-9) if isinstance(v, float) else v for name, v in row.items()}


def test_ratios_by_hand(store: Store) -> None:
    two_participants(store)
    first, second = table(store, "ratios", "participant")
    assert first == near(
        {
            "study": "study",
            "participant": "P1",
            "dataset": "d",
            "interface": "keyboard",
            "n_shown": 13,
            "n_verify_kept": 4,
            "n_correct_kept": 2,
            "n_discarded": 3,
            "n_excluded": 4,
            "c_v_mean_s": 4.5 / 4,  # 0.5, 2, 1, 1
            "c_v_median_s": 1.0,
            "c_v_geomean_s": 1.0,
            "c_a_mean_s": 5.0,  # 2, 8
            "c_a_median_s": 5.0,
            "c_a_geomean_s": 4.0,
            "ratio_mean": 5 / 1.125,
            "ratio_median": 5.0,
            "ratio_geomean": 4.0,
            "under_correction_rate": 1 / 6,
            "over_correction_rate": 1 / 7,
            "finished": 1,
            "answered_share": 1.0,
            "robot": 0,
        }
    )
    assert [second[name] for name in ("ratio_mean", "ratio_median", "ratio_geomean")] == pytest.approx(
        [9.0] * 3
    )
    assert (second["n_shown"], second["under_correction_rate"], second["over_correction_rate"]) == (2, 0, 0)


def test_ratios_has_the_columns_of_the_issue_in_order(store: Store) -> None:
    columns = [row[1] for row in store.query("PRAGMA table_info(ratios)")]
    assert ", ".join(columns) == (
        "study, participant, dataset, interface, n_shown, n_verify_kept, n_correct_kept, n_discarded, n_excluded, "
        "c_v_mean_s, c_v_median_s, c_v_geomean_s, c_a_mean_s, c_a_median_s, c_a_geomean_s, ratio_mean, ratio_median, "
        "ratio_geomean, under_correction_rate, over_correction_rate, finished, answered_share, robot"
    )


def test_scratch_by_hand(store: Store) -> None:
    two_participants(store)
    (row,) = table(store, "scratch", "participant")
    assert row == near(
        {
            "study": "study",
            "participant": "P1",
            "dataset": "d",
            "interface": "keyboard",
            "n_shown": 3,
            "n_kept": 2,
            "n_discarded": 1,
            "n_excluded": 0,
            "c_0_mean_s": 7.5,  # 3, 12
            "c_0_median_s": 7.5,
            "c_0_geomean_s": 6.0,
            "robot": 0,
        }
    )


def test_summary_by_hand(store: Store) -> None:
    two_participants(store)
    (row,) = table(store, "summary", "study")
    half_width = 12.7062047362 * math.log(9 / 4) / 2  # t(1) * SD / sqrt(2), SD of two = difference / sqrt(2)
    assert row == near(
        {
            "study": "study",
            "dataset": "d",
            "interface": "keyboard",
            "n_participants": 2,
            "n_shown": 15,
            "n_verify_kept": 5,
            "n_correct_kept": 3,
            "n_discarded": 3,
            "n_excluded": 4,
            "c_v_geomean_s": 1.0,
            "c_a_geomean_s": 6.0,  # sqrt(4 * 9)
            "ratio_mean": (40 / 9 + 9) / 2,
            "ratio_mean_sd": (9 - 40 / 9) / math.sqrt(2),
            "ratio_median": 7.0,
            "ratio_median_sd": 4 / math.sqrt(2),
            "ratio_geomean": 6.0,
            "ratio_geomean_low": 6 * math.exp(-half_width),
            "ratio_geomean_high": 6 * math.exp(half_width),
            "under_correction_rate": 1 / 12,
            "over_correction_rate": 1 / 14,
            "c_0_geomean_s": 6.0,
            "n_scratch_kept": 2,
            "n_ratio": 2,
            "n_scratch": 1,
            "n_finished": 2,
            "answered_share": 1.0,
        }
    )


def test_exclusions_by_hand(store: Store) -> None:
    two_participants(store)
    found = {
        row["rule"]: (row["n_flagged"], row["n_only"], row["ratio_geomean_without_rule"])
        for row in table(store, "exclusions", "rule")
    }
    assert found == {
        "wrong_answer": (3, 2, pytest.approx(math.sqrt(2 * 9))),  # c_a of P1: cube root of 2 * 8 * 0.5 = 2
        "focus_lost": (2, 1, pytest.approx(math.sqrt(2 * 9))),  # c_v: fifth root of 0.5 * 2 * 1 * 1 * 32 = 2
        "too_fast": (1, 1, pytest.approx(6 * 10**0.1)),  # c_v: fifth root of 0.1
        "repeated": (1, 1, pytest.approx(math.sqrt(2 * 9))),  # c_a: cube root of 2 * 8 * 0.5 = 2
        "stalled": (1, 0, pytest.approx(6.0)),
        "flagged": (1, 0, pytest.approx(6.0)),
    }
    assert {row["ratio_geomean"] for row in table(store, "exclusions", "rule")} == {
        table(store, "summary", "study")[0]["ratio_geomean"]
    }


def test_trials_by_hand(store: Store) -> None:
    two_participants(store)
    rows = table(store, "trials", "session, position")[: len(FULL)]
    assert [row["excluded_by"] for row in rows] == [
        *[""] * 6,
        "wrong_answer,focus_lost",
        "wrong_answer",
        "focus_lost",
        "too_fast",
        "repeated",
        "stalled,flagged",
        "",
        "",
        "",
        "wrong_answer",
        "wrong_answer",
    ]
    assert [row["kept"] for row in rows] == [0, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0]
    assert [row["kind"] for row in rows[3:5]] == ["verify", "correct"]
    assert rows[13]["kind"] == "scratch"
    assert rows[13]["suggestion_right"] is None
    assert [row["response_time_s"] for row in rows] == pytest.approx([t.time_s for t in FULL], abs=1e-9)
    assert rows[1]["handler_delay_s"] == pytest.approx(0.002)
    assert rows[10]["presentations"] == 2


def test_a_time_at_or_below_zero_is_too_fast_whatever_the_limit(store: Store) -> None:
    study = add_study(store, too_fast_ms=0)
    sit(store, study, "s", [Answered("a", 0.0), Answered("a", -0.1), Answered("a", 0.001)])
    assert [row["too_fast"] for row in table(store, "trials", "position")] == [1, 1, 0]


def test_what_is_undefined_is_null(store: Store) -> None:
    study = add_study(store)
    sit(store, study, "s", [Answered("b", 2.0), Answered("b", 3.0, answer="b")])
    (row,) = table(store, "ratios", "study")
    assert [
        row[n] for n in ("c_v_mean_s", "c_v_median_s", "ratio_mean", "ratio_median", "ratio_geomean")
    ] == [None] * 5
    assert row["over_correction_rate"] is None
    (summary,) = table(store, "summary", "study")
    assert (summary["ratio_geomean"], summary["ratio_mean_sd"], summary["ratio_geomean_low"]) == (
        None,
        None,
        None,
    )


def test_one_participant_has_a_ratio_and_no_interval(store: Store) -> None:
    sit(store, add_study(store), "s", [Answered("a", 1.0), Answered("b", 3.0)])
    (row,) = table(store, "summary", "study")
    assert row["ratio_geomean"] == pytest.approx(3.0)
    assert (row["ratio_geomean_low"], row["ratio_geomean_high"], row["ratio_median_sd"]) == (None, None, None)


def test_a_study_of_scratch_trials_alone_has_a_summary(store: Store) -> None:
    sit(store, add_study(store), "s", [Answered(None, 2.0), Answered(None, 8.0)])
    (row,) = table(store, "summary", "study")
    assert (row["n_participants"], row["n_shown"], row["n_scratch_kept"]) == (1, 0, 2)
    assert row["c_0_geomean_s"] == pytest.approx(4.0)


def test_two_sessions_of_one_participant_are_pooled_by_interface(store: Store) -> None:
    study = add_study(store)
    sit(store, study, "s1", [Answered("a", 1.0), Answered("b", 2.0)])
    sit(store, study, "s2", [Answered("a", 4.0), Answered("b", 8.0)])
    sit(store, study, "s3", [Answered("a", 1.0)], interface=Interface.DROPDOWN)
    dropdown, keyboard = table(store, "ratios", "interface")
    assert (dropdown["interface"], dropdown["n_shown"]) == ("dropdown", 1)
    assert (keyboard["n_shown"], keyboard["c_v_geomean_s"], keyboard["c_a_median_s"]) == (
        4,
        pytest.approx(2.0),
        5.0,
    )


def test_two_plans_of_one_name_are_told_apart_by_hash(store: Store) -> None:
    sit(store, add_study(store, "same", "a" * 64), "s1", [Answered("a", 1.0)])
    assert store.query("SELECT DISTINCT study FROM trials") == [("same",)]
    other = add_study(store, "same", "b" * 64)
    assert store.query("SELECT DISTINCT study FROM trials") == [("same",)]  # no session of it yet
    sit(store, other, "s2", [Answered("a", 1.0)])
    labels = store.query("SELECT DISTINCT study FROM trials ORDER BY 1")
    assert labels == [("same (aaaaaaaa)",), ("same (bbbbbbbb)",)]


def test_every_rule_is_a_column_or_the_wrong_answer(store: Store) -> None:
    columns = {row[1] for row in store.query("PRAGMA table_info(trials)")}
    assert set(RULES) - columns == {"wrong_answer"}


COMPARED = ("trials", "ratios", "scratch", "summary", "exclusions")


def test_python_stands_in_for_missing_mathematics(store: Store, tmp_path: Path) -> None:
    two_participants(store)
    expected = {view: store.query(f"SELECT * FROM {view} ORDER BY 1, 2, 3, 4") for view in COMPARED}
    connection = sqlite3.connect(tmp_path / "study.sqlite")
    add_functions(connection)
    for view, rows in expected.items():
        found = connection.execute(f"SELECT * FROM {view} ORDER BY 1, 2, 3, 4").fetchall()
        assert [tuple(map(_rounded, row)) for row in found] == [tuple(map(_rounded, row)) for row in rows]
    assert connection.execute("SELECT ln(0), ln(-1), ln(NULL), sqrt(-1)").fetchone() == (None,) * 4
    assert connection.execute("SELECT exp(1000)").fetchone() == (math.inf,)
    connection.close()


def _rounded(value: object) -> object:
    return round(value, 9) if isinstance(value, float) else value
