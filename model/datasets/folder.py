"""Image sets from a folder with one subfolder a class: anyone's own, and UC Merced."""

from __future__ import annotations

import os
from array import array
from collections.abc import Callable, Sequence
from pathlib import Path

from PIL import Image

from model.datasets.base import (
    DataError,
    ImageSet,
    Problem,
    class_key,
    is_text,
    natural_key,
    printable,
    tidy_class_name,
)
from model.images import IMAGE_SUFFIXES, load_rgb

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


def open_folder(root: Path, name: str = "folder", title: Callable[[str], str] = tidy_class_name) -> FileSet:
    """Open a folder with one subfolder a class, without reading any image.

    ``title`` turns a subfolder's name into the class's. Hidden files and files that are no images are passed
    over; empty classes are left out with a :class:`Problem`. Raises :class:`DataError` if the folder cannot
    be read or holds fewer than two classes, or if two subfolders name the same class.
    """
    folders = _class_folders(root)
    _refuse_twins(folders)
    classes: list[str] = []
    items: list[str] = []
    labels = array("i")
    problems: list[Problem] = []
    for folder in folders:
        if not is_text(folder):
            problems.append(Problem(printable(folder), "The folder's name is not valid text."))
            continue
        files, unreadable = _image_files(root / folder)
        problems += [Problem(f"{folder}/{name}", reason) for name, reason in unreadable]
        if not files:
            problems.append(Problem(folder, "The folder holds no images, so this class is left out."))
            continue
        items += [f"{folder}/{file}" for file in files]
        labels.extend([len(classes)] * len(files))
        classes.append(title(folder))
    if len(classes) < 2:
        found = f"only one class with images ({classes[0]})" if classes else "no class with images"
        raise DataError(
            f"The folder {root} holds {found}; choose a folder with at least two subfolders, one for each "
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


def _class_folders(root: Path) -> list[str]:
    try:
        with os.scandir(root) as entries:
            names = [entry.name for entry in entries if entry.is_dir() and not entry.name.startswith(".")]
    except FileNotFoundError:
        raise DataError(f"The folder {root} does not exist; choose another.") from None
    except NotADirectoryError:
        raise DataError(f"{root} is not a folder; choose the folder that holds the classes.") from None
    except OSError as error:
        raise DataError(
            f"The folder {root} cannot be read ({error.strerror}); check its permissions."
        ) from error
    if not names:
        raise DataError(
            f"The folder {root} holds no subfolders; make one subfolder a class, with its images inside."
        )
    return sorted(names, key=natural_key)


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


def _image_files(folder: Path) -> tuple[list[str], list[tuple[str, str]]]:
    files: list[str] = []
    problems: list[tuple[str, str]] = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                name = entry.name
                if name.startswith(".") or Path(name).suffix.lower() not in IMAGE_SUFFIXES:
                    continue
                if not is_text(name):
                    problems.append((printable(name), "The file's name is not valid text."))
                elif entry.is_file():
                    files.append(name)
    except OSError as error:
        raise DataError(
            f"The folder {folder} cannot be read ({error.strerror}); check its permissions."
        ) from error
    return sorted(files, key=natural_key), problems
