"""Putting files on disk so that a crash cannot take them back."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

LONGEST_NAME = 255
"""Bytes of a file's name that file systems take; Windows counts fewer for the same name."""


def fit_name(stem: str, ending: str = "", longest: int = LONGEST_NAME) -> str:
    """Return ``stem`` and ``ending`` as a file's name; what is too long of ``stem`` is cut off."""
    raw = os.fsencode(stem)
    room = max(longest - len(os.fsencode(ending)), 1)
    if len(raw) <= room:
        return f"{stem}{ending}"
    return f"{raw[:room].decode(errors='ignore').rstrip('. ')}{ending}"


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """Write a file that takes the place of ``path`` once the block has ended well, and its folder if need be.

    After a crash at any moment, or an exception in the block, the file is the old one or the new one, whole.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(dir=path.parent, prefix=fit_name(path.name, longest=200), suffix=".part")
    try:
        with os.fdopen(handle, "wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        Path(part).replace(path)
    finally:
        Path(part).unlink(missing_ok=True)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Put a new file's name on disk, where the platform lets a folder be opened."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
