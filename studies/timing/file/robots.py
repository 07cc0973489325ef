"""Sessions of simulated participants: how they are marked, and the view that leaves them out of results."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

_VIEW = "CREATE VIEW counted_sessions AS SELECT * FROM sessions"
ROBOT_VIEWS: Mapping[str, str] = {"counted_sessions": f"{_VIEW} WHERE NOT robot"}
"""The sessions that all views of results are made of: those of people."""
WITH_ROBOTS: Mapping[str, str] = {"counted_sessions": _VIEW}
"""The same with simulated participants, for a reader that asks for them."""


def robots(db: Database) -> None:
    """Whether a session is a simulated participant's; those of before are taken for people's."""
    db.execute("ALTER TABLE sessions ADD COLUMN robot INTEGER NOT NULL DEFAULT 0 CHECK (robot IN (0, 1))")
