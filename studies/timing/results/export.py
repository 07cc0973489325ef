"""Export of the store's views, and of what is fitted to them, as CSV files with a data dictionary beside each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, replace
from pathlib import Path
from typing import Any

from studies.numerals import counted
from studies.table_files import PLAIN, ExportError, ExportResult, TableStyle, write_table
from studies.timing.file.store import Store
from studies.timing.results.dictionary import DICTIONARY
from studies.timing.results.factors import factor_rows
from studies.timing.results.learning import learning_rows, speed_rows
from studies.timing.results.page_costs import page_cost_rows
from studies.timing.results.sensitivity import sensitivity_rows

WHAT = tuple(DICTIONARY)

COMPUTED: Mapping[str, Callable[[Store], Sequence[object]]] = {
    "page_costs": page_cost_rows,
    "sensitivity": sensitivity_rows,
    "learning": learning_rows,
    "speed": speed_rows,
    "factors": factor_rows,
}
"""The tables that are no views, with what computes their rows."""

VIEW_NAMES: Mapping[str, str] = {"sessions": "session_facts", "events": "event_facts"}
"""What the views of tables are called whose names are taken in the file."""

_ORDER = {
    "trials": "study, participant, session, position",
    "ratios": "study, participant, dataset, interface",
    "scratch": "study, participant, dataset, interface",
    "summary": "study, dataset, interface",
    "exclusions": "study, dataset, interface, rule",
    "pages": "study, participant, session, position",
    "cells": "study, participant, session, position, cell",
    "questions": "study, participant, session, place",
    "agreements": "study, participant, session",
    "sessions": "study, participant, started_utc, session",
    "events": "study, participant, session, seq",
}


def export(store: Store, what: str, to: Path, style: TableStyle = PLAIN) -> ExportResult:
    """Write the table ``what`` to ``to`` and its data dictionary beside it; each file appears whole or not at all.

    Raises ``ExportError`` where there is no such view or a file cannot be written.
    """
    if what not in DICTIONARY:
        raise ExportError(f'There is no table "{what}" to export: choose one of {", ".join(WHAT)}.')
    if to.resolve() == store.path:
        raise ExportError(f"{to} is the study's own file: name another file for the export.")
    columns = DICTIONARY[what]
    rows: list[tuple[object, ...]]
    if what in COMPUTED:
        rows = [_values(row) for row in COMPUTED[what](store)]
    else:
        rows = store.table(VIEW_NAMES.get(what, what), tuple(columns), _ORDER[what])
    practice = [tuple(columns).index(name) for name in columns if name == "practice"]
    written = write_table(to, what, columns, rows, style)
    return replace(written, practice=sum(bool(row[at]) for row in rows for at in practice))


def _values(row: Any) -> tuple[object, ...]:
    return tuple(int(value) if isinstance(value, bool) else value for value in astuple(row))


def rows_in_words(result: ExportResult) -> str:
    """How many rows were written, and how many of them no result counts."""
    beside = f" ({result.practice:,} of them practice)" if result.practice else ""
    return counted(result.rows, "row") + beside
