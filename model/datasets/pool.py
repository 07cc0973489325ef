"""Opening images to be labeled, where some or all have no label yet."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from model.datasets.base import DataError, ImageSet, Source
from model.datasets.csv_file import open_csv
from model.datasets.flat import open_flat
from model.datasets.folder import open_folder
from model.datasets.listing import list_images
from model.datasets.registry import open_set, ready_path


def open_pool(source: Source, cache: Path, classes: Sequence[str] | None = None) -> ImageSet:
    """Open a set for labeling; without ``classes`` they are what the set itself names.

    With ``classes`` a folder is read whole, however it is laid out (:func:`model.datasets.flat.open_flat`),
    and a CSV list may name no others. Labels in a CSV list may be empty. Raises :class:`DataError`, with
    what to do, if the set is not ready or not usable, or has classes of its own and is given others.
    """
    path = ready_path(source, cache)
    if source.dataset == "csv":
        return open_csv(path, classes, unlabeled=True)
    if source.dataset == "folder":
        if classes is not None:
            return open_flat(path, classes)
        if not list_images(path).folders:
            raise DataError(
                f"The folder {path} holds no subfolders; make one subfolder per class, or give a list of the "
                "classes."
            )
        return open_folder(path)
    if classes is not None:
        raise DataError(f"The data set {source.dataset} has its own classes; leave the list of classes out.")
    return open_set(source, cache)
