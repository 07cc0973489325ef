"""The tabs of results: the figure with all participants together, each participant, the exclusions, pages."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QTabWidget, QVBoxLayout, QWidget

from studies.numerals import counted, three_digits
from studies.timing.results.rows import SummaryRow
from ui.kit import theme
from ui.kit.charts.figure_view import FigureView
from ui.kit.layouts import scrolling
from ui.kit.table import RowsTable
from ui.results.page_columns import page_columns
from ui.results.results_actions import RESULTS_KEYS, ResultsAction
from ui.results.results_columns import (
    exclusion_columns,
    person_columns,
    person_rows,
    sensitivity_columns,
    summary_columns,
)
from ui.results.results_data import ResultsData

TABS = (ResultsAction.OVERVIEW, ResultsAction.PARTICIPANTS, ResultsAction.EXCLUSIONS, ResultsAction.ON_PAGES)
_MOST_SUMMARY_ROWS = 5
_ROW, _AROUND = 18, 96  # px that a group takes in a figure of many, and its axis and heads


class ResultsView(QTabWidget):
    """Draws one :class:`ResultsData`; the figure comes later, from the background."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDocumentMode(True)
        self.setAccessibleName("Results")
        self.figure = FigureView("Ratio of correcting to verifying time")
        self._least_height = self.figure.minimumHeight()
        self.summary = RowsTable("All participants together")
        self.persons = RowsTable("Each participant and data set")
        self.exclusions = RowsTable("What each exclusion rule removed")
        self.sensitivity = RowsTable("Each ratio with and without each rule")
        self.page_costs = RowsTable("What pages cost each participant")
        area = scrolling(self.figure)  # where many groups need more height than there is
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setMinimumHeight(self._least_height)
        overview = _column(area, self.summary)
        self._persons_tab = _column(
            theme.hint_label(
                "Times of kept trials in seconds. Discarded: answered wrongly. "
                "Excluded: removed by another rule."
            ),
            self.persons,
        )
        exclusions = _column(
            theme.hint_label("Nothing is deleted: a rule marks trials, and here is the ratio without it."),
            self.exclusions,
            theme.hint_label(
                "Each ratio with and without each rule, also those that the plan leaves off, at their usual limits."
            ),
            self.sensitivity,
        )
        self._on_pages = _column(
            theme.hint_label(
                "Times of kept pages in seconds. Missed: odd, and not marked. A row of one odd share has no fit."
            ),
            self.page_costs,
        )
        for action, page in zip(TABS, (overview, self._persons_tab, exclusions, self._on_pages), strict=True):
            key = RESULTS_KEYS[action]
            index = self.addTab(page, f"{key.label}   {key.hint}")
            self.setTabToolTip(index, key.text)

    def place_exports(self, of_pages: QHBoxLayout, of_persons: QHBoxLayout) -> None:
        """Put the buttons that export tables of pages, and of what participants said, on their tabs."""
        for tab, exports in ((self._on_pages, of_pages), (self._persons_tab, of_persons)):
            layout = tab.layout()
            assert isinstance(layout, QVBoxLayout)
            layout.addLayout(exports)

    def show_data(self, data: ResultsData) -> None:
        """Show other rows in all tables."""
        self.figure.setMinimumHeight(max(self._least_height, _AROUND + _ROW * len(data.summary)))
        self.summary.set_rows(summary_columns(data), data.summary)
        self.summary.fit_height(_MOST_SUMMARY_ROWS)
        self.persons.set_rows(person_columns(data), person_rows(data))
        self.exclusions.set_rows(exclusion_columns(data), data.exclusions)
        self.sensitivity.set_rows(sensitivity_columns(data), data.sensitivity)
        self.page_costs.set_rows(page_columns(data), data.page_costs)

    def show_tab(self, action: ResultsAction) -> None:
        """Turn to a tab and give its table the focus."""
        index = TABS.index(action)
        self.setCurrentIndex(index)
        (self.summary, self.persons, self.exclusions, self.page_costs)[index].setFocus()


def describe(summary: Sequence[SummaryRow]) -> str:
    """Return the figure's numbers over participants in words, for those who do not see it."""
    return "; ".join(_describe_row(row) for row in summary)


def _describe_row(row: SummaryRow) -> str:
    parts = [f"{row.dataset}, {row.interface}, {counted(row.n_participants, 'participant')}"]
    for name, ratio in (("of means", row.ratio_mean), ("of medians", row.ratio_median)):
        if ratio is not None:
            parts.append(f"ratio {name} {three_digits(ratio)}")
    if row.ratio_geomean is not None:
        text = f"geometric mean ratio {three_digits(row.ratio_geomean)}"
        if row.ratio_geomean_low is not None and row.ratio_geomean_high is not None:
            low, high = three_digits(row.ratio_geomean_low), three_digits(row.ratio_geomean_high)
            text += f", 95 % interval {low} to {high}"
        parts.append(text)
    return ", ".join(parts)


def _column(*widgets: QWidget) -> QWidget:
    page = QWidget()
    layout = QVBoxLayout(page)
    layout.setContentsMargins(0, theme.GRID, 0, 0)
    layout.setSpacing(theme.GRID)
    for widget in widgets:
        layout.addWidget(widget)
    return page
