"""The keys that mark a cell: one letter up to 24 cells, a letter and a digit beyond."""

from __future__ import annotations

from collections.abc import Sequence

LETTERS = "bcdefghijklmnopqrstuvwxy"  # A and Z do something else
_IN_GROUP = 8


def cell_codes(cells: int) -> tuple[str, ...]:
    """What is written on each cell. It hangs on nothing but their number, so that no code changes on a page."""
    if cells <= len(LETTERS):
        return tuple(LETTERS[:cells])
    return tuple(f"{LETTERS[cell // _IN_GROUP]}{cell % _IN_GROUP + 1}" for cell in range(cells))


def typed_code(codes: Sequence[str], typed: str, sign: str) -> str | None:
    """What is typed after one more sign: the code of a cell, or its beginning; ``None`` where it leads to no cell.

    A sign that does not go on what is typed begins anew.
    """
    found = (text for text in (typed + sign, sign) if any(code.startswith(text) for code in codes))
    return next(found, None) if sign else None
