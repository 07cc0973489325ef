"""The page of a file of experiments: each figure, what it says, and all of them as files."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from model.port import Port
from ui.kit import theme
from ui.kit.charts.figure_view import FigureCanvas, FigureView
from ui.kit.file_dialogs import FileDialogs, FileKind
from ui.kit.jobs import JobRunner
from ui.kit.keys import Key, KeyTable
from ui.kit.layouts import ChoiceBox, row
from ui.results import experiment_source as work
from ui.results.experiment_source import ExperimentFigure, ExperimentSource
from ui.results.file_page import FilePage, Work

_REPORT = FileKind("Report in a folder of its own", "html")
_NOTHING = "Nothing of this file's experiments has been run yet: run them with clarifier-desktop simulate."


_T = TypeVar("_T")


class ExperimentAction(Enum):
    """What can be done with the figures of experiments."""

    HOME = "home"
    OPEN = "open"
    RELOAD = "reload"
    BEFORE = "before"
    NEXT = "next"
    SAVE = "save"


_A = ExperimentAction
EXPERIMENT_KEYS = KeyTable(
    "Experiments",
    (
        Key(_A.HOME, ("Esc",), "Cancel what is going on, or go to the home page", "Home"),
        Key(_A.OPEN, ("Ctrl+O",), "Show another file of a study or of experiments", "Open ..."),
        Key(_A.RELOAD, ("F5",), "Read the file again, while runs go on or after it failed", "Read again"),
        Key(_A.BEFORE, ("PgUp",), "The figure before", "Before", repeats=True),
        Key(_A.NEXT, ("PgDown",), "The next figure", "Next", repeats=True),
        Key(
            _A.SAVE,
            ("Ctrl+G",),
            "Write all figures of this experiment and a report",
            "Save all figures ...",
        ),
    ),
)


class ExperimentPage(FilePage):
    """Shows an :class:`ExperimentSource`; reading, drawing and writing happen in the background."""

    def __init__(self, jobs: JobRunner, dialogs: FileDialogs, parent: QWidget | None = None) -> None:
        super().__init__(EXPERIMENT_KEYS, jobs, dialogs, parent)
        self._source: ExperimentSource | None = None
        self._drawn: tuple[ExperimentFigure, FigureCanvas] | None = None
        self.choice = ChoiceBox()
        self.choice.setAccessibleName("Figure")
        self.figure = FigureView("Figure of an experiment")
        self.words = theme.hint_label("")
        self._build()
        self._connect()

    def show_source(self, source: ExperimentSource) -> None:
        """Show the figures of a file, the first of them first."""
        self._source = source
        self._show_file(source.path)
        self.choice.clear()
        self.words.clear()
        self.figure.show_words("")
        self.load()

    @property
    def shown(self) -> ExperimentFigure | None:
        """The figure that is chosen."""
        chosen: ExperimentFigure | None = self.choice.currentData()
        return chosen

    # Background work

    def _run(self, kind: Work, job: Callable[[Port], _T], done: Callable[[_T], None], text: str) -> None:
        say = self.notice.setText
        self._start(kind, job, done, failed=say, cancelled=partial(say, "Cancelled."), text=text)

    def _read(self) -> None:
        if self._source is not None:
            self._run(Work.READ, partial(work.load, self._source), self._offer, "Reading")

    def _draw(self) -> None:
        shown, canvas = self.shown, self.figure.canvas()
        if shown is not None and self._drawn != (shown, canvas):
            job = partial(work.draw, shown, canvas)
            self._run(Work.DRAW, job, partial(self._show_drawn, shown, canvas), "Drawing the figure")

    def _show_drawn(self, drawn: ExperimentFigure, canvas: FigureCanvas, png: bytes) -> None:
        if drawn is self.shown:
            self._drawn = (drawn, canvas)
            self.figure.show_png(png, f"{drawn.title}. {drawn.words}")

    def _tell_saved(self, report: Path) -> None:
        self.notice.setText(f"Wrote all figures, their numbers and {report.name} to {report.parent.name}.")
        self.notice.setToolTip(str(report))

    def _offer(self, figures: tuple[ExperimentFigure, ...]) -> None:
        before = self.choice.currentIndex()
        self.choice.blockSignals(True)
        self.choice.clear()
        for figure in figures:
            self.choice.addItem(figure.title, figure)
        self.choice.setCurrentIndex(min(max(before, 0), len(figures) - 1))
        self.choice.blockSignals(False)
        self._drawn = None
        if not figures:
            self.figure.show_words(_NOTHING)
        self._show_chosen()

    def _show_chosen(self) -> None:
        if self.shown is not None:
            self.words.setText(self.shown.words)
            self._redraw()

    # What a person can do

    def _step(self, by: int) -> None:
        place = self.choice.currentIndex() + by
        if 0 <= place < self.choice.count():
            self.choice.setCurrentIndex(place)

    def _save(self) -> None:
        if self.shown is None or self._source is None or self._is_writing():
            return
        to = self._dialogs.save(self, "Save the figures", self._source.path.with_suffix(".html"), (_REPORT,))
        if to is not None:
            job = partial(work.save, self.shown, to.with_suffix(""))
            self._run(Work.WRITE, job, self._tell_saved, "Writing the figures")

    # How the page is put together

    def _build(self) -> None:
        buttons = (
            self.button(_A.RELOAD, self.load),
            self.button(_A.OPEN, self._open),
            self.button(_A.HOME, self._cancel_or_go_home),
        )
        figures = row(
            self.choice,
            self.button(_A.BEFORE, partial(self._step, -1)),
            self.button(_A.NEXT, partial(self._step, 1)),
            self.button(_A.SAVE, self._save),
            wide=self.choice,
        )
        self.words.setWordWrap(True)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._lay_out("Experiments", buttons, (figures, self.figure, self.words), self.figure)

    def _connect(self) -> None:
        self.choice.currentIndexChanged.connect(self._show_chosen)
        self.figure.outdated.connect(self._redraw)
