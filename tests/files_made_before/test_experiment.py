"""A file of experiments that was made before opens, reads and draws the same, and its unfinished runs go on."""

from __future__ import annotations

import sqlite3
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from model.learning.config import TrainingConfig
from model.port import NullPort
from model.rounds.simulated_values import Place
from model.tiers import Tier
from studies.estimates import Share
from studies.simulation.figures.figures import plots_of
from studies.simulation.figures.results import read_results
from studies.simulation.figures.tables import plotted_csv
from studies.simulation.file.reader import Head
from studies.simulation.file.store import ExperimentStore
from studies.simulation.plan import runs as plan_runs
from studies.simulation.plan.checks import LoadedExperiment, parse_experiment
from studies.simulation.plan.runs import Run, grid
from studies.simulation.run.task import Done, RoundTask, Workshop
from tests.files_made_before.opened import differences, unpack


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return unpack("experiment.sqlite", tmp_path)


def plan_of(head: Head) -> LoadedExperiment:
    return parse_experiment(head.toml)


def read_view(file: Path, view: str) -> list[dict[str, object]]:
    """A view of a file as the file itself has it, by whichever version it was made."""
    connection = sqlite3.connect(file)
    connection.row_factory = sqlite3.Row
    rows = [dict(row) for row in connection.execute(f"SELECT * FROM {view}")]
    connection.close()
    return sorted(rows, key=str)


@pytest.mark.parametrize("view", ["results", "progress"])
def test_views_say_what_they_said(file: Path, view: str):
    before = read_view(file, view)
    assert before
    columns = list(before[0])
    with ExperimentStore.open(file, writable=False) as store:
        now = store.query(f"SELECT {', '.join(columns)} FROM {view}")
    assert sorted((dict(zip(columns, row, strict=True)) for row in now), key=str) == before
    assert read_view(file, view) == before, "a reader leaves the file as it is"
    ExperimentStore.open(file).close()
    after = read_view(file, view)
    assert after == before
    assert list(after[0]) == columns


def test_tiers_are_rows_and_none_of_them_changes(file: Path):
    with ExperimentStore.open(file) as store:
        first = "WHERE method = 'CLARIFIER' AND round = 1 AND cost_setting = '4:1' ORDER BY tier"
        columns = "tier, strategy, budget, n, n_right, right_share"
        assert store.query(f"SELECT {columns} FROM tier_results {first}") == [
            ("easy", "highest-confidence", 4, 4, 4, 1.0),
            ("hard", "badge", 3, 3, 0, 0.0),
            ("intermediate", "logdetmi", 6, 6, 5, pytest.approx(5 / 6)),
        ]
        assert store.query("PRAGMA foreign_key_check") == []
        for table in ("round_tiers", "method_tiers", "rounds", "methods"):
            with pytest.raises(sqlite3.IntegrityError, match="facts are never"):
                store.query(f"DELETE FROM {table}")


def test_a_file_of_before_takes_rounds_of_whole_folders(file: Path):
    with ExperimentStore.open(file) as store:
        assert store.folder_rounds(1) == []
        key, number = store.query("SELECT run_key, round FROM rounds ORDER BY run_key, round LIMIT 1")[0]
        counts = ", ".join("0" for _ in range(9))
        store.query(f"INSERT INTO folder_rounds VALUES ('{key}', {number}, 150, 75, 3, {counts}, 1.5)")
        found = store.folder_rounds(1)
        assert {(one.round, one.labeled_share, one.wrong_share) for one in found} == {(number, 0.5, 0.02)}
        with pytest.raises(sqlite3.IntegrityError, match="facts are never"):
            store.query("UPDATE folder_rounds SET n_wrong = 0")


def test_figures_have_the_numbers_of_then(file: Path, tmp_path: Path):
    with ExperimentStore.open(file, writable=False) as store:
        (head,) = store.experiments()
        results = read_results(store, head)
    assert (results.runs, results.runs_done, len(results.failures)) == (4, 2, 1)
    by_number = {plot.number: plot for plot in plots_of(results)}
    assert set(by_number) == {4, 5}
    (tmp_path / "now.csv").write_text(plotted_csv(by_number[5]))
    assert differences(tmp_path / "now.csv", "experiment.figure-5.csv") == set()
    assert by_number[4].draw().axes


def settings_of_then(config: TrainingConfig) -> dict[str, object]:
    return {name: value for name, value in asdict(config).items() if name != "folds"}


def test_its_plan_is_the_same_experiment_with_the_same_runs(file: Path, monkeypatch: pytest.MonkeyPatch):
    # What a round computes changed since, with the setting "folds"; that alone makes other runs of the same plan.
    monkeypatch.setattr(plan_runs, "STEP_VERSION", 2)
    monkeypatch.setattr(plan_runs, "asdict", settings_of_then)
    with ExperimentStore.open(file) as store:
        (head,) = store.experiments()
        loaded = plan_of(head)
        laid_out = grid(loaded, None)
        keys = [run.key for run in laid_out.runs]
        assert {key for (key,) in store.query("SELECT run_key FROM runs")} == set(keys)
        assert store.add_experiment(loaded, laid_out, "later") == head.experiment_id
        assert [store.standing(keys)[key].finished for key in keys] == [True, True, False, False]


def unfinished(store: ExperimentStore) -> list[str]:
    return [key for (key,) in store.query("SELECT run_key FROM progress WHERE NOT finished ORDER BY run_key")]


def test_unfinished_runs_go_on(file: Path, tmp_path: Path):
    workshop = Workshop()
    with ExperimentStore.open(file) as store:
        (head,) = store.experiments()
        runs = {run.cost.label: run for run in grid(plan_of(head), None).runs if run.cost is not None}
        for key in unfinished(store):
            ((cost,),) = store.query("SELECT cost FROM cells WHERE run_key = ?", (key,))
            state = store.state(key)
            assert state is not None
            shares = {
                Tier(tier): (Share(right, n),)
                for tier, right, n in store.query(
                    "SELECT tier, n_right, n FROM round_tiers WHERE run_key = ? AND round = 1", (key,)
                )
            }
            assert {tier: found[:1] for tier, found in state.by_tier.items()} == {
                tier: shares[tier] for tier in Tier if tier.asked
            }
            run: Run = runs[cost]
            done = workshop.perform(RoundTask(run, state, Place(tmp_path, tmp_path)), NullPort())
            assert isinstance(done, Done), done
            assert done.state is None, "it was the last"
            assert (done.row.round, done.row.n_human) == (2, 20 + 9 + 9)
            store.add_round(replace(run, key=key), done.row, done.state, done.where)
        assert unfinished(store) == []
        assert read_results(store, head).runs_done == 4
    workshop.close()
