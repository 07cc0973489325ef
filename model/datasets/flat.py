"""A folder of images, however it is laid out, with a list of the classes that they may belong to."""

from __future__ import annotations

import os
from array import array
from collections.abc import Sequence
from itertools import repeat
from pathlib import Path

from model.datasets.base import UNKNOWN, ClassFinder, DataError, Problem, is_text, printable, twin_notes
from model.datasets.class_list import check_classes
from model.datasets.folder import FileSet
from model.datasets.listing import FOLDER_NO_TEXT, left_out_here, list_within


def open_flat(root: Path, classes: Sequence[str]) -> FileSet:
    """Open all images in ``root`` and in its subfolders, at whatever depth, without reading any.

    Images in a subfolder that is named like a class have that label, of several such subfolders the innermost
    one's; all others have label -1. A folder's own images come before those of its subfolders. Links to
    folders are not followed; they, and whatever else is left out, are named as a :class:`Problem`. Raises
    :class:`DataError` if ``root`` cannot be read, holds no image at all, or if ``classes`` names one twice
    or fewer than two.
    """
    classes = check_classes(classes)
    find = ClassFinder(classes)
    items: list[str] = []
    labels = array("i")
    problems = twin_notes(classes)
    # Not by recursion: folders may lie deeper in each other than functions.
    waiting = [("", UNKNOWN)]
    while waiting:
        below, label = waiting.pop()
        found = list_within(root, below)
        problems += found.problems
        if below and not (found.files or found.folders or found.problems):
            problems.append(Problem(below[:-1], "The folder holds no images.", kind="folders without images"))
        items += [below + file for file in found.files]
        labels.extend(repeat(label, len(found.files)))
        inner = []
        for name in found.folders:
            reason, kind = _why_not(root / below / name)
            if reason:
                problems.append(Problem(printable(f"{below}{name}"), reason, kind=kind))
            else:
                named = find(name)
                inner.append((f"{below}{name}/", label if named is None else named))
        waiting += reversed(inner)
    if not items:
        raise DataError(
            f"The folder {root} holds no images; choose the folder that holds them.{left_out_here(problems)}"
        )
    return FileSet("folder", root, classes, items, labels, problems)


def _why_not(folder: Path) -> tuple[str, str]:
    if not is_text(folder.name):
        return FOLDER_NO_TEXT
    if os.path.islink(folder):  # noqa: PTH114 - it may lead to a folder above, and round for ever
        return "The link to a folder is not followed.", "links to folders, which are not followed"
    return "", ""
