"""Every image of a project as a table: its label if it has one, and what the last model predicts for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from model.tiers import Tier
from studies.labeling.file.dictionary import PROJECT_DICTIONARY
from studies.labeling.file.store import ProjectStore
from studies.labeling.rounds.item_predictions import ItemPredictions
from studies.table_files import PLAIN, Column, ExportResult, TableStyle, write_table

_SHARED = ("label", "remark", "flagged", "origin", "annotator", "mode")  # with the table of labels
COLUMNS: Mapping[str, Column] = {
    "item": PROJECT_DICTIONARY["labels"]["item"],
    **{name: PROJECT_DICTIONARY["labels"][name] for name in _SHARED},
    "certified": Column(
        "boolean",
        "",
        "of a label of the program: whether the certified tier gave it, whose error is bounded; empty otherwise",
    ),
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


@dataclass(frozen=True)
class ImageTable(ExportResult):
    """Where the files lie, and how much of them is prediction."""

    predicted: int = 0  # rows with a prediction
    has_model: bool = False

    def tell_predictions(self) -> str:
        """A sentence for whoever looks for predictions in vain; empty where they are there."""
        if not self.has_model:
            return "No model was trained yet: nothing is predicted."
        if not self.predicted:
            return "The last model's predictions are not on this machine any more: the next round makes them anew."
        return ""


def export_images(store: ProjectStore, folder: Path, to: Path, style: TableStyle = PLAIN) -> ImageTable:
    """Write a row for each image as CSV with a data dictionary.

    ``folder`` keeps the project's predictions; where those of the last model are not there, their columns are empty.
    Raises ``ExportError``.
    """
    labels = {
        item: (*shared, _certified(origin, strategy))
        for item, origin, strategy, *shared in store.table(
            "labels", ("item", "origin", "strategy", *_SHARED), "item"
        )
    }
    names = dict(store.table("classes", ("class_id", "name"), "class_id"))
    models = store.models()
    items = store.items()
    predictions = ItemPredictions.read(folder, models[-1], len(items)) if models else None
    rows, count = [], 0
    for number, item in enumerate(items):
        likeliest = None if predictions is None else predictions.of(number)
        predicted: tuple[str | None, float | None, str | None] = (None, None, None)
        if predictions is not None and likeliest is not None:
            probability = round(likeliest.probability, 4) if predictions.measured else None
            predicted = (names[likeliest.class_id], probability, models[-1].sha256)
            count += 1
        rows.append((item, *labels.get(item, (None,) * (len(_SHARED) + 1)), *predicted))
    done = write_table(to, "images", COLUMNS, rows, style)
    return ImageTable(done.csv, done.dictionary, done.rows, predicted=count, has_model=bool(models))


def _certified(origin: str, strategy: str | None) -> int | None:
    return int(strategy == Tier.EASY.strategy) if origin == "program" else None
