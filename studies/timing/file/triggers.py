"""The triggers that keep a study's facts as they were written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from studies.files.schema import exists, refuse
from studies.timing.file.exclusion_tables import EXCLUSION_KEYS
from studies.timing.file.page_tables import PAGE_KEYS
from studies.timing.file.person_tables import PERSON_KEYS

# Every key by which INSERT OR REPLACE could take the place of a row.
_KEYS = {
    "studies": ("id", "sha256"),
    "sessions": ("session_id",),
    "planned_trials": ("session_id, position",),
    "responses": ("session_id, position",),
    "events": ("session_id, seq",),
    "withdrawals": ("session_id",),
    **PAGE_KEYS,
    **PERSON_KEYS,
    **EXCLUSION_KEYS,
}
_NEVER_DELETED = ("studies", "withdrawals", "exclusion_limits")


def _triggers() -> Iterator[tuple[str, str]]:
    for table, keys in _KEYS.items():
        withdrawn = "WHEN NOT EXISTS (SELECT 1 FROM withdrawals WHERE session_id = OLD.session_id)"
        unless = "" if table in _NEVER_DELETED else withdrawn
        # A BEFORE trigger runs ahead of OR REPLACE, also where recursive_triggers is off.
        stored = " OR ".join(exists(table, key) for key in keys)
        yield refuse(table, "changed", "UPDATE", "", "facts are never changed")
        yield refuse(table, "deleted", "DELETE", unless, "facts are deleted by a withdrawal only")
        yield refuse(table, "replaced", "INSERT", f"WHEN {stored}", "already stored")
    withdrawn = "WHEN EXISTS (SELECT 1 FROM withdrawals WHERE session_id = NEW.session_id)"
    yield refuse("sessions", "withdrawn", "INSERT", withdrawn, "this session was withdrawn")


TRIGGERS: Mapping[str, str] = dict(_triggers())
