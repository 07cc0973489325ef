"""The data sets by name: which there are, whether they are ready, and opening them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from model.datasets import downloaded
from model.datasets.base import DataError, ImageSet, Source, is_text, printable
from model.datasets.csv_file import open_csv
from model.datasets.digits import Digits
from model.datasets.folder import open_folder, open_ucmerced
from model.datasets.shapes import Shapes
from model.disk import is_there


class SetKind(Enum):
    """Where a data set comes from."""

    BUILT_IN = "built in"
    DOWNLOADED = "downloaded"
    OWN = "a folder or file of the person's own"


class SetState(Enum):
    """What stands between a data set and its use."""

    READY = "ready"
    NEEDS_DOWNLOAD = "needs download"
    NEEDS_FOLDER = "needs folder"


@dataclass(frozen=True)
class SetStatus:
    """A data set's state, and one sentence about it for people."""

    state: SetState
    text: str


@dataclass(frozen=True)
class Entry:
    """A known data set; ``open`` is given the person's own path, or else the cache folder."""

    title: str
    kind: SetKind
    open: Callable[[Path], ImageSet]


DATASETS: dict[str, Entry] = {}
"""What a timing study can show, and what can be labeled."""

POOLS: dict[str, Entry] = {}
"""What can be labeled besides; no study's plan offers these."""


def register(name: str, entry: Entry, group: dict[str, Entry] = DATASETS) -> None:
    """Add a data set; raises ``ValueError`` if there is one of that name."""
    if name in DATASETS or name in POOLS:
        raise ValueError(f"There is already a data set named {name!r}.")
    group[name] = entry


def _register_downloaded(name: str, title: str, group: dict[str, Entry] = DATASETS) -> None:
    register(
        name, Entry(title, SetKind.DOWNLOADED, lambda cache: downloaded.ArraySet(name, cache / name)), group
    )


register("digits", Entry("Handwritten digits", SetKind.BUILT_IN, lambda _: Digits()))
register("shapes", Entry("Drawn shapes", SetKind.BUILT_IN, lambda _: Shapes()))
_register_downloaded("cifar10", "CIFAR-10")
_register_downloaded("stl10", "STL-10")
_register_downloaded("svhn", "SVHN")
register("ucmerced", Entry("UC Merced", SetKind.OWN, open_ucmerced))
register("folder", Entry("Folder of images", SetKind.OWN, open_folder))
register("csv", Entry("CSV list of images", SetKind.OWN, open_csv))
_register_downloaded("cifar100", "CIFAR-100", POOLS)
_register_downloaded("cifar10-train", "CIFAR-10 (training part)", POOLS)
_register_downloaded("cifar100-train", "CIFAR-100 (training part)", POOLS)
_register_downloaded("stl10-train", "STL-10 (training part)", POOLS)
_register_downloaded("svhn-train", "SVHN (training part)", POOLS)


def needs_path(name: str) -> bool:
    """Whether a data set is opened from a folder or file of the person's own."""
    return _entry(name).kind is SetKind.OWN


def status(source: Source, cache: Path) -> SetStatus:
    """Return whether a data set can be opened now; nothing is read but whether files are there."""
    entry = _entry(source.dataset)
    if entry.kind is SetKind.OWN:
        thing = "CSV file" if source.dataset == "csv" else "folder"
        if source.path is None:
            return SetStatus(SetState.NEEDS_FOLDER, f"{entry.title}: choose the {thing}.")
        if not is_there(source.path):
            return SetStatus(
                SetState.NEEDS_FOLDER, f"{entry.title}: {source.path} does not exist; choose the {thing}."
            )
        return SetStatus(SetState.READY, f"{entry.title}: read from {source.path}.")
    if entry.kind is SetKind.DOWNLOADED and not downloaded.is_downloaded(
        source.dataset, source.path or cache
    ):
        size = downloaded.download_of(source.dataset).megabytes
        return SetStatus(SetState.NEEDS_DOWNLOAD, f"{entry.title} is not here yet: {size:,} MB to download.")
    return SetStatus(SetState.READY, f"{entry.title}: ready.")


def open_set(source: Source, cache: Path) -> ImageSet:
    """Open a data set; raises :class:`DataError`, with what to do, if it is not ready or not usable."""
    return _entry(source.dataset).open(ready_path(source, cache))


def ready_path(source: Source, cache: Path) -> Path:
    """Return where a data set is opened from; raises :class:`DataError`, with what to do, if it is not ready."""
    if source.path is not None and not is_text(str(source.path)):
        raise DataError(
            f"The name of {printable(str(source.path))} is not valid text; rename it, or what it lies in."
        )
    found = status(source, cache)
    if found.state is SetState.NEEDS_DOWNLOAD:
        raise DataError(f"{found.text} Download it first.")
    if found.state is SetState.NEEDS_FOLDER:
        raise DataError(found.text)
    return cache if source.path is None else source.path


def download(
    name: str,
    cache: Path,
    progress: Callable[[int, int, str], None],
    cancelled: Callable[[], bool],
    origin: downloaded.Origin | None = None,
) -> None:
    """Download a data set into the cache folder; see :func:`model.datasets.downloaded.download`."""
    if _entry(name).kind is not SetKind.DOWNLOADED:
        raise DataError(f"The data set {name} is not one to download; it is {_entry(name).kind.value}.")
    downloaded.download(name, cache, progress, cancelled, origin)


def _entry(name: str) -> Entry:
    entry = DATASETS.get(name) or POOLS.get(name)
    if entry is None:
        raise DataError(f"There is no data set {name!r}; choose one of {', '.join((*DATASETS, *POOLS))}.")
    return entry
