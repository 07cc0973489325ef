"""Putting files on disk so that a crash cannot take them back."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from model.errors import UserError

LONGEST_NAME = 255
"""Bytes of a file's name that file systems take; Windows counts fewer for the same name."""


# pathlib's own questions raise where a folder above may not be looked into.
def is_there(path: Path) -> bool:
    """Whether a file or a folder can be found at a path; not so where the way to it is forbidden."""
    return os.path.exists(path)  # noqa: PTH110


def is_file(path: Path) -> bool:
    """Whether a file can be found at a path; see :func:`is_there`."""
    return os.path.isfile(path)  # noqa: PTH113


def is_folder(path: Path) -> bool:
    """Whether a folder can be found at a path; see :func:`is_there`."""
    return os.path.isdir(path)  # noqa: PTH112


def fit_name(stem: str, ending: str = "", longest: int = LONGEST_NAME) -> str:
    """Return ``stem`` and ``ending`` as a file's name; what is too long of ``stem`` is cut off."""
    raw = os.fsencode(stem)
    room = max(longest - len(os.fsencode(ending)), 1)
    if len(raw) <= room:
        return f"{stem}{ending}"
    return f"{raw[:room].decode(errors='ignore').rstrip('. ')}{ending}"


def is_no_file(path: Path) -> bool:
    """Whether a pipe, a device or a socket is at a path: nothing that a new file may take the place of."""
    return is_there(path) and not is_file(path) and not is_folder(path)


def require_temporary_folder() -> None:
    """Raise ``UserError`` where no temporary folder can be written to: torch cannot be imported there."""
    try:
        tempfile.gettempdir()
    except FileNotFoundError:
        raise UserError(
            "The learner needs a folder for temporary files, and none can be written to: make room on the disk, or "
            f"name a folder in the variable {'TEMP' if os.name == 'nt' else 'TMPDIR'} and start the program again."
        ) from None


def is_same_place(one: Path | None, other: Path | None) -> bool:
    """Whether two paths lead to the same file or folder, however they are spelled; links are followed."""
    if one is None or other is None:
        return one is other
    try:
        return one.samefile(other)
    except (OSError, ValueError):  # one of them is not there
        return os.path.realpath(one) == os.path.realpath(other)


_STORE = b"SQLite format 3\x00"
_BESIDE_STORES = ("-wal", "-shm", "-journal", ".lock")


def is_of_a_store(path: Path) -> bool:
    """Whether a file is a database, or one that lies beside a database while that is open: never to be overwritten."""
    files = [path, *(Path(str(path)[: -len(end)]) for end in _BESIDE_STORES if path.name.endswith(end))]
    for file in files:
        try:
            with open_file(file) as opened:
                if opened.read(len(_STORE)) == _STORE:
                    return True
        except (OSError, ValueError):
            continue
    return False


def open_file(path: str | os.PathLike[str]) -> IO[bytes]:
    """Open a file to read. Raises ``OSError``, also for what is no file: a pipe would make its reader wait for ever."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "it is no file", os.fspath(path))
        return open(descriptor, "rb")  # noqa: PTH123 - it is open already
    except BaseException:
        os.close(descriptor)
        raise


def read_file(path: str | os.PathLike[str]) -> bytes:
    """Return what a file holds; raises ``OSError`` as :func:`open_file` does."""
    with open_file(path) as file:
        return file.read()


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
