"""Image sets from a folder with one subfolder per class: anyone's own, and UC Merced."""

from __future__ import annotations

import hashlib
import os
import threading
from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import repeat
from pathlib import Path

from PIL import Image

from model.datasets.base import (
    HASH_BYTES,
    DataError,
    ImageSet,
    Problem,
    is_text,
    name_key,
    printable,
    tidy_class_name,
    twin_notes,
)
from model.datasets.image_files import ImageError, MissingImageError, PlaceError, open_image
from model.datasets.images import describe_reading, load_rgb
from model.datasets.listing import FOLDER_NO_TEXT, left_out_here, list_within
from model.datasets.pixels.deep import Ranges
from model.datasets.pixels.measuring import measure_ranges

_SAMPLE = (
    12  # images by which the range of deep ones is measured: read once, before the first of them is shown
)
_MEASURING = threading.Lock()

# Folder names of the 21 classes, and how a person reads them.
UCMERCED_CLASSES = {
    "agricultural": "agricultural",
    "airplane": "airplane",
    "baseballdiamond": "baseball diamond",
    "beach": "beach",
    "buildings": "buildings",
    "chaparral": "chaparral",
    "denseresidential": "dense residential",
    "forest": "forest",
    "freeway": "freeway",
    "golfcourse": "golf course",
    "harbor": "harbor",
    "intersection": "intersection",
    "mediumresidential": "medium residential",
    "mobilehomepark": "mobile home park",
    "overpass": "overpass",
    "parkinglot": "parking lot",
    "river": "river",
    "runway": "runway",
    "sparseresidential": "sparse residential",
    "storagetanks": "storage tanks",
    "tenniscourt": "tennis court",
}


_SPREAD = 8  # images over the whole set by which its place is judged
_NEAR = 2  # images on each side by which a folder of it is


class FileSet(ImageSet):
    """Images that lie in files; an id is the file's path, with slashes, relative to ``root``."""

    def __init__(
        self,
        name: str,
        root: Path,
        classes: Sequence[str],
        items: Sequence[str],
        labels: Sequence[int],
        problems: Sequence[Problem],
    ) -> None:
        super().__init__(name, classes, items, labels, problems)
        self.root = root
        self.given_up: frozenset[str] = frozenset()  # folders whose missing images a person goes on without
        self._ranges: Ranges | None = None

    def image(self, index: int, fit: tuple[int, int] | None = None) -> Image.Image:
        """Return image ``index``; see :meth:`ImageSet.image`."""
        with self._blames_the_place(index):
            return load_rgb(self.root / self.items[index], fit, self.ranges)

    def ranges(self) -> Ranges:
        """Return what the set's deep images are shown by, so that they stay comparable; see :class:`ImageSet`."""
        return self.choose_ranges() or Ranges()

    def choose_ranges(self) -> Ranges | None:
        """Return the ranges to keep for the set: those that it was given, or else measured on a sample, once.

        ``None`` while most of the sample cannot be read. Safe to call from several threads.
        """
        with _MEASURING:
            if self._ranges is None:
                count = min(_SAMPLE, len(self))
                chosen = [self.root / self.items[len(self) * place // count] for place in range(count)]
                self._ranges = measure_ranges(chosen)
            return self._ranges

    def show_by(self, ranges: Ranges | None) -> None:
        """Show deep images by ``ranges``, as chosen before; ``None``: they are still to be chosen."""
        self._ranges = ranges

    def describe_reading(self, index: int) -> str:
        """Return how image ``index`` is read; see :meth:`ImageSet.describe_reading`."""
        with self._blames_the_place(index):
            return describe_reading(self.root / self.items[index], self.ranges)

    def content_hash(self, index: int) -> str:
        """Return a hash of the file's bytes; see :meth:`ImageSet.content_hash`."""
        digest = hashlib.blake2b(digest_size=HASH_BYTES)
        with self._blames_the_place(index), open_image(self.root / self.items[index]) as file:
            while piece := file.read(1 << 20):
                digest.update(piece)
        return digest.hexdigest()

    def file(self, index: int) -> Path:
        """Return the file of image ``index``; raises as :meth:`image` does if it cannot be opened."""
        path = self.root / self.items[index]
        with self._blames_the_place(index), open_image(path) as file:
            file.read(1)
        return path

    @contextmanager
    def _blames_the_place(self, index: int) -> Iterator[None]:
        """Raise ``PlaceError`` for an image that is missing with its folder, or with its neighbours."""
        try:
            yield
        except MissingImageError as error:
            spread = {len(self.items) * part // _SPREAD for part in range(_SPREAD)} - {index}
            if not any(map(self._is_there, spread)) and (spread or not _is_folder(self.root)):
                raise PlaceError(f"The folder {self.root} cannot be reached.", True) from error
            folder = self.items[index].rpartition("/")[0]
            if folder in self.given_up:
                raise
            if not _is_folder(self.root / folder):
                raise PlaceError(
                    f"The folder {self.root / folder} cannot be reached.", False, f"{folder}/"
                ) from error
            near = range(max(0, index - _NEAR), min(len(self.items), index + _NEAR + 1))
            beside = [o for o in near if o != index and self.items[o].rpartition("/")[0] == folder]
            if len(beside) >= _NEAR and not any(map(self._is_there, beside)):
                name, place = self.items[index], self.root / folder
                raise PlaceError(
                    f"The images around {name} in {place} cannot be reached.", False, name
                ) from error
            raise

    def _is_there(self, index: int) -> bool:
        """Whether an image's file gives its first byte."""
        try:
            with open_image(self.root / self.items[index]) as file:
                file.read(1)
        except ImageError:
            return False
        return True


def _is_folder(path: Path) -> bool:
    """Whether it is a folder whose files can be asked for."""
    try:
        with os.scandir(path):
            return True
    except OSError:
        return False


def open_folder(root: Path, name: str = "folder", title: Callable[[str], str] = tidy_class_name) -> FileSet:
    """Open a folder with one subfolder per class, without reading any image.

    ``title`` turns a subfolder's name into the class's. Whatever is left out is told by a :class:`Problem`: empty
    classes, what lies beside the subfolders or deeper, and what :func:`list_images` tells of. Raises
    :class:`DataError` if the folder cannot be read or holds fewer than two classes, or if two
    subfolders name the same class.
    """
    top = list_within(root, "")
    folders = top.folders
    if not folders:
        raise DataError(
            f"The folder {root} holds no subfolders; make one subfolder per class, with its images inside."
        )
    classes: list[str] = []
    items: list[str] = []
    labels = array("i")
    problems = [*top.problems, *_refuse_twins(folders), *(_left_out(file, _BESIDE) for file in top.files)]
    for folder in folders:
        if not is_text(folder):
            problems.append(_left_out(folder, FOLDER_NO_TEXT))
            continue
        found = list_within(root, f"{folder}/")
        problems += found.problems
        problems += [_left_out(f"{folder}/{inner}", _TOO_DEEP) for inner in found.folders]
        if not found.files:
            if not any(problem.item == folder for problem in found.problems):  # it is not known to be empty
                problems.append(_left_out(folder, _EMPTY))
            continue
        items += [f"{folder}/{file}" for file in found.files]
        labels.extend(repeat(len(classes), len(found.files)))
        classes.append(title(folder))
    if len(classes) < 2:
        what = f"only one class with images ({classes[0]})" if classes else "no class with images"
        raise DataError(
            f"The folder {root} holds {what}; choose a folder with at least two subfolders, one for each "
            f"class, and the images right inside them.{left_out_here(problems)}"
        )
    return FileSet(name, root, classes, items, labels, problems)


def open_ucmerced(path: Path) -> FileSet:
    """Open the UC Merced Land Use data: the folder of its 21 classes, or one above it.

    Raises :class:`DataError` if the folder does not look like it.
    """
    for root in (path, path / "Images", path / "UCMerced_LandUse" / "Images"):
        if all(os.path.isdir(root / name) for name in UCMERCED_CLASSES):  # noqa: PTH112 (no error if forbidden)
            images = open_folder(root, "ucmerced", lambda folder: UCMERCED_CLASSES.get(folder, folder))
            if set(images.classes) == set(UCMERCED_CLASSES.values()):
                return images
    raise DataError(
        f"The folder {path} does not look like the UC Merced Land Use data; choose the folder Images of the "
        "unpacked UCMerced_LandUse.zip, with 21 subfolders from agricultural to tenniscourt."
    )


# Why something is left out, and what several of them are called.
_BESIDE = (
    "It lies beside the folders of the classes, not in one.",
    "images beside the folders of the classes",
)
_TOO_DEEP = ("A folder within a class's folder is not looked into.", "folders within a class's folder")
_EMPTY = ("The folder holds no images, so this class is left out.", "folders of classes without images")


def _left_out(name: str, why: tuple[str, str]) -> Problem:
    return Problem(printable(name), why[0], kind=why[1])


def _refuse_twins(folders: Sequence[str]) -> list[Problem]:
    """Return what to know of names that differ only in case; raises :class:`DataError` if two look the same."""
    seen: dict[str, str] = {}
    for folder in folders:
        key = name_key(folder)
        if not key:
            raise DataError(f"A subfolder's name shows no characters ({folder!r}); give the class a name.")
        if key in seen:
            raise DataError(
                f"The subfolders {printable(seen[key])!r} and {printable(folder)!r} name the same class; "
                "rename one or join them."
            )
        seen[key] = folder
    return twin_notes(folders)
