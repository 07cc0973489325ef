"""The command line; Qt and torch are loaded only inside the commands that need them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from clarifier_desktop import __version__, commands
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
    _add_data(groups)
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


def _add_data(groups: _Groups[argparse.ArgumentParser]) -> None:
    download = _command(
        groups,
        "download",
        commands.download,
        "Download a data set once into the cache folder: cifar10, cifar100, stl10, svhn, or one with -train.",
        "clarifier-desktop download cifar10",
    )
    download.add_argument("dataset", metavar="NAME")


def _add_results(groups: _Groups[argparse.ArgumentParser]) -> None:
    export = _command(
        groups,
        "export",
        commands.export,
        "Write a table of a study as CSV with a data dictionary beside it.",
        "clarifier-desktop export ratios --store pilot.sqlite --to ratios.csv",
    )
    export.add_argument(
        "table", choices=TABLES, help="one row a trial, a participant and data set, or a data set"
    )
    export.add_argument("--store", type=Path, required=True, metavar="FILE")
    export.add_argument("--to", type=Path, required=True, metavar="FILE.csv")
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
        "Draw the paper's figure 2 from a study: PNG, SVG and the CSV of the plotted numbers.",
        "clarifier-desktop figures --store pilot.sqlite --to figures",
    )
    figures.add_argument("--store", type=Path, required=True, metavar="FILE")
    figures.add_argument("--to", type=Path, required=True, metavar="FOLDER")


if __name__ == "__main__":
    sys.exit(main())
