"""Exports of a project's labels: CSV, JSON Lines, and a folder for each class."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from types import MappingProxyType
from typing import TextIO

from model.datasets.base import ImageSet
from model.datasets.folder import FileSet
from model.datasets.image_files import ImageError, PlaceError
from model.disk import fit_name, is_folder, is_there, read_file
from model.port import Cancelled, Port
from studies.labeling.file.dictionary import PROJECT_DICTIONARY
from studies.labeling.file.store import ProjectStore
from studies.table_files import PLAIN, ExportError, ExportResult, TableStyle, write_table, write_whole

TABLES = {"labels": ("labels", "item"), "answers": ("answers", "seq"), "rounds": ("round_costs", "round")}
_PERSON = "origin = 'person'"
_READ_BY_TORCHVISION = {".jpg", ".jpeg", ".png", ".ppm", ".bmp", ".pgm", ".tif", ".tiff", ".webp"}
_UNFINISHED = ".unfinished.part"  # short: a name may be as long as it can be
_OF_THE_DISK = (
    errno.ENOSPC,
    errno.EROFS,
    errno.ENODEV,
    *((errno.EDQUOT,) if hasattr(errno, "EDQUOT") else ()),
)
MAP_FILE = "classes.json"  # which folder is which class; also the sign of an earlier export
_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}


class Copying(str, Enum):
    """How an image comes into its class's folder."""

    COPY = "copy"
    LINK = "link"


@dataclass(frozen=True)
class FolderResult:
    """What an export to one folder per class wrote."""

    folder: Path
    images: int
    classes: int
    problems: tuple[str, ...]  # items that could not be read, with why


def export_table(
    store: ProjectStore, what: str, to: Path, with_auto: bool = True, style: TableStyle = PLAIN
) -> ExportResult:
    """Write labels, answers or rounds as CSV with a data dictionary; raises ``ExportError``."""
    _refuse_own(store, to)
    view, order = TABLES[what]
    where = "1" if with_auto or what != "labels" else _PERSON
    columns = PROJECT_DICTIONARY[what]
    return write_table(to, view, columns, store.table(view, tuple(columns), order, where), style)


def export_jsonl(store: ProjectStore, to: Path, with_auto: bool = True) -> int:
    """Write labels with their provenance as JSON Lines; returns how many. Raises ``ExportError``."""
    _refuse_own(store, to)
    columns = tuple(PROJECT_DICTIONARY["labels"])
    where = "1" if with_auto else _PERSON
    rows = store.table("labels", columns, "item", where)

    def fill(file: TextIO) -> None:
        for row in rows:
            json.dump(dict(zip(columns, row, strict=True)), file, ensure_ascii=False)
            file.write("\n")

    write_whole(to, fill)
    return len(rows)


def export_folders(
    store: ProjectStore, images: ImageSet, to: Path, copying: Copying, with_auto: bool, port: Port
) -> FolderResult:
    """Put each labeled image into a folder named like its class, as torchvision's ImageFolder reads them.

    A folder that holds anything else is refused; one of an earlier export is brought up to date: images whose label
    changed move, others stay. Originals are never touched. Raises ``ExportError`` and ``Cancelled``.
    """
    where = "label IS NOT NULL" + ("" if with_auto else f" AND {_PERSON}")
    labels: dict[str, str] = dict(store.table("labels", ("item", "label"), "item", where))
    folders = safe_names(sorted(set(labels.values())))
    problems: dict[str, str] = {}  # why an item could not be copied
    try:
        old = _read_earlier(to)
        to.mkdir(parents=True, exist_ok=True)
        places = _place_items(labels, folders)
        # Before the new list stands: what it names and what is there is then what it says, after a crash too.
        for item, place in old.items():
            if places.get(item) != place:
                (to / place).unlink(missing_ok=True)
        write_whole(to / MAP_FILE, lambda file: _write_map(file, folders, places))
        for folder in folders.values():
            (to / folder).mkdir(exist_ok=True)
        for done, (item, place) in enumerate(places.items()):
            if port.cancelled():
                raise Cancelled
            port.progress(done, len(places), f"Saving images: {done:,} of {len(places):,}")
            try:
                _write_image(images, item, to / place, copying)
            except ImageError as error:
                if isinstance(error, PlaceError) and error.whole:
                    raise ExportError(
                        f"{error} Put it back and export again: not all is copied yet."
                    ) from error
                problems[item] = str(error)
            except OSError as error:
                if error.errno in _OF_THE_DISK or not _takes_files((to / place).parent):
                    raise
                problems[item] = f"it could not be written as {place} ({error.strerror})."
        if problems:
            copied = {item: place for item, place in places.items() if item not in problems}
            write_whole(to / MAP_FILE, lambda file: _write_map(file, folders, copied, problems))
        for folder in {place.split("/")[0] for place in (*old.values(), *places.values())}:
            _drop_if_empty(to / folder)  # ImageFolder takes no class without an image
    except OSError as error:
        raise ExportError(
            f"{to} could not be written ({error.strerror}): make room there or choose another folder."
        ) from error
    told = tuple(f"{item}: {why}" for item, why in problems.items())
    return FolderResult(to, len(places) - len(problems), len(folders), told)


def safe_names(names: list[str]) -> dict[str, str]:
    """For each class a folder's name that any file system takes, no two the same where case does not count."""
    taken: set[str] = set()
    folders = {}
    for name in names:
        safe = _UNSAFE.sub("_", name).rstrip(". ") or "_"
        if safe.casefold() in _RESERVED or safe.startswith("."):
            safe = f"_{safe}"
        safe = fit_name(safe)
        number, unique = 2, safe
        while _alike(unique) in taken:
            unique, number = fit_name(safe, f" {number}"), number + 1
        taken.add(_alike(unique))
        folders[name] = unique
    return folders


def _place_items(labels: dict[str, str], folders: dict[str, str]) -> dict[str, str]:
    """For each item its place below the target; items of one name in one class are told apart by their folders."""
    taken: set[str] = set()
    places = {}
    for item, label in labels.items():
        parts = [_UNSAFE.sub("_", part) for part in item.split("/")]
        stem, ending = os.path.splitext(parts[-1])  # noqa: PTH122 (Path takes "..." for a name of its own)
        if not _is_read(parts[-1]):
            stem, ending = parts[-1], ".png"
        place, depth = f"{folders[label]}/{fit_name(stem, ending)}", 1
        while _alike(place) in taken:
            depth += 1
            if depth <= len(parts):
                before = "_".join(parts[-depth:-1])
                place = f"{folders[label]}/{fit_name(f'{before}_{stem}', ending)}"
            else:
                place = f"{folders[label]}/{fit_name(f'{depth}_{stem}', ending)}"
        taken.add(_alike(place))
        places[item] = place
    return places


def _alike(name: str) -> str:
    """What names share that some file system takes for one."""
    return unicodedata.normalize("NFC", name.casefold())


def _takes_files(folder: Path) -> bool:
    """Whether a folder takes a new file: else one image that cannot be written is no fault of its own."""
    probe = folder / _UNFINISHED
    try:
        probe.unlink(missing_ok=True)  # never written into: it may be a link to an original
        with probe.open("xb") as file:
            file.write(b"\0")
        probe.unlink()
    except OSError:
        return False
    return True


def _is_read(name: str) -> bool:
    """Whether ImageFolder takes a file of that name; others are written as PNG."""
    return Path(name).suffix.lower() in _READ_BY_TORCHVISION


def _write_image(images: ImageSet, item: str, to: Path, copying: Copying) -> None:
    if is_there(to):
        return
    unfinished = to.with_name(_UNFINISHED)
    unfinished.unlink(missing_ok=True)  # a link that a crash left would lead to the original
    try:
        if not isinstance(images, FileSet) or not _is_read(item):
            images.image(images.index_of(item)).save(unfinished, "PNG")
        else:
            source = images.file(images.index_of(item))
            if copying is Copying.LINK and _try_link(source, unfinished):
                pass
            else:
                shutil.copyfile(source, unfinished)
        unfinished.replace(to)
    finally:
        unfinished.unlink(missing_ok=True)


def _try_link(source: Path, to: Path) -> bool:
    """Make a link, of the file itself or, on another disk, by its name; ``False`` where the system has none."""
    for link in (os.link, os.symlink):
        try:
            link(source.resolve(), to)
        except OSError:
            continue
        return True
    return False


def _drop_if_empty(folder: Path) -> None:
    if is_folder(folder) and not any(folder.iterdir()):
        folder.rmdir()


def _read_earlier(to: Path) -> dict[str, str]:
    """The places of an earlier export by item; raises where the folder holds anything else."""
    if not is_there(to):
        return {}
    if not is_folder(to):
        raise ExportError(f"{to} is a file: choose a folder.")
    try:
        earlier = json.loads(read_file(to / MAP_FILE).decode())
        return {item: place for item, place in earlier["images"].items() if _is_place(place)}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        if any(to.iterdir()):
            raise ExportError(f"{to} holds other files: choose an empty folder, or a new one.") from None
        return {}


def _is_place(place: object) -> bool:
    """Whether it is a file in a folder of a class: nothing else is ever deleted."""
    if not isinstance(place, str):
        return False
    parts = place.split("/")
    return len(parts) == 2 and not any(_UNSAFE.search(part) or part in ("", ".", "..") for part in parts)


def _write_map(
    file: TextIO,
    folders: dict[str, str],
    places: dict[str, str],
    not_copied: Mapping[str, str] = MappingProxyType({}),
) -> None:
    about = {"classes": folders, "images": places, **({"not_copied": dict(not_copied)} if not_copied else {})}
    json.dump(about, file, ensure_ascii=False, indent=1)
    file.write("\n")


def _refuse_own(store: ProjectStore, to: Path) -> None:
    if to.resolve() == store.path:
        raise ExportError(f"{to} is the project's own file: name another file for the export.")
