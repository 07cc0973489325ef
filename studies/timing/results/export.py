"""Export of the store's views as CSV files, each with a data dictionary beside it."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TextIO

from model.errors import UserError
from studies.files.store_file import StoreFile
from studies.timing.file.store import Store
from studies.timing.results.dictionary import DICTIONARY, Column

WHAT = tuple(DICTIONARY)

_ORDER = {
    "trials": "study, participant, session, position",
    "ratios": "study, participant, dataset, interface",
    "scratch": "study, participant, dataset, interface",
    "summary": "study, dataset, interface",
    "exclusions": "study, dataset, interface, rule",
}

# Also the full-width forms, which some spreadsheets read as the plain ones.
_FORMULA = tuple("=+-@＝＋－＠")
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


def export(store: Store, what: str, to: Path) -> ExportResult:
    """Write the view ``what`` to ``to`` and its data dictionary beside it; each file appears whole or not at all.

    Raises ``ExportError`` where there is no such view or a file cannot be written.
    """
    if what not in DICTIONARY:
        raise ExportError(f'There is no table "{what}" to export: choose one of {", ".join(WHAT)}.')
    if to.resolve() == store.path:
        raise ExportError(f"{to} is the study's own file: name another file for the export.")
    return write_table(store, what, _ORDER[what], DICTIONARY[what], to)


def write_table(
    store: StoreFile, view: str, order: str, columns: Mapping[str, Column], to: Path, where: str = "1"
) -> ExportResult:
    """Write columns of a view to ``to`` and what they mean beside it; each file appears whole or not at all.

    ``view``, ``order`` and ``where`` are the program's own. Raises ``ExportError`` where a file cannot be written.
    """
    rows = store.query(f"SELECT {', '.join(columns)} FROM {view} WHERE {where} ORDER BY {order}")  # noqa: S608
    dictionary = to.with_name((to.stem if to.suffix.lower() == ".csv" else to.name) + ".dictionary.json")
    write_whole(dictionary, lambda file: _write_dictionary(file, view, columns))
    write_whole(to, lambda file: _write_csv(file, list(columns), rows))
    return ExportResult(to, dictionary, len(rows))


def harmless(cell: object) -> object:
    """The cell, with an apostrophe before text that a spreadsheet would run as a formula.

    Text whose own apostrophes hide such a start gets one more, so that taking one off gives the text back.
    """
    return f"'{cell}" if isinstance(cell, str) and _runs(cell.lstrip("'")) else cell


def plain(cell: str) -> str:
    """The text that :func:`harmless` made ``cell`` of."""
    return cell[1:] if cell.startswith("'") and _runs(cell.lstrip("'")) else cell


def _runs(text: str) -> bool:
    return text.startswith(("\t", "\r", "\n")) or text.lstrip().startswith(_FORMULA)


def _write_csv(file: TextIO, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([harmless(cell) for cell in row] for row in rows)


def _write_dictionary(file: TextIO, what: str, columns: Mapping[str, Column]) -> None:
    meanings = {name: asdict(column) for name, column in columns.items()}
    json.dump({"table": what, "format": _NOTE, "columns": meanings}, file, ensure_ascii=False, indent=2)
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
