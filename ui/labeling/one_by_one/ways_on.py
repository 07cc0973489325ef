"""What a person can do while no image comes, in words with the keys for it."""

from __future__ import annotations

from model.datasets.image_files import PlaceError
from ui.answering.image_place import SlowImageError
from ui.labeling.one_by_one.label_actions import LABEL_KEYS, PAUSED_KEYS, LabelAction, PausedAction

_ENTER = PAUSED_KEYS[PausedAction.CONTINUE].hint
_SKIP = LABEL_KEYS[LabelAction.SKIP].hint


def ways_on(what: Exception | str) -> str:
    """The keys that go on where ``what`` is waited for: an error, or a person who reads a sentence."""
    if not isinstance(what, Exception):
        return f"{_ENTER}: go on"
    keys = f"{_ENTER}: try again"
    if isinstance(what, SlowImageError):
        return f"{keys}   {_SKIP}: put it off"
    if isinstance(what, PlaceError) and what.part:
        return f"{keys}   {_SKIP}: go on without {'its images' if what.part.endswith('/') else 'this image'}"
    return keys
