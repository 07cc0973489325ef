"""What the pages of a file's results share: the file's name, what leads elsewhere, and work in the background."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLayout, QVBoxLayout, QWidget

from model.port import Port
from ui.kit import theme
from ui.kit.file_dialogs import FileDialogs, FileKind
from ui.kit.job_line import JobLine
from ui.kit.jobs import JobRunner
from ui.kit.key_page import KeyPage
from ui.kit.keys import KeyTable
from ui.kit.layouts import row
from ui.kit.progress_panel import ProgressPanel
from ui.kit.theme import GRID

_STORE = FileKind("File of a study or of experiments", "sqlite")
_T = TypeVar("_T")


class Work(Enum):
    """What the background is doing for a page."""

    READ = "read"
    DRAW = "draw"
    WRITE = "write"


class FilePage(KeyPage):
    """Reads a file, draws figures of it and writes files, one at a time in the background.

    Reading interrupts drawing; writing interrupts both, which follow it, and is not interrupted itself. A subclass
    says by :meth:`_read` and :meth:`_draw` what is to be done, each by :meth:`_start`.
    """

    home_wanted = Signal()
    file_chosen = Signal(object)  # Path of another file to show

    def __init__(
        self, keys: KeyTable[Any], jobs: JobRunner, dialogs: FileDialogs, parent: QWidget | None = None
    ) -> None:
        super().__init__(keys, parent)
        self._dialogs = dialogs
        self._path: Path | None = None
        self._jobs = jobs
        self.panel = ProgressPanel()
        self._line = JobLine(jobs, self.panel, self)
        self._line.ended.connect(self._go_on)
        self._work = Work.READ
        self._read_due = False
        self._draw_due = False
        self.file = theme.hint_label("")
        self.notice = theme.hint_label("")
        self.notice.setAccessibleName("What happened last")

    def load(self) -> None:
        """Read the file again."""
        self._read_due = self._path is not None
        self._go_on()

    def _show_file(self, path: Path) -> None:
        self._path = path
        self.file.setText(path.name)
        self.file.setToolTip(str(path))
        self.notice.clear()

    def _read(self) -> None:
        raise NotImplementedError

    def _draw(self) -> None:
        raise NotImplementedError

    def _redraw(self) -> None:
        """Draw anew when nothing else is under way."""
        self._draw_due = True
        self._go_on()

    def _start(
        self,
        work: Work,
        job: Callable[[Port], _T],
        done: Callable[[_T], object],
        *,
        failed: Callable[[str], object],
        cancelled: Callable[[], object],
        text: str,
    ) -> None:
        """Start a job in place of the one at work, which is done afterwards where it is still wanted."""
        if self._line.busy:
            self._read_due |= self._work is Work.READ and work is not Work.READ
            self._draw_due |= self._work is Work.DRAW
        self._work = work
        self._line.run(job, done, failed=failed, cancelled=cancelled, text=text)

    def _go_on(self) -> None:
        if self._is_writing():
            return
        if self._read_due:
            self._read_due = False
            self._read()
        elif self._draw_due and self._jobs.running is None:
            self._draw_due = False
            self._draw()

    def _is_writing(self) -> bool:
        return self._line.busy and self._work is Work.WRITE

    def _cancel_or_go_home(self) -> None:
        if not self.panel.cancel_shown():
            self.home_wanted.emit()

    def _open(self) -> None:
        folder = Path.home() if self._path is None else self._path.parent
        path = self._dialogs.open(self, "Open a file of a study or of experiments", folder, _STORE)
        if path is not None:
            self.file_chosen.emit(path)

    def _lay_out(
        self,
        title: str,
        buttons: Sequence[QWidget],
        parts: Sequence[QWidget | QLayout],
        main: QWidget,
        beside_notice: Sequence[QWidget] = (),
    ) -> None:
        """Title, file and ``buttons`` above the ``parts``, where ``main`` takes the room; what happened, below."""
        layout = QVBoxLayout(self)
        layout.setContentsMargins(3 * GRID, 2 * GRID, 3 * GRID, 2 * GRID)
        layout.setSpacing(GRID + GRID // 2)
        layout.addLayout(row(theme.title_label(title), self.file, None, *buttons))
        for part in parts:
            if isinstance(part, QLayout):
                layout.addLayout(part)
            else:
                layout.addWidget(part, int(part is main))
        last = row(self.notice, *beside_notice, self.panel)
        last.setStretch(0, 1)
        last.setStretch(last.count() - 1, 1)
        layout.addLayout(last)
