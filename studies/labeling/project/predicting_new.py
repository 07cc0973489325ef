"""A child process that predicts images before they are taken into a project, so that they come with suggestions."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from model.datasets.base import Source
from model.errors import UserError
from model.port import NullPort
from studies.labeling.file.store import ProjectStore
from studies.labeling.project.images import open_items, stored_ranges

_NICE = 10  # the window comes first


def predict_before(file: Path, new: Sequence[str], work: Path, cache: Path) -> int:
    """Let the last model of a project predict images that are to stand behind its own; returns how many.

    ``work`` keeps the project's model and predictions. Raises ``UserError`` with nothing changed.
    """
    with ProjectStore.open(file, writable=False) as store:
        models, source = store.models(), Source(store.head().dataset, store.place())
        items, ranges = store.items(), stored_ranges(store)
    if not models:
        return 0
    from model.rounds.predicting import predict_new

    images = open_items(source, [*items, *new], cache, ranges)
    return predict_new(work, work / models[-1].file, models[-1].sha256, images, NullPort())


def main() -> None:
    """Read the new names (JSON) and print how many images were predicted."""
    if sys.platform != "win32":
        os.nice(_NICE)
    file, work, cache = map(Path, sys.argv[1:])
    try:
        print(predict_before(file, json.load(sys.stdin), work, cache))
    except UserError as error:
        print(error, file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
