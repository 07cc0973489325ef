"""Tables as files: CSV that a spreadsheet reads without harm, and beside it a dictionary of what each column means."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TextIO

from model.datasets.lists.cells import harmless
from model.errors import UserError

_NOTE = (
    "UTF-8, RFC 4180. An empty cell is an undefined value. Text that a spreadsheet would run as a formula has an "
    "apostrophe before it."
)


class ExportError(UserError):
    """An export that could not be written."""


@dataclass(frozen=True)
class ExportResult:
    """Where the files lie, and the number of rows below the header."""

    csv: Path
    dictionary: Path
    rows: int


@dataclass(frozen=True)
class Column:
    """A column's type (text, integer, number, boolean as 0 or 1), its unit ("" for none) and its meaning."""

    type: str
    unit: str
    meaning: str


def write_table(
    to: Path, table: str, columns: Mapping[str, Column], rows: Sequence[Sequence[object]]
) -> ExportResult:
    """Write rows, in the order of ``columns``, and beside them what they mean; each file appears whole or not at all.

    Raises ``ExportError`` where a file cannot be written.
    """
    dictionary = to.with_name((to.stem if to.suffix.lower() == ".csv" else to.name) + ".dictionary.json")
    write_whole(dictionary, lambda file: _write_dictionary(file, table, columns))
    write_whole(to, lambda file: _write_csv(file, list(columns), rows))
    return ExportResult(to, dictionary, len(rows))


def _write_csv(file: TextIO, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([harmless(cell) for cell in row] for row in rows)


def _write_dictionary(file: TextIO, table: str, columns: Mapping[str, Column]) -> None:
    meanings = {name: asdict(column) for name, column in columns.items()}
    json.dump({"table": table, "format": _NOTE, "columns": meanings}, file, ensure_ascii=False, indent=2)
    file.write("\n")


def write_whole(to: Path, fill: Callable[[TextIO], None]) -> None:
    """Write a text file that appears whole or not at all; raises ``ExportError``."""
    unfinished = to.with_name(f".{to.name}.{os.getpid()}.part")
    try:
        try:
            with unfinished.open("w", encoding="utf-8", newline="") as file:
                fill(file)
            unfinished.replace(to)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise ExportError(f"{to} could not be written ({error.strerror}): choose another place.") from error
