"""What the last model predicts for each item, kept on disk for when a project is opened again."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.disk import read_file, replacing
from model.rounds.live_values import Likeliest

_FILE = "predictions.npz"
_ROUNDING = 1e-4  # of a probability in float32


@dataclass(frozen=True)
class Predictions:
    """Of n items, by the model whose file has the hash ``sha256``."""

    sha256: str
    predicted: NDArray[np.int32]  # (n,) index of the likeliest class, -1 where it is not known
    confidence: NDArray[np.float32]  # (n,) its probability
    confusable: tuple[tuple[int, ...], ...]  # for each class those that it is confused with
    measured: bool = False  # the probabilities are calibrated; those of older files are not
    likeliest: Likeliest | None = None  # older files have none


def keep_predictions(folder: Path, predictions: Predictions) -> None:
    """Write them, whole after a crash."""
    buffer, likeliest = io.BytesIO(), predictions.likeliest
    more: dict[str, Any] = {}
    if likeliest is not None:
        more = {"top": likeliest.labels, "top_probabilities": likeliest.probabilities}
    np.savez(
        buffer,
        sha256=np.array(predictions.sha256),
        predicted=predictions.predicted,
        confidence=predictions.confidence,
        confusable=np.array(json.dumps(predictions.confusable)),
        measured=np.array(predictions.measured),
        **more,
    )
    with replacing(folder / _FILE) as out:
        out.write(buffer.getvalue())


def read_predictions(folder: Path, sha256: str) -> Predictions | None:
    """Return those of a model; ``None`` where there are none, another model's, or the file is damaged."""
    try:
        with np.load(io.BytesIO(read_file(folder / _FILE))) as found:
            if str(found["sha256"]) != sha256:
                return None
            confusable = tuple(tuple(others) for others in json.loads(str(found["confusable"])))
            measured = "measured" in found and bool(found["measured"])
            likeliest = Likeliest(found["top"], found["top_probabilities"]) if "top" in found else None
            kept = Predictions(
                sha256, found["predicted"], found["confidence"], confusable, measured, likeliest
            )
    except Exception:
        # Damaged files raise many exceptions; the next round writes it anew.
        return None
    return kept if _fits_together(kept) else None


def _fits_together(kept: Predictions) -> bool:
    """Whether something like this was ever written."""
    predicted, confidence, classes = kept.predicted, kept.confidence, len(kept.confusable)
    return (
        predicted.ndim == 1
        and predicted.shape == confidence.shape
        and predicted.dtype == np.int32
        and confidence.dtype == np.float32
        and bool(((predicted >= -1) & (predicted < classes)).all())
        and bool(((confidence >= 0) & (confidence <= 1 + _ROUNDING)).all())
        and all(isinstance(i, int) and 0 <= i < classes for others in kept.confusable for i in others)
        and (kept.likeliest is None or _are_likeliest(kept.likeliest, kept))
    )


def _are_likeliest(likeliest: Likeliest, kept: Predictions) -> bool:
    labels, probabilities = likeliest.labels, likeliest.probabilities
    return (
        labels.ndim == 2
        and labels.shape == probabilities.shape
        and labels.dtype == np.int32
        and probabilities.dtype == np.float32
        and labels.shape[1] > 0
        and np.array_equal(labels[:, 0], kept.predicted)
        and bool(((labels >= -1) & (labels < len(kept.confusable))).all())
        and bool(((probabilities >= 0) & (probabilities <= 1 + _ROUNDING)).all())
    )
