"""What an annotator can change about classes, as the changes that are stored."""

from __future__ import annotations

from studies.labeling.facts.records import Change, ClassChange
from studies.labeling.state.classes import ClassList


def add(classes: ClassList, name: str) -> ClassChange:
    """Add a class behind those that there are."""
    return ClassChange(len(classes), Change.ADDED, name)


def rename(class_id: int, name: str) -> ClassChange:
    """Give a class another name; its labels stay."""
    return ClassChange(class_id, Change.RENAMED, name)


def set_key(class_id: int, key: str) -> ClassChange:
    """Let a character answer with a class; an empty one takes its key away."""
    return ClassChange(class_id, Change.KEY, key)


def set_colour(class_id: int, colour: str) -> ClassChange:
    """Give a class a colour such as #3366cc; an empty one takes it away."""
    return ClassChange(class_id, Change.COLOUR, colour)


def set_example(class_id: int, item: int) -> ClassChange:
    """Let an item show what a class is."""
    return ClassChange(class_id, Change.EXAMPLE, str(item))


def merge(class_id: int, into: int) -> ClassChange:
    """Let another class stand for a class and take its labels."""
    return ClassChange(class_id, Change.MERGED, str(into))


def separate(class_id: int) -> ClassChange:
    """Take a class out of the one that it was merged into, with its labels."""
    return ClassChange(class_id, Change.MERGED, str(class_id))
