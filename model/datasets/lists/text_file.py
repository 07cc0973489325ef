"""Reading a person's text file, in whatever encoding it was saved."""

from __future__ import annotations

import codecs
from pathlib import Path

from model.datasets.base import DataError
from model.disk import is_file, is_there

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_text(file: Path) -> str:
    """Return a file's text; see :func:`read_or_guess`."""
    return read_or_guess(file)[0]


def read_or_guess(file: Path) -> tuple[str, bool]:
    """Return a file's text, UTF-8 or UTF-16, and whether its encoding is a guess.

    The guess is Windows-1252, in which Excel saves without a word. Raises :class:`DataError`, naming the line, for
    a file that is no text.
    """
    try:
        # What is no file (a pipe, a device) may never end.
        if is_there(file) and not is_file(file):
            raise DataError(f"{file} is not a file and cannot be read; choose a file.")
        raw = file.read_bytes()
    except OSError as error:
        raise DataError(f"The file {file} cannot be read ({error.strerror}); choose another.") from error
    encoding = next((name for mark, name in _MARKS if raw.startswith(mark)), _guess(raw))
    try:
        return raw.decode(encoding), False
    except UnicodeDecodeError:
        pass
    try:
        return raw.decode("cp1252"), True
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise DataError(
            f"Line {line} of {file.name} is not UTF-8 text; save the file as UTF-8 "
            "(in a spreadsheet: CSV UTF-8)."
        ) from error


def _guess(raw: bytes) -> str:
    """UTF-16 without its mark has a zero byte in its first character, if that is a Latin one."""
    if raw[:2].count(0) == 1 and len(raw) > 2:
        return "utf-16-be" if raw[0] == 0 else "utf-16-le"
    return "utf-8"
