"""What can be taken out of a project, and labels brought in: one key each."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QPushButton, QWidget

from ui.kit import theme
from ui.kit.help_sheet import Section
from ui.kit.layouts import button_row, click_focused, column_page
from ui.kit.progress_panel import ProgressPanel
from ui.kit.theme import GRID


class Export(Enum):
    """One thing that can be saved or read: its button and what it is."""

    CSV = ("Labels as CSV", "One row an image, with where its label came from")
    JSONL = ("Labels as JSON Lines", "The same, one object a line")
    COPIES = ("A folder a class, copies", "As torchvision's ImageFolder reads them")
    LINKS = ("A folder a class, links", "The same without copying where the disk can link")
    ANSWERS = ("Answers as CSV", "Every answer with its times")
    ROUNDS = ("Rounds as CSV", "Budgets, predicted and measured cost, accuracy")
    FIGURE = ("Accuracy as a figure", "PNG or SVG, with its numbers")
    MODEL = ("The trained model", "State dict with its classes and transforms")
    IMPORT = ("Read labels from a CSV", "Images that have a label of yours keep it")

    def __init__(self, text: str, explanation: str) -> None:
        self.text = text
        self.explanation = explanation


class ExportPage(QWidget):
    """Digits choose; P counts the program's labels in or out."""

    wanted = Signal(object)  # Export
    back_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Save and read labels")
        self._buttons: dict[QPushButton, Export] = {}
        self._auto = QCheckBox("Also labels that the program gave and nobody confirmed (P)")
        self._auto.setChecked(True)
        self._message = theme.hint_label("")
        self.progress = ProgressPanel()
        self._build()

    @property
    def with_auto(self) -> bool:
        """Whether labels of the program are saved too."""
        return self._auto.isChecked()

    def show_message(self, text: str) -> None:
        """Say what was saved, or what is wrong."""
        self._message.setText(text)

    def key_sections(self) -> tuple[Section, ...]:
        """The keys that hold here."""
        keys = [(str(number), export.text) for number, export in enumerate(Export, start=1)]
        keys += [("P", "The program's labels too, or only yours"), ("Esc", "Cancel, or back to the images")]
        return (Section("Save and read", tuple(keys)),)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Every button by its key."""
        key = event.key()
        if event.isAutoRepeat():
            return
        if key == Qt.Key.Key_Escape:
            if not self.progress.cancel_shown():
                self.back_wanted.emit()
        elif Qt.Key.Key_1 <= key < Qt.Key.Key_1 + len(Export):
            self.wanted.emit(list(Export)[key - Qt.Key.Key_1])
        elif key == Qt.Key.Key_P:
            self._auto.toggle()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            click_focused(self)
        else:
            event.ignore()

    def _build(self) -> None:
        table = QWidget()
        grid = QGridLayout(table)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(2 * GRID)
        grid.setVerticalSpacing(GRID)
        grid.setColumnStretch(1, 1)
        for row, export in enumerate(Export):
            button = theme.plain_button(export.text, str(row + 1))
            button.clicked.connect(self._clicked)
            self._buttons[button] = export
            words = QLabel(export.explanation)
            words.setWordWrap(True)
            grid.addWidget(button, row, 0)
            grid.addWidget(words, row, 1)
        back = theme.plain_button("Back", "Esc")
        back.clicked.connect(self.back_wanted)
        column_page(
            self,
            (theme.title_label("Save and read labels"), table, self._auto),
            (self._message, self.progress, button_row(back)),
        )

    def _clicked(self) -> None:
        sender = self.sender()
        if isinstance(sender, QPushButton):
            self.wanted.emit(self._buttons[sender])
