"""Results of a file that is held in memory, and the page that shows them driven by keys."""

from __future__ import annotations

import threading
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from studies.table_files import ExportResult, TableStyle
from studies.timing.results.analysis import Filter, FilterChoices, Simulated
from tests.studies.timing.result_rows import exclusion_row, study_of
from ui.results.results_data import ResultsData, ResultsSource
from ui.results.results_page import ResultsPage

CONTROL = Qt.KeyboardModifier.ControlModifier


class File:
    """A file of two data sets held in memory, which can be slow or broken."""

    def __init__(self, datasets: tuple[str, ...] = ("digits", "shapes")) -> None:
        self.datasets = datasets
        self.asked: list[Filter] = []
        self.exported: list[tuple[str, Path]] = []
        self.styles: list[TableStyle] = []
        self.with_robots: list[bool] = []
        self.simulated = 0
        self.error: Exception | None = None
        self.go_on = threading.Event()
        self.go_on.set()
        self.source = ResultsSource(Path("/studies/pilot.sqlite"), self.load, self.export)

    def load(self, where: Filter) -> ResultsData:
        self.asked.append(where)
        self.go_on.wait(5)
        if self.error is not None:
            raise self.error
        summary, ratios = study_of(self.datasets, 12)
        keep = [d for d in self.datasets if where.dataset in (None, d)]
        return ResultsData(
            FilterChoices(("pilot",), self.datasets, ("keyboard",)),
            tuple(row for row in ratios if row.dataset in keep),
            (),
            tuple(row for row in summary if row.dataset in keep),
            tuple(exclusion_row(dataset=dataset) for dataset in keep),
            simulated=Simulated(self.simulated, where.robots, people=True),
        )

    def export(self, table: str, to: Path, style: TableStyle, robots: bool) -> ExportResult:
        self.go_on.wait(5)
        if self.error is not None:
            raise self.error
        self.exported.append((table, to))
        self.styles.append(style)
        self.with_robots.append(robots)
        return ExportResult(to, to.with_suffix(".dictionary.json"), 1234)


def settle(qtbot, page: ResultsPage) -> None:
    """Wait until nothing is under way any more."""
    qtbot.waitUntil(lambda: page._jobs.running is None and not page._read_due, timeout=10000)


def show(qtbot, page: ResultsPage, file: File) -> None:
    page.show_source(file.source)
    qtbot.waitUntil(lambda: bool(file.asked), timeout=5000)
    settle(qtbot, page)


def press(qtbot, page: ResultsPage, key: Qt.Key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    qtbot.keyClick(page.focusWidget() or page, key, modifier)


def message(page: ResultsPage) -> str:
    return page._message.sentence.text() if page._message.isVisible() else ""


def next_steps(page: ResultsPage) -> list[str]:
    return [b.text() for b in page._message.findChildren(QPushButton) if b.isVisible()]
