"""Learning, speed against accuracy, and factors: numbers by hand."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from studies.timing.facts.records import Interface
from studies.timing.file.store import Store
from studies.timing.results.factors import factor_rows
from studies.timing.results.figure_2 import save_figure
from studies.timing.results.learning import learning_rows, speed_rows
from studies.timing.results.learning_figure import learning_csv, learning_figure, learning_points
from tests.studies.timing.page_sample import PAGES, sit_pages
from tests.studies.timing.sample import Answered, add_study, sit

HALVING = [Answered("a", 8.0 * 2 ** (-k / 10)) for k in range(20)]  # a factor of 1/2 every 10 trials
STEADY = [Answered("a", 4.0)] * 20


def test_first_half_second_half_and_trend_by_hand(store: Store) -> None:
    study = add_study(store)
    sit(store, study, "one", [Answered("a", 99.0, practice=True), *HALVING], "P1", 1)
    sit(store, study, "two", STEADY, "P2", 2)
    everyone, halving, steady = learning_rows(store)
    assert (halving.n_first, halving.n_second, halving.participant) == (10, 10, "P1")
    # Of the first ten the exponents are 0 to 9: their mean is 4.5.
    assert halving.first_half_s == pytest.approx(8 * 2**-0.45)
    assert halving.change == pytest.approx(0.5)
    assert halving.trend == pytest.approx(0.5)
    assert steady.change == pytest.approx(1)
    assert steady.trend == pytest.approx(1)
    assert everyone.change == pytest.approx(math.sqrt(0.5))
    half = 12.7062047362 * math.log(2) / 2  # t(1) * SD / sqrt(2), SD of two = difference / sqrt(2)
    assert everyone.change_low == pytest.approx(math.sqrt(0.5) * math.exp(-half))
    assert everyone.trend_high == pytest.approx(math.sqrt(0.5) * math.exp(half))
    assert (everyone.n_participants, everyone.n_first) == (2, 20)


def test_a_half_without_a_kept_trial_has_no_change(store: Store) -> None:
    sit(store, add_study(store), "one", [Answered("a", 1.0), Answered("a", 2.0, answer="b")])
    for row in learning_rows(store):
        assert (row.n_first, row.n_second, row.change, row.trend, row.n_participants) == (1, 0, None, None, 0)


def test_right_answers_by_quarter_of_speed(store: Store) -> None:
    trials = [Answered("b", float(k), answer="b" if k <= 2 else "a") for k in (8, 1, 7, 2, 6, 3, 5, 4)]
    sit(store, add_study(store), "one", trials, "P1", 1)
    sit(store, add_study(store), "two", trials[:3], "P2", 2)  # too few for quarters
    rows = speed_rows(store)
    assert [row.quarter for row in rows] == [1, 2, 3, 4]
    assert [row.right_share for row in rows] == [0.0, 1.0, 1.0, 1.0]
    assert [row.geomean_s for row in rows] == pytest.approx([math.sqrt(k * (k + 1)) for k in (1, 3, 5, 7)])
    assert {(row.n_participants, row.n, row.kind) for row in rows} == {(1, 2, "correct")}


def test_factors_are_told_over_participants(store: Store) -> None:
    study = add_study(store)
    pair = (Answered("a", 1.0), Answered("b", 4.0))
    sit(store, study, "one", pair, "P1", 1)
    sit(store, study, "two", [Answered("a", 1.0), Answered("b", 9.0)], "P2", 2)
    sit(store, study, "three", pair, "P1", 1, Interface.DROPDOWN)
    sit_pages(store, "pages", PAGES, "P3")
    rows = {(row.factor, row.level): row for row in factor_rows(store)}
    assert rows["interface", "keyboard"].ratio_geomean == pytest.approx(6.0)
    assert (
        rows["interface", "dropdown"].n_participants,
        rows["interface", "dropdown"].ratio_geomean_low,
    ) == (
        1,
        None,
    )
    assert rows["classes", "1"].n_kept == 6
    pages = [row for row in rows.values() if row.factor == "odd_share"]
    kept = store.query("SELECT odd_share, sum(cells), sum(page_time_s) FROM pages WHERE kept GROUP BY 1")
    found = {(float(row.level), row.n_kept, round(row.image_s or 0.0, 9)) for row in pages}
    assert found == {(share, cells, round(time_s / cells, 9)) for share, cells, time_s in kept}


def test_the_figure_draws_what_its_numbers_say(store: Store, tmp_path: Path) -> None:
    study = add_study(store)
    sit(store, study, "one", HALVING, "P1", 1)
    sit(store, study, "two", STEADY, "P2", 2)
    points = learning_points(store)
    assert [point.tenth for point in points] == list(range(1, 11))
    assert points[0].geomean_s == pytest.approx(math.sqrt(8 * 2**-0.05 * 4))
    figure = learning_figure(points)
    (line,) = figure.axes[0].lines
    assert np.asarray(line.get_ydata()).tolist() == [point.geomean_s for point in points]
    low, high = figure.axes[0].get_ylim()
    assert low == 0
    assert high > max(point.geomean_s for point in points), "all of it is in sight"
    save_figure(figure, tmp_path / "a.png")
    assert (tmp_path / "a.png").stat().st_size > 1000
    assert learning_csv(points).count("\n") == 11
