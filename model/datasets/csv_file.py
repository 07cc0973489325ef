"""Image sets from a CSV file with the columns path and label."""

from __future__ import annotations

import codecs
import csv
import io
import os
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from model.datasets.base import DataError, Problem, class_key, natural_key, tidy_class_name
from model.datasets.folder import FileSet

_HELP = "its first line must name the columns path and label"


def open_csv(file: Path) -> FileSet:
    """Open a CSV file (UTF-8 or UTF-16; comma, semicolon or tab) with the columns ``path`` and ``label``.

    Paths are absolute or relative to the CSV file's folder; other columns are passed over. Files that are
    missing are left out with a :class:`Problem`. Raises :class:`DataError`, naming the line, for an empty
    path or label, a path given twice, and labels that differ only in case or spaces.
    """
    rows = _Rows(file)
    for line, path, label in _read(file):
        rows.add(line, path, label)
    classes = sorted(set(rows.labels), key=natural_key)
    if len(classes) < 2:
        found = f"images of only one class ({classes[0]})" if classes else "no image that exists"
        raise DataError(f"The file {file.name} lists {found}; at least two classes are needed.")
    number = {name: index for index, name in enumerate(classes)}
    labels = array("i", (number[label] for label in rows.labels))
    return FileSet("csv", file.parent, classes, rows.items, labels, rows.problems)


@dataclass
class _Rows:
    file: Path
    items: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    _lines: dict[str, int] = field(default_factory=dict)
    _spellings: dict[str, tuple[str, int]] = field(default_factory=dict)

    def add(self, line: int, path: str, label: str) -> None:
        if not path.strip():
            raise DataError(f"Line {line} of {self.file.name} has no path; fill it in or remove the line.")
        if not class_key(label):
            raise DataError(f"Line {line} of {self.file.name} has no label; fill it in or remove the line.")
        item, present = _locate(self.file.parent, path.strip())
        where = os.path.normpath(self.file.parent / item)
        if where in self._lines:
            raise DataError(
                f"Line {line} of {self.file.name} lists {item} again (first on line {self._lines[where]}); "
                "remove one of the two."
            )
        self._lines[where] = line
        # Looked at raw: a label that differs only in spaces is more likely a slip than meant.
        spelling, first = self._spellings.setdefault(class_key(label), (label, line))
        if spelling != label:
            raise DataError(
                f"The label {label!r} on line {line} of {self.file.name} differs only in case or spaces from "
                f"{spelling!r} on line {first}; write both alike."
            )
        if present:
            self.items.append(item)
            self.labels.append(tidy_class_name(label))
        else:
            self.problems.append(Problem(item, f"The file is missing (line {line} of {self.file.name})."))


def _locate(root: Path, path: str) -> tuple[str, bool]:
    """Return the path's id, and whether there is such a file; also for paths written with backslashes."""
    for spelling in (path, path.replace("\\", "/")):
        item = Path(os.path.normpath(spelling)).as_posix()
        # Unlike Path.is_file, this is no error for a path that no disk can hold.
        if os.path.isfile(root / item):  # noqa: PTH113
            return item, True
    return item, False


def _read(file: Path) -> Iterator[tuple[int, str, str]]:
    text = _text(file)
    header = text.split("\n", 1)[0]
    for delimiter in ",;\t":
        columns = [
            name.strip().casefold() for name in next(csv.reader([header.strip()], delimiter=delimiter), [])
        ]
        if columns.count("path") == 1 and columns.count("label") == 1:
            break
    else:
        raise DataError(f"The file {file.name} is not a list of images: {_HELP}.")
    path, label = columns.index("path"), columns.index("label")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        next(reader)
        for row in reader:
            if not any(row):
                continue
            padded = row + [""] * len(columns)
            if len(row) > len(columns):
                raise DataError(
                    f"Line {reader.line_num} of {file.name} has {len(row)} fields instead of {len(columns)}; "
                    "put quotes around a field that holds the separator."
                )
            yield reader.line_num, padded[path], padded[label]
    except csv.Error as error:
        raise DataError(
            f"Line {reader.line_num} of {file.name} cannot be read ({error}); mend the line."
        ) from error


def _text(file: Path) -> str:
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise DataError(f"The file {file} cannot be read ({error.strerror}); choose another.") from error
    utf16 = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return raw.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise DataError(
            f"Line {line} of {file.name} is not UTF-8 text; save the file as UTF-8 "
            "(in a spreadsheet: CSV UTF-8)."
        ) from error
