"""Labels of a CSV file taken into an open project."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from studies.labeling.file.import_labels import read_labels
from studies.labeling.project.project import Project


@dataclass(frozen=True)
class Imported:
    """What a file brought, and what of it was left out."""

    labels: int  # labels and remarks that were taken in
    classes: int  # that are new
    kept: int  # images of the file that a person had labeled before: they keep that label
    problems: tuple[str, ...]  # lines that could not be used, each with its reason
    notes: tuple[str, ...] = ()  # what a person should know of how the file was read


def import_labels(project: Project, file: Path) -> Imported:
    """Read labels from a CSV file and store them with the classes that are new, as one action.

    Raises ``UserError`` with nothing changed where the file cannot be read or the project cannot be written.
    """
    items = {name: item for item, name in enumerate(project.items)}
    place = project.place
    root = place.parent if place is not None and project.head.dataset == "csv" else place
    labels = read_labels(file, items, project.classes, project.ledger, root)
    project.record(labels.events, changes=labels.changes)
    return Imported(len(labels.events), len(labels.changes), labels.kept, labels.problems, labels.notes)
