"""All tables of a study in one folder, described as a Frictionless Data Package."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from studies.table_files import Column, ExportResult, write_text
from studies.timing.file.store import Store
from studies.timing.results.dictionary import DICTIONARY
from studies.timing.results.export import WHAT, export

_TYPES = {"text": "string", "integer": "integer", "number": "number", "boolean": "boolean"}


def export_package(store: Store, folder: Path) -> tuple[ExportResult, ...]:
    """Write every table as CSV into a folder, and ``datapackage.json``, which says what is in them.

    Raises ``ExportError`` where a file cannot be written.
    """
    written = tuple(export(store, what, folder / f"{what}.csv") for what in WHAT)
    package = {
        "profile": "tabular-data-package",
        "name": "timing-study",
        "resources": [_resource(what, DICTIONARY[what]) for what in WHAT],
    }
    write_text(folder / "datapackage.json", json.dumps(package, ensure_ascii=False, indent=2) + "\n")
    return written


def _resource(what: str, columns: Mapping[str, Column]) -> dict[str, object]:
    return {
        "profile": "tabular-data-resource",
        "name": what,
        "path": f"{what}.csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "doubleQuote": True},
        "schema": {
            "fields": [_field(name, column) for name, column in columns.items()],
            "missingValues": [""],
        },
    }


def _field(name: str, column: Column) -> dict[str, object]:
    field: dict[str, object] = {"name": name, "type": _TYPES[column.type], "description": column.meaning}
    if column.unit:
        field["unit"] = column.unit
    if column.type == "boolean":
        field |= {"trueValues": ["1"], "falseValues": ["0"]}
    return field
