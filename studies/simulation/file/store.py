"""The store of experiments: one SQLite file of runs and rounds, each on disk when its call returns."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from studies.files.store_file import StoreFile, utc_now
from studies.simulation.file.schema import EXPERIMENT
from studies.simulation.plan.checks import LoadedExperiment
from studies.simulation.plan.plan import SeedCost
from studies.simulation.plan.runs import Grid, Run
from studies.simulation.run.state import RoundRow, State, Where

_STAGES = ("training", "audit", "hard", "intermediate", "easy")


@dataclass(frozen=True)
class Head:
    """An experiment in the file."""

    experiment_id: int
    name: str
    title: str
    toml: str


@dataclass(frozen=True)
class Standing:
    """How far a run is."""

    rounds_done: int
    finished: bool


class ExperimentStore(StoreFile):
    """An open file of experiments."""

    schema = EXPERIMENT

    # Writing

    def add_experiment(self, loaded: LoadedExperiment, grid: Grid, app_version: str) -> int:
        """Store an experiment with all of its cells, or nothing; the same plan again is the same experiment."""
        plan = loaded.plan
        sha256 = _identity(loaded, grid)
        for (found,) in self.query("SELECT experiment_id FROM experiments WHERE sha256 = ?", (sha256,)):
            return int(found)
        with self.transaction() as connection:
            head = (plan.name, plan.title, loaded.toml, sha256, app_version, utc_now())
            inserted = connection.execute("INSERT INTO experiments VALUES (NULL, ?, ?, ?, ?, ?, ?)", head)
            number = inserted.lastrowid
            assert number is not None  # an INSERT that returned has a row
            _fill(connection, number, loaded, grid)
        return number

    def add_round(self, run: Run, row: RoundRow, state: State | None, where: Where) -> None:
        """Store a round and what the run goes on from, together."""
        asked = row.asked
        values = (
            *(run.key, row.round, row.n_seed, row.n_human, row.n_auto, row.n_auto_right),
            *(asked.hard.total, asked.hard.right, asked.intermediate.total, asked.intermediate.right),
            *(asked.easy.total, asked.easy.right),
            *(row.accuracy, row.audit_accuracy, row.drawn_cost),
            *(row.seconds.get(stage, 0.0) for stage in _STAGES),
            *(asked.notes, where.device, where.threads, json.dumps(where.versions), utc_now()),
        )
        with self.transaction() as connection:
            connection.execute(f"INSERT INTO rounds VALUES ({', '.join('?' * len(values))})", values)  # noqa: S608
            connection.execute("DELETE FROM states WHERE run_key = ?", (run.key,))
            if state is not None:
                kept = (run.key, state.round, state.to_bytes())
                connection.execute("INSERT INTO states VALUES (?, ?, ?)", kept)

    def add_failure(self, run: Run, round_: int, error: str, traceback: str) -> None:
        """Store why a run could not go on; it is tried again when the experiment is run again."""
        row = (run.key, round_, error, traceback, utc_now())
        self._write("INSERT INTO failures VALUES (NULL, ?, ?, ?, ?, ?)", row)

    # Reading

    def experiments(self) -> tuple[Head, ...]:
        """All experiments, the oldest first."""
        rows = self.query("SELECT experiment_id, name, title, toml FROM experiments ORDER BY experiment_id")
        return tuple(Head(*row) for row in rows)

    def standing(self, keys: Sequence[str]) -> dict[str, Standing]:
        """How far runs are, by key."""
        rows = self.query("SELECT run_key, rounds_done, finished FROM progress")
        wanted = set(keys)
        return {key: Standing(done, bool(finished)) for key, done, finished in rows if key in wanted}

    def state(self, key: str) -> State | None:
        """What an unfinished run goes on from; ``None`` before its first round."""
        rows = self.query("SELECT state FROM states WHERE run_key = ?", (key,))
        return State.from_bytes(rows[0][0]) if rows else None


def _identity(loaded: LoadedExperiment, grid: Grid) -> str:
    """A hash of the text and of the runs, which may depend on more than it says: the times of a study."""
    keys = sorted({cell.run.key for cell in grid.cells})
    return hashlib.sha256("|".join([loaded.sha256, *keys]).encode()).hexdigest()


def _fill(connection: sqlite3.Connection, number: int, loaded: LoadedExperiment, grid: Grid) -> None:
    plan, utc = loaded.plan, utc_now()
    connection.executemany(
        "INSERT INTO datasets VALUES (?, ?, ?, ?)",
        ((number, i, data.label, data.published.value) for i, data in enumerate(plan.data)),
    )
    methods = {cell.run.method.label: cell.run.method for cell in grid.cells}
    connection.executemany(
        "INSERT INTO methods VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                number,
                i,
                label,
                one.kind.value,
                one.choice.hard,
                one.choice.intermediate,
                one.choice.easy,
                *one.budgets,
            )
            for i, (label, one) in enumerate(methods.items())
        ),
    )
    paid = plan.seed_labels.cost is SeedCost.UNAIDED
    connection.executemany(
        "INSERT INTO cost_settings VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (number, i, c.label, c.verify, c.correct, c.unaided, c.unaided * paid, c.times and c.times.sha256)
            for i, c in enumerate(grid.costs)
        ),
    )
    connection.executemany(
        "INSERT INTO runs SELECT ?1, ?2, ?3, ?4, ?5 WHERE NOT EXISTS (SELECT 1 FROM runs WHERE run_key = ?1)",
        ((run.key, run.seed, run.rounds, run.step_version, utc) for run in grid.runs),
    )
    connection.executemany(
        "INSERT INTO cells VALUES (?, ?, ?, ?, ?, ?)",
        ((number, c.run.data, c.run.method.label, c.run.seed, c.cost, c.run.key) for c in grid.cells),
    )
