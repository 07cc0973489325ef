"""At which line of a plan's text a mistake in a repeated table stands."""

from __future__ import annotations

import re
from collections.abc import Sequence

from studies.plans.messages import table_key


def name_lines(mistakes: Sequence[str], toml: str, table: str, count: int) -> list[str]:
    """The mistakes, those of a [[table]] with their line; ``count``: how many such tables the text has.

    Where the headers are not written one by one on lines of their own, nothing is added.
    """
    lines = toml.split("\n")
    headers = [n for n, line in enumerate(lines) if re.match(rf"\s*\[\[\s*{table}\s*\]\]", line)]
    if len(headers) != count:
        return list(mistakes)
    return [_with_line(mistake, lines, headers, table) for mistake in mistakes]


def _with_line(mistake: str, lines: Sequence[str], headers: Sequence[int], table: str) -> str:
    for place, header in enumerate(headers):
        key = table_key(table, place)
        name = key.rstrip(":")
        if mistake.startswith((key, f"{name} is ")):
            words = mistake.removeprefix(name)
            at = _line_of(words.lstrip(": ").split(" ")[0], lines, header)
            return f"{name} (line {at + 1}){words}"
    return mistake


def _line_of(key: str, lines: Sequence[str], header: int) -> int:
    """The line on which a key of the table stands, or the table's header where it is not there."""
    for at in range(header + 1, len(lines)):
        if lines[at].lstrip().startswith("["):
            break
        if re.match(rf"\s*{re.escape(key)}\s*=", lines[at]):
            return at
    return header
