"""A study as a BIDS data set of behaviour: what is a table elsewhere, under the names that BIDS gives."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from studies.table_files import Column, ExportError, write_text
from studies.timing.file.rules import COUNTED_FACTS
from studies.timing.file.store import Store
from studies.timing.results.dictionary import DICTIONARY

_VERSION = "1.9.0"
_HERE = ("study", "participant", "session")  # what the names of files and folders say
_LEVELS = {"0": "no", "1": "yes"}
_README = """A timing study of labeling, exported by CLARIFIER Desktop {version}.

Each sub-*_beh.tsv has a row for each answered trial, those of a task whose name ends with Pages one for each page that
was confirmed; the JSON file of the same task at the top says what the columns mean. participants.tsv has the codes that
participants had in the study, and their answers to its questions. Rows that results leave out have kept = 0.
"""


def export_bids(store: Store, folder: Path, version: str) -> tuple[str, ...]:
    """Write a study's trials, pages and participants as BIDS ``_VERSION`` into a folder that is new or empty.

    Returns the names of participants there. Raises ``ExportError`` where it cannot be written.
    """
    _make(folder)
    if any(folder.iterdir()):
        raise ExportError(f"{folder} is not empty: name a new folder for a BIDS data set.")
    sessions = store.table(
        "session_facts",
        _HERE,
        "study, participant, started_utc, session",
        COUNTED_FACTS,
    )
    names = _names([(study, participant) for study, participant, _ in sessions])
    places = _places(sessions, names)
    studies = sorted({study for study, _, _ in sessions})
    tasks = dict(zip(studies, _labels(studies), strict=True))
    _write_json(
        folder / "dataset_description.json",
        {
            "Name": ", ".join(studies) or "no study",
            "BIDSVersion": _VERSION,
            "DatasetType": "raw",
            "GeneratedBy": [{"Name": "CLARIFIER Desktop", "Version": version}],
        },
    )
    write_text(folder / "README", _README.format(version=version))
    _write_participants(store, folder, names)
    for table, ending in (("trials", ""), ("pages", "Pages")):
        _write_behaviour(
            store, folder, table, {study: task + ending for study, task in tasks.items()}, places
        )
    return tuple(names.values())


def _labels(words: Sequence[str]) -> list[str]:
    """Letters and digits of each, made different by a number where they are alike but for case."""
    taken: set[str] = set()
    labels = []
    for word in words:
        plain = re.sub("[^A-Za-z0-9]", "", word) or "x"
        label, number = plain, 2
        while label.lower() in taken:
            label, number = f"{plain}x{number}", number + 1
        taken.add(label.lower())
        labels.append(label)
    return labels


def _names(people: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """By study and code, what a participant is called."""
    keys = list(dict.fromkeys(people))
    return dict(zip(keys, (f"sub-{label}" for label in _labels([code for _, code in keys])), strict=True))


def _places(
    sessions: Iterable[Sequence[str]], names: Mapping[tuple[str, str], str]
) -> dict[str, tuple[str, str]]:
    """By session, the folder of its files and how their names begin: with a number where one person has several."""
    by_person: defaultdict[str, list[str]] = defaultdict(list)
    for study, participant, session in sessions:
        by_person[names[study, participant]].append(session)
    several = any(len(own) > 1 for own in by_person.values())
    places = {}
    for name, own in by_person.items():
        for place, session in enumerate(own, start=1):
            part = f"ses-{place:02}"
            places[session] = (f"{name}/{part}/beh", f"{name}_{part}") if several else (f"{name}/beh", name)
    return places


def _write_participants(store: Store, folder: Path, names: Mapping[tuple[str, str], str]) -> None:
    replies = store.table(
        "questions", ("study", "participant", "question", "text", "answer", "unit"), "place"
    )
    asked: dict[str, dict[str, str]] = {}
    said: dict[tuple[str, str, str], object] = {}
    for study, participant, question, text, answer, unit in replies:
        asked.setdefault(f"question_{question}", {"Description": text, **({"Units": unit} if unit else {})})
        said[study, participant, f"question_{question}"] = answer
    head = ["participant_id", "study", "code", *asked]
    rows = [
        [name, study, code, *(said.get((study, code, question)) for question in asked)]
        for (study, code), name in names.items()
    ]
    _write_tsv(folder / "participants.tsv", head, rows)
    meanings = {
        "participant_id": {"Description": "Name of the participant in this data set."},
        "study": {"Description": DICTIONARY["trials"]["study"].meaning},
        "code": {"Description": DICTIONARY["trials"]["participant"].meaning},
        **asked,
    }
    _write_json(folder / "participants.json", meanings)


def _write_behaviour(
    store: Store, folder: Path, table: str, tasks: Mapping[str, str], places: Mapping[str, tuple[str, str]]
) -> None:
    columns = {name: column for name, column in DICTIONARY[table].items() if name not in _HERE}
    by_session: defaultdict[tuple[str, str], list[Sequence[object]]] = defaultdict(list)
    for study, _, session, *row in store.table(table, (*_HERE, *columns), "session, position"):
        by_session[study, session].append(row)
    for (study, session), rows in by_session.items():
        inside, begin = places[session]
        to = folder / inside
        _make(to)
        _write_tsv(to / f"{begin}_task-{tasks[study]}_beh.tsv", list(columns), rows)
    for study in sorted({study for study, _ in by_session}):
        meanings = {name: _meaning(column) for name, column in columns.items()}
        _write_json(folder / f"task-{tasks[study]}_beh.json", {"TaskName": f"{study}, {table}", **meanings})


def _meaning(column: Column) -> dict[str, Any]:
    meaning: dict[str, Any] = {"Description": column.meaning}
    if column.unit:
        meaning["Units"] = column.unit
    if column.type == "boolean":
        meaning["Levels"] = _LEVELS
    return meaning


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ExportError(f"{folder} could not be made ({error.strerror}): choose another place.") from error


def _write_tsv(to: Path, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    lines = ["\t".join(head), *("\t".join(map(_cell, row)) for row in rows)]
    write_text(to, "\n".join(lines) + "\n")


def _cell(value: object) -> str:
    if value is None or value == "":
        return "n/a"
    if isinstance(value, float):
        return repr(value)
    return re.sub(r"\s", " ", str(value))  # a tab or a line break would part cells


def _write_json(to: Path, content: Mapping[str, Any]) -> None:
    write_text(to, json.dumps(content, ensure_ascii=False, indent=2) + "\n")
