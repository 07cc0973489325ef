"""A label event as it is read back from a project's file."""

from __future__ import annotations

from typing import NamedTuple

from studies.labeling.facts.records import Purpose, Verb


class StoredEvent(NamedTuple):
    """A label event, with the tier and the round of its task."""

    action: int
    item: int
    verb: Verb
    purpose: Purpose
    class_id: int | None
    suggestion: int | None
    task_id: int | None
    undoes: int | None
    took_ns: int | None  # from onset to response
    images: int | None
    focus_lost: bool
    tier: str | None
    round: int | None
    stood_still: bool = False  # the window, or the machine, for so long that the time is not known
    rank: int | None = None  # of the answered class among the suggestions
    on_page: bool = False  # the image was on a page with others
