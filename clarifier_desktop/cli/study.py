"""What each command of the command line does."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from model.errors import UserError

if TYPE_CHECKING:
    from studies.timing.facts.plan import LoadedPlan
    from studies.timing.session.opening import Opening
    from ui.preferences import Paths


class ArgumentError(UserError):
    """An argument that does not fit."""


def open_program(_options: argparse.Namespace) -> int:
    """Open the window on the home page."""
    from clarifier_desktop import app

    need_display()
    return app.run()


def demo(options: argparse.Namespace) -> int:
    """Open the demo study, or let the robot play it, and print the table."""
    from clarifier_desktop.app import run
    from clarifier_desktop.robots import demo as demonstration
    from studies.timing.facts.plan import load_plan
    from studies.timing.session.opening import Opening
    from studies.timing.session.session import Participant

    paths = user_paths()
    folder: Path = options.to or paths.data / "demo" / datetime.now().strftime("%Y-%m-%d-%H%M%S")
    make_folder(folder)
    store = folder / "demo.sqlite"
    played = None
    if options.robot:
        without_display()
        sitting = Opening(load_plan("demo"), store, {}, Participant(_free_code(store)))
        played = demonstration.run_robot(sitting, folder / "screenshots")
    else:
        need_display()
        run(Opening(load_plan("demo"), store, {}))
    print(demonstration.report(store, folder, played))
    print(f"Study file: {store}")
    if options.robot:
        print(f"Screenshots: {folder / 'screenshots'}")
    return 0


def study_run(options: argparse.Namespace) -> int:
    """Open a study for one participant."""
    from clarifier_desktop import app
    from clarifier_desktop.robots.demo import run_robot

    paths = user_paths()
    sitting = _sitting(options, paths)
    _check_ready(sitting.loaded, sitting.folders, paths)
    if options.robot:
        without_display()
        run_robot(sitting, options.screenshots, seed=options.number or 1)
        return 0
    need_display()
    return app.run(sitting, full_screen=options.full_screen)


def study_check(options: argparse.Namespace) -> int:
    """Read a plan and all of its images; 1 where something would be left out."""
    from model.port import NullPort
    from studies.timing.facts.plan import load_plan
    from studies.timing.session.material import check

    paths = user_paths()
    loaded, folders = load_plan(options.plan), _folders(options, paths)
    _check_ready(loaded, folders, paths)
    problems = check(loaded, paths.cache, folders, NullPort())
    for problem in problems:
        print(f"left out: {problem.item}: {problem.reason}")
    print(f'The plan "{loaded.plan.name}" can be used. {len(problems)} images or files would be left out.')
    return int(bool(problems))


def study_list(options: argparse.Namespace) -> int:
    """List shipped plans, and the sessions of a file."""
    from studies.timing.facts.plan import load_plan, shipped_plans
    from studies.timing.file.store import Store

    print("Plans that come with the program:")
    for name in shipped_plans():
        plan = load_plan(name).plan
        blocks = ", ".join(f"{block.images} {block.label}" for block in plan.blocks)
        print(f"  {name:<10} {plan.title} ({blocks})")
    path = options.store or _default_store(user_paths())
    if not path.exists() and options.store is None:
        print("\nNo study has been run yet.")
        return 0
    with Store.open(path, writable=False) as store:
        sessions = store.sessions()
    print(f"\nSessions in {path}:")
    for s in sessions:
        done = f"{s.answered}/{s.total}"
        print(
            f"  {s.participant:<12} {s.study:<16} {s.interface.value:<9} {s.state.value:<11} {done:<9} {s.started_utc}"
        )
    if not sessions:
        print("  none yet")
    return 0


def download(options: argparse.Namespace) -> int:
    """Download a data set with progress on one line."""
    from model.datasets import download as fetch

    def progress(done: int, total: int, text: str) -> None:
        share = f"{done / total:5.0%}" if total else ""
        print(f"\r{text} {share}", end="", flush=True)

    fetch(options.dataset, user_paths().cache, progress, lambda: False)
    print(f"\n{options.dataset} is ready.")
    return 0


def export(options: argparse.Namespace) -> int:
    """Write a table as CSV."""
    from studies.timing.file.store import Store
    from studies.timing.results.export import export as write

    with Store.open(options.store, writable=False) as store:
        result = write(store, options.table, options.to)
    print(f"{result.rows} rows in {result.csv}; what the columns mean: {result.dictionary}")
    return 0


def merge(options: argparse.Namespace) -> int:
    """Pool files."""
    from studies.timing.file.merge import merge as pool

    report = pool(options.files, options.into)
    print(
        f"{options.into}: {report.added} sessions added, {report.extended} continued, "
        f"{report.unchanged} there already, {report.withdrawn} withdrawn."
    )
    for note in report.notes:
        print(f"Note: {note}")
    return 0


def figures(options: argparse.Namespace) -> int:
    """Draw the paper's figures from a file: figure 2 from a study, 3 to 6 from experiments."""
    from studies.files.schema import EXPERIMENT_ID
    from studies.files.sqlite_file import kind_of

    if kind_of(options.store) == EXPERIMENT_ID:
        from clarifier_desktop.cli.simulate import draw

        return draw(options.store, options.to)
    return _figure_2(options)


def _figure_2(options: argparse.Namespace) -> int:
    from studies.timing.file.store import Store
    from studies.timing.results.analysis import ratio_rows, summary_rows
    from studies.timing.results.figure_2 import figure_2, save_figure
    from studies.timing.results.figure_data import figure_csv

    with Store.open(options.store, writable=False) as store:
        summary, ratios = summary_rows(store), ratio_rows(store)
    folder: Path = options.to
    make_folder(folder)
    figure = figure_2(summary, ratios)
    for ending in ("png", "svg"):
        save_figure(figure, folder / f"figure-2.{ending}")
    try:
        (folder / "figure-2.csv").write_text(figure_csv(summary, ratios), encoding="utf-8", newline="")
    except OSError as error:
        raise ArgumentError(f"{folder} cannot be written: {error.strerror}. Name another folder.") from None
    print(f"figure-2.png, figure-2.svg and figure-2.csv are in {folder}.")
    return 0


def doctor(options: argparse.Namespace) -> int:
    """Check the machine and say what to do."""
    from clarifier_desktop.machine.doctor import examine

    paths = user_paths()
    without_display()
    store = options.store or _default_store(paths)
    return examine(store.parent, options.keys)


def _sitting(options: argparse.Namespace, paths: Paths) -> Opening:
    from studies.timing.facts.plan import load_plan
    from studies.timing.session.opening import Opening
    from studies.timing.session.session import Participant

    if options.number is not None and options.number < 1:
        raise ArgumentError(f"--number {options.number}: participants are numbered from 1.")
    code = options.participant.strip()
    if not code or len(code) > 80:
        raise ArgumentError("--participant: the code must have 1 to 80 characters.")
    store = options.store or _default_store(paths)
    folders = _folders(options, paths)
    return Opening(load_plan(options.plan), store, folders, Participant(code, options.number))


def _folders(options: argparse.Namespace, paths: Paths) -> dict[str, Path]:
    """Where data sets lie on this machine: as remembered, then as said with ``--folder``."""
    from clarifier_desktop import settings

    kept, _ = settings.load(paths)
    folders = dict(kept.data_folders)
    for pair in options.folder:
        name, sign, folder = pair.partition("=")
        if not sign or not folder:
            raise ArgumentError(f"--folder {pair}: write NAME=FOLDER, such as ucmerced=/data/UCMerced.")
        folders[name] = Path(folder).expanduser()
    return folders


def _check_ready(loaded: LoadedPlan, folders: Mapping[str, Path], paths: Paths) -> None:
    """Refuse before a window opens when a data set of the plan is not here."""
    from model.datasets import State, status
    from studies.timing.session.material import source_of

    for block in loaded.plan.blocks:
        found = status(source_of(loaded, block, folders), paths.cache)
        if found.state is State.NEEDS_DOWNLOAD:
            raise ArgumentError(f"{found.text} Run: clarifier-desktop download {block.dataset}")
        if found.state is State.NEEDS_FOLDER:
            if block.path:
                raise ArgumentError(f"{found.text} Its path stands in the plan.")
            raise ArgumentError(f"{found.text} Add: --folder {block.dataset}=FOLDER")


def user_paths() -> Paths:
    """This user's folders."""
    from ui.preferences import Paths

    return Paths.of_user()


def _default_store(paths: Paths) -> Path:
    from clarifier_desktop import settings
    from ui.preferences import store_at_hand

    kept, _ = settings.load(paths)
    return store_at_hand(paths, kept)


def make_folder(folder: Path) -> None:
    """Make a folder; raises ``ArgumentError``."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ArgumentError(f"{folder} cannot be made: {error.strerror}. Name another folder.") from None


def without_display() -> None:
    """Where there is no display, the window is painted in memory."""
    if not _has_display():
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def need_display() -> None:
    """A window for a person needs a display."""
    if not _has_display() and not os.environ.get("QT_QPA_PLATFORM"):
        raise ArgumentError(
            "There is no display to open a window on. Run this in a desktop session; "
            "the demo and studies can also be played by a simulated participant with --robot."
        )


def _has_display() -> bool:
    on_linux = sys.platform.startswith("linux")
    return not on_linux or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _free_code(store: Path) -> str:
    """A participant code that the demo's file does not know yet."""
    if not store.exists():
        return "robot"
    from studies.timing.file.store import Store

    with Store.open(store, writable=False) as opened:
        taken = {session.participant for session in opened.sessions()}
    codes = ("robot", *(f"robot-{number}" for number in range(2, len(taken) + 2)))
    return next(code for code in codes if code not in taken)
