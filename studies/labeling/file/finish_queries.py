"""What the finish line needs to know of a project's file."""

from __future__ import annotations

from studies.files.store_file import StoreFile
from studies.labeling.facts.finish import FolderLabels, LookRecord, SampleDraw


class FinishQueries(StoreFile):
    """Queries to an open project's file."""

    def sample_draws(self) -> list[SampleDraw]:
        """All draws of the random sample, in order."""
        drawn: dict[int, list[tuple[int, int]]] = {}
        tasks = self.query("SELECT draw, task_id, item FROM tasks WHERE draw IS NOT NULL ORDER BY task_id")
        for draw, task, item in tasks:
            drawn.setdefault(draw, []).append((task, item))
        rows = self.query("SELECT draw, items, pool FROM sample_draws ORDER BY draw")
        return [
            SampleDraw(draw, items, bytes(pool), tuple(drawn.get(draw, ()))) for draw, items, pool in rows
        ]

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
