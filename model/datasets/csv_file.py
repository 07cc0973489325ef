"""Image sets from a CSV file with the columns path and label."""

from __future__ import annotations

import os
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from model.datasets.base import (
    TWINS,
    UNKNOWN,
    ClassFinder,
    DataError,
    Problem,
    name_key,
    natural_key,
    tidy_class_name,
    twins,
)
from model.datasets.class_list import check_classes
from model.datasets.folder import FileSet
from model.datasets.lists.table import LABEL, PATH, read_table, spellings

_IMAGE_COLUMNS = (PATH, "item")


def open_csv(file: Path, classes: Sequence[str] | None = None, unlabeled: bool = False) -> FileSet:
    """Open a CSV file (UTF-8 or UTF-16; comma, semicolon or tab) with the columns ``path`` and ``label``.

    Paths are absolute or relative to the CSV file's folder; other columns are passed over. Files that are
    missing are left out with a :class:`Problem`. The classes are ``classes``, or else the labels that occur,
    in natural order. With ``unlabeled`` an empty label stands for none known, -1.

    Raises :class:`DataError`, naming the line, for an empty path or (without ``unlabeled``) label, a path
    given twice, labels that differ only in spaces, and a label that is none of ``classes``.
    """
    rows = _Rows(file, unlabeled, None if classes is None else check_classes(classes))
    table = read_table(file, "a list of images", _IMAGE_COLUMNS)
    for row in table.rows:
        rows.add(row.line, row.cells[table.image], row.cells[LABEL])
    known = rows.classes or sorted(set(filter(None, rows.labels)), key=natural_key)
    if not rows.items or len(known) < 2:
        only = f"images of only one class ({known[0]})" if known else "images of no class"
        raise DataError(
            f"The file {file.name} lists {only if rows.items else 'no image that exists'}; at least two "
            f"classes are needed{', from the labels or a list of them' if unlabeled else ''}."
        )
    number = {"": UNKNOWN} | {name: index for index, name in enumerate(known)}
    labels = array("i", (number[label] for label in rows.labels))
    return FileSet(
        "csv", file.parent, known, rows.items, labels, (*rows.problems, *rows.twins(), *table.notes)
    )


@dataclass
class _Rows:
    file: Path
    unlabeled: bool
    classes: Sequence[str] | None
    items: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    _lines: dict[str, int] = field(default_factory=dict)
    _names: dict[str, str] = field(default_factory=dict)
    _spellings: dict[str, tuple[str, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._root = str(self.file.parent)
        self._find = None if self.classes is None else ClassFinder(self.classes)

    def add(self, line: int, path: str, label: str) -> None:
        if not path.strip():
            raise DataError(f"Line {line} of {self.file.name} has no path; fill it in or remove the line.")
        item, present = _locate(self._root, path)
        where = os.path.normpath(os.path.join(self._root, item))  # noqa: PTH118 (of a million, each counts)
        if where in self._lines:
            raise DataError(
                f"Line {line} of {self.file.name} lists {item} again (first on line {self._lines[where]}); "
                "remove one of the two."
            )
        self._lines[where] = line
        if label not in self._names:
            self._names[label] = self._name(line, label)
        if present:
            self.items.append(item)
            self.labels.append(self._names[label])
        else:
            missing = f"The file is missing (line {line} of {self.file.name})."
            self.problems.append(Problem(item, missing, kind="files of the list that are missing"))

    def _name(self, line: int, label: str) -> str:
        """Return the name of the class that ``label`` stands for, empty for none known."""
        key = name_key(label)
        if not key:
            if self.unlabeled:
                return ""
            raise DataError(f"Line {line} of {self.file.name} has no label; fill it in or remove the line.")
        # Looked at raw: a label that differs only in spaces is more likely a slip than meant.
        spelling, first = self._spellings.setdefault(key, (label, line))
        if spelling != label:
            raise DataError(
                f"The label {label!r} on line {line} of {self.file.name} differs only in spaces from "
                f"{spelling!r} on line {first}; write both alike."
            )
        if self.classes is None or self._find is None:
            return tidy_class_name(label)
        number = self._find(label)
        if number is not None:
            return self.classes[number]
        raise DataError(
            f"The label {label!r} on line {line} of {self.file.name} is not in the list of classes; mend the "
            "line or add the class."
        )

    def twins(self) -> list[Problem]:
        """Return what to know of labels that differ only in case, with their first lines."""
        lines = dict(self._spellings.values())
        if self.classes is not None:
            return []
        return [
            Problem(", ".join(f"{name} (line {lines[name]})" for name in names), TWINS, left_out=False)
            for names in twins(lines)
        ]


def _locate(root: str, path: str) -> tuple[str, bool]:
    """Return the path's id, and whether there is such a file."""
    for spelling in spellings(path):
        item = os.path.normpath(spelling).replace(os.sep, "/")
        # Unlike Path.is_file, this is no error for a path that no disk can hold.
        if os.path.isfile(os.path.join(root, item)):  # noqa: PTH113, PTH118
            return item, True
    return item, False
