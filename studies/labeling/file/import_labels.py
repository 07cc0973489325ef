"""Reading labels into a project from a CSV file: one that was exported, or any with the columns item and label."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from model.datasets.text_file import read_text
from model.errors import UserError
from studies.labeling.facts.records import ClassChange, LabelEvent, Purpose, Verb
from studies.labeling.state.classes import ClassList
from studies.labeling.state.ledger import Ledger
from studies.table_files import plain

_REMARKS = {verb.value: verb for verb in Verb if verb.meaning.final and verb.meaning.remark}
_ITEM_COLUMNS = ("item", "path")


class LabelFileError(UserError):
    """A file whose labels cannot be read."""


@dataclass(frozen=True)
class Import:
    """What a file would add."""

    changes: tuple[ClassChange, ...]  # classes that are new
    events: tuple[LabelEvent, ...]  # one action
    kept: int  # images that a person has labeled in the project already: left as they are
    problems: tuple[str, ...]  # lines that say nothing that can be used


def read_labels(file: Path, items: Mapping[str, int], classes: ClassList, ledger: Ledger) -> Import:
    """Read labels for the images named in ``items``. Auto-labels of the file are passed over.

    Raises ``UserError`` where the file cannot be read or lacks the columns.
    """
    rows, item_column = _rows(file)
    said: dict[int, tuple[str, str]] = {}
    kept, problems = 0, []
    settled = ledger.settled
    for line, row in rows:
        name = plain(row.get(item_column) or "")
        label, remark = plain(row.get("label") or ""), (row.get("remark") or "").strip()
        if row.get("origin") == "program" or not (label or remark in _REMARKS):
            continue
        if name not in items:
            problems.append(f"line {line}: there is no image {name} in the project")
        elif settled[items[name]]:
            kept += 1
        else:
            said[items[name]] = (label, remark)
    changes = classes.additions(dict.fromkeys(label for label, _ in said.values() if label))
    after = classes.after(changes)
    events = tuple(_event(item, label, remark, after, file.name) for item, (label, remark) in said.items())
    return Import(changes, events, kept, tuple(problems))


def _rows(file: Path) -> tuple[list[tuple[int, dict[str, str]]], str]:
    """The rows with the numbers of their lines, and which column names the image."""
    reader = csv.DictReader(io.StringIO(read_text(file), newline=""))
    try:
        columns = [name.strip() for name in reader.fieldnames or ()]
        reader.fieldnames = columns
        item_column = next((name for name in _ITEM_COLUMNS if name in columns), None)
        if item_column is None or "label" not in columns:
            raise LabelFileError(f"{file.name} has no columns item and label: its first line must name them.")
        return [(reader.line_num, row) for row in reader], item_column
    except csv.Error as error:
        raise LabelFileError(
            f"Line {reader.line_num + 1} of {file.name} cannot be read ({error}): mend the line."
        ) from error


def _event(item: int, label: str, remark: str, classes: ClassList, detail: str) -> LabelEvent:
    if label:
        return LabelEvent(0, item, Verb.LABEL, Purpose.IMPORT, class_id=classes.id_of(label), detail=detail)
    return LabelEvent(0, item, _REMARKS[remark], Purpose.IMPORT, detail=detail)
