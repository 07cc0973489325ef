"""Labels that came with images, judged as a person's own: what is doubtful, as sentences and as a table."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from model.datasets.base import UNKNOWN, DataError, Source
from model.datasets.pool import open_pool
from model.port import Port
from model.rounds.live_values import LearnerSettings, LearnRequest
from model.tiers import PerTier
from studies.finish.doubtful import Doubt, judge_labels, rank_judged
from studies.numerals import counted
from studies.table_files import Column, ExportResult, write_table

_SEED = 1
COLUMNS: Mapping[str, Column] = {
    "item": Column("text", "", "the image: its path relative to the folder, as the list names it, or its id"),
    "label": Column("text", "", "its class as given"),
    "predicted": Column("text", "", "what it may be in its place"),
    "probability": Column(
        "number",
        "",
        "the chance that the label is wrong, by models that did not see it and by what else speaks against it; "
        "empty where labels are too few to know",
    ),
    "reason": Column("text", "", "what speaks against the label"),
    "same_as": Column("text", "", "an image that looks the same and has another label"),
}


@dataclass(frozen=True)
class DoubtfulFile:
    """An image whose label may be wrong."""

    item: str
    label: str
    predicted: str
    probability: float | None
    reason: str
    same_as: str  # empty: nothing looks the same and has another label

    def sentence(self) -> str:
        """It in words."""
        how = "" if self.probability is None else f", {self.probability:.0%}"
        twin = f", looks like {self.same_as}" if self.same_as else ""
        return f"{self.item}: {self.label}; {self.predicted}?{how}{twin}"


@dataclass(frozen=True)
class FolderCheck:
    """What was found in a folder."""

    labels: int  # that were judged
    doubtful: tuple[DoubtfulFile, ...]  # the most doubtful first
    same: int  # pairs of images that look the same
    across: int  # of those, with different labels
    unread: int  # images with a label that cannot be read
    note: str  # why it is not the network that one would expect

    def summary(self) -> str:
        """All in a few sentences."""
        lines = [f"{counted(self.labels, 'label')} judged, {len(self.doubtful):,} of them doubtful."]
        if self.same:
            pairs = counted(self.same, "pair of images looks", "pairs of images look")
            lines.append(f"{pairs} the same, {self.across:,} of them with different labels.")
        if self.unread:
            lines.append(f"{counted(self.unread, 'image')} cannot be read.")
        return " ".join([*lines, *([self.note] if self.note else [])])

    def write(self, to: Path) -> ExportResult:
        """Write a row per doubtful label. Raises ``ExportError``."""
        rows = [
            (d.item, d.label, d.predicted, d.probability, d.reason, d.same_as or None) for d in self.doubtful
        ]
        return write_table(to, "doubtful", COLUMNS, rows)


def check_folder(
    source: Source, settings: LearnerSettings, cache: Path, port: Port, laboratory: Path | None = None
) -> FolderCheck:
    """Judge the labels that a source names; nothing is changed.

    Raises ``UserError`` where there are none, or too few to learn from, and :class:`model.port.Cancelled`.
    """
    from model.rounds.checking import check
    from model.rounds.workbench import Workbench

    port.progress(0, 0, "Listing the images")
    images = open_pool(source, cache)
    given = np.array(images.labels, np.int32)
    if len(np.unique(given[given != UNKNOWN])) < 2:
        raise DataError("There is nothing to compare: two classes at least need images with labels.")
    nothing = np.zeros(len(given), np.bool_)
    place = hashlib.blake2b(f"{source.dataset}|{source.path}".encode(), digest_size=16).hexdigest()
    request = LearnRequest(
        project=cache,
        work=cache / "check" / place,
        shared=cache / "weights",
        laboratory=laboratory,
        source=source,
        classes=tuple(images.classes),
        labels=given,
        auto=nothing,
        holdout=nothing,
        random=nothing,
        order=np.zeros(len(given), np.int64),
        excluded=nothing,
        settings=settings,
        budgets=PerTier({}, 0),
        spare=0,
        round=1,
        seed=_SEED,
    )
    bench = Workbench(images)
    try:
        found = check(request, bench, port)
        note = bench.backbone(request, port).note
    finally:
        bench.close()
    labels = found.labels
    judged = judge_labels(found.probabilities.astype(np.float64), labels)
    pairs = [(int(one), int(two)) for one, two in found.pairs]
    across = [(one, two) for one, two in pairs if labels[one] != labels[two]]
    ranked = rank_judged(judged, labels, pairs, np.zeros(len(labels), np.bool_))
    twins = {two: one for one, two in across} | dict(across)
    doubtful = tuple(
        DoubtfulFile(
            images.items[found.items[one.place]],
            images.classes[labels[one.place]],
            images.classes[one.other],
            round(one.chance, 4) if found.calibrated else None,
            " ".join(doubt.value for doubt in Doubt if doubt in one.doubts),
            images.items[found.items[twins[one.place]]] if one.place in twins else "",
        )
        for one in ranked
    )
    unread = int((given != UNKNOWN).sum()) - len(labels)
    return FolderCheck(len(labels), doubtful, len(pairs), len(across), unread, note)
