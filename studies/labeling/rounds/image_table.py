"""Every image of a project as a table: its label if it has one, and what the last model predicts for it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from studies.labeling.file.dictionary import PROJECT_DICTIONARY
from studies.labeling.file.store import ProjectStore
from studies.labeling.rounds.item_predictions import ItemPredictions
from studies.table_files import PLAIN, Column, ExportResult, TableStyle, write_table

_SHARED = ("label", "remark", "flagged", "origin")  # with the table of labels
COLUMNS: Mapping[str, Column] = {
    "item": PROJECT_DICTIONARY["labels"]["item"],
    **{name: PROJECT_DICTIONARY["labels"][name] for name in _SHARED},
    "predicted": Column(
        "text", "", "the class that the last model takes it for; empty where there is no prediction"
    ),
    "probability": Column(
        "number",
        "",
        "how often such predictions are right, by the held-out labels; empty while these are few",
    ),
    "model": Column("text", "", "SHA-256 of that model"),
}


def export_images(store: ProjectStore, folder: Path, to: Path, style: TableStyle = PLAIN) -> ExportResult:
    """Write a row for each image as CSV with a data dictionary.

    ``folder`` keeps the project's predictions; where those of the last model are not there, their columns are empty.
    Raises ``ExportError``.
    """
    labels = {row[0]: row[1:] for row in store.table("labels", ("item", *_SHARED), "item")}
    names = dict(store.table("classes", ("class_id", "name"), "class_id"))
    models = store.models()
    items = store.items()
    predictions = ItemPredictions.read(folder, models[-1], len(items)) if models else None
    rows = []
    for number, item in enumerate(items):
        likeliest = None if predictions is None else predictions.of(number)
        predicted: tuple[str | None, float | None, str | None] = (None, None, None)
        if predictions is not None and likeliest is not None:
            probability = round(likeliest.probability, 4) if predictions.measured else None
            predicted = (names[likeliest.class_id], probability, models[-1].sha256)
        rows.append((item, *labels.get(item, (None,) * len(_SHARED)), *predicted))
    return write_table(to, "images", COLUMNS, rows, style)
