"""The data sets by name: which there are, whether they are ready, and opening them."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from model.datasets import downloaded
from model.datasets.base import DataError, ImageSet, Source
from model.datasets.csv_file import open_csv
from model.datasets.digits import Digits
from model.datasets.folder import open_folder, open_ucmerced
from model.datasets.shapes import Shapes


class Kind(Enum):
    """Where a data set comes from."""

    BUILT_IN = "built in"
    DOWNLOADED = "downloaded"
    OWN = "a folder or file of the person's own"


class State(Enum):
    """What stands between a data set and its use."""

    READY = "ready"
    NEEDS_DOWNLOAD = "needs download"
    NEEDS_FOLDER = "needs folder"


@dataclass(frozen=True)
class Status:
    """A data set's state, and one sentence about it for people."""

    state: State
    text: str


@dataclass(frozen=True)
class Entry:
    """A known data set; ``open`` is given the person's own path, or else the cache folder."""

    title: str
    kind: Kind
    open: Callable[[Path], ImageSet]


DATASETS: dict[str, Entry] = {}


def register(name: str, entry: Entry) -> None:
    """Add a data set; raises ``ValueError`` if there is one of that name."""
    if name in DATASETS:
        raise ValueError(f"There is already a data set named {name!r}.")
    DATASETS[name] = entry


register("digits", Entry("Handwritten digits", Kind.BUILT_IN, lambda _: Digits()))
register("shapes", Entry("Drawn shapes", Kind.BUILT_IN, lambda _: Shapes()))
register(
    "cifar10",
    Entry("CIFAR-10", Kind.DOWNLOADED, lambda cache: downloaded.ArraySet("cifar10", cache / "cifar10")),
)
register(
    "stl10", Entry("STL-10", Kind.DOWNLOADED, lambda cache: downloaded.ArraySet("stl10", cache / "stl10"))
)
register("svhn", Entry("SVHN", Kind.DOWNLOADED, lambda cache: downloaded.ArraySet("svhn", cache / "svhn")))
register("ucmerced", Entry("UC Merced", Kind.OWN, open_ucmerced))
register("folder", Entry("Folder of images", Kind.OWN, open_folder))
register("csv", Entry("CSV list of images", Kind.OWN, open_csv))


def needs_path(name: str) -> bool:
    """Whether a data set is opened from a folder or file of the person's own."""
    return _entry(name).kind is Kind.OWN


def status(source: Source, cache: Path) -> Status:
    """Return whether a data set can be opened now; nothing is read but whether files are there."""
    entry = _entry(source.dataset)
    if entry.kind is Kind.OWN:
        thing = "CSV file" if source.dataset == "csv" else "folder"
        if source.path is None:
            return Status(State.NEEDS_FOLDER, f"{entry.title}: choose the {thing}.")
        # Unlike Path.exists, this is no error for a path that no disk can hold.
        if not os.path.exists(source.path):  # noqa: PTH110
            return Status(
                State.NEEDS_FOLDER, f"{entry.title}: {source.path} does not exist; choose the {thing}."
            )
        return Status(State.READY, f"{entry.title}: read from {source.path}.")
    if entry.kind is Kind.DOWNLOADED and not downloaded.is_downloaded(source.dataset, cache):
        size = downloaded.DOWNLOADS[source.dataset].megabytes
        return Status(State.NEEDS_DOWNLOAD, f"{entry.title} is not here yet: {size:,} MB to download.")
    return Status(State.READY, f"{entry.title}: ready.")


def open_set(source: Source, cache: Path) -> ImageSet:
    """Open a data set; raises :class:`DataError`, with what to do, if it is not ready or not usable."""
    entry = _entry(source.dataset)
    found = status(source, cache)
    if found.state is State.NEEDS_DOWNLOAD:
        raise DataError(f"{found.text} Download it first.")
    if found.state is State.NEEDS_FOLDER:
        raise DataError(found.text)
    return entry.open(source.path if entry.kind is Kind.OWN and source.path is not None else cache)


def download(
    name: str,
    cache: Path,
    progress: Callable[[int, int, str], None],
    cancelled: Callable[[], bool],
    origin: downloaded.Origin | None = None,
) -> None:
    """Download a data set into the cache folder; see :func:`model.datasets.downloaded.download`."""
    if _entry(name).kind is not Kind.DOWNLOADED:
        raise DataError(f"The data set {name} is not one to download; it is {_entry(name).kind.value}.")
    downloaded.download(name, cache, progress, cancelled, origin)


def _entry(name: str) -> Entry:
    if name not in DATASETS:
        raise DataError(f"There is no data set {name!r}; choose one of {', '.join(DATASETS)}.")
    return DATASETS[name]
