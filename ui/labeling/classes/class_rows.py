"""The rows of the table of classes, as values."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from studies.labeling.project.project import Project


@dataclass(frozen=True)
class ClassRow:
    """A class as the page lists it."""

    class_id: int
    name: str
    labels: int
    key: str
    colour: str
    example: str  # the image's name, or empty
    part_of: str = ""  # the class that it was merged into
    text: str = ""  # what a network that reads names is told of it


def class_rows(project: Project) -> list[ClassRow]:
    """All classes there ever were, with the labels that were given by their names and what they are merged into."""
    classes, labels, texts = project.classes, project.ledger.labels, project.settings.names
    counts = np.bincount(labels + 1, minlength=len(classes) + 1)[1:]  # those of held-out images too
    return [
        ClassRow(
            info.class_id,
            info.name,
            int(counts[info.class_id]),
            info.key,
            info.colour,
            "" if info.example is None else project.items[info.example],
            "" if info.merged_into is None else classes.name(info.merged_into),
            texts.of(info.class_id, info.name),
        )
        for info in classes.infos
    ]
