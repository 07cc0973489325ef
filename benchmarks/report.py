"""A benchmark's result as one table and as JSON."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import Enum
from pathlib import Path

_HEAD = ("what", "ours", "goal", "best peer", "ratio", "verdict", "limit")


class Size(Enum):
    """How long a benchmark takes: QUICK keeps it alive in CI, its numbers count for nothing."""

    FULL = "full"
    QUICK = "quick"


class SkippedError(Exception):
    """The machine lacks what a benchmark needs; the text says what."""


@dataclass(frozen=True)
class Peer:
    """What another program reached, measured under the same witness on a machine of 2 cores, Xvfb and no GPU."""

    name: str
    value: float


@dataclass(frozen=True)
class Limit:
    """What nothing could be better than: the part of the number that is not the program's."""

    name: str
    value: float


@dataclass(frozen=True)
class Line:
    """One number. The goal is to lie within ``low`` and ``high``; ``ratio`` is ours over the peer's."""

    what: str
    ours: float
    unit: str
    low: float | None = None
    high: float | None = None
    peer: Peer | None = None
    limit: Limit | None = None
    digits: int = 2

    @property
    def met(self) -> bool | None:
        """Whether the goal is reached; ``None`` where there is none."""
        if self.low is None and self.high is None:
            return None
        return (self.low is None or self.ours >= self.low) and (self.high is None or self.ours <= self.high)

    @property
    def ratio(self) -> float | None:
        """Ours over the best peer's, of the sizes of both."""
        return None if self.peer is None or self.peer.value == 0 else abs(self.ours / self.peer.value)

    @property
    def goal(self) -> str:
        """The goal in words."""
        if self.low is None:
            return "" if self.high is None else f"at most {self.high:.3g}"
        if self.high is None:
            return f"at least {self.low:g}"
        return f"within {self.high:g}" if self.low == -self.high else f"{self.low:.4g} to {self.high:.4g}"


@dataclass(frozen=True)
class Report:
    """All numbers of one benchmark and what to know beside them."""

    name: str
    title: str
    size: Size
    lines: tuple[Line, ...]
    notes: tuple[str, ...] = ()
    details: str = ""  # a longer table, printed below

    @property
    def met(self) -> bool:
        """Whether no goal was missed."""
        return all(line.met is not False for line in self.lines)

    def table(self) -> str:
        """The one table, with the notes below it."""
        rows = [_HEAD, *(_cells(line) for line in self.lines)]
        quick = ["Quick size: shows that the benchmark works; its numbers count for nothing."]
        notes = [*(quick if self.size is Size.QUICK else []), *self.notes, machine()]
        details = ["", self.details] if self.details else []
        return "\n".join(
            [f"{self.name}: {self.title}", "", *aligned(rows), "", *(f"- {note}" for note in notes), *details]
        )

    def as_json(self) -> dict[str, object]:
        """Plain values, with the verdicts."""
        lines = [
            {**asdict(line), "goal": line.goal, "met": line.met, "ratio": line.ratio} for line in self.lines
        ]
        return {
            "name": self.name,
            "title": self.title,
            "size": self.size.value,
            "lines": lines,
            "notes": list(self.notes),
            "details": self.details,
            "machine": machine(),
        }


def write_json(reports: Sequence[Report], file: Path) -> None:
    """Write the reports as a list."""
    file.write_text(json.dumps([r.as_json() for r in reports], indent=1) + "\n", encoding="utf-8")


def aligned(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """The lines of a table, whose first row is the head."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    body = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    ]
    body.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return body


def machine() -> str:
    """What the numbers were taken on, and how busy it was."""
    load = f", load average {os.getloadavg()[0]:.2f}" if hasattr(os, "getloadavg") else ""
    return (
        f"Machine: {os.cpu_count()} cores, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}{load}."
    )


def _cells(line: Line) -> tuple[str, ...]:
    peer, limit = line.peer, line.limit
    verdict = {True: "reached", False: "MISSED", None: ""}[line.met]
    return (
        line.what,
        f"{line.ours:.{line.digits}f} {line.unit}".strip(),
        line.goal,
        f"{peer.value:g} ({peer.name})" if peer else "",
        f"{line.ratio:.2f}" if line.ratio is not None else "",
        verdict,
        f"{limit.value:.{line.digits}f} ({limit.name})" if limit else "",
    )
