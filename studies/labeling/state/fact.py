"""A label event as the ledger keeps it."""

from __future__ import annotations

from dataclasses import dataclass

from studies.labeling.facts.records import Purpose, Verb


@dataclass(frozen=True)
class Fact:
    """An event, as the ledger keeps it."""

    action: int
    item: int
    verb: Verb
    purpose: Purpose
    class_id: int | None
    task_id: int | None
