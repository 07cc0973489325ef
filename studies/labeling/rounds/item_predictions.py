"""The last model's predictions for the items of a project, by the project's classes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.rounds.live_values import LearnResult, Likeliest, Refitted
from model.rounds.predictions import read_predictions
from studies.labeling.facts.records import Likely, ModelRecord
from studies.labeling.state.classes import ClassList


@dataclass(frozen=True)
class ItemPredictions:
    """What the last model predicts for n items. Items that came to the project after it have no prediction."""

    predicted: NDArray[np.int32]  # (n,) the likeliest class as an index into class_ids, -1: no prediction
    confidence: NDArray[np.float32]  # (n,) its probability
    class_ids: tuple[int, ...]  # the project's classes in the order of the model's outputs, unresolved
    confusable: tuple[tuple[int, ...], ...]  # for each of class_ids the indices of those it is confused with
    measured: bool = (
        False  # the probabilities say how often such predictions are right; otherwise nobody knows
    )
    likeliest: Likeliest | None = None  # of the n items; files of earlier versions have none

    @classmethod
    def of_result(cls, result: LearnResult | Refitted, class_ids: tuple[int, ...]) -> ItemPredictions:
        """What a round's or a refit's model predicts; ``class_ids`` are those of its outputs."""
        return cls(
            result.predicted,
            result.confidence,
            class_ids,
            result.confusable,
            result.measured,
            result.likeliest,
        )

    @classmethod
    def read(cls, folder: Path, model: ModelRecord, items: int) -> ItemPredictions | None:
        """Return the predictions of a model for a project of ``items`` that its folder keeps, if they are there."""
        kept = read_predictions(folder, model.sha256)
        if kept is None or len(kept.predicted) > items or len(kept.confusable) != len(model.class_ids):
            return None
        return cls(
            kept.predicted, kept.confidence, model.class_ids, kept.confusable, kept.measured, kept.likeliest
        )

    def of(self, item: int) -> Likely | None:
        """The likeliest class of an item with its probability; ``None`` without a prediction."""
        if item >= len(self.predicted) or self.predicted[item] < 0:
            return None
        return Likely(self.class_ids[self.predicted[item]], float(self.confidence[item]))

    def top(self, item: int) -> tuple[Likely, ...]:
        """The likeliest classes of an item, the likeliest first."""
        if self.likeliest is None or item >= len(self.likeliest.labels):
            return ()
        rows = zip(self.likeliest.labels[item], self.likeliest.probabilities[item], strict=True)
        return tuple(Likely(self.class_ids[label], float(p)) for label, p in rows if label >= 0)

    def confused_with(self, class_id: int, classes: ClassList) -> tuple[int, ...]:
        """The other classes that a class is confused with, after merges, the likeliest first."""
        if class_id not in self.class_ids:
            return ()
        indices = self.confusable[self.class_ids.index(class_id)]
        others = dict.fromkeys(classes.resolve(self.class_ids[index]) for index in indices)
        return tuple(other for other in others if other != class_id)
