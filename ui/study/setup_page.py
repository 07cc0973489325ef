"""The researcher's page before a study: the plan, the file for the answers, and the images that are needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ui.kit import theme
from ui.kit.file_dialogs import FileDialogs, FileKind
from ui.kit.layouts import empty
from ui.kit.progress_panel import ProgressPanel
from ui.kit.theme import GRID

_WIDTH = 720
_PLAN, _STUDY = FileKind("Plans", "toml"), FileKind("Studies", "sqlite")


@dataclass(frozen=True)
class DataLine:
    """A data set of the plan: what it is called, how it stands, and the button that mends it (or none)."""

    dataset: str
    text: str
    button: str = ""  # "Download" or "Choose folder"


class SetupPage(QWidget):
    """Shows what it is told; every change goes out as a signal and comes back by ``show_*``."""

    plan_chosen = Signal(str)  # a shipped plan's name or a file's path
    store_chosen = Signal(object)  # Path
    mend_wanted = Signal(str)  # a data set's name
    open_wanted = Signal()
    back_wanted = Signal()

    def __init__(self, plans: Sequence[str], dialogs: FileDialogs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._dialogs = dialogs
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Prepare a study")
        self._plans = QComboBox()
        self._plans.addItems(list(plans))
        self._plans.setAccessibleName("Plan")
        self._plans.textActivated.connect(self.plan_chosen)
        self._store = QLineEdit()
        self._store.setReadOnly(True)
        self._store.setAccessibleName("File for the answers")
        self._summary = theme.hint_label("")
        self._data = QVBoxLayout()
        self._message = QLabel()
        self._message.setWordWrap(True)
        self._message.setTextFormat(Qt.TextFormat.PlainText)
        self.progress = ProgressPanel()
        self._open = theme.primary_button("Open for participants", "Enter")
        self._open.clicked.connect(self.open_wanted)
        self._build()

    def show_plan(self, name: str, summary: str) -> None:
        """Name the chosen plan and say what it holds."""
        if self._plans.findText(name) < 0:
            self._plans.addItem(name)
        self._plans.setCurrentText(name)
        self._summary.setText(summary)

    def show_store(self, path: Path) -> None:
        """Name the file that takes the answers."""
        self._store.setText(str(path))
        self._store.setToolTip(str(path))

    def show_data(self, lines: Sequence[DataLine]) -> None:
        """List the plan's data sets; the study opens only when each is ready."""
        empty(self._data)
        for line in lines:
            self._data.addWidget(self._data_row(line))
        self._open.setEnabled(bool(lines) and not any(line.button for line in lines))

    def show_message(self, text: str) -> None:
        """Say what went wrong and what to do, or nothing."""
        self._message.setText(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the study, Escape goes back."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focused = self.focusWidget()
            button = focused if isinstance(focused, QPushButton) else self._open
            button.click()
        elif event.key() == Qt.Key.Key_Escape:
            if not self.progress.cancel_shown():
                self.back_wanted.emit()
        else:
            event.ignore()

    def _build(self) -> None:
        plan_file = theme.plain_button("Plan file ...", "Alt+P")
        plan_file.setShortcut("Alt+P")
        plan_file.clicked.connect(self._choose_plan)
        store_file = theme.plain_button("Other file ...", "Alt+F")
        store_file.setShortcut("Alt+F")
        store_file.clicked.connect(self._choose_store)
        back = theme.plain_button("Back", "Esc")
        back.clicked.connect(self.back_wanted)
        form = QFormLayout()
        form.setHorizontalSpacing(2 * GRID)
        form.setVerticalSpacing(2 * GRID)
        form.addRow("Plan", _row(self._plans, plan_file))
        form.addRow("", self._summary)
        form.addRow("Answers go to", _row(self._store, store_file))
        form.addRow("Images", self._data)
        column = QWidget()
        column.setMaximumWidth(_WIDTH)
        column.setMinimumWidth(480)
        words = QVBoxLayout(column)
        words.setSpacing(3 * GRID)
        words.addWidget(theme.title_label("Prepare a study"))
        words.addLayout(form)
        words.addWidget(self._message)
        words.addWidget(self.progress)
        words.addStretch()
        words.addWidget(_row(back, None, self._open))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(3 * GRID, 4 * GRID, 3 * GRID, 3 * GRID)
        layout.addStretch()
        layout.addWidget(column, 10)
        layout.addStretch()

    def _data_row(self, line: DataLine) -> QWidget:
        label = QLabel(("○ " if line.button else "● ") + line.text)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        if not line.button:
            return _row(label)
        button = theme.plain_button(line.button)
        button.setAccessibleName(f"{line.button}: {line.dataset}")
        button.setProperty("dataset", line.dataset)
        button.clicked.connect(self._mend_clicked)
        return _row(label, button)

    def _mend_clicked(self) -> None:
        button = self.sender()
        if isinstance(button, QPushButton):
            self.mend_wanted.emit(str(button.property("dataset")))

    def _choose_plan(self) -> None:
        file = self._dialogs.open(self, "Open a plan", Path(), _PLAN)
        if file is not None:
            self.plan_chosen.emit(str(file))

    def _choose_store(self) -> None:
        suggestion = Path(self._store.text())  # an existing file is added to
        file = self._dialogs.save(self, "File for the answers", suggestion, (_STUDY,), overwrites=False)
        if file is not None:
            self.store_chosen.emit(file)


def _row(*widgets: QWidget | None) -> QWidget:
    """Widgets beside each other, the first taking the room; ``None`` stands for free room."""
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(GRID)
    for number, widget in enumerate(widgets):
        if widget is None:
            layout.addStretch(1)
        else:
            layout.addWidget(widget, 0 if number or None in widgets else 1)
    return row
