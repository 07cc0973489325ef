"""A project's images after their folder was moved, renamed or added to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import TimeoutError
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from model.datasets.base import Source
from model.datasets.moved import match_items
from model.datasets.pixels.measuring import find_beyond
from model.datasets.pool import open_pool
from model.disk import is_file, is_there
from model.port import Port
from model.threads import Worker
from studies.labeling.file.store import ProjectStore
from studies.labeling.project.images import is_local, stored_ranges

_SAMPLE = 20  # images by which a folder is judged
_PATIENCE_S = 10.0  # for that: as long as a disk that sleeps may take
_ANY_CLASS = "?"
# Classes of no project: a folder is listed whole, however it is laid out.
_LISTED_WHOLE = (_ANY_CLASS, f"{_ANY_CLASS}{_ANY_CLASS}")


@dataclass(frozen=True)
class LocatedImages:
    """What a place holds of a project: its images under their names there, those that are not there, and new ones."""

    place: Path
    renamed: Mapping[int, str]
    missing: int
    new: tuple[str, ...]
    beyond: tuple[str, ...] = ()  # of the new ones, those that the project's display range would cut off


@dataclass(frozen=True)
class MatchedImages:
    """A project's images by number, those that are there, and for each of the former its name among the latter."""

    items: Sequence[str]
    there: Sequence[str]
    names: Mapping[str, str]  # images that are nowhere are left out

    @property
    def renamed(self) -> dict[int, str]:
        """The new names of items whose image lies under another one."""
        return {
            item: self.names[name]
            for item, name in enumerate(self.items)
            if self.names.get(name, name) != name
        }


def images_are_there(store: ProjectStore) -> bool:
    """Whether a project's images lie where it says; judged by a sample, so that opening never waits."""
    head, place = store.head(), store.place()
    return place is None or not is_local(head.dataset) or _holds(head.dataset, place, store.sample(_SAMPLE))


def likely_place(store: ProjectStore) -> Path | None:
    """Where the images lie if the project's file was moved together with them; ``None`` if not there."""
    head, place, sample = store.head(), store.place(), store.sample(_SAMPLE)
    if place is None:
        return None
    beside = store.path.parent
    candidates = [beside / place.name, beside.parent / place.name]
    if head.dataset == "folder":
        candidates += [beside, beside.parent]
    return next((c for c in candidates if is_there(c) and _holds(head.dataset, c, sample)), None)


def locate_images(store: ProjectStore) -> bool:
    """Check that a project's images exist; if they moved along with its file, record the new location.

    Returns whether they were found.
    """
    if images_are_there(store):
        return True
    place = likely_place(store)
    if place is None:
        return False
    store.move(place, {})
    return True


def _holds(dataset: str, place: Path, sample: Sequence[str]) -> bool:
    """Whether most of a sample lies in a place; not so where the disk does not answer soon: the window waits for it."""
    root = place if dataset == "folder" else place.parent
    worker = Worker("places")
    try:
        return 2 * worker.submit(_count_files, root, sample).result(_PATIENCE_S) >= len(sample)
    except TimeoutError:
        return False
    finally:
        worker.close(0)


def _count_files(root: Path, names: Sequence[str]) -> int:
    return sum(is_file(root / name) for name in names)


def look(store: ProjectStore, place: Path, cache: Path, port: Port) -> LocatedImages:
    """Look for a project's images in ``place``: by name, then by content where that was seen before.

    Raises :class:`model.datasets.base.DataError` and :class:`model.port.Cancelled`.
    """
    port.progress(0, 0, "Listing the images")
    found = match_images(store, place, cache, port)
    taken = set(found.names.values())
    new = tuple(name for name in found.there if name not in taken)
    return LocatedImages(place, found.renamed, len(found.items) - len(found.names), new)


def match_images(
    store: ProjectStore,
    place: Path,
    cache: Path,
    port: Port,
    changed: Mapping[int, str] = MappingProxyType({}),
) -> MatchedImages:
    """Match a project's images with those in ``place``; see :func:`model.datasets.moved.match_items`.

    ``changed``: by item what its file holds now instead. Raises as :func:`look`.
    """
    items, hashes, head = store.items(), store.hashes(), store.head()
    images = open_pool(
        Source(head.dataset, place), cache, _LISTED_WHOLE if head.dataset == "folder" else None
    )
    old = {name: hashes.get(item, "") for item, name in enumerate(items)}
    names = match_items(old, images, port, {items[item]: digest for item, digest in changed.items()})
    return MatchedImages(items, images.items, names)


def look_beside(file: Path, place: Path, cache: Path, port: Port) -> LocatedImages:
    """Look in ``place`` for the images of the project in ``file``, beside whoever has it open; raises as ``look``.

    New images are read, where they are deep, to know which of them the project's display range would cut off.
    """
    with ProjectStore.open(file, writable=False) as store:
        found, ranges = look(store, place, cache, port), stored_ranges(store)
        root = place if store.head().dataset == "folder" else place.parent
    if ranges is None:
        return found
    beyond = find_beyond([root / name for name in found.new], ranges, port)
    return replace(found, beyond=tuple(found.new[index] for index in beyond))
