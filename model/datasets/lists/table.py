"""The one reader of a person's tables: lists of images, and labels to import."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model.datasets.base import DataError, Problem
from model.datasets.lists.cells import plain
from model.datasets.lists.text_file import read_or_guess

PATH, LABEL = "path", "label"
_SEPARATORS = ",;\t|"
_NOTHING = " \t\r\n\x1a"  # the last one ends files of old systems
_GUESSED = "It is no UTF-8 and was read as Windows-1252; see whether letters with accents are right."


@dataclass(frozen=True)
class Row:
    """The cells of one row by column, names in lower case, and the line on which the row begins."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Table:
    """A table's rows, which of its columns names the image, and what to know of how it was read."""

    image: str
    rows: list[Row]
    notes: tuple[Problem, ...] = ()


def read_table(file: Path, what: str, image_columns: Sequence[str]) -> Table:
    """Read a CSV table with a column ``label`` as spreadsheets of any country save it.

    Of ``image_columns`` the first that is there names the image. Separators are comma, semicolon, tab or bar,
    lines end as they like, a first line ``sep=;`` is understood, and rows without a word are passed over. Raises
    :class:`DataError`: that the file is no ``what`` where a column is missing or is there twice, and with its
    line where a row cannot be read.
    """
    text, guessed = read_or_guess(file)
    text, above, declared = _skip_head(text)
    needed = (tuple(image_columns), (LABEL,))
    names, delimiter = _read_header(file, what, text, declared + _SEPARATORS, needed)
    image = next(name for name in image_columns if name in names)
    notes = (Problem(file.name, _GUESSED, left_out=False),) if guessed and not text.isascii() else ()
    return Table(image, list(_read_rows(file, text, names, delimiter, above)), notes)


def spellings(cell: str) -> list[str]:
    """What may be the image's path as it is on disk, likeliest first: spreadsheets and other systems add to it."""
    tidy = cell.strip()
    ways = (tidy, plain(tidy), cell, plain(cell))
    return list(dict.fromkeys((*ways, *(way.replace("\\", "/") for way in ways))))


def _skip_head(text: str) -> tuple[str, int, str]:
    """The text from its header on, how many lines are above it, and the separator that one of them declares."""
    declared, above = "", 0
    lines = io.StringIO(text.lstrip("\ufeff"), newline="")
    for line in lines:
        word = line.strip('\r\n"')
        if word[:4].casefold() == "sep=" and not declared:
            declared = word[4:5]
        elif word.strip():
            return line + lines.read(), above, declared
        above += 1
    return "", above, declared


def _read_header(
    file: Path, what: str, text: str, delimiters: str, needed: Sequence[Sequence[str]]
) -> tuple[list[str], str]:
    """The names of the columns, and the separator by which the needed ones are there."""
    most: list[str] = []
    for delimiter in delimiters:
        try:
            cells: list[str] = next(_reader(text, delimiter), [])
        except csv.Error:
            continue
        names = [cell.strip().casefold() for cell in cells]
        twice = next((name for group in needed for name in group if names.count(name) > 1), None)
        if twice is not None:
            raise DataError(
                f"The file {file.name} is not {what}: its first line names the column {twice} twice; keep one."
            )
        if all(any(name in names for name in group) for group in needed):
            return names, delimiter
        most = max(most, names, key=len)
    shown = [repr(name[:40]) for name in most if name]
    found = (
        f"it names {', '.join(shown[:8])}{' and more' if len(shown) > 8 else ''}"
        if shown
        else "it names none"
    )
    raise DataError(
        f"The file {file.name} is not {what}: its first line must name the columns {needed[0][0]} and {LABEL}; {found}."
    )


def _reader(text: str, delimiter: str, strict: bool = False) -> Any:
    return csv.reader(
        io.StringIO(text, newline=""), delimiter=delimiter, strict=strict, skipinitialspace=delimiter != "\t"
    )


def _read_rows(file: Path, text: str, names: list[str], delimiter: str, above: int) -> Iterator[Row]:
    reader = _reader(text, delimiter, strict=True)
    begins = 1 + above
    try:
        next(reader)
        begins = reader.line_num + 1 + above
        for row in reader:
            if any(cell.strip(_NOTHING) for cell in row):
                if any(row[len(names) :]):
                    raise DataError(
                        f"Line {begins} of {file.name} has {len(row)} fields instead of {len(names)}; "
                        "put quotes around a field that holds the separator."
                    )
                cells = dict(zip(names, row + [""] * len(names), strict=False))
                cells[LABEL] = plain(cells[LABEL])
                # No class's name has two lines: the cell holds the rows below.
                if len(cells[LABEL].strip().splitlines()) > 1:
                    raise DataError(
                        f"Line {begins} of {file.name} has a label of several lines; is there a quote too many?"
                    )
                yield Row(begins, cells)
            begins = reader.line_num + 1 + above
    except csv.Error as error:
        why = "a quote is opened and not closed" if "end of data" in str(error) else str(error)
        raise DataError(f"Line {begins} of {file.name} cannot be read ({why}); mend the line.") from error
