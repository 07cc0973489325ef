"""What the commands of labeling projects do: label, and getting labels, rounds and models out and labels in."""

from __future__ import annotations

import argparse

from clarifier_desktop.cli.label_options import LabelOptions
from clarifier_desktop.cli.study import ArgumentError, need_display, user_paths, without_display

TABLES = ("labels", "answers", "rounds")
FORMATS = ("csv", "jsonl", "folders")


def label(options: argparse.Namespace) -> int:
    """Open a project, or make one of a folder and open it."""
    from clarifier_desktop.cli.label_run import run_label

    if options.robot:
        without_display()
    else:
        need_display()
    return run_label(
        LabelOptions(
            target=options.target,
            project=options.project,
            classes=options.classes,
            annotator=options.annotator,
            minutes=options.minutes,
            robot=options.robot,
            robot_rounds=options.rounds,
            robot_labels=options.labels,
            robot_speed=options.speed,
            screenshots=options.screenshots,
            full_screen=options.full_screen,
        )
    )


def export_project(options: argparse.Namespace) -> int:
    """Write labels, answers or rounds of a project."""
    from model.port import NullPort
    from studies.labeling.file import export_labels as out
    from studies.labeling.file.store import ProjectStore
    from studies.labeling.project.images import open_project_images

    if options.format != "csv" and options.table != "labels":
        raise ArgumentError(f"--format {options.format} is for labels; {options.table} are written as csv.")
    with ProjectStore.open(options.project, writable=False) as store:
        if options.format == "folders":
            images = open_project_images(store, user_paths().cache)
            copying = out.Copying.LINK if options.links else out.Copying.COPY
            done = out.export_folders(store, images, options.to, copying, options.with_auto, NullPort())
            for problem in done.problems:
                print(f"left out: {problem}")
            print(f"{done.images} images of {done.classes} classes are in {done.folder}.")
        elif options.format == "jsonl":
            rows = out.export_jsonl(store, options.to, options.with_auto)
            print(f"{rows} labels in {options.to}.")
        else:
            result = out.export_table(store, options.table, options.to, options.with_auto)
            print(f"{result.rows} rows in {result.csv}; what the columns mean: {result.dictionary}")
    return 0


def export_trained(options: argparse.Namespace) -> int:
    """Copy the last trained model to a file."""
    from model.rounds.model_file import export_model
    from studies.labeling.file.store import ProjectStore
    from ui.labeling.project.files import work_folder

    with ProjectStore.open(options.project, writable=False) as store:
        models, head = store.models(), store.head()
    if not models:
        raise ArgumentError(f"{options.project} has no model yet: label until its first round.")
    file = work_folder(user_paths(), head.uuid) / models[-1].file
    written, about = export_model(file, options.to)
    print(f"The model of round {len(models)} is in {written}; what it is and how to load it: {about}")
    return 0


def export_figure(options: argparse.Namespace) -> int:
    """Draw accuracy against minutes of a project."""
    from studies.labeling.file.store import ProjectStore
    from studies.labeling.rounds.figure import save_accuracy

    with ProjectStore.open(options.project, writable=False) as store:
        numbers = save_accuracy(store, options.to)
    print(f"The figure is in {options.to}, its numbers in {numbers}.")
    return 0


def import_labels(options: argparse.Namespace) -> int:
    """Read labels from a CSV file into a project."""
    from clarifier_desktop import __version__
    from studies.labeling.file.store import ProjectStore
    from studies.labeling.project import importing
    from studies.labeling.project.project import Project

    with ProjectStore.open(options.project, create=False) as store:
        project = Project.open(store, options.annotator, __version__, {"import": options.file.name})
        imported = importing.import_labels(project, options.file)
    for problem in imported.problems:
        print(problem)
    print(
        f"{imported.labels} labels read, {imported.classes} classes added; {imported.kept} images keep the label "
        "that they had."
    )
    return int(bool(imported.problems))
