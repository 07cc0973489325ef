"""A folder of images, however it is laid out, with a list of the classes that they may belong to."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from itertools import repeat
from pathlib import Path

from model.datasets.base import UNKNOWN, DataError, Problem, class_key, is_text, printable
from model.datasets.class_list import check_classes
from model.datasets.folder import FileSet, list_images


def open_flat(root: Path, classes: Sequence[str]) -> FileSet:
    """Open all images in ``root`` and in its subfolders, at whatever depth, without reading any.

    Images in a subfolder that is named like a class have that label, of several such subfolders the innermost
    one's; all others have label -1. A folder's own images come before those of its subfolders. Links to
    folders are not followed, and named as a :class:`Problem`. Raises :class:`DataError` if a folder
    cannot be read, holds no image at all, or if ``classes`` names one twice or fewer than two.
    """
    classes = check_classes(classes)
    labels_by_key = {class_key(name): label for label, name in enumerate(classes)}
    items: list[str] = []
    labels = array("i")
    problems: list[Problem] = []
    # Not by recursion: folders may lie deeper in each other than functions.
    waiting = [("", UNKNOWN)]
    while waiting:
        below, label = waiting.pop()
        found = list_images(root / below)
        problems += [Problem(f"{below}{name}", reason) for name, reason in found.problems]
        items += [below + file for file in found.files]
        labels.extend(repeat(label, len(found.files)))
        inner = []
        for name in found.folders:
            reason = _why_not(root / below / name)
            if reason:
                problems.append(Problem(printable(f"{below}{name}"), reason))
            else:
                inner.append((f"{below}{name}/", labels_by_key.get(class_key(name), label)))
        waiting += reversed(inner)
    if not items:
        raise DataError(f"The folder {root} holds no images; choose the folder that holds them.")
    return FileSet("folder", root, classes, items, labels, problems)


def _why_not(folder: Path) -> str:
    if not is_text(folder.name):
        return "The folder's name is not valid text."
    # It may lead to a folder above, and round for ever.
    return "The link to a folder is not followed." if folder.is_symlink() else ""
