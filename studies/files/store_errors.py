"""What can go wrong with a store, in sentences for the person who uses it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from model.errors import UserError


class StoreError(UserError):
    """A store that cannot be opened, read or written."""


class ImpossibleValue(ValueError):  # noqa: N818 - it is the value that is impossible
    """A stored value that no field of a record can be made of."""


class StoreFull(StoreError):  # noqa: N818 - a state of the disk that passes, not a fault of the file
    """The disk had no room: the write did not happen and may be tried again."""


class StoreGone(StoreFull):
    """Another file, or none, lies where an open one was: the write did not happen and may be tried again."""

    def __init__(self, happened: str, copy: Path | None) -> None:
        saved = (
            f" All that was stored until then is saved in {copy}."
            if copy
            else " It could not be saved elsewhere."
        )
        super().__init__(f"{happened}, then try again.{saved}")


_FULL = "{path} could not be written because the disk is full: free some space, then try again."
_BROKEN_DISK = (
    "{path} could not be read or written (the disk reports an error): see that the disk is there, has free "
    "space and may be written to, then try again."
)
_READ_ONLY = "{path} cannot be written: choose a folder that you may write to."
_CORRUPT = "{path} is damaged and cannot be read: use a copy of it, and keep this file for repair."
_BUSY = "{path} is in use by another program: close that program, then try again."
_UNREACHABLE = "{path} cannot be opened: see that its folder exists and that you may read and write there."

# By SQLite's texts, because Python 3.10 does not tell the error's code.
_SENTENCES: tuple[tuple[str, type[StoreError], str], ...] = (
    ("disk is full", StoreFull, _FULL),
    ("disk i/o error", StoreFull, _BROKEN_DISK),
    ("readonly", StoreError, _READ_ONLY),
    ("malformed", StoreError, _CORRUPT),
    ("could not decode", StoreError, _CORRUPT),
    ("not a database", StoreError, _CORRUPT),
    ("locked", StoreError, _BUSY),
    ("unable to open", StoreError, _UNREACHABLE),
)


def damaged(path: Path, table: str = "") -> StoreError:
    """The error for a file whose pages or facts do not fit together; ``table`` where one row is known to be wrong."""
    if not table:
        return StoreError(_CORRUPT.format(path=path))
    return StoreError(
        f'{path} is damaged and cannot be read: its table "{table}" holds what this program never stored. Use a copy '
        "of the file, or put that row right as it was, and keep this file for repair."
    )


def unwritable(path: Path) -> StoreError:
    """The error for a file or folder that this person may not write to."""
    return StoreError(_READ_ONLY.format(path=path))


@contextmanager
def in_sentences(path: Path) -> Iterator[None]:
    """Turn SQLite's errors about the file or the disk into ``StoreError``; all others are bugs and pass."""
    try:
        yield
    except (
        UnicodeDecodeError,
        ImpossibleValue,
    ) as error:  # Python cannot decode SQLite's quotation of a name
        raise damaged(path) from error
    except sqlite3.DatabaseError as error:
        text = str(error).lower()
        for sign, kind, sentence in _SENTENCES:
            if sign in text:
                raise kind(sentence.format(path=path)) from error
        raise


@contextmanager
def in_facts(path: Path) -> Iterator[None]:
    """Say of a file that it is damaged where its facts cannot be put together.

    Only around code that has no other input than what the file holds: anywhere else such an error is a bug.
    """
    try:
        yield
    except StoreError:
        raise
    except (ValueError, LookupError, TypeError, OverflowError, RecursionError, UserError) as error:
        raise damaged(path) from error
