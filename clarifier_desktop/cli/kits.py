"""The commands ``study pack``, ``open`` and ``associate``: a study in one file, for laptops that have nothing else."""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clarifier_desktop.cli.common import PATH, command, data_folders, need_display, plan_options, user_paths
from clarifier_desktop.cli.progress_line import ProgressLine
from model.errors import UserError
from studies.numerals import counted

if TYPE_CHECKING:
    from clarifier_desktop.app import Program
    from ui.preferences import Paths


@command("pack", example="study pack --plan birds.toml --to birds.clarifier-study")
@plan_options
@click.option("--to", type=PATH, required=True, metavar="FILE.clarifier-study", help="the kit to write")
def pack(plan: str, folders: tuple[str, ...], to: Path) -> int:
    """Pack a plan with all its images as one file, a study kit, which opens on any laptop that has the program."""
    from studies.timing.facts.plan import load_plan
    from studies.timing.session.kit_packing import pack as pack_kit

    paths = user_paths()
    with ProgressLine() as line:
        done = pack_kit(load_plan(plan), paths.cache, data_folders(folders, paths), to.expanduser(), line)
    print(f"{done.file}: the plan and {counted(done.files, 'file')} of images, {done.size / 1e6:,.1f} MB.")
    print(
        "Opened on a laptop, by a double click or study open, it keeps its answers in one file; merge pools them."
    )
    return 0


@command("open", example="study open birds.clarifier-study")
@click.argument("kit", type=PATH, metavar="KIT", help="a study kit, as study pack writes it")
@click.option(
    "--store", type=PATH, metavar="FILE", help="the SQLite file that takes the answers (beside the kit)"
)
@click.option("--full-screen", is_flag=True, help="begin in full screen")
def open_kit(kit: Path, store: Path | None, full_screen: bool) -> int:
    """Open a study kit for participants; all answers go to one file, by default beside the kit."""
    from clarifier_desktop import app
    from studies.timing.session import kit as kits
    from studies.timing.session.opening import Opening

    need_display()
    paths = user_paths()
    kit = kit.expanduser().absolute()
    try:
        with ProgressLine() as line:
            opened = kits.open_kit(kit, paths.data / "kits", line)
        opening = Opening(opened.loaded, store or answers_of(kit, paths), opened.folders)
        return app.run(opening, full_screen=full_screen)
    except UserError as error:
        if sys.stderr is not None and not getattr(sys, "frozen", False):
            raise
        return app.run(started=partial(_say, str(error)))  # after a double click nobody reads the terminal


@command("associate", example="study associate")
def associate() -> int:
    """Have study kits opened by a double click, for this user of this computer."""
    from clarifier_desktop.machine.association import associate as tell

    print(tell())
    return 0


def answers_of(kit: Path, paths: Paths) -> Path:
    """The file for a kit's answers: beside it, or among the user's data where nothing can be written there."""
    name = f"{kit.stem}-answers.sqlite"
    return (kit.parent if os.access(kit.parent, os.W_OK) else paths.data) / name


def _say(sentence: str, program: Program) -> None:
    program.say(sentence)
