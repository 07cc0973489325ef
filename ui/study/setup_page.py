"""The researcher's page before a study: the plan, the file for the answers, and the images that are needed."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFormLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ui.kit import theme
from ui.kit.file_dialogs import FileDialogs, FileKind
from ui.kit.key_page import KeyPage
from ui.kit.keys import ENTER, Key, KeyTable
from ui.kit.layouts import ChoiceBox, button_row, column_page, empty, row
from ui.kit.progress_panel import ProgressPanel
from ui.kit.theme import GRID
from ui.study.block_cards import BlockCards
from ui.study.setup_data import DataLine, PlanBlock

_WIDTH = 720
_PLAN, _STUDY = FileKind("Plans", "toml"), FileKind("Studies", "sqlite")


class SetupAction(Enum):
    """What can be done before a study."""

    OPEN = "open"
    PLAN_FILE = "plan_file"
    STORE_FILE = "store_file"
    BACK = "back"


_A = SetupAction
SETUP_KEYS = KeyTable(
    "Prepare a study",
    (
        Key(_A.OPEN, ENTER, "Open the study for participants", "Open for participants"),
        Key(_A.PLAN_FILE, ("Alt+P",), "Choose the file of a plan", "Plan file ..."),
        Key(_A.STORE_FILE, ("Alt+F",), "Choose the file that the answers go to", "Other file ..."),
        Key(_A.BACK, ("Esc",), "Cancel a download, or go back to the home page", "Back"),
    ),
)


class SetupPage(KeyPage):
    """Shows what it is told; every change goes out as a signal and comes back by ``show_*``."""

    plan_chosen = Signal(str)  # a shipped plan's name or a file's path
    store_chosen = Signal(object)  # Path
    mend_wanted = Signal(str)  # a data set's name
    open_wanted = Signal()
    back_wanted = Signal()

    def __init__(self, plans: Sequence[str], dialogs: FileDialogs, parent: QWidget | None = None) -> None:
        super().__init__(SETUP_KEYS, parent)
        self._dialogs = dialogs
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Prepare a study")
        self._plans = ChoiceBox()
        self._plans.addItems(list(plans))
        self._plans.setAccessibleName("Plan")
        self._plans.textActivated.connect(self.plan_chosen)
        self._store = QLineEdit()
        self._store.setReadOnly(True)
        self._store.setAccessibleName("File for the answers")
        self._summary = theme.hint_label("")
        self._blocks = BlockCards()
        self._data = QVBoxLayout()
        self._left_out = theme.hint_label("")
        self._left_out.setAccessibleName("What is left out")
        self._left_out.hide()
        self._message = QLabel()
        self._message.setWordWrap(True)
        self._message.hide()
        self._message.setTextFormat(Qt.TextFormat.PlainText)
        self.progress = ProgressPanel()
        self.cancels_first(self.progress)
        self._open = self.button(_A.OPEN, self.open_wanted.emit, primary=True)
        self._build()

    def show_plan(self, name: str, summary: str, blocks: Sequence[PlanBlock] = ()) -> None:
        """Name the chosen plan, say what it is and show its blocks."""
        self._blocks.show_blocks(blocks)
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

    def show_left_out(self, lines: Sequence[str]) -> None:
        """Say what of the researcher's own images is left out, or nothing."""
        self._left_out.setText("\n".join(lines))
        self._left_out.setVisible(bool(lines))

    def show_message(self, text: str) -> None:
        """Say what went wrong and what to do, or nothing."""
        self._message.setText(text)
        self._message.setVisible(bool(text))

    def _build(self) -> None:
        plan_file = self.button(_A.PLAN_FILE, self._choose_plan)
        store_file = self.button(_A.STORE_FILE, self._choose_store)
        back = self.button(_A.BACK, self.back_wanted.emit)
        form = QFormLayout()
        form.setHorizontalSpacing(2 * GRID)
        form.setVerticalSpacing(2 * GRID)
        form.addRow("Plan", row(self._plans, plan_file, wide=self._plans))
        form.addRow("", self._summary)
        form.addRow("", self._blocks)
        form.addRow("Answers go to", row(self._store, store_file, wide=self._store))
        form.addRow("Images", self._data)
        form.addRow("", self._left_out)
        content = QWidget()
        content.setLayout(form)
        form.setContentsMargins(0, 0, 0, 0)
        column_page(
            self,
            (theme.title_label("Prepare a study"), content),
            (self._message, self.progress, button_row(self._open, back)),
            width=_WIDTH,
        )

    def _data_row(self, line: DataLine) -> QWidget:
        label = QLabel(("○ " if line.button else "● ") + line.text)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        if not line.button:
            return label
        button = theme.plain_button(line.button)
        button.setAccessibleName(f"{line.button}: {line.dataset}")
        button.setProperty("dataset", line.dataset)
        button.clicked.connect(self._emit_mend)
        line_row = QWidget()
        line_row.setLayout(row(label, button, wide=label))
        return line_row

    def _emit_mend(self) -> None:
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
