"""The command ``import``: labels from other programs."""

from __future__ import annotations

from pathlib import Path

import click

from clarifier_desktop import __version__
from clarifier_desktop.cli.common import PATH, command, group
from studies.numerals import counted

imports = group(
    "import", "Read labels into a project.", example="import labels birds.csv --project birds.clarifier"
)


@command("labels", example="import labels birds.csv --project birds.clarifier")
@click.argument("file", type=PATH, metavar="FILE.csv", help="a table with the columns item and label")
@click.option("--project", type=PATH, required=True, metavar="FILE", help="the project that takes the labels")
@click.option("--annotator", default="", metavar="CODE", help="whose labels they are")
def import_labels(file: Path, project: Path, annotator: str) -> int:
    """Read labels from a CSV file with the columns item and label; labels of the project stay."""
    from studies.labeling.project import importing
    from studies.labeling.project.loading import open_to_write
    from studies.labeling.project.project import Project

    with open_to_write(project) as store:
        opened = Project.open(store, annotator, __version__, {"import": file.name})
        imported = importing.import_labels(opened, file)
    for problem in (*imported.problems, *imported.notes):
        print(problem)
    labels, classes = counted(imported.labels, "label"), counted(imported.classes, "class", "classes")
    kept = counted(imported.kept, "image keeps the label", "images keep the label")
    print(f"{labels} read, {classes} added; {kept} that was there.")
    return int(bool(imported.problems))


imports.add_command(import_labels)
