"""The store of experiments: one SQLite file of runs and rounds, each on disk when its call returns."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from dataclasses import asdict

from model.tiers import Tier
from studies.files.rows import Row, insert, insert_all
from studies.files.store_file import utc_now
from studies.simulation.file.reader import ExperimentReader, Head, Standing
from studies.simulation.plan.checks import LoadedExperiment
from studies.simulation.plan.plan import SeedCost
from studies.simulation.plan.runs import Grid, Run
from studies.simulation.run.folder_state import AskedCounts
from studies.simulation.run.state import RoundRow, State, Where

__all__ = ["ExperimentStore", "Head", "Standing"]

_STAGES = ("training", "audit")  # of a round, beside the tiers


class ExperimentStore(ExperimentReader):
    """An open file of experiments."""

    def add_experiment(self, loaded: LoadedExperiment, grid: Grid, app_version: str) -> int:
        """Store an experiment with all of its cells, or nothing; the same plan again is the same experiment."""
        plan = loaded.plan
        sha256 = _identify(loaded, grid)
        for (found,) in self.query("SELECT experiment_id FROM experiments WHERE sha256 = ?", (sha256,)):
            return int(found)
        with self.transaction() as connection:
            head = {
                "name": plan.name,
                "title": plan.title,
                "toml": loaded.toml,
                "sha256": sha256,
                "app_version": app_version,
                "utc": utc_now(),
            }
            number = insert(connection, "experiments", head)
            _fill(connection, number, loaded, grid)
        return number

    def add_round(self, run: Run, row: RoundRow, state: State | None, where: Where) -> None:
        """Store a round and what the run goes on from, together."""
        stored = {
            "run_key": run.key,
            "round": row.round,
            "n_seed": row.n_seed,
            "n_human": row.n_human,
            "n_auto": row.n_auto,
            "n_auto_right": row.n_auto_right,
            "accuracy": row.accuracy,
            "audit_accuracy": row.audit_accuracy,
            "drawn_cost": row.drawn_cost,
            **{f"seconds_{stage}": row.seconds.get(stage, 0.0) for stage in _STAGES},
            "notes": row.counts.notes,
            "device": where.device,
            "threads": where.threads,
            "versions": json.dumps(where.versions),
            "utc": utc_now(),
        }
        with self.transaction() as connection:
            insert(connection, "rounds", stored)
            insert_all(connection, "round_tiers", (_make_tier_row(run, row, tier) for tier in Tier))
            if row.asked is not None:
                insert(connection, "folder_rounds", _make_folder_row(run, row, row.asked))
            if row.finish is not None:
                counted = {"run_key": run.key, "round": row.round, **asdict(row.finish)}
                insert(connection, "finish_rounds", counted)
            connection.execute("DELETE FROM states WHERE run_key = ?", (run.key,))
            if state is not None:
                resumed = {"run_key": run.key, "round": state.round, "state": state.to_bytes()}
                insert(connection, "states", resumed)

    def add_failure(self, run: Run, round_: int, error: str, traceback: str) -> None:
        """Store why a run could not go on; it is tried again when the experiment is run again."""
        failure = {"run_key": run.key, "round": round_, "error": error, "traceback": traceback}
        self._insert("failures", {**failure, "utc": utc_now()})


def _make_tier_row(run: Run, row: RoundRow, tier: Tier) -> Row:
    share = row.counts.right[tier]
    return {
        "run_key": run.key,
        "round": row.round,
        "tier": tier.value,
        "n": share.total,
        "n_right": share.right,
        "seconds": row.seconds.get(tier.value, 0.0),
    }


def _make_folder_row(run: Run, row: RoundRow, asked: AskedCounts) -> Row:
    counted = {"n_images": row.n_images, "n_labeled": row.n_human, "n_wrong": row.n_wrong}
    return {"run_key": run.key, "round": row.round, **counted, **asdict(asked)}


def _identify(loaded: LoadedExperiment, grid: Grid) -> str:
    """A hash of the text and of the runs, which may depend on more than it says: the times of a study."""
    keys = sorted({cell.run.key for cell in grid.cells})
    return hashlib.sha256("|".join([loaded.sha256, *keys]).encode()).hexdigest()


def _fill(connection: sqlite3.Connection, number: int, loaded: LoadedExperiment, grid: Grid) -> None:
    plan, utc = loaded.plan, utc_now()
    datasets = (
        {"experiment_id": number, "position": place, "data": data.label, "published": data.published.value}
        for place, data in enumerate(plan.data)
    )
    insert_all(connection, "datasets", datasets)
    methods = {cell.run.method.label: cell.run.method for cell in grid.cells}
    insert_all(
        connection,
        "methods",
        (
            {"experiment_id": number, "position": place, "method": label, "kind": method.kind.value}
            for place, (label, method) in enumerate(methods.items())
        ),
    )
    insert_all(
        connection,
        "method_tiers",
        (
            {
                "experiment_id": number,
                "method": label,
                "tier": tier.value,
                "strategy": method.choice.strategies[tier],
                "budget": method.budgets[tier],
            }
            for label, method in methods.items()
            for tier in Tier
        ),
    )
    goals = (
        {"experiment_id": number, "method": label, "goal": method.goal}
        for label, method in methods.items()
        if method.goal
    )
    insert_all(connection, "goals", goals)
    paid = plan.seed_labels.cost is SeedCost.UNAIDED
    insert_all(
        connection,
        "cost_settings",
        (
            {
                "experiment_id": number,
                "position": place,
                "cost": cost.label,
                "verify": cost.verify,
                "correct": cost.correct,
                "unaided": cost.unaided,
                "seed_label": cost.unaided * paid,
                "drawn_from": cost.times and cost.times.sha256,
            }
            for place, cost in enumerate(grid.costs)
        ),
    )
    stored = {key for (key,) in connection.execute("SELECT run_key FROM runs")}
    insert_all(
        connection,
        "runs",
        (
            {
                "run_key": run.key,
                "seed": run.seed,
                "rounds": run.rounds,
                "step_version": run.step_version,
                "utc": utc,
            }
            for run in {run.key: run for run in grid.runs}.values()
            if run.key not in stored
        ),
    )
    cells = (
        {
            "experiment_id": number,
            "data": cell.run.data,
            "method": cell.run.method.label,
            "seed": cell.run.seed,
            "cost": cell.cost,
            "run_key": cell.run.key,
        }
        for cell in grid.cells
    )
    insert_all(connection, "cells", cells)
