"""The commands ``study run``, ``check`` and ``list``; ``withdraw`` and those of kits have files of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from clarifier_desktop.cli.common import (
    PATH,
    ArgumentError,
    command,
    data_folders,
    default_store,
    group,
    make_folder,
    need_display,
    number,
    plan_options,
    user_paths,
    whole,
    without_display,
)
from clarifier_desktop.cli.kits import associate, open_kit, pack
from clarifier_desktop.cli.withdraw import withdraw
from model.disk import is_there
from studies.numerals import counted

if TYPE_CHECKING:
    from clarifier_desktop.robots.page_marking import PageManner
    from studies.timing.facts.plan import LoadedPlan
    from ui.preferences import Paths

_Function = TypeVar("_Function", bound=Callable[..., int])

_MAX_CODE = 80


def _open_window() -> int:
    from clarifier_desktop import app

    need_display()
    return app.run(started=app.Program.prepare_study)


study = group(
    "study",
    "Run a timing study, or list its sessions. Without a command, the window opens on the page of a study.",
    example="study run --plan paper --participant P01 --folder ucmerced=~/UCMerced",
    otherwise=_open_window,
)


# With --robot: what pages cost it, and how well it looks.
_PAGE_OPTIONS = {
    "page_s": (number(0, 60), "seconds for each page of images"),
    "cell_s": (number(0, 60), "seconds for each image on a page"),
    "mark_s": (number(0, 60), "seconds for each mark"),
    "miss": (number(0, 1), "the share of odd images that are not marked"),
    "false_mark": (number(0, 1), "the share of right images that are marked"),
    "page_spread": (number(0, 2), "how far a page's time spreads: the standard deviation of its logarithm"),
}


def _page_options(run: _Function) -> _Function:
    for name, (kind, text) in reversed(_PAGE_OPTIONS.items()):
        flag = f"--robot-{name.removesuffix('_s').replace('_', '-')}"
        run = click.option(flag, name, type=kind, metavar="X", help=f"with --robot: {text}")(run)
    return run


def _page_manner(given: Mapping[str, float | None]) -> PageManner:
    """How the robot marks pages: as usual, but for what an option says."""
    from dataclasses import replace

    from clarifier_desktop.robots.page_marking import PageManner

    said = {name: value for name, value in given.items() if value is not None}
    spread = said.pop("page_spread", PageManner().spread)
    return PageManner(replace(PageManner().costs, **said), spread)


@command("run", example="study run --plan built-in --participant P01 --store pilot.sqlite")
@plan_options
@click.option("--participant", required=True, metavar="CODE", help="the participant's code, never a name")
@click.option(
    "--number",
    type=whole(1, 2**63 - 1),
    metavar="N",
    help="the participant's number (from 1), by which trials are drawn",
)
@click.option("--store", type=PATH, metavar="FILE", help="the SQLite file that takes the answers")
@click.option("--full-screen", is_flag=True, help="begin in full screen")
@click.option("--robot", is_flag=True, help="a simulated participant presses the keys; results leave it out")
@click.option("--screenshots", type=PATH, metavar="FOLDER", help="with --robot: keep a picture of each page")
@_page_options
def run(
    plan: str,
    folders: tuple[str, ...],
    participant: str,
    number: int | None,
    store: Path | None,
    full_screen: bool,
    robot: bool,
    screenshots: Path | None,
    **pages: float | None,
) -> int:
    """Open a study for one participant; an unfinished session of the same code goes on."""
    from clarifier_desktop import app
    from clarifier_desktop.robots.demo import run_robot
    from studies.timing.facts.plan import load_plan
    from studies.timing.session.opening import Opening
    from studies.timing.session.session import Participant

    code = participant.strip()
    if not code or len(code) > _MAX_CODE:
        raise ArgumentError(f"--participant: the code must have 1 to {_MAX_CODE} characters.")
    paths = user_paths()
    file = store or default_store(paths)
    places = data_folders(folders, paths)
    opening = Opening(load_plan(plan), file, places, Participant(code, number))
    _check_data(opening.loaded, places, paths)
    if robot:
        without_display()
        if screenshots is not None:
            make_folder(screenshots)
        played = run_robot(opening, screenshots, number or 1, _page_manner(pages))
        return int(played is None)
    need_display()
    return app.run(opening, full_screen=full_screen)


@command("check", example="study check --plan birds.toml")
@plan_options
def check(plan: str, folders: tuple[str, ...]) -> int:
    """Read a plan and every image it needs; list by name what a study would leave out and what to know."""
    from model.datasets.listing import count_left_out, tell
    from model.port import NullPort
    from studies.timing.facts.plan import load_plan
    from studies.timing.session.expected import describe_blocks
    from studies.timing.session.material import check as check_material
    from studies.timing.session.material import open_material, try_draws

    paths = user_paths()
    loaded, places = load_plan(plan), data_folders(folders, paths)
    _check_data(loaded, places, paths)
    material = open_material(loaded, paths.cache, places)
    print(*describe_blocks(loaded, material), sep="\n")
    problems = check_material(loaded, paths.cache, places, NullPort())
    for problem in problems:
        print(f"{'left out' if problem.left_out else 'note'}: {problem.item}: {problem.reason}")
    if len(kinds := tell(problems)) < len(problems):
        print("In all:", *kinds, sep="\n  ")
    for note in _crowded_classes(loaded, places, paths):
        print(f"note: {note}")
    try_draws(loaded, material, {problem.item for problem in problems if problem.left_out})
    left_out = count_left_out(problems)
    known = len(problems) - left_out
    print(
        f'The plan "{loaded.plan.name}" can be used. {counted(left_out, "image or file", "images or files")} '
        "would be left out" + (f", {counted(known, 'thing is', 'things are')} to be known." if known else ".")
    )
    return int(left_out > 0)


@command("list", example="study list --store pilot.sqlite")
@click.option("--store", type=PATH, metavar="FILE", help="the SQLite file with the answers")
def list_sessions(store: Path | None) -> int:
    """List the plans that come with the program and the sessions in a file."""
    from studies.timing.facts.plan import load_plan, name_block, shipped_plans
    from studies.timing.file.store import Store

    print("Plans that come with the program:")
    for name in shipped_plans():
        plan = load_plan(name).plan
        blocks = ", ".join(name_block(plan, block) for block in plan.blocks)
        print(f"  {name:<10} {plan.title} ({blocks})")
    path = store or default_store(user_paths())
    if not is_there(path) and store is None:
        print("\nNo study has been run yet.")
        return 0
    with Store.open(path, writable=False) as opened:
        sessions = opened.sessions()
    print(f"\nSessions in {path}:")
    for s in sessions:
        done = f"{s.answered}/{s.total}"
        print(
            f"  {s.participant:<12} {s.study:<16} {s.interface.value:<9} {s.state.value:<11} {done:<9} {s.started_utc}"
            + ("  simulated" if s.robot else "")
        )
    if not sessions:
        print("  none yet")
    return 0


for _command in (run, check, list_sessions, withdraw, pack, open_kit, associate):
    study.add_command(_command)


def _crowded_classes(loaded: LoadedPlan, folders: Mapping[str, Path], paths: Paths) -> list[str]:
    """Sentences about blocks whose classes are not all in sight in a usual window."""
    from studies.timing.facts.records import Interface
    from studies.timing.session.material import open_material

    if loaded.plan.session.interface is not Interface.KEYBOARD:
        return []
    without_display()
    from PySide6.QtWidgets import QApplication

    from clarifier_desktop.machine.application import make_application
    from ui.kit import theme
    from ui.study.class_room import crowding_note

    material = open_material(loaded, paths.cache, folders)
    application = QApplication.instance()
    if application is None:
        application = make_application([])  # text is measured while it is held
        theme.apply(application, theme.Theme.SYSTEM)
    notes = ((block.label, crowding_note(material.classes(block.label))) for block in loaded.plan.blocks)
    said = [f"{label}: {note}" for label, note in notes if note]
    del application
    return said


def _check_data(loaded: LoadedPlan, folders: Mapping[str, Path], paths: Paths) -> None:
    """Refuse before a window opens when a data set of the plan is not here."""
    from model.datasets import SetState, status
    from studies.timing.session.material import source_of

    for block in loaded.plan.blocks:
        data = status(source_of(loaded, block, folders), paths.cache)
        if data.state is SetState.NEEDS_DOWNLOAD:
            raise ArgumentError(f"{data.text} Run: clarifier-desktop download {block.dataset}")
        if data.state is SetState.NEEDS_FOLDER:
            if block.path:
                raise ArgumentError(f"{data.text} Its path stands in the plan.")
            raise ArgumentError(f"{data.text} Add: --folder {block.dataset}=FOLDER")
