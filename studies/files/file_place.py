"""Whether an open store's file is still the one in its place: an open file that was deleted takes writes for nobody."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from model.disk import is_there
from studies.files.sqlite_file import checkpoint_whole
from studies.files.store_errors import StoreGone


@dataclass(frozen=True)
class _Copy:
    """A file that was saved, with how many ``changes`` of the connection."""

    path: Path
    changes: int
    size: int  # bytes
    sha256: str


class FilePlace:
    """The place of a writable store, and which file lay there when it was opened."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._place, self._wal = str(path), f"{path}-wal"
        self._opened = identity(self._place)
        self._opened_wal = identity(self._wal)
        self._copy: _Copy | None = None

    @property
    def is_kept(self) -> bool:
        """Whether the file and the one beside it are those that were opened."""
        return identity(self._place) == self._opened and not self.lost_wal()

    def lost_wal(self) -> bool:
        """Whether the file beside it, which holds the newest records, was taken away alone."""
        return identity(self._wal) != self._opened_wal

    def bring_in_wal(self, connection: sqlite3.Connection) -> None:
        """Bring what that file held, and the connection still has, into the one file.

        Raises ``StoreGone`` while another program reads an earlier moment of it. All that the connection holds is then
        saved in a new file, and no later call waits for that program.
        """
        if not checkpoint_whole(connection, wait=self._copy is None):
            raise StoreGone(
                f"{self._wal}, which held the newest records, was moved, deleted or replaced while another program "
                "reads the file beside it: close that program",
                self._save(connection),
            )

    def check(self, connection: sqlite3.Connection) -> None:
        """Raise ``StoreGone`` if the file was moved, deleted or replaced since it was opened; a few microseconds.

        All that the open connection holds is saved in a new file first: nobody else can read it any more.
        """
        if identity(self._place) != self._opened:
            saved = self._save(connection)
            if saved is not None:
                self.part_from_other()
            raise StoreGone(f"{self._path} was moved, deleted or replaced: put it back", saved)

    def holds_copy(self, connection: sqlite3.Connection) -> bool:
        """Whether the copy that was saved, with all that was stored, lies in the file's place now."""
        copy = self._copy
        if copy is None or copy.changes != connection.total_changes or identity(self._place) == self._opened:
            return False
        try:
            return self._path.stat().st_size == copy.size and _digest(self._path) == copy.sha256
        except OSError:
            return False

    def part_from_other(self) -> None:
        """Take what lies beside the file away where another file has its place: it would be run into that one."""
        if identity(self._place) is not None and not self.lost_wal():
            for own in (self._wal, f"{self._path}-shm"):
                with suppress(OSError):
                    Path(own).unlink(missing_ok=True)

    def _save(self, connection: sqlite3.Connection) -> Path | None:
        """A copy of all that was stored: a new one where something was stored since the last, or that is gone too."""
        changes = connection.total_changes
        if self._copy is None or self._copy.changes != changes or not is_there(self._copy.path):
            saved = self._rescue(connection)
            self._copy = (
                None if saved is None else _Copy(saved, changes, saved.stat().st_size, _digest(saved))
            )
        return None if self._copy is None else self._copy.path

    def _rescue(self, connection: sqlite3.Connection) -> Path | None:
        for folder in (self._path.parent, Path.home()):
            for number in range(1, 100):
                copy = folder / f"{self._path.stem} saved {number}{self._path.suffix}"
                if is_there(copy):
                    continue
                with suppress(sqlite3.Error, OSError), closing(sqlite3.connect(copy)) as to:
                    connection.backup(to)
                    return copy
                with suppress(OSError):
                    copy.unlink(missing_ok=True)
                break  # this folder takes no file
        return None


def identity(path: str) -> tuple[int, int] | None:
    """Which file lies at a path, whatever its name; ``None`` where none is found."""
    try:
        found = os.stat(path)  # noqa: PTH116 - before each answer is stored: half the time of Path.stat
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
