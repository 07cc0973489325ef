"""The command line; Qt and torch are loaded only inside the commands that need them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from clarifier_desktop import __version__
from clarifier_desktop.cli import (
    label as commands_rounds,
)
from clarifier_desktop.cli import (
    simulate as commands_simulate,
)
from clarifier_desktop.cli import (
    study as commands,
)
from model.errors import UserError

TABLES = ("trials", "ratios", "summary", "scratch", "exclusions")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit code: 0, 1 after a failure, 2 for a mistake that the sentence names."""
    options = build_parser().parse_args(arguments)
    try:
        code: int = options.command(options)
    except UserError as error:
        print(f"clarifier-desktop: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("clarifier-desktop: stopped.", file=sys.stderr)
        return 130
    return code


def build_parser() -> argparse.ArgumentParser:
    """All commands with their help; each ends in an example."""
    parser = argparse.ArgumentParser(
        prog="clarifier-desktop",
        description="Measure what verifying and correcting a suggested label costs a person. "
        "Without a command, the program's window opens.",
        epilog="Example: clarifier-desktop study run --plan built-in --participant P01",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"CLARIFIER Desktop {__version__}")
    parser.set_defaults(command=commands.open_program)
    groups = parser.add_subparsers(title="commands", metavar="COMMAND")
    _add_demo(groups)
    _add_study(groups)
    _add_label(groups)
    _add_data(groups)
    _add_simulate(groups)
    _add_results(groups)
    doctor = _command(
        groups,
        "doctor",
        commands.doctor,
        "Check whether this machine measures well: clock, screen, stamps, stalls, disk.",
        "clarifier-desktop doctor",
    )
    doctor.add_argument("--store", type=Path, metavar="FILE", help="check the disk where this file lies")
    doctor.add_argument("--keys", type=int, default=0, metavar="N", help="ask for N presses of the space bar")
    return parser


_Groups = argparse._SubParsersAction


def _command(
    groups: _Groups[argparse.ArgumentParser],
    name: str,
    run: object,
    text: str,
    example: str,
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = groups.add_parser(
        name, help=text, description=text, epilog=f"Example: {example}", allow_abbrev=False
    )
    parser.set_defaults(command=run)
    return parser


def _add_demo(groups: _Groups[argparse.ArgumentParser]) -> None:
    demo = _command(
        groups,
        "demo",
        commands.demo,
        "Open a short study on built-in images, or let a simulated participant play it.",
        "clarifier-desktop demo --robot",
    )
    demo.add_argument("--robot", action="store_true", help="a simulated participant presses the keys")
    demo.add_argument(
        "--to", type=Path, metavar="FOLDER", help="where the study, CSV files and screenshots go"
    )


def _add_study(groups: _Groups[argparse.ArgumentParser]) -> None:
    study = groups.add_parser(
        "study",
        help="Run a timing study, or list its sessions.",
        description="Run a timing study, or list its sessions.",
        epilog="Example: clarifier-desktop study run --plan paper --participant P01 --folder ucmerced=~/UCMerced",
        allow_abbrev=False,
    )
    parts = study.add_subparsers(title="commands", metavar="COMMAND", required=True)
    run = _command(
        parts,
        "run",
        commands.study_run,
        "Open a study for one participant; an unfinished session of the same code goes on.",
        "clarifier-desktop study run --plan built-in --participant P01 --store pilot.sqlite",
    )
    run.add_argument(
        "--participant", required=True, metavar="CODE", help="the participant's code, never a name"
    )
    run.add_argument(
        "--number", type=int, metavar="N", help="the participant's number (from 1), by which trials are drawn"
    )
    run.add_argument("--store", type=Path, metavar="FILE", help="the SQLite file that takes the answers")
    run.add_argument("--full-screen", action="store_true", help="begin in full screen")
    run.add_argument("--robot", action="store_true", help="a simulated participant presses the keys")
    run.add_argument(
        "--screenshots", type=Path, metavar="FOLDER", help="with --robot: keep a picture of each page"
    )
    check = _command(
        parts,
        "check",
        commands.study_check,
        "Read a plan and every image it needs, and list by name what a study would leave out.",
        "clarifier-desktop study check --plan birds.toml",
    )
    for parser in (run, check):
        parser.add_argument(
            "--plan", required=True, metavar="NAME|FILE", help="a shipped plan's name or a TOML file"
        )
        parser.add_argument(
            "--folder",
            action="append",
            default=[],
            metavar="NAME=FOLDER",
            help="where a data set lies that needs a folder, such as ucmerced=FOLDER",
        )
    listing = _command(
        parts,
        "list",
        commands.study_list,
        "List the plans that come with the program and the sessions in a file.",
        "clarifier-desktop study list --store pilot.sqlite",
    )
    listing.add_argument("--store", type=Path, metavar="FILE", help="the SQLite file with the answers")


def _add_label(groups: _Groups[argparse.ArgumentParser]) -> None:
    label = _command(
        groups,
        "label",
        commands_rounds.label,
        "Label a folder of images round by round; a project that was begun goes on.",
        "clarifier-desktop label ~/birds",
    )
    label.add_argument(
        "target", type=Path, metavar="FOLDER|FILE", help="a folder, a CSV list, a built-in set, or a project"
    )
    label.add_argument("--project", type=Path, metavar="FILE", help="where a new project's file goes")
    label.add_argument("--classes", type=Path, metavar="FILE", help="the classes, one a line")
    label.add_argument("--minutes", type=float, metavar="M", help="of a new project's planned rounds")
    label.add_argument("--annotator", default="", metavar="CODE", help="who labels; never a name")
    label.add_argument("--full-screen", action="store_true", help="begin in full screen")
    label.add_argument("--robot", action="store_true", help="a simulated annotator who knows the truth")
    label.add_argument("--rounds", type=int, metavar="N", help="with --robot: stop after N rounds")
    label.add_argument("--labels", type=int, metavar="N", help="with --robot: stop after N labels")
    label.add_argument("--speed", type=float, default=1.0, metavar="X", help="with --robot: X times as fast")
    label.add_argument("--screenshots", type=Path, metavar="FOLDER", help="with --robot: keep pictures")
    reading = groups.add_parser(
        "import",
        help="Read labels into a project.",
        description="Read labels into a project.",
        epilog="Example: clarifier-desktop import labels birds.csv --project birds.clarifier",
        allow_abbrev=False,
    )
    parts = reading.add_subparsers(title="commands", metavar="COMMAND", required=True)
    labels = _command(
        parts,
        "labels",
        commands_rounds.import_labels,
        "Read labels from a CSV file with the columns item and label; labels of the project stay.",
        "clarifier-desktop import labels birds.csv --project birds.clarifier",
    )
    labels.add_argument("file", type=Path, metavar="FILE.csv")
    labels.add_argument("--project", type=Path, required=True, metavar="FILE")
    labels.add_argument("--annotator", default="", metavar="CODE", help="whose labels they are")


def _add_data(groups: _Groups[argparse.ArgumentParser]) -> None:
    download = _command(
        groups,
        "download",
        commands.download,
        "Download a data set once into the cache folder: cifar10, cifar100, stl10, svhn, or one with -train.",
        "clarifier-desktop download cifar10",
    )
    download.add_argument("dataset", metavar="NAME")


def _add_simulate(groups: _Groups[argparse.ArgumentParser]) -> None:
    simulate = _command(
        groups,
        "simulate",
        commands_simulate.simulate,
        "Run an experiment with a simulated annotator; what was run before is not run again.",
        "clarifier-desktop simulate digits --store digits.sqlite",
    )
    simulate.add_argument(
        "experiment",
        metavar="EXPERIMENT.toml|NAME",
        help="an experiment's file, or the name of a shipped one",
    )
    simulate.add_argument("--store", type=Path, metavar="FILE", help="the SQLite file that takes the results")
    simulate.add_argument(
        "--data", type=Path, metavar="FOLDER", help="where paths of images and weights start"
    )
    simulate.add_argument("--workers", type=int, metavar="N", help="how many runs at a time on this machine")
    simulate.add_argument("--dask", metavar="ADDRESS", help="run on the Dask cluster with this scheduler")
    simulate.add_argument(
        "--check", action="store_true", help="only check the plan and say what it would run"
    )


def _add_results(groups: _Groups[argparse.ArgumentParser]) -> None:
    export = groups.add_parser(
        "export",
        help="Write tables of a study or a project, or a project's labels and model.",
        description="Write tables of a study or a project, or a project's labels and model.",
        epilog="Example: clarifier-desktop export ratios --store pilot.sqlite --to ratios.csv",
        allow_abbrev=False,
    )
    parts = export.add_subparsers(title="tables", metavar="TABLE", required=True)
    for name in TABLES:
        example = f"clarifier-desktop export {name} --store pilot.sqlite --to {name}.csv"
        what = "Write this table of a study as CSV with a data dictionary beside it."
        table = _command(parts, name, commands.export, what, example)
        table.set_defaults(table=name)
        table.add_argument("--store", type=Path, required=True, metavar="FILE")
        table.add_argument("--to", type=Path, required=True, metavar="FILE.csv")
    for name in commands_rounds.TABLES:
        example = f"clarifier-desktop export {name} --project birds.clarifier --to {name}.csv"
        what = f"Write the {name} of a labeling project."
        table = _command(parts, name, commands_rounds.export_project, what, example)
        table.set_defaults(table=name)
        table.add_argument("--project", type=Path, required=True, metavar="FILE")
        table.add_argument("--to", type=Path, required=True, metavar="FILE|FOLDER")
        what = "csv; labels also as jsonl (JSON Lines) or folders (one a class)"
        table.add_argument("--format", choices=commands_rounds.FORMATS, default="csv", help=what)
        table.add_argument("--links", action="store_true", help="with folders: links, not copies")
        table.add_argument("--with-auto", action="store_true", help="the program's own labels too")
    model = _command(
        parts,
        "model",
        commands_rounds.export_trained,
        "Copy the last trained model of a project, with what it is and how to load it.",
        "clarifier-desktop export model --project birds.clarifier --to birds.pt",
    )
    model.add_argument("--project", type=Path, required=True, metavar="FILE")
    model.add_argument("--to", type=Path, required=True, metavar="FILE.pt")
    figure = _command(
        parts,
        "figure",
        commands_rounds.export_figure,
        "Draw a project's accuracy against minutes, with the plotted numbers beside it.",
        "clarifier-desktop export figure --project birds.clarifier --to birds.svg",
    )
    figure.add_argument("--project", type=Path, required=True, metavar="FILE")
    figure.add_argument("--to", type=Path, required=True, metavar="FILE.png|FILE.svg")
    merge = _command(
        groups,
        "merge",
        commands.merge,
        "Pool the files of several machines; the same session twice is one session.",
        "clarifier-desktop merge lab1.sqlite lab2.sqlite --into all.sqlite",
    )
    merge.add_argument("files", type=Path, nargs="+", metavar="FILE")
    merge.add_argument("--into", type=Path, required=True, metavar="FILE")
    figures = _command(
        groups,
        "figures",
        commands.figures,
        "Draw the paper's figures, 2 from a study, 3 to 6 from experiments: PNG, SVG, CSV of the numbers, a report.",
        "clarifier-desktop figures --store pilot.sqlite --to figures",
    )
    figures.add_argument("--store", type=Path, required=True, metavar="FILE")
    figures.add_argument("--to", type=Path, required=True, metavar="FOLDER")


if __name__ == "__main__":
    sys.exit(main())
