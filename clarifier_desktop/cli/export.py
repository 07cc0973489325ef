"""The command ``export``: tables of studies; labels, rounds, model, figure and report of labeling projects."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from clarifier_desktop import __version__
from clarifier_desktop.cli.common import (
    PATH,
    ROBOTS,
    ArgumentError,
    choose_sessions,
    command,
    group,
    make_folder,
    user_paths,
)
from clarifier_desktop.cli.excel_option import EXCEL, style_of
from model.parts import need_learner
from studies.numerals import counted

if TYPE_CHECKING:
    from studies.table_files import TableStyle

STUDY_TABLES = (
    *("trials", "ratios", "summary", "scratch", "exclusions", "sensitivity"),
    *("learning", "speed", "factors", "pages", "cells", "page_costs"),
    *("questions", "agreements", "sessions", "events"),
)
LISTS = ("sessions", "events")  # of all sessions, simulated ones too, whatever results are made of
PROJECT_TABLES = ("labels", "answers", "rounds")
FORMATS = ("csv", "jsonl", "folders")

export = group(
    "export",
    "Write tables of a study or a project, or a project's labels and model.",
    example="export ratios --store pilot.sqlite --to ratios.csv",
    metavar="TABLE",
)

_PROJECT = click.option("--project", type=PATH, required=True, metavar="FILE", help="the project's file")
_STORE = click.option("--store", type=PATH, required=True, metavar="FILE", help="the study's file")
_FOLDER = click.option("--to", type=PATH, required=True, metavar="FOLDER", help="the folder to write into")

_PREDICTIONS = click.option(
    "--predictions",
    is_flag=True,
    help="a row for every image: its label, or the model's class and confidence (as export images)",
)


def _study_table(name: str) -> click.Command:
    @command(name, example=f"export {name} --store pilot.sqlite --to {name}.csv")
    @click.option("--store", type=PATH, required=True, metavar="FILE", help="the study's file")
    @click.option("--to", type=PATH, required=True, metavar="FILE.csv", help="the file to write")
    @EXCEL
    def table(store: Path, to: Path, excel: str | None, robots: bool = False) -> int:
        """Write this table of a study as CSV with a data dictionary beside it."""
        from studies.timing.file.store import Store
        from studies.timing.results.export import export as write
        from studies.timing.results.export import rows_in_words

        with Store.open(store, writable=False) as opened:
            if name not in LISTS:
                choose_sessions(opened, robots)
            result = write(opened, name, to, style_of(excel))
        print(f"{rows_in_words(result)} in {result.csv}; what the columns mean: {result.dictionary}")
        return 0

    return table if name in LISTS else ROBOTS(table)


def _project_table(name: str) -> click.Command:
    def table(
        project: Path,
        to: Path,
        table_format: str,
        links: bool,
        with_auto: bool,
        excel: str | None,
        predictions: bool = False,
    ) -> int:
        if excel is not None and table_format != "csv":
            raise ArgumentError(f"--excel is for tables as csv, not for --format {table_format}.")
        if predictions:
            if table_format != "csv":
                raise ArgumentError(f"--predictions is for labels as csv, not for --format {table_format}.")
            return _export_images(project, to, style_of(excel))
        return _export_project(name, project, to, table_format, links, with_auto, style_of(excel))

    table.__doc__ = f"Write the {name} of a labeling project."
    for declare in (
        EXCEL,
        click.option("--with-auto", is_flag=True, help="the program's own labels too"),
        click.option("--links", is_flag=True, help="with folders: links, not copies"),
        click.option(
            "--format",
            "table_format",
            type=click.Choice(FORMATS),
            default="csv",
            help="csv; labels also as jsonl (JSON Lines) or folders (one per class)",
        ),
        click.option("--to", type=PATH, required=True, metavar="FILE|FOLDER", help="what to write"),
        _PROJECT,
        *([_PREDICTIONS] if name == "labels" else []),
    ):
        table = declare(table)
    return command(name, example=f"export {name} --project birds.clarifier --to {name}.csv")(table)


def _export_project(
    table: str,
    project: Path,
    to: Path,
    table_format: str,
    links: bool,
    with_auto: bool,
    style: TableStyle,
) -> int:
    from model.port import NullPort
    from studies.labeling.file import export_labels as out
    from studies.labeling.file.left_out import Rows, tell_left_out
    from studies.labeling.file.store import ProjectStore
    from studies.labeling.project.contents import refuse_changed_of
    from studies.labeling.project.images import open_project_images

    if links and table_format != "folders":
        raise ArgumentError("--links is for labels in folders: add --format folders, or leave it out.")
    if table_format != "csv" and table != "labels":
        raise ArgumentError(f"--format {table_format} is for labels; {table} are written as csv.")
    if table == "labels":
        refuse_changed_of(project, user_paths().cache, NullPort())
    with ProjectStore.open(project, writable=False) as store:
        if table_format == "folders":
            images = open_project_images(store, user_paths().cache)
            copying = out.Copying.LINK if links else out.Copying.COPY
            done = out.export_folders(store, images, to, copying, with_auto, NullPort())
            for problem in done.problems:
                print(f"left out: {problem}")
            classes = counted(done.classes, "class", "classes")
            print(f"{counted(done.images, 'image')} of {classes} are in {done.folder}.")
            print(tell_left_out(store, Rows.LABELED, with_auto))
            return int(bool(done.problems))
        if table_format == "jsonl":
            rows = out.export_jsonl(store, to, with_auto)
            print(f"{counted(rows, 'label')} in {to}.")
        else:
            result = out.export_table(store, table, to, with_auto, style)
            print(
                f"{counted(result.rows, 'row')} in {result.csv}; what the columns mean: {result.dictionary}"
            )
        if table == "labels":
            print(tell_left_out(store, Rows.DECIDED, with_auto))
    return 0


@command("images", example="export images --project birds.clarifier --to images.csv")
@_PROJECT
@click.option("--to", type=PATH, required=True, metavar="FILE.csv", help="the file to write")
@EXCEL
def images(project: Path, to: Path, excel: str | None) -> int:
    """Write a row for each image, with a label or without, and what the last model takes it for."""
    return _export_images(project, to, style_of(excel))


def _export_images(project: Path, to: Path, style: TableStyle) -> int:
    from model.port import NullPort
    from studies.labeling.file.left_out import Rows, tell_left_out
    from studies.labeling.file.store import ProjectStore
    from studies.labeling.project.contents import refuse_changed_of
    from studies.labeling.rounds.image_table import export_images
    from ui.labeling.project.files import work_folder

    refuse_changed_of(project, user_paths().cache, NullPort())
    with ProjectStore.open(project, writable=False) as store:
        result = export_images(store, work_folder(user_paths(), store.head().uuid), to, style)
        print(f"{counted(result.rows, 'image')} in {result.csv}: {store.progress().in_words()}.")
        print(" ".join(filter(None, (tell_left_out(store, Rows.ALL), result.tell_predictions()))))
    return 0


@command("model", example="export model --project birds.clarifier --to birds.pt")
@_PROJECT
@click.option("--to", type=PATH, required=True, metavar="FILE.pt", help="the file to write")
@click.option("--onnx", is_flag=True, help="beside it also as ONNX, which runs without torch")
def trained_model(project: Path, to: Path, onnx: bool) -> int:
    """Copy the last trained model of a project, with a model card, what it is and how to load it."""
    from model.disk import require_temporary_folder

    need_learner("Exporting a model")
    require_temporary_folder()
    from model.networks.weights import weights_licence
    from model.rounds.model_file import beside, export_model, read_about
    from model.rounds.onnx_file import export_onnx, need_onnx
    from studies.labeling.file.model_card import CardFacts, write_card
    from studies.labeling.file.store import ProjectStore
    from ui.labeling.project.files import work_folder

    if onnx:
        need_onnx()
    with ProjectStore.open(project, writable=False) as store:
        models, begun = store.models(), store.begun_with()
        if not models:
            raise ArgumentError(f"{project} has no model yet: label until its first round.")
        model = models[-1]
        file = work_folder(user_paths(), store.head().uuid) / model.file
        written, about = export_model(file, to, model.sha256)
        facts = CardFacts(read_about(written), weights_licence(model.network), __version__)
        card = write_card(store, model, facts, beside(to, ".card.md"))
    print(f"The model of round {len(models)} is in {written}; what it is and how to load it: {about}")
    print(f"Its model card is {card}.")
    if begun is not None:
        print(begun.sentence)
    if onnx:
        print(f"As ONNX, with softmax and calibration in it: {export_onnx(written, beside(to, '.onnx'))}")
    return 0


@command("figure", example="export figure --project birds.clarifier --to birds.svg")
@_PROJECT
@click.option("--to", type=PATH, required=True, metavar="FILE.png|FILE.svg", help="the file to write")
def figure(project: Path, to: Path) -> int:
    """Draw a project's accuracy against minutes, with the plotted numbers beside it."""
    from studies.labeling.file.store import ProjectStore
    from studies.labeling.rounds.figure import save_accuracy

    with ProjectStore.open(project, writable=False) as store:
        numbers = save_accuracy(store, to)
    print(f"The figure is in {to}, its numbers in {numbers}.")
    return 0


@command("report", example="export report --project birds.clarifier --to birds.html")
@click.argument("file", type=PATH, required=False, metavar="[PROJECT]", help="the project's file")
@click.option("--project", type=PATH, metavar="FILE", help="the same, named as other exports name it")
@click.option("--to", type=PATH, required=True, metavar="FILE.html", help="the file to write")
def report(file: Path | None, project: Path | None, to: Path) -> int:
    """Write what became of a project as one page for somebody who was not there: counts, promise, doubts, time."""
    from studies.labeling.report.page import export_report

    if (file is None) == (project is None):
        raise ArgumentError("Name one project: export report birds.clarifier --to birds.html")
    export_report(file or project or Path(), to, __version__)
    print(f"The report is in {to}: one file that any browser shows, and that needs no other.")
    return 0


@command("bids", example="export bids --store pilot.sqlite --to pilot-bids")
@_STORE
@_FOLDER
@ROBOTS
def bids(store: Path, to: Path, robots: bool) -> int:
    """Write a study's trials, pages and participants as a BIDS data set of behaviour."""
    from studies.timing.file.store import Store
    from studies.timing.results.bids import export_bids

    with Store.open(store, writable=False) as opened:
        choose_sessions(opened, robots)
        people = export_bids(opened, to, __version__)
    print(f"{counted(len(people), 'participant')} in {to}; begin with its README.")
    return 0


@command("tables", example="export tables --store pilot.sqlite --to pilot-tables")
@_STORE
@_FOLDER
@ROBOTS
def tables(store: Path, to: Path, robots: bool) -> int:
    """Write all tables of a study as CSV, described as a Frictionless Data Package (datapackage.json)."""
    from studies.timing.file.store import Store
    from studies.timing.results.data_package import export_package

    make_folder(to)
    with Store.open(store, writable=False) as opened:
        choose_sessions(opened, robots)
        written = export_package(opened, to)
    print(f"{counted(len(written), 'table')} in {to}; what the columns mean: {to / 'datapackage.json'}")
    return 0


for _name in STUDY_TABLES:
    export.add_command(_study_table(_name))
for _name in PROJECT_TABLES:
    export.add_command(_project_table(_name))
export.add_command(images)
export.add_command(trained_model)
export.add_command(figure)
export.add_command(report)
export.add_command(bids)
export.add_command(tables)
