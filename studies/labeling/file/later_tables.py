"""What came to a project's file after its first version: migrations, never edited once released."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

# What chose in rounds that were stored before it was noted: the tasks tell it, and of auto-labels the plan does.
# With "published" the authors' code chooses them (model.selection.round.RoundPlan.resolved).
_STRATEGIES_BEFORE = """
    INSERT INTO round_strategies (round, tier, strategy)
    SELECT round, tier, min(strategy) FROM tasks
    WHERE round > 0 AND tier <> 'easy' AND strategy IS NOT NULL
    GROUP BY round, tier
    UNION ALL
    SELECT r.round, 'easy', CASE WHEN json_extract(r.plan, '$.published') THEN 'per-class-confidence'
        ELSE coalesce(json_extract(r.plan, '$.easy'), 'unknown') END
    FROM rounds AS r WHERE r.round IN (SELECT round FROM auto_labels)"""

# What files held and by what a change is seen cheaply, for each look that found something new; the latest holds.
_FILES = (
    """
    CREATE TABLE item_files (
        id INTEGER PRIMARY KEY,
        item INTEGER NOT NULL REFERENCES items (item),
        hash TEXT NOT NULL,
        size INTEGER NOT NULL,
        mtime_ns INTEGER NOT NULL
    )""",
    "CREATE INDEX item_files_by_item ON item_files (item)",
)

# The action whose answer told what the file held: with it, what was noted before holds again.
_NOTED_WITH = (
    "ALTER TABLE item_files ADD COLUMN action INTEGER",
    "CREATE INDEX item_files_by_action ON item_files (action) WHERE action IS NOT NULL",
)

# A model of the latest labels that only renewed suggestions, and what of an answer tells of them.
_REFITS = (
    """
    CREATE TABLE refits (
        refit INTEGER PRIMARY KEY,
        round INTEGER NOT NULL REFERENCES rounds (round),
        upto_action INTEGER NOT NULL,
        trained_on INTEGER NOT NULL,
        seconds REAL NOT NULL,
        utc TEXT NOT NULL
    )""",
    "ALTER TABLE label_events ADD COLUMN rank INTEGER",
    "ALTER TABLE label_events ADD COLUMN refit INTEGER REFERENCES refits (refit)",
    "ALTER TABLE label_events ADD COLUMN place INTEGER",
)

# One row at most. The working folder can be lost: what cannot be made again stands here.
_BEGUN_WITH = """
    CREATE TABLE begun_with (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        sha256 TEXT NOT NULL,
        name TEXT NOT NULL,
        project TEXT NOT NULL,
        network TEXT NOT NULL,
        trained_on INTEGER NOT NULL,
        class_ids TEXT NOT NULL,
        content BLOB NOT NULL,
        utc TEXT NOT NULL
    )"""

# Tasks of one page of the queue, which are asked about together.
_PAGES = ("ALTER TABLE tasks ADD COLUMN page INTEGER",)


def round_strategies(db: Database) -> None:
    """Which strategy chose in each tier of a round: what was done, where the plan says what was wished."""
    db.table("round_strategies").create(
        {"round": int, "tier": str, "strategy": str},
        pk=("round", "tier"),
        foreign_keys=[("round", "rounds", "round")],
        not_null={"round", "tier", "strategy"},
    )
    db.execute(_STRATEGIES_BEFORE)


def item_files(db: Database) -> None:
    """What the images' files held when they were looked at last; ``item_hashes`` keeps what older versions noted."""
    for statement in _FILES:
        db.execute(statement)


def refits(db: Database) -> None:
    """Which refit suggested, the rank of the answered class among the suggestions, and the place on a page."""
    for statement in _REFITS:
        db.execute(statement)


def pages(db: Database) -> None:
    """On which page of the queue a task is asked about."""
    for statement in _PAGES:
        db.execute(statement)


def noted_with(db: Database) -> None:
    """With which action it was noted what a file held; nothing of what older versions noted."""
    for statement in _NOTED_WITH:
        db.execute(statement)


def begun_with(db: Database) -> None:
    """The model that a project was begun with, whole; older versions know no first round without labels."""
    db.execute(_BEGUN_WITH)


def looks(db: Database) -> None:
    """Labels may be confirmed and looked at again, which older versions cannot read."""
    db.execute("CREATE INDEX label_events_looked ON label_events (seq) WHERE purpose = 'doubt'")


def second_looks(db: Database) -> None:
    """Labels that pages confirmed may be looked at once more, which older versions cannot read."""
    db.execute("CREATE INDEX label_events_second ON label_events (seq) WHERE purpose = 'second-look'")
