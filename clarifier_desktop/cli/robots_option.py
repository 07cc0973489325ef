"""The option ``--robots`` of what reads a study: simulated participants too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from studies.timing.file.store import Store

ROBOTS = click.option(
    "--robots", is_flag=True, help="simulated participants too; a file that has no others is read with them"
)


def choose_sessions(store: Store, robots: bool) -> None:
    """Let simulated participants count where they are asked for, and say what becomes of them."""
    from studies.timing.results.analysis import choose_sessions as choose

    simulated = choose(store, robots)
    if simulated.in_words:
        print(simulated.in_words + ("" if simulated.counted else " For all: --robots"))
