"""A study kit: one file with a plan and the images it needs, for a laptop that has nothing else.

It is a zip file that compresses nothing: images are small already, and what is opened can be no larger than the file.

- ``plan.toml``: the plan's exact text, so that sessions of all laptops belong to one study;
- ``kit.json``: where in the kit the images of each block lie (:class:`Contents`);
- ``images/1/``, ``images/2/`` and so on: folders and lists of a person's own; ``sets/``: data sets by download.

Opening one unpacks it once into a folder that is named by what it holds.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from model.datasets.registry import DATASETS, SetKind
from model.disk import is_folder, open_file
from model.errors import UserError
from model.port import Cancelled, Port
from studies.timing.facts.plan import LoadedPlan, parse_plan

PLAN, CONTENTS, IMAGES, SETS = "plan.toml", "kit.json", "images", "sets"

_MOST_BYTES = 1_000_000  # of the plan, and of the contents


class KitError(UserError):
    """A kit that cannot be written or opened."""


class Place(BaseModel):
    """Where in the kit the images of a plan's blocks lie: those of the same ``dataset`` and ``path``."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    dataset: str
    path: str
    at: str


class Contents(BaseModel):
    """What ``kit.json`` says; built-in sets have no place."""

    model_config = ConfigDict(strict=True, frozen=True)

    kit: Literal[1] = 1
    places: list[Place]


@dataclass(frozen=True)
class Kit:
    """A kit that is unpacked: its plan, which finds its own images, and where sets without a path lie."""

    loaded: LoadedPlan
    folders: Mapping[str, Path]


def open_kit(file: Path, kits: Path, port: Port) -> Kit:
    """Unpack a kit into a folder of its own below ``kits``, unless it is there already.

    Raises :class:`KitError`, or ``PlanError`` for its plan, before anything is unpacked; ``Cancelled`` on demand.
    """
    with _reading(file) as packed:
        entries = _checked(packed, file)
        loaded = parse_plan(_text(packed, PLAN, file), f"The plan in {file.name}")
        contents = _contents(_text(packed, CONTENTS, file), file)
        _need_images(loaded, contents, entries, file)
        folder = kits / _name(entries)
        if not is_folder(folder):
            _unpack(packed, entries, folder, file, port)
    own = {place.path: folder / place.at for place in contents.places if place.path}
    sets = {place.dataset: folder / place.at for place in contents.places if not place.path}
    return Kit(replace(loaded, places=tuple(own.items())), sets)


def is_safe(name: str) -> bool:
    """Whether a name with slashes leads to a file below the folder that it starts from, on every system."""
    parts = name.split("/")
    return (
        not any(part in ("", ".", "..") for part in parts)
        and not any(sign in name for sign in "\\:\0")
        and not PurePosixPath(name).is_absolute()
        and not PureWindowsPath(name).is_absolute()
        and not any(unicodedata.category(sign) in ("Cc", "Cs") for sign in name)
    )


@contextmanager
def _reading(file: Path) -> Iterator[zipfile.ZipFile]:
    """The kit as a zip file; whatever is wrong with it is told in a sentence."""
    try:
        with open_file(file) as stream, zipfile.ZipFile(stream) as packed:
            yield packed
    except (zipfile.BadZipFile, NotImplementedError, EOFError, UnicodeError) as error:
        raise _damaged(file) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise KitError(f"{error.filename or file} cannot be read or written: {reason}.") from None


def _damaged(file: Path) -> KitError:
    return KitError(f"{file} is no study kit, or is damaged: copy it again from where it was made.")


def _checked(packed: zipfile.ZipFile, file: Path) -> list[zipfile.ZipInfo]:
    """All that the kit holds; raises where it could not have been written by this program."""
    entries = packed.infolist()
    names = {unicodedata.normalize("NFC", entry.filename).casefold() for entry in entries}
    size = file.stat().st_size
    for entry in entries:
        if not is_safe(entry.filename):
            raise KitError(f"{file} is no study kit: a name in it leads out of it ({entry.filename[:80]!r}).")
        if entry.compress_type != zipfile.ZIP_STORED or entry.flag_bits & 1:
            raise KitError(f"{file} is no study kit: what it holds is compressed or locked.")
    if len(names) < len(entries):
        raise KitError(f"{file} is no study kit: it holds two files of one name.")
    if sum(entry.file_size for entry in entries) > size:
        raise KitError(f"{file} is no study kit: what it holds is larger than itself.")
    return entries


def _text(packed: zipfile.ZipFile, name: str, file: Path) -> str:
    try:
        entry = packed.getinfo(name)
    except KeyError:
        raise KitError(f"{file} is no study kit: it holds no {name}.") from None
    if entry.file_size > _MOST_BYTES:
        raise KitError(f"{file} is no study kit: its {name} has more than {_MOST_BYTES:,} bytes.")
    return packed.read(entry).decode("utf-8")


def _contents(text: str, file: Path) -> Contents:
    try:
        contents = Contents.model_validate_json(text)
    except ValidationError as error:
        raise KitError(
            f"{file} cannot be opened: its {CONTENTS} is damaged, or of a later version of the program."
        ) from error
    if not all(is_safe(place.at) for place in contents.places):
        raise KitError(f"{file} is no study kit: a place in it leads out of it.")
    return contents


def _need_images(loaded: LoadedPlan, contents: Contents, entries: list[zipfile.ZipInfo], file: Path) -> None:
    """Raise where the images of a block are not in the kit: elsewhere on this machine nothing is looked for."""
    places = {(place.dataset, place.path): place.at for place in contents.places}
    for block in loaded.plan.blocks:
        if DATASETS[block.dataset].kind is SetKind.BUILT_IN:
            continue
        at = places.get(block.source)
        if at is None or not any(f"{entry.filename}/".startswith(f"{at}/") for entry in entries):
            raise KitError(f"{file} cannot be used: it lacks the images of {block.label}; pack it again.")


def _name(entries: list[zipfile.ZipInfo]) -> str:
    """A folder's name that tells kits of other contents apart."""
    listed = sorted((entry.filename, entry.file_size, entry.CRC) for entry in entries)
    return hashlib.sha256(repr(listed).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _unpack(
    packed: zipfile.ZipFile, entries: list[zipfile.ZipInfo], folder: Path, file: Path, port: Port
) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".", ignore_cleanup_errors=True) as part:
        for done, entry in enumerate(entries):
            port.progress(done, len(entries), f"Unpacking {file.name}")
            if port.cancelled():
                raise Cancelled
            target = Path(part, "kit", *entry.filename.split("/"))
            target.parent.mkdir(parents=True, exist_ok=True)
            with packed.open(entry) as source, target.open("xb") as written:
                shutil.copyfileobj(source, written)
        try:
            Path(part, "kit").rename(folder)
        except OSError:
            if not is_folder(folder):  # another window unpacked it meanwhile
                raise
    port.progress(len(entries), len(entries), f"Unpacking {file.name}")
