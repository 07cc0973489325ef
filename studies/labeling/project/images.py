"""The images of a project, by the names that its file holds: nothing is searched for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from model.datasets.base import DataError, ImageSet, Source
from model.datasets.folder import FileSet
from model.datasets.pixels.deep import Ranges
from model.datasets.pixels.measuring import measure_ranges
from model.datasets.pool import open_pool
from model.port import Port
from studies.files.store_errors import in_facts
from studies.labeling.facts.settings import stored_settings
from studies.labeling.file.store import ProjectStore

_FILES = ("folder", "csv")


def open_items(source: Source, items: Sequence[str], cache: Path, ranges: Ranges | None = None) -> ImageSet:
    """The images named ``items``, in that order; their classes are the project's own, so the set has none.

    Deep ones are shown by ``ranges``, the project's. A folder is not read. Raises
    :class:`model.datasets.base.DataError` where a set is not ready, or is another one.
    """
    if source.dataset in _FILES and source.path is not None:
        if source.dataset == "folder":
            _refuse_outside(items)
        root = source.path if source.dataset == "folder" else source.path.parent
        files = FileSet(source.dataset, root, (), items, (), ())
        files.show_by(ranges)
        return files
    images = open_pool(source, cache)
    if list(images.items) != list(items):
        raise DataError(f"The data set {source.dataset} is not the one that this project was made with.")
    return images


def _refuse_outside(items: Sequence[str]) -> None:
    """Raise ``DataError`` for a name that leads out of the folder: no such project was made by this program."""
    for name in items:
        if ".." in name or name[:1] in ("/", "\\") or name[1:2] == ":":
            parts = re.split(r"[/\\]", name)
            if ".." in parts or parts[0] == "" or re.match(r"[A-Za-z]:[/\\]", name):
                raise DataError(
                    f"This project names an image outside its folder ({name!r}): it was not made by this program, or "
                    "it was changed. Use a copy of it."
                )


def is_local(dataset: str) -> bool:
    """Whether a set lies in files of a person's own, which may be moved."""
    return dataset in _FILES


def open_project_images(store: ProjectStore, cache: Path) -> ImageSet:
    """The images of an open project."""
    source = Source(store.head().dataset, store.place())
    return open_items(source, store.items(), cache, stored_ranges(store))


def stored_ranges(store: ProjectStore) -> Ranges | None:
    """What deep images of a project are shown by; ``None`` if that was not measured yet."""
    with in_facts(store.path):
        return stored_settings(store.settings()).display_ranges


def measure_project(file: Path, cache: Path, port: Port) -> Ranges | None:
    """Measure the display ranges on all images of a project, beside whoever has it open.

    ``None`` if most of them cannot be read now. Raises :class:`model.port.Cancelled`.
    """
    with ProjectStore.open(file, writable=False) as store:
        images = open_project_images(store, cache)
    if not isinstance(images, FileSet):
        return None
    return measure_ranges([images.root / item for item in images.items], port)


def truth_of(source: Source, items: Sequence[str], cache: Path) -> list[str]:
    """Each item's class by the layout of its folder, or as its set knows it; for simulated annotators.

    Raises :class:`model.datasets.base.DataError` where nothing names classes.
    """
    images = open_pool(source, cache)
    known = dict(zip(images.items, images.labels, strict=True))
    unknown = next((item for item in items if item not in known), None)
    if unknown is not None:
        raise DataError(f"Nothing names the class of {unknown}: it lies in no class's folder.")
    return [images.classes[known[item]] for item in items]
