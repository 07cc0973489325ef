"""The tables of what the program labels of whole folders, and of the goals of methods."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

# Of runs over whole folders: labels of the program, those that differ from what the annotator would say (n_other) or
# is true (n_untrue) if the program labeled now all that has none, and what the certificate took.
_FINISH_ROUNDS = """
    CREATE TABLE finish_rounds (
        run_key TEXT NOT NULL,
        round INTEGER NOT NULL,
        n_program INTEGER NOT NULL,
        n_program_wrong INTEGER NOT NULL,
        n_other INTEGER NOT NULL,
        n_untrue INTEGER NOT NULL,
        n_sampled INTEGER NOT NULL,
        n_planted INTEGER NOT NULL,
        looks INTEGER NOT NULL,
        ended INTEGER NOT NULL,
        PRIMARY KEY (run_key, round),
        FOREIGN KEY (run_key, round) REFERENCES rounds (run_key, round)
    ) WITHOUT ROWID"""
# The share of the folder that may be wrong, of methods that have such a goal.
_GOALS = """
    CREATE TABLE goals (
        experiment_id INTEGER NOT NULL,
        method TEXT NOT NULL,
        goal REAL NOT NULL,
        PRIMARY KEY (experiment_id, method),
        FOREIGN KEY (experiment_id, method) REFERENCES methods (experiment_id, method)
    ) WITHOUT ROWID"""


def finish_rounds(db: Database) -> None:
    """What the program labels of whole folders, and goals."""
    db.execute(_FINISH_ROUNDS)
    db.execute(_GOALS)
