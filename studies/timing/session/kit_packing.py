"""Writes a study kit: a plan with all images that its blocks draw from."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from model.datasets.downloaded import IMAGES as SET_IMAGES
from model.datasets.downloaded import LABELS as SET_LABELS
from model.datasets.folder import FileSet
from model.datasets.registry import DATASETS, SetKind
from model.disk import is_folder, is_of_a_store, open_file, replacing
from model.port import Cancelled, Port
from studies.timing import KIT_SUFFIX
from studies.timing.facts.plan import Block, LoadedPlan
from studies.timing.session.kit import (
    CONTENTS,
    IMAGES,
    PLAN,
    SETS,
    Contents,
    KitError,
    Place,
    is_safe,
)
from studies.timing.session.material import open_material, source_of

_PIECE = 1 << 20


@dataclass(frozen=True)
class Packed:
    """What was packed: the file, how many files of images are in it, and its bytes."""

    file: Path
    files: int
    size: int


def pack(loaded: LoadedPlan, cache: Path, folders: Mapping[str, Path], to: Path, port: Port) -> Packed:
    """Write the kit of a plan to ``to``; a kit of that name is replaced once the new one is whole.

    All images that a block can draw from are packed, so that every laptop draws what it would draw where the kit was
    made. Raises ``UserError`` where a set is not here or an image cannot be packed, ``Cancelled`` on demand.
    """
    _check_target(to)
    material = open_material(loaded, cache, folders)
    places: list[Place] = []
    files: list[tuple[str, Path]] = []
    for block in loaded.plan.blocks:
        kind = DATASETS[block.dataset].kind
        if kind is SetKind.BUILT_IN or any((p.dataset, p.path) == block.source for p in places):
            continue
        if kind is SetKind.DOWNLOADED:
            source = source_of(loaded, block, folders).path or cache
            places.append(Place(dataset=block.dataset, path=block.path, at=SETS))
            files += [
                (f"{SETS}/{block.dataset}/{name}", source / block.dataset / name)
                for name in (SET_IMAGES, SET_LABELS)
            ]
            continue
        images = material.sets[block.label]
        assert isinstance(images, FileSet)
        at = f"{IMAGES}/{len(places) + 1}"
        files += _own_files(at, images, block)
        if block.dataset == "csv":
            file = source_of(loaded, block, folders).path
            assert file is not None  # it was opened
            at = f"{at}/{file.name}"
            files.append((at, file))
        places.append(Place(dataset=block.dataset, path=block.path, at=at))
    try:
        _write(to, loaded, Contents(places=places), files, port)
    except OSError as error:
        raise KitError(f"{error.filename or to} cannot be read or written: {error.strerror}.") from None
    return Packed(to, len(files), to.stat().st_size)


def _check_target(to: Path) -> None:
    if to.suffix.lower() != KIT_SUFFIX:
        raise KitError(f"{to} does not end in {KIT_SUFFIX}: give the kit a name that does.")
    if is_folder(to) or is_of_a_store(to):
        raise KitError(f"{to} is a folder or belongs to a file with answers: name another file.")


def _own_files(at: str, images: FileSet, block: Block) -> Iterator[tuple[str, Path]]:
    for item in images.items:
        if not is_safe(item):
            raise KitError(
                f"{block.label} has an image whose path cannot stand in a kit ({item}): have all images below the "
                "folder of the list, under names without a colon or a backslash."
            )
        yield f"{at}/{item}", images.root / item


def _write(
    to: Path, loaded: LoadedPlan, contents: Contents, files: list[tuple[str, Path]], port: Port
) -> None:
    with replacing(to) as stream, zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as packed:
        packed.writestr(PLAN, loaded.toml)
        packed.writestr(CONTENTS, contents.model_dump_json(indent=1))
        for done, (name, file) in enumerate(files):
            port.progress(done, len(files), "Packing the images")
            if port.cancelled():
                raise Cancelled
            entry = zipfile.ZipInfo(name)  # of no time: the same plan and images are the same kit
            with open_file(file) as source, packed.open(entry, "w", force_zip64=True) as written:
                while piece := source.read(_PIECE):
                    written.write(piece)
        port.progress(len(files), len(files), "Packing the images")
