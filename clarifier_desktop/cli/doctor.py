"""The command ``doctor``: whether this machine measures well."""

from __future__ import annotations

from pathlib import Path

import click

from clarifier_desktop.cli.common import (
    PATH,
    ArgumentError,
    command,
    default_store,
    user_paths,
    whole,
    without_display,
)
from model.disk import is_folder


@command("doctor", example="doctor")
@click.option("--store", type=PATH, metavar="FILE", help="check the disk where this file lies")
@click.option(
    "--keys", type=whole(0, 10_000), default=0, metavar="N", help="ask for N presses of the space bar"
)
def doctor(store: Path | None, keys: int) -> int:
    """Check whether this machine measures well: clock, screen, stamps, stalls, disk."""
    from clarifier_desktop.machine.doctor import examine

    if store is not None and not is_folder(store.absolute().parent):
        raise ArgumentError(f"--store {store}: there is no folder {store.absolute().parent}.")
    file = store or default_store(user_paths())
    without_display()
    return examine(file.parent, keys)
