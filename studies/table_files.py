"""Tables as files: CSV that programs, or Excel, read without harm, and beside it what each column means."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TextIO

from model.datasets.lists.cells import harmless
from model.disk import is_folder, is_no_file, is_of_a_store
from model.errors import UserError

_NOTE = (
    "An empty cell is undefined. Text that a spreadsheet would run as a formula has an apostrophe before it."
)
# Also what would split a cell for a reader that takes another separator.
_QUOTED = re.compile(r'[",;|\t\r\n]|^\s|\s$')


class ExportError(UserError):
    """An export that could not be written."""


@dataclass(frozen=True)
class ExportResult:
    """Where the files lie, and the number of rows below the header."""

    csv: Path
    dictionary: Path
    rows: int
    practice: int = 0  # rows of practice, which enter no result


@dataclass(frozen=True)
class Column:
    """A column's type (text, integer, number, boolean as 0 or 1), its unit ("" for none) and its meaning."""

    type: str
    unit: str
    meaning: str


@dataclass(frozen=True)
class TableStyle:
    """How a table is written: for programs, or so that Excel opens it by a double click."""

    separator: str = ","
    decimal: str = "."
    for_excel: bool = False

    @classmethod
    def excel(cls, decimal: str) -> TableStyle:
        """For an Excel whose numbers have that decimal sign: where it is a comma, cells are parted by semicolons."""
        return cls(";" if decimal == "," else ",", "," if decimal == "," else ".", for_excel=True)

    def explain(self) -> str:
        """What a reader must know of the file."""
        if not self.for_excel:
            return f"UTF-8, RFC 4180. {_NOTE}"
        return (
            f"UTF-8 with a byte order mark, separator {self.separator!r}, decimal {self.decimal!r}. {_NOTE}"
        )


PLAIN = TableStyle()


def write_table(
    to: Path,
    table: str,
    columns: Mapping[str, Column],
    rows: Sequence[Sequence[object]],
    style: TableStyle = PLAIN,
) -> ExportResult:
    """Write rows, in the order of ``columns``, and beside them what they mean; each file appears whole or not at all.

    Raises ``ExportError`` where a file cannot be written.
    """
    refuse_folder(to)  # before what lies beside it is written
    dictionary = to.with_name((to.stem if to.suffix.lower() == ".csv" else to.name) + ".dictionary.json")
    write_whole(dictionary, lambda file: _write_dictionary(file, table, columns, style))
    encoding = "utf-8-sig" if style.for_excel else "utf-8"
    write_whole(to, lambda file: write_rows(file, [tuple(columns), *rows], style), encoding)
    return ExportResult(to, dictionary, len(rows))


def write_rows(
    file: TextIO, rows: Iterable[Iterable[object]], style: TableStyle = PLAIN, end: str = "\r\n"
) -> None:
    """Write rows as CSV; text that any spreadsheet would split is quoted, and none is run."""
    for row in rows:
        file.write(style.separator.join(_cell(cell, style) for cell in row) + end)


def _cell(cell: object, style: TableStyle) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float):
        return float.__repr__(cell).replace(".", style.decimal)
    if not isinstance(cell, str):
        return str(cell)
    text = str(harmless(cell, style.for_excel))
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text


def _write_dictionary(file: TextIO, table: str, columns: Mapping[str, Column], style: TableStyle) -> None:
    meanings = {name: asdict(column) for name, column in columns.items()}
    json.dump(
        {"table": table, "format": style.explain(), "columns": meanings}, file, ensure_ascii=False, indent=2
    )
    file.write("\n")


def refuse_folder(to: Path) -> None:
    """Raise ``ExportError`` for the name of a folder, a pipe or a device where one of a file to write is meant."""
    if not to.name or is_folder(to):
        raise ExportError(f"{to} is a folder: name a file in it.")
    if is_no_file(to):
        raise ExportError(f"{to} is a pipe or a device: name a file.")


def write_text(to: Path, text: str) -> None:
    """Write a text that appears whole or not at all; raises ``ExportError``."""
    write_whole(to, lambda file: file.write(text))


def write_whole(to: Path, fill: Callable[[TextIO], object], encoding: str = "utf-8") -> None:
    """Write a text file that appears whole or not at all; raises ``ExportError``."""
    refuse_folder(to)
    unfinished = to.with_name(f".{secrets.token_hex(8)}.part")  # never longer than the name that it gets
    if is_of_a_store(to):
        raise ExportError(
            f"{to} holds answers or belongs to a file that does: name another file for the export."
        )
    try:
        try:
            with unfinished.open("w", encoding=encoding, newline="") as file:
                fill(file)
            unfinished.replace(to)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise ExportError(f"{to} could not be written ({error.strerror}): choose another place.") from error
