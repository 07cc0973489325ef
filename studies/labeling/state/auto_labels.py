"""The labels that the program gave: those of the last round, and those that a certificate of the folder covers."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from model.datasets.base import UNKNOWN
from studies.labeling.facts.finish import Certified
from studies.labeling.facts.records import AutoLabel


class AutoLabels:
    """Of n items, whether or not a person has decided about them since."""

    def __init__(self, items: int) -> None:
        self.classes = np.full(items, UNKNOWN, np.int32)  # class id, unresolved
        self.scores = np.zeros(items, np.float32)  # what the strategy thought of each
        self.of_folder = np.zeros(items, np.bool_)  # covered by a certificate of the folder

    def renew(self, labels: Iterable[AutoLabel]) -> None:
        """Take those of a new round in place of the last one's; certified ones stay."""
        self.classes[~self.of_folder] = UNKNOWN
        for label in labels:
            if not self.of_folder[label.item]:
                self.classes[label.item], self.scores[label.item] = label.class_id, label.score

    def certify(self, labels: Certified) -> None:
        """Take certified ones; the last round's go."""
        self.classes[~self.of_folder] = UNKNOWN
        self.classes[labels.items], self.scores[labels.items] = labels.classes, labels.scores
        self.of_folder[labels.items] = True
