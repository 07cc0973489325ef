"""Finding the project that was made of the same images before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from model.datasets.base import Source
from model.disk import is_file, is_same_place
from model.errors import UserError
from studies.labeling.file.store import ProjectStore
from studies.labeling.state.progress import Progress


@dataclass(frozen=True)
class KnownProject:
    """A project's file and how far it is."""

    file: Path
    progress: Progress


def find_project(source: Source, files: Iterable[Path]) -> KnownProject | None:
    """The project of ``source`` among ``files``; of several the one that was written last."""
    there = [file for file in files if is_file(file)]
    for file in sorted(there, key=lambda file: file.stat().st_mtime_ns, reverse=True):
        try:
            with ProjectStore.peek(file) as store:
                if store.head().dataset == source.dataset and is_same_place(store.place(), source.path):
                    return KnownProject(file, store.progress())
        except UserError:
            continue  # it is not a project, or opening it says what is wrong
    return None
