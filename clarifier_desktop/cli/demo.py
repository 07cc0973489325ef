"""The command ``demo``: a short study on built-in images."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from clarifier_desktop.cli.common import PATH, command, make_folder, need_display, user_paths, without_display
from model.disk import is_there


@command("demo", example="demo --robot")
@click.option("--robot", is_flag=True, help="a simulated participant presses the keys")
@click.option("--to", type=PATH, metavar="FOLDER", help="where the study, CSV files and screenshots go")
def demo(robot: bool, to: Path | None) -> int:
    """Open a short study on built-in images, or let a simulated participant play it."""
    from clarifier_desktop.app import run
    from clarifier_desktop.robots import demo as demonstration
    from studies.timing.facts.plan import load_plan
    from studies.timing.session.opening import Opening
    from studies.timing.session.session import Participant

    folder = to or user_paths().data / "demo" / datetime.now().strftime("%Y-%m-%d-%H%M%S")
    make_folder(folder)
    store = folder / "demo.sqlite"
    played = None
    if robot:
        without_display()
        opening = Opening(load_plan("demo"), store, {}, Participant(_unused_code(store)))
        played = demonstration.run_robot(opening, folder / "screenshots")
        if played is None:
            return 1
    else:
        need_display()
        run(Opening(load_plan("demo"), store, {}))
    print(demonstration.report(store, folder, played))
    print(f"Study file: {store}")
    if robot:
        print(f"Screenshots: {folder / 'screenshots'}")
    return 0


def _unused_code(store: Path) -> str:
    """A participant code that the demo's file does not know yet."""
    if not is_there(store):
        return "robot"
    from studies.timing.file.store import Store

    with Store.open(store, writable=False) as opened:
        taken = {session.participant for session in opened.sessions()}
    codes = ("robot", *(f"robot-{number}" for number in range(2, len(taken) + 2)))
    return next(code for code in codes if code not in taken)
