"""Text in the cells of a CSV table, written so that no spreadsheet runs it, and read back."""

from __future__ import annotations

import re

# Also the full-width forms, which some spreadsheets read as the plain ones.
_FORMULA = tuple("=+-@＝＋－＠")
# Whatever splits a table of any country into cells.
_BETWEEN = re.compile(r"([,;|\t\r\n])")
_BLANK_START = re.compile(r"'*[\t\r\n]")
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?")
# Without brackets, quotes and the signs of references nothing can be called or fetched.
_INERT = re.compile(r"[+-][\w.][\w.,/ -]*")


def harmless(cell: object, for_excel: bool = False) -> object:
    """The cell, with an apostrophe before text that a spreadsheet would run as a formula.

    Also in mid-text, where a spreadsheet of another country would begin a cell. A number, or a file's name that only
    begins with its sign, stays as it is, so that other programs find it; ``for_excel``, which would show such a name
    as an error, only a number. Text whose own apostrophes hide such a start gets one more: see :func:`plain`.
    """
    if not isinstance(cell, str):
        return cell
    parts = _BETWEEN.split(cell)
    parts[::2] = [_guard(part, for_excel) for part in parts[::2]]
    text = "".join(parts)
    return f"'{text}" if _BLANK_START.match(text) else text


def plain(cell: str) -> str:
    """The text that :func:`harmless` made ``cell`` of."""
    if cell.startswith("'") and _BLANK_START.match(cell):
        cell = cell[1:]
    parts = _BETWEEN.split(cell)
    parts[::2] = [part[1:] if part.startswith("'") and _runs(part) else part for part in parts[::2]]
    return "".join(parts)


def _guard(part: str, for_excel: bool) -> str:
    if not _runs(part) or _NUMBER.fullmatch(part) or (not for_excel and _INERT.fullmatch(part)):
        return part
    return f"'{part}"


def _runs(part: str) -> bool:
    return part.lstrip("'").lstrip().startswith(_FORMULA)
