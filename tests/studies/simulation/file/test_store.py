"""The file of experiments: costs as its views compute them, facts that stay, runs that are shared."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np
import pytest

from model.tiers import PerTier, Tier
from studies.estimates import Share
from studies.files.store_errors import StoreError
from studies.labeling.file.store import ProjectStore
from studies.simulation.figures.results import read_results
from studies.simulation.file.store import ExperimentStore, Standing
from studies.simulation.plan.runs import grid
from studies.simulation.run.state import RoundCounts, RoundRow, State, Where
from tests.studies.simulation.sample import DATA, HEAD, SUGGEST, loaded

HERE = Where("cpu", 1, {"torch": "2"})
AL = SUGGEST.replace("SUGGEST", "AL").replace('"suggest"', '"al-without-suggestions"')
COSTS = "[[costs]]\n[[costs]]\nverify = 2\ncorrect = 5\nunaided = 7\n"
PLAN = HEAD + DATA + SUGGEST + AL + COSTS


def row(number: int, hard: tuple[int, int] = (0, 0), accuracy: float = 0.5) -> RoundRow:
    counts = RoundCounts(PerTier({Tier.HARD: Share(*hard)}, Share(0, 0)))
    return RoundRow(number, 6, 6 + 6 * number, 0, 0, counts, accuracy, None, None, {"training": 1.5})


def state(number: int) -> State:
    everything, nothing = np.ones(4, bool), np.zeros(4, bool)
    return State(number, np.zeros(4, np.int32), nothing, everything, everything, np.zeros(4, np.int64))


@pytest.fixture
def filled(tmp_path: Path):
    found = loaded(PLAN)
    laid_out = grid(found, None)
    with ExperimentStore.open(tmp_path / "e.sqlite") as store:
        store.add_experiment(found, laid_out, "1")
        run = laid_out.runs[0]
        store.add_round(run, row(0), state(1), HERE)
        store.add_round(run, row(1, (4, 6), 0.6), state(2), HERE)
        store.add_round(run, row(2, (1, 6), 0.7), None, HERE)
        yield store, laid_out


def test_costs_follow_from_the_counts(filled):
    store, _ = filled
    costs = "SELECT method, cost_setting, round, cost FROM results ORDER BY 1, 2, 3"
    found = [tuple(values) for values in store.query(costs)]
    assert found == [
        ("AL", "4:1", 0, 0),
        ("AL", "4:1", 1, 24),  # 6 of 4
        ("AL", "4:1", 2, 48),
        ("AL", "5:2", 0, 0),
        ("AL", "5:2", 1, 42),  # 6 of 7
        ("AL", "5:2", 2, 84),
        ("SUGGEST", "4:1", 0, 0),
        ("SUGGEST", "4:1", 1, 4 * 1 + 2 * 4),
        ("SUGGEST", "4:1", 2, 12 + 1 * 1 + 5 * 4),
        ("SUGGEST", "5:2", 0, 0),
        ("SUGGEST", "5:2", 1, 4 * 2 + 2 * 5),
        ("SUGGEST", "5:2", 2, 18 + 1 * 2 + 5 * 5),
    ]


def test_first_labels_that_are_paid(tmp_path: Path):
    found = loaded(PLAN.replace("per_class = 2", 'per_class = 2\ncost = "unaided"'))
    laid_out = grid(found, None)
    with ExperimentStore.open(tmp_path / "e.sqlite") as store:
        store.add_experiment(found, laid_out, "1")
        store.add_round(laid_out.runs[0], row(0), None, HERE)
        costs = store.query("SELECT DISTINCT cost_setting, cost FROM results ORDER BY 1")
    assert costs == [("4:1", 24), ("5:2", 42)]


def test_what_unfinished_runs_go_on_from_is_kept_until_they_are_done(filled):
    store, laid_out = filled
    done, other = laid_out.runs
    assert store.state(done.key) is None
    store.add_round(other, row(0), state(1), HERE)
    assert store.state(other.key).round == 1
    assert store.standing([done.key, other.key]) == {
        done.key: Standing(3, True),
        other.key: Standing(1, False),
    }


def test_no_round_is_stored_twice_and_none_changes(filled):
    store, laid_out = filled
    with pytest.raises(sqlite3.IntegrityError, match="already stored"):
        store.add_round(laid_out.runs[0], row(2), None, HERE)
    for change in ("UPDATE rounds SET accuracy = 1", "DELETE FROM rounds", "UPDATE cells SET seed = 9"):
        with pytest.raises(sqlite3.IntegrityError, match="facts are never"):
            store.query(change)


def test_the_same_plan_again_is_the_same_experiment_and_another_shares_its_runs(filled):
    store, laid_out = filled
    assert store.add_experiment(loaded(PLAN), laid_out, "2") == 1
    wider = loaded(PLAN + "[[costs]]\ncorrect = 9\n")
    assert store.add_experiment(wider, grid(wider, None), "2") == 2
    assert store.query("SELECT count(*) FROM runs") == [(2,)]
    nine = store.query("SELECT cost FROM results WHERE cost_setting = '9:1' AND method = 'AL' AND round = 2")
    assert nine == [(108,)]


def test_results_are_means_over_the_runs(filled):
    store, laid_out = filled
    store.add_round(laid_out.runs[1], row(0, accuracy=0.3), state(1), HERE)
    store.add_round(laid_out.runs[1], row(1, (2, 6), 0.8), state(2), HERE)
    store.add_failure(laid_out.runs[1], 2, "no memory", "")
    found = read_results(store, store.experiments()[0])
    assert (found.runs, found.runs_done) == (2, 1)
    assert [(one.seed, one.error) for one in found.failures] == [(2, "no memory")]
    first = found.panels[0]
    assert (first.data, first.cost, [series.method.label for series in first.series]) == (
        "Squares",
        "4:1",
        ["SUGGEST", "AL"],
    )
    points = first.series[0].points
    assert [point.accuracy.mean for point in points] == pytest.approx([0.4, 0.7, 0.7])
    assert [point.accuracy.n for point in points] == [2, 2, 1]
    assert points[1].cost.mean == pytest.approx((12 + 18) / 2)
    assert points[1].accuracy.sd == pytest.approx(0.2 / 2**0.5)
    hard = [point for point in first.series[0].tier_points if point.tier is Tier.HARD]
    assert [point.round for point in hard] == [1, 2]
    assert [point.right.mean for point in hard] == pytest.approx([0.5, 1 / 6])


def test_each_kind_of_file_is_told_from_the_others(filled, tmp_path: Path):
    store, _ = filled
    with pytest.raises(StoreError, match='is a file of experiments: open it with "See results"'):
        ProjectStore.open(store.path, writable=False)
