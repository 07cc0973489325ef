"""What the finish line needs to know of a project's file."""

from __future__ import annotations

from dataclasses import dataclass

from studies.files.store_file import StoreFile
from studies.labeling.facts.finish import FolderLabels, LookRecord, SampleDraw


@dataclass(frozen=True)
class Sittings:
    """When a project was worked on, and by whom."""

    count: int
    first: str  # UTC of the first thing that was noted of an image, ISO 8601; empty: nothing was
    last: str
    annotators: tuple[str, ...]  # codes of those who answered; empty for one without


class FinishQueries(StoreFile):
    """Queries to an open project's file."""

    def sample_draws(self) -> list[SampleDraw]:
        """All draws of the random sample, in order."""
        drawn: dict[int, list[tuple[int, int]]] = {}
        suggested: set[int] = set()
        sql = "SELECT draw, task_id, item, suggestion FROM tasks WHERE draw IS NOT NULL ORDER BY task_id"
        for draw, task, item, suggestion in self.query(sql):
            drawn.setdefault(draw, []).append((task, item))
            if suggestion is not None:
                suggested.add(draw)
        rows = self.query("SELECT draw, items, pool FROM sample_draws ORDER BY draw")
        return [
            SampleDraw(draw, items, bytes(pool), tuple(drawn.get(draw, ())), draw in suggested)
            for draw, items, pool in rows
        ]

    def sittings(self) -> Sittings:
        """When a project was worked on, and by whom."""
        sql = (
            "SELECT count(DISTINCT sitting), coalesce(min(utc), ''), coalesce(max(utc), '') FROM label_events"
        )
        by = (
            "SELECT DISTINCT s.annotator FROM label_events AS e JOIN sittings AS s ON s.sitting = e.sitting "
            "WHERE e.purpose <> 'import' ORDER BY s.annotator"
        )
        count, first, last = self.query(sql)[0]
        return Sittings(count, first, last, tuple(code for (code,) in self.query(by)))

    def looks(self) -> list[LookRecord]:
        """All looks at the random sample, in order."""
        return self.read(LookRecord, "looks ORDER BY look")

    def certified_by(self) -> LookRecord | None:
        """The look by which the program labeled images; ``None``: no certificate was taken."""
        sql = "looks WHERE look = (SELECT max(look) FROM folder_labels)"
        return next(iter(self.read(LookRecord, sql)), None)

    def folder_labels(self) -> list[FolderLabels]:
        """The labels that the program gave by a certificate, by class."""
        return self.read(FolderLabels, "folder_labels ORDER BY look, class_id")
