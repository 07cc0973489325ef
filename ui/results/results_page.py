"""The results page: what a file's sessions say about c_v and c_a, filtered, drawn and exported."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from model.port import Port
from studies.table_files import ExportResult
from studies.timing.results.analysis import EVERYTHING
from studies.timing.results.export import rows_in_words
from ui.kit import theme
from ui.kit.charts.figure_view import FigureCanvas
from ui.kit.excel import table_style
from ui.kit.file_dialogs import FileDialogs, FileKind
from ui.kit.jobs import JobRunner
from ui.kit.layouts import row
from ui.results import results_jobs as work
from ui.results.file_page import FilePage, Work
from ui.results.results_actions import RESULTS_KEYS, ResultsAction
from ui.results.results_data import ResultsData, ResultsSource
from ui.results.results_filters import ResultsFilters
from ui.results.results_message import ResultsMessage
from ui.results.results_view import TABS, ResultsView, describe

_CSV = FileKind("CSV table", "csv")
_FIGURES = (FileKind("PNG image", "png"), FileKind("SVG drawing", "svg"))
_EXPORTS = (ResultsAction.TRIALS, ResultsAction.RATIOS, ResultsAction.SUMMARY)
_PERSON_EXPORTS = (ResultsAction.QUESTIONS, ResultsAction.AGREEMENTS)
_PAGE_EXPORTS = (ResultsAction.PAGE_COSTS, ResultsAction.PAGES, ResultsAction.CELLS)

_NEXT_STEPS = (ResultsAction.HOME, ResultsAction.RELOAD, ResultsAction.SHOW_ALL, ResultsAction.OPEN)

_NO_MATCH = "No trials match these filters."

_T = TypeVar("_T")


class ResultsPage(FilePage):
    """Shows a :class:`ResultsSource`; reading, drawing and writing happen in the background."""

    def __init__(self, jobs: JobRunner, dialogs: FileDialogs, parent: QWidget | None = None) -> None:
        super().__init__(RESULTS_KEYS, jobs, dialogs, parent)
        self._source: ResultsSource | None = None
        self._data: ResultsData | None = None
        self._drawn: FigureCanvas | None = None
        self._again: Callable[[], None] = self.load
        self._message = ResultsMessage({action: self.other_button(action) for action in _NEXT_STEPS})
        self._retry = self.other_button(ResultsAction.RELOAD, "Try again")
        self.filters = ResultsFilters(self.tick_box(ResultsAction.ROBOTS))
        self._excel = self.tick_box(ResultsAction.EXCEL)
        self.view = ResultsView()
        self._stack = QStackedWidget()
        self._bind()
        self._build()
        self._connect()

    def show_source(self, source: ResultsSource) -> None:
        """Show the results of ``source``, all of them."""
        self._source = source
        self._data = None
        self._again = self.load
        self._show_file(source.path)
        self.filters.blockSignals(True)
        self.filters.take_off()
        self.filters.blockSignals(False)
        self.load()

    # Background work.

    def _read(self) -> None:
        def stop(sentence: str) -> None:
            self._tell(sentence, ResultsAction.RELOAD, ResultsAction.OPEN)

        if self._source is not None:
            self._start(
                Work.READ,
                partial(work.load, self._source, self.filters.filter()),
                self._show,
                failed=stop,
                cancelled=partial(stop, "Reading was cancelled."),
                text="Reading",
            )

    def _draw(self) -> None:
        data, figure = self._data, self.view.figure
        if data is not None:
            self._drawn = figure.canvas()
            self._start(
                Work.DRAW,
                partial(work.draw, data, self._drawn),
                lambda png: figure.show_png(png, describe(data.summary)),
                failed=figure.show_words,
                cancelled=partial(figure.show_words, "Drawing was cancelled."),
                text="Drawing the figure",
            )

    # What is on show.

    def _show(self, data: ResultsData) -> None:
        self._data = data
        self._again = self.load
        self.filters.offer(data.choices)
        self.filters.tell_simulated(data.simulated)
        if data.empty and self.filters.filter() == EVERYTHING:
            self._tell(data.why_empty, ResultsAction.HOME, ResultsAction.OPEN)
        elif data.empty:
            self._tell(_NO_MATCH, ResultsAction.SHOW_ALL)
        else:
            self.view.show_data(data)
            self._stack.setCurrentIndex(0)
            self._draw_due = True
            if self.focusWidget() in (None, self):
                self.view.summary.setFocus()

    def _tell(self, message: str, *next_steps: ResultsAction) -> None:
        """Put a sentence and its next steps in the results' place."""
        self._stack.setCurrentIndex(1)
        self._message.tell(message, *next_steps)

    def _say(self, sentence: str, retry: bool = False) -> None:
        """Put a sentence on the page's last line."""
        self.notice.setText(sentence)
        self.notice.setToolTip("")
        self._retry.setVisible(retry)

    def _tell_written(self, sentence: str, path: Path) -> None:
        self._again = self.load
        self._say(sentence)
        self.notice.setToolTip(str(path))

    def _follow_canvas(self) -> None:
        shown = self._data is not None and not self._data.empty
        if shown and self.view.figure.canvas() != self._drawn:
            self._redraw()

    # What a person can do.

    def _bind(self) -> None:
        """Bind what has no button of its own."""
        for box in self.filters.boxes:
            self.on(box, partial(self._focus_filter, box))
        for tab in TABS:
            self.on(tab, partial(self.view.show_tab, tab))
        self.on(ResultsAction.SHOW_ALL, self.filters.take_off)

    def _focus_filter(self, box: ResultsAction) -> None:
        self.filters.boxes[box].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _reload(self) -> None:
        self._again()

    def _export(self, table: str) -> None:
        if self._source is None or self._is_writing():
            return
        to = self._dialogs.save(self, f"Export {table}", self._suggest(f"{table}.csv"), (_CSV,))
        if to is not None:
            style, robots = table_style(self._excel.isChecked()), self.filters.filter().robots
            job = partial(work.export, self._source, table, to, style, robots)
            self._write(job, self._tell_export, to, again=partial(self._export, table))

    def _save_figure(self) -> None:
        if self._data is None or self._data.empty or self._is_writing():
            return
        to = self._dialogs.save(self, "Save the figure", self._suggest("figure.png"), _FIGURES)
        if to is not None:
            self._write(partial(work.save, self._data, to), self._tell_figure, to, again=self._save_figure)

    def _write(
        self, job: Callable[[Port], _T], done: Callable[[_T], None], to: Path, again: Callable[[], None]
    ) -> None:
        self._again = again
        self._say("")
        stop = partial(self._say, retry=True)
        cancelled = partial(stop, "Writing was cancelled.")
        self._start(Work.WRITE, job, done, failed=stop, cancelled=cancelled, text=f"Writing {to.name}")

    def _tell_export(self, result: ExportResult) -> None:
        self._tell_written(
            f"Wrote {rows_in_words(result)} to {result.csv.name}, and what they mean beside it.",
            result.csv,
        )

    def _tell_figure(self, numbers: Path) -> None:
        self._tell_written(f"Saved the figure, and its numbers as {numbers.name}.", numbers)

    def _suggest(self, name: str) -> Path:
        path = Path.home() / "study" if self._source is None else self._source.path
        return path.with_name(f"{path.stem}-{name}")

    # How the page is put together.

    def _build(self) -> None:
        buttons = (
            self.button(ResultsAction.RELOAD, self._reload),
            self.button(ResultsAction.OPEN, self._open),
            self.button(ResultsAction.HOME, self._cancel_or_go_home),
        )
        self._stack.addWidget(self.view)
        self._stack.addWidget(self._message)
        exports, page_exports = self._exports(_EXPORTS), self._exports(_PAGE_EXPORTS)
        person_exports = self._exports(_PERSON_EXPORTS)
        for below in (page_exports, person_exports):
            below.addStretch()
        self.view.place_exports(page_exports, person_exports)
        exports.addWidget(self._excel)
        exports.addWidget(self.button(ResultsAction.FIGURE, self._save_figure))
        exports.addStretch()
        self._retry.hide()
        self._lay_out(
            "Results",
            buttons,
            (self.filters, self._stack, exports),
            self._stack,
            beside_notice=(self._retry,),
        )

    def _exports(self, tables: Iterable[ResultsAction]) -> QHBoxLayout:
        exports = row(theme.hint_label("Export the whole file"))
        for action in tables:
            exports.addWidget(self.button(action, partial(self._export, action.value)))
        return exports

    def _connect(self) -> None:
        self.filters.changed.connect(self.load)
        self.view.figure.outdated.connect(self._follow_canvas)
