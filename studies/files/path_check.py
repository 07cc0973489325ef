"""Where a path leads, before anything there is opened: a pipe would never answer."""

from __future__ import annotations

import errno
import stat
from pathlib import Path

from studies.files.store_errors import StoreError

_NO_NAME = (errno.ENAMETOOLONG, errno.ELOOP, errno.EINVAL)  # the last is Windows' for signs that no name has


def resolve(path: Path) -> Path:
    """Return the path with its links followed, whether anything is there or not.

    Raises ``StoreError`` where no file can be there, or what is there is no file.
    """
    try:
        found = path.resolve()
        kind = found.stat()
    except (FileNotFoundError, NotADirectoryError):
        return path.resolve()
    except OSError as error:
        if error.errno in _NO_NAME:
            raise nameless(path) from error
        raise StoreError(f"{path} cannot be read ({error.strerror}): see that you may read it.") from error
    except (RuntimeError, ValueError) as error:  # links in a circle, and a zero byte
        raise nameless(path) from error
    if stat.S_ISDIR(kind.st_mode):
        raise StoreError(f"{found} is a folder: name a file in it.")
    if not stat.S_ISREG(kind.st_mode):
        raise StoreError(f"{found} is a pipe or a device, not a file: name a file.")
    return found


def nameless(path: Path) -> StoreError:
    """The error for a path that is the name of no file."""
    shown = str(path).replace("\0", "?")
    return StoreError(f"{shown} leads to no file (too long, or links in a circle): choose another name.")


def refuse_second_name(path: Path) -> None:
    """Raise ``StoreError`` for one file under two names: what belongs to it lies beside one of them alone."""
    if path.stat().st_nlink > 1:
        raise StoreError(
            f"{path} is one file under several names (hard links), and another program may write it under another "
            "name: make a copy of it, and open the copy."
        )
