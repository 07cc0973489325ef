"""The page of a file of experiments: each figure, what it says, and all of them as files."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from model.port import Port
from ui.kit import theme
from ui.kit.figure_view import Canvas, FigureView
from ui.kit.file_dialogs import FileDialogs, FileKind
from ui.kit.job_line import JobLine
from ui.kit.jobs import JobRunner
from ui.kit.key_page import KeyPage
from ui.kit.keys import Key, KeyTable
from ui.kit.progress_panel import ProgressPanel
from ui.kit.theme import GRID
from ui.results import experiment_source as work
from ui.results.experiment_source import ExperimentSource, Shown

_STORE = FileKind("File of a study or of experiments", "sqlite")
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


class ExperimentPage(KeyPage):
    """Shows an :class:`ExperimentSource`; reading, drawing and writing happen in the background."""

    home_wanted = Signal()
    file_chosen = Signal(object)  # Path of another file to show

    def __init__(self, jobs: JobRunner, dialogs: FileDialogs, parent: QWidget | None = None) -> None:
        super().__init__(EXPERIMENT_KEYS, parent)
        self.panel = ProgressPanel(EXPERIMENT_KEYS[_A.HOME].hint)
        self._line = JobLine(jobs, self.panel, self)
        self._dialogs = dialogs
        self._source: ExperimentSource | None = None
        self._saving = False
        self._drawn: tuple[Shown, Canvas] | None = None
        self.file = theme.hint_label("")
        self.choice = QComboBox()
        self.choice.setAccessibleName("Figure")
        self.figure = FigureView("Figure of an experiment")
        self.words = theme.hint_label("")
        self.notice = theme.hint_label("")
        self._build()
        self._connect()

    def show_source(self, source: ExperimentSource) -> None:
        """Show the figures of a file, the first of them first."""
        self._source = source
        self.file.setText(source.path.name)
        self.file.setToolTip(str(source.path))
        self.choice.clear()
        self.words.clear()
        self.notice.clear()
        self.figure.show_words("")
        self.load()

    def load(self) -> None:
        """Read the file again."""
        if self._source is not None and not self._busy_saving():
            self._run(partial(work.load, self._source), self._offer, "Reading")

    @property
    def shown(self) -> Shown | None:
        """The figure that is chosen."""
        found: Shown | None = self.choice.currentData()
        return found

    # Background work

    def _run(self, job: Callable[[Port], _T], done: Callable[[_T], None], text: str) -> None:
        self._saving = False
        say = self.notice.setText
        self._line.run(job, done, failed=say, cancelled=partial(say, "Cancelled."), text=text)

    def _busy_saving(self) -> bool:
        return self._saving and self._line.busy

    def _draw(self) -> None:
        shown = self.shown
        if shown is None or self._busy_saving():
            return
        self.words.setText(shown.words)
        canvas = self.figure.canvas()
        if self._drawn != (shown, canvas):
            self._drawn = (shown, canvas)
            self._run(partial(work.draw, shown, canvas), self._show_drawn, "Drawing the figure")

    def _show_drawn(self, png: bytes) -> None:
        if self.shown is not None:
            self.figure.show_png(png, f"{self.shown.title}. {self.shown.words}")

    def _tell_saved(self, report: Path) -> None:
        self.notice.setText(f"Wrote all figures, their numbers and {report.name} to {report.parent.name}.")
        self.notice.setToolTip(str(report))
        self._draw()

    def _offer(self, found: tuple[Shown, ...]) -> None:
        before = self.choice.currentIndex()
        self.choice.blockSignals(True)
        self.choice.clear()
        for shown in found:
            self.choice.addItem(shown.title, shown)
        self.choice.setCurrentIndex(min(max(before, 0), len(found) - 1))
        self.choice.blockSignals(False)
        self._drawn = None
        if not found:
            self.figure.show_words(_NOTHING)
        self._draw()

    # What a person can do

    def _step(self, by: int) -> None:
        place = self.choice.currentIndex() + by
        if 0 <= place < self.choice.count():
            self.choice.setCurrentIndex(place)

    def _cancel_or_go_home(self) -> None:
        if not self.panel.cancel_shown():
            self.home_wanted.emit()

    def _open(self) -> None:
        folder = Path.home() if self._source is None else self._source.path.parent
        path = self._dialogs.open(self, "Open a file of a study or of experiments", folder, _STORE)
        if path is not None:
            self.file_chosen.emit(path)

    def _save(self) -> None:
        if self.shown is None or self._source is None or self._busy_saving():
            return
        to = self._dialogs.save(self, "Save the figures", self._source.path.with_suffix(".html"), (_REPORT,))
        if to is not None:
            job = partial(work.save, self.shown, to.with_suffix(""))
            self._run(job, self._tell_saved, "Writing the figures")
            self._saving = True

    # How the page is put together

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(GRID)
        for widget in (theme.title_label("Experiments"), self.file):
            head.addWidget(widget)
        head.addStretch()
        for button in (
            self.button(_A.RELOAD, self.load),
            self.button(_A.OPEN, self._open),
            self.button(_A.HOME, self._cancel_or_go_home),
        ):
            head.addWidget(button)
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(self.choice, 1)
        for button in (
            self.button(_A.BEFORE, partial(self._step, -1)),
            self.button(_A.NEXT, partial(self._step, 1)),
            self.button(_A.SAVE, self._save),
        ):
            row.addWidget(button)
        self.words.setWordWrap(True)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.notice.setAccessibleName("What happened last")
        last = QHBoxLayout()
        last.addWidget(self.notice, 1)
        last.addWidget(self.panel, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(3 * GRID, 2 * GRID, 3 * GRID, 2 * GRID)
        layout.setSpacing(GRID + GRID // 2)
        layout.addLayout(head)
        layout.addLayout(row)
        layout.addWidget(self.figure, 1)
        layout.addWidget(self.words)
        layout.addLayout(last)

    def _connect(self) -> None:
        self.choice.currentIndexChanged.connect(self._draw)
        self.figure.outdated.connect(self._draw)
