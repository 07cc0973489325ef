"""Image sets from a folder with one subfolder per class: anyone's own, and UC Merced."""

from __future__ import annotations

import hashlib
import os
from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path

from PIL import Image

from model.datasets.base import (
    HASH_BYTES,
    DataError,
    ImageSet,
    Problem,
    class_key,
    is_text,
    natural_order,
    printable,
    tidy_class_name,
)
from model.datasets.images import IMAGE_SUFFIXES, load_rgb, open_image

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

    def image(self, index: int, fit: tuple[int, int] | None = None) -> Image.Image:
        """Return image ``index``; see :meth:`ImageSet.image`."""
        return load_rgb(self.root / self.items[index], fit)

    def content_hash(self, index: int) -> str:
        """Return a hash of the file's bytes; see :meth:`ImageSet.content_hash`."""
        digest = hashlib.blake2b(digest_size=HASH_BYTES)
        with open_image(self.root / self.items[index]) as file:
            while piece := file.read(1 << 20):
                digest.update(piece)
        return digest.hexdigest()


def open_folder(root: Path, name: str = "folder", title: Callable[[str], str] = tidy_class_name) -> FileSet:
    """Open a folder with one subfolder per class, without reading any image.

    ``title`` turns a subfolder's name into the class's. Hidden files and files that are no images are passed
    over; empty classes are left out with a :class:`Problem`. Raises :class:`DataError` if the folder cannot
    be read or holds fewer than two classes, or if two subfolders name the same class.
    """
    folders = list_images(root).folders
    if not folders:
        raise DataError(
            f"The folder {root} holds no subfolders; make one subfolder per class, with its images inside."
        )
    _refuse_twins(folders)
    classes: list[str] = []
    items: list[str] = []
    labels = array("i")
    problems: list[Problem] = []
    for folder in folders:
        if not is_text(folder):
            problems.append(Problem(printable(folder), "The folder's name is not valid text."))
            continue
        found = list_images(root / folder)
        problems += [Problem(f"{folder}/{file}", reason) for file, reason in found.problems]
        if not found.files:
            problems.append(Problem(folder, "The folder holds no images, so this class is left out."))
            continue
        items += [f"{folder}/{file}" for file in found.files]
        labels.extend(repeat(len(classes), len(found.files)))
        classes.append(title(folder))
    if len(classes) < 2:
        what = f"only one class with images ({classes[0]})" if classes else "no class with images"
        raise DataError(
            f"The folder {root} holds {what}; choose a folder with at least two subfolders, one for each "
            "class, and the images right inside them."
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


@dataclass(frozen=True)
class Listing:
    """What lies right in a folder and is not hidden: names in natural order, and why some are left out."""

    files: list[str]
    folders: list[str]
    problems: list[tuple[str, str]]


def list_images(folder: Path) -> Listing:
    """Return the image files and the subfolders of ``folder``, told by their names; nothing is read.

    Raises :class:`DataError` if the folder is none or cannot be read.
    """
    files: list[str] = []
    folders: list[str] = []
    problems: list[tuple[str, str]] = []
    with _entries(folder) as entries:
        for entry in entries:
            name = entry.name
            if name.startswith("."):
                continue
            if name[name.rfind(".") :].lower() in IMAGE_SUFFIXES:
                if not (name.isascii() or is_text(name)):
                    problems.append((printable(name), "The file's name is not valid text."))
                elif entry.is_file():
                    files.append(name)
                    continue
            if entry.is_dir():
                folders.append(name)
    return Listing(natural_order(files), natural_order(folders), problems)


@contextmanager
def _entries(folder: Path) -> Iterator[Iterator[os.DirEntry[str]]]:
    try:
        with os.scandir(folder) as entries:
            yield entries
    except FileNotFoundError:
        raise DataError(f"The folder {folder} does not exist; choose another.") from None
    except NotADirectoryError:
        raise DataError(f"{folder} is not a folder; choose the folder that holds the images.") from None
    except OSError as error:
        raise DataError(
            f"The folder {folder} cannot be read ({error.strerror}); check its permissions."
        ) from error


def _refuse_twins(folders: Sequence[str]) -> None:
    seen: dict[str, str] = {}
    for folder in folders:
        key = class_key(folder)
        if not key:
            raise DataError(f"A subfolder's name shows no characters ({folder!r}); give the class a name.")
        if key in seen:
            raise DataError(
                f"The subfolders {printable(seen[key])!r} and {printable(folder)!r} name the same class; "
                "rename one or join them."
            )
        seen[key] = folder
