"""Reading a person's text file."""

from __future__ import annotations

import codecs
from pathlib import Path

from model.datasets.base import DataError


def read_text(file: Path) -> str:
    """Return a file's text, UTF-8 or UTF-16; raises :class:`DataError`, naming the line, if it is neither."""
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise DataError(f"The file {file} cannot be read ({error.strerror}); choose another.") from error
    utf16 = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return raw.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise DataError(
            f"Line {line} of {file.name} is not UTF-8 text; save the file as UTF-8 "
            "(in a spreadsheet: CSV UTF-8)."
        ) from error
