"""The option ``--excel`` of commands that write tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from studies.table_files import TableStyle

EXCEL = click.option(
    "--excel",
    type=click.Choice(("system", "point", "comma")),
    is_flag=False,
    flag_value="system",
    metavar="[point|comma]",
    help="CSV for Excel, with this system's decimal sign or the one named; a comma goes with semicolons between cells",
)


def style_of(excel: str | None) -> TableStyle:
    """How a table is written by what was given."""
    from studies.table_files import PLAIN, TableStyle
    from ui.kit.excel import table_style

    if excel is None:
        return PLAIN
    return table_style(True) if excel == "system" else TableStyle.excel("," if excel == "comma" else ".")
