"""What a kept model says of a folder's images, as a table."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from model.rounds.live_values import FolderPredictions
from studies.table_files import PLAIN, Column, ExportResult, TableStyle, write_table

_TOP = 3  # classes of each image that are told
_CALIBRATED = (
    "its probability, corrected by held-out labels of the project that the model comes from: where these images are "
    "like those, of 100 predictions with 0.8 about 80 are right"
)
_RAW = "its probability as the network says it, which nobody measured: mostly far too sure"


def columns_of(predictions: FolderPredictions) -> Mapping[str, Column]:
    """The table's columns, with what they mean for these predictions."""
    sure = _RAW if predictions.temperature is None else _CALIBRATED
    columns = {
        "item": Column("text", "", "the image: its path relative to the folder"),
        "label": Column("text", "", "the likeliest class"),
        "confidence": Column("number", "", sure),
        "calibrated": Column("boolean", "", "whether the confidences were corrected by held-out labels"),
    }
    for rank in range(2, _count(predictions) + 1):
        columns[f"label_{rank}"] = Column("text", "", f"the class that is likely as number {rank}")
        columns[f"confidence_{rank}"] = Column("number", "", "its probability, as confidence")
    return columns


def write_predictions(predictions: FolderPredictions, to: Path, style: TableStyle = PLAIN) -> ExportResult:
    """Write a row for each image that could be read, with a data dictionary; raises ``ExportError``."""
    likeliest, calibrated = predictions.likeliest, int(predictions.temperature is not None)
    rows = []
    for row, item in enumerate(predictions.items):
        cells: list[object] = []
        for rank in range(_count(predictions)):
            name = predictions.classes[likeliest.labels[row, rank]]
            cells += [name, round(float(likeliest.probabilities[row, rank]), 4)]
        rows.append((item, *cells[:2], calibrated, *cells[2:]))
    return write_table(to, "predictions", columns_of(predictions), rows, style)


def _count(predictions: FolderPredictions) -> int:
    return min(_TOP, int(predictions.likeliest.labels.shape[1]))
