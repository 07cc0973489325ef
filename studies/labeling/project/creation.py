"""Making a project: what lies in a folder, which classes it names, and what is labeled already."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from model.datasets.base import UNKNOWN, DataError, ImageSet, Problem, Source
from model.datasets.folder import FileSet
from model.datasets.listing import list_images
from model.datasets.lists.order import order_for_people
from model.datasets.pool import open_pool
from model.port import Port
from studies.labeling.facts.records import LabelEvent, Purpose, Verb
from studies.labeling.facts.settings import ProjectSettings
from studies.labeling.file.store import ProjectHead, ProjectStore
from studies.labeling.planning.tasks import choose_held_out
from studies.labeling.project.chosen_model import ChosenModel
from studies.labeling.project.images import is_local
from studies.labeling.state.classes import ClassList

_PLACEHOLDERS = ("class 1", "class 2")


_SOME = 8


@dataclass(frozen=True)
class SourceListing:
    """What a source of images holds."""

    source: Source
    images: int
    classes: tuple[str, ...]  # of subfolders, of a list, or of the set itself; none where nothing names any
    labeled: int  # images that lie in a subfolder named like a class
    problems: tuple[Problem, ...]  # what is left out, or worth knowing
    some: tuple[str, ...] = ()  # names of a few files, spread evenly over all


@dataclass(frozen=True)
class Draft:
    """A project to be made."""

    source: Source
    classes: tuple[str, ...]
    settings: ProjectSettings
    keep_labels: bool = False  # whether the layout's labels count as given; else everything is to be labeled
    model: ChosenModel | None = None  # that it is begun with: its first round, and what later ones go on from


def inspect(source: Source, cache: Path, port: Port, classes: Sequence[str] | None = None) -> SourceListing:
    """Look at a source without reading an image. Raises :class:`model.datasets.base.DataError`."""
    port.progress(0, 0, "Listing the images")
    images = _open(source, cache, classes)
    if source.dataset == "folder" and classes is None and images.classes != _PLACEHOLDERS:
        # A project takes the folder whole, also what lies beside the subfolders or deeper.
        images = _open(source, cache, images.classes)
    named = classes is not None or images.classes[: len(_PLACEHOLDERS)] != _PLACEHOLDERS
    labeled = sum(1 for label in images.labels if label != UNKNOWN)
    names = images.classes if named else ()
    if classes is None and is_local(source.dataset):
        names = order_for_people(names)
    some = tuple(images.items[:: max(1, len(images) // _SOME)][:_SOME]) if is_local(source.dataset) else ()
    return SourceListing(source, len(images), names, labeled, images.problems, some)


def create(path: Path, draft: Draft, cache: Path, app_version: str, port: Port) -> ProjectStore:
    """Make a project's file and open it. Raises ``DataError``, ``ClassError`` and ``StoreError``."""
    if len(draft.classes) < 2:
        raise DataError("A project needs two classes at least: type their names, one per line.")
    port.progress(0, 0, "Listing the images")
    images = _open(draft.source, cache, draft.classes if draft.source.dataset in ("folder", "csv") else None)
    changes = ClassList().additions(draft.classes)
    chosen = draft.model
    settings = _with_ranges(draft.settings if chosen is None else chosen.fit(draft.settings), images)
    begun = None if chosen is None else chosen.take(ClassList().after(changes))
    head = ProjectHead(str(uuid.uuid4()), path.stem, draft.source.dataset, draft.source.path, app_version)
    store = ProjectStore.create(
        path,
        head,
        images.items,
        choose_held_out(len(images), settings, np.zeros(len(images), np.bool_)),
        changes,
        settings.model_dump_json(),
        port,
        begun,
    )
    try:
        if draft.keep_labels:
            _keep(store, images, draft, app_version)
    except BaseException:
        store.close()
        raise
    return store


def _with_ranges(settings: ProjectSettings, images: ImageSet) -> ProjectSettings:
    """Settings with what the deep images are shown by from now on, whatever is added to them."""
    if not isinstance(images, FileSet):
        return settings
    if settings.display_ranges is not None:
        images.show_by(settings.display_ranges)
    return settings.model_copy(update={"display_ranges": images.choose_ranges()})


def _keep(store: ProjectStore, images: ImageSet, draft: Draft, app_version: str) -> None:
    classes = ClassList.of(store.class_changes())
    ids = [classes.id_of(name) for name in images.classes]
    events = [
        LabelEvent(0, item, Verb.LABEL, Purpose.IMPORT, class_id=ids[label], detail="folder")
        for item, label in enumerate(images.labels)
        if label != UNKNOWN and ids[label] is not None
    ]
    if events:
        sitting = store.start_sitting(draft.settings.annotator, app_version, {"import": "folder"})
        store.append(sitting, events)


def _open(source: Source, cache: Path, classes: Sequence[str] | None) -> ImageSet:
    """The images; of a folder without subfolders with placeholders for its classes, which only a person knows."""
    if source.dataset == "folder" and source.path is not None and classes is None:
        if not list_images(source.path).folders:
            return open_pool(source, cache, _PLACEHOLDERS)
        try:
            return open_pool(source, cache)
        except DataError:
            return open_pool(source, cache, _PLACEHOLDERS)
    return open_pool(source, cache, classes)
