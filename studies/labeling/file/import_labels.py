"""Reading labels into a project from a CSV file: one that was exported, or any with the columns item and label."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from model.datasets.base import twin_notes
from model.datasets.lists.respelled import before_respelling, same_number
from model.datasets.lists.table import LABEL, PATH, read_table, spellings
from studies.labeling.facts.records import ClassChange, LabelEvent, Purpose, Verb
from studies.labeling.state.classes import ClassList
from studies.labeling.state.ledger import Ledger

_REMARKS = {verb.value: verb for verb in Verb if verb.meaning.final and verb.meaning.remark}
_IMAGE_COLUMNS = ("item", PATH)


@dataclass(frozen=True)
class Import:
    """What a file would add."""

    changes: tuple[ClassChange, ...]  # classes that are new
    events: tuple[LabelEvent, ...]  # one action
    kept: int  # images that a person has labeled in the project already: left as they are
    problems: tuple[str, ...]  # lines that say nothing that can be used
    notes: tuple[str, ...] = ()  # what a person should know of how the file was read


def read_labels(
    file: Path, items: Mapping[str, int], classes: ClassList, ledger: Ledger, root: Path | None = None
) -> Import:
    """Read labels for the images named in ``items``; absolute paths are looked for below ``root``.

    Auto-labels of the file are passed over. Of an image that the file labels twice, and not alike, no label is read.
    Raises ``UserError`` where the file cannot be read or lacks the columns.
    """
    table = read_table(file, "a list of labels", _IMAGE_COLUMNS)
    find = _finder(items, root)
    said: dict[int, tuple[int, str, str]] = {}
    contradicted: set[int] = set()
    kept, problems = 0, []
    settled = ledger.settled
    classes_meant = _Meant(classes)
    for row in table.rows:
        label, remark = row.cells[LABEL].strip(), row.cells.get("remark", "").strip()
        if row.cells.get("origin", "").strip() == "program" or not (label or remark in _REMARKS):
            continue
        item, meant = find(row.cells[table.image]), classes_meant(label)
        if meant is None:
            problems.append(
                f"line {row.line}: a spreadsheet may have made {label} of the name of a class; it was not read"
            )
            continue
        label = meant
        if item is None:
            problems.append(
                f"line {row.line}: there is no image {row.cells[table.image].strip()} in the project"
            )
        elif settled[item]:
            kept += 1
        elif item not in said:
            said[item] = (row.line, label, remark)
        elif said[item][1:] != (label, remark):
            first, *words = said[item]
            contradicted.add(item)
            problems.append(
                f"line {row.line}: {row.cells[table.image].strip()} is {label or remark} here and "
                f"{words[0] or words[1]} on line {first}; neither was read"
            )
    for item in contradicted:
        del said[item]
    names = dict.fromkeys(label for _, label, _ in said.values() if label)
    read = (f"{note.item}: {note.reason}" for note in (*table.notes, *twin_notes(names)))
    notes = (*read, *classes_meant.notes())
    changes = classes.additions(names)
    after = classes.after(changes)
    events = tuple(_event(item, label, remark, after, file.name) for item, (_, label, remark) in said.items())
    return Import(changes, events, kept, tuple(problems), notes)


class _Meant:
    """Finds what a label of the file was before a spreadsheet wrote it, and keeps what is to be told of that."""

    def __init__(self, classes: ClassList) -> None:
        self._classes = classes
        self._names = [c.name for c in classes.standing]
        self._meant: dict[str, str | None] = {"": ""}

    def __call__(self, label: str) -> str | None:
        if label not in self._meant:
            known = self._classes.id_of(label) is not None
            self._meant[label] = label if known else before_respelling(label, self._names)
        return self._meant[label]

    def notes(self) -> Iterator[str]:
        for label, meant in self._meant.items():
            if meant is not None and meant != label:
                yield f"{label} was read as the class {meant}, which spreadsheets write like that."
            elif len(alike := same_number(label, self._names)) > 1 and meant is not None:
                yield (
                    f"{' and '.join(alike)} are different classes, and spreadsheets write them alike: if one saved "
                    f"this file, see which images are {label}."
                )


def _finder(items: Mapping[str, int], root: Path | None) -> Callable[[str], int | None]:
    """What finds the item that a cell names, however the path is written."""
    roots = (
        []
        if root is None
        else [f"{Path(way).as_posix().rstrip('/')}/" for way in (root, os.path.realpath(root))]
    )

    def find(cell: str) -> int | None:
        for way in spellings(cell):
            path = os.path.normpath(way).replace(os.sep, "/") if way else way
            inside = [path.removeprefix(above) for above in roots]
            for name in (way, path, *inside):
                if name in items:
                    return items[name]
        return None

    return find


def _event(item: int, label: str, remark: str, classes: ClassList, detail: str) -> LabelEvent:
    if label:
        return LabelEvent(0, item, Verb.LABEL, Purpose.IMPORT, class_id=classes.id_of(label), detail=detail)
    return LabelEvent(0, item, _REMARKS[remark], Purpose.IMPORT, detail=detail)
