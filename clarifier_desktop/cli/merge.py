"""The command ``merge``: the files of several machines in one."""

from __future__ import annotations

from pathlib import Path

import click

from clarifier_desktop.cli.common import PATH, command


@command("merge", example="merge lab1.sqlite lab2.sqlite --into all.sqlite")
@click.argument(
    "files", type=PATH, nargs=-1, required=True, metavar="FILE...", help="the study files to pool"
)
@click.option("--into", type=PATH, required=True, metavar="FILE", help="the file that takes their sessions")
def merge(files: tuple[Path, ...], into: Path) -> int:
    """Pool the files of several machines; the same session twice is one session."""
    from studies.timing.file.merge import merge as pool

    report = pool(files, into)
    print(
        f"{into}: {report.added} sessions added, {report.extended} continued, "
        f"{report.unchanged} there already, {report.withdrawn} withdrawn."
    )
    for note in report.notes:
        print(f"Note: {note}")
    return 0
