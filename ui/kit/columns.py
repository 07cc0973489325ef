"""The columns of a table, as values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

UNDEFINED = "–"
Value = str | int | float | None


@dataclass(frozen=True)
class TableColumn:
    """A column: its header, what it means, its value of a row, and why a value may be undefined.

    ``text`` writes a value otherwise than the table does; ``colour`` is that of a dot before it, "" for none.
    """

    title: str
    meaning: str
    value: Callable[[Any], Value]
    unit: str = ""
    undefined: str = ""
    text: Callable[[Any], str] | None = None
    colour: Callable[[Any], str] | None = None

    @property
    def header(self) -> str:
        """The title with its unit."""
        return f"{self.title} ({self.unit})" if self.unit else self.title
