"""What can be taken out of a project, and labels brought in: one key each."""

from __future__ import annotations

from enum import Enum
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from ui.kit import theme
from ui.kit.key_page import KeyPage
from ui.kit.keys import Key, KeyTable
from ui.kit.layouts import button_row, column_page
from ui.kit.progress_panel import ProgressPanel
from ui.kit.theme import GRID


class Export(Enum):
    """One thing that can be saved or read: its button and what it is."""

    CSV = ("Labels as CSV", "One row per image, with where its label came from")
    JSONL = ("Labels as JSON Lines", "The same, one object per line")
    COPIES = ("A folder per class, copies", "As torchvision's ImageFolder reads them")
    LINKS = ("A folder per class, links", "The same without copying where the disk can link")
    IMAGES = (
        "All images as CSV",
        "A row for each: its label, by whom, certified or not, or what the model takes it for, and how surely",
    )
    ANSWERS = ("Answers as CSV", "Every answer with its times")
    ROUNDS = ("Rounds as CSV", "Budgets, predicted and measured cost, accuracy")
    FIGURE = ("Accuracy as a figure", "PNG or SVG, with its numbers")
    MODEL = ("The trained model", "State dict with its classes and transforms, and a model card")
    REPORT = (
        "A report",
        "One page for somebody who was not there: counts, what is promised, doubts, time, model",
    )
    IMPORT = ("Read labels from a CSV", "Images that have a label of yours keep it")

    def __init__(self, text: str, explanation: str) -> None:
        self.text = text
        self.explanation = explanation


class ExportPageAction(Enum):
    """What else can be done on the page."""

    AUTO = "auto"
    EXCEL = "excel"
    ONNX = "onnx"
    BACK = "back"


EXPORT_KEYS: KeyTable[Export | ExportPageAction] = KeyTable(
    "Save and read labels",
    (
        *(
            Key(export, (key,), f"{export.text}. {export.explanation}", export.text)
            for export, key in zip(Export, "123456789R0", strict=True)
        ),
        Key(
            ExportPageAction.AUTO,
            ("P",),
            "Save labels of the program too, or only yours",
            "Also labels that the program gave and nobody confirmed",
        ),
        Key(
            ExportPageAction.EXCEL,
            ("X",),
            "Save tables for Excel, with this system's separators, or for other programs",
            "Tables for Excel",
        ),
        Key(
            ExportPageAction.ONNX,
            ("O",),
            "Save the model also as ONNX, which runs without torch",
            "The model also as ONNX",
        ),
        Key(ExportPageAction.BACK, ("Esc",), "Cancel what is going on, or go back to the images", "Back"),
    ),
)


class ExportPage(KeyPage):
    """Digits and R choose; P counts the program's labels in or out, X and O choose the files."""

    wanted = Signal(object)  # Export
    back_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(EXPORT_KEYS, parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Save and read labels")
        self._auto, self._excel = self.tick_box(ExportPageAction.AUTO), self.tick_box(ExportPageAction.EXCEL)
        self._onnx = self.tick_box(ExportPageAction.ONNX)
        self._auto.setChecked(True)
        self._message = theme.hint_label("")
        self.progress = ProgressPanel()
        self.cancels_first(self.progress)
        self._build()

    @property
    def with_auto(self) -> bool:
        """Whether labels of the program are saved too."""
        return self._auto.isChecked()

    @property
    def for_excel(self) -> bool:
        """Whether tables are saved for Excel."""
        return self._excel.isChecked()

    @property
    def with_onnx(self) -> bool:
        """Whether the model is saved as ONNX too."""
        return self._onnx.isChecked()

    def show_message(self, text: str) -> None:
        """Say what was saved, or what is wrong."""
        self._message.setText(text)

    def _build(self) -> None:
        table = QWidget()
        grid = QGridLayout(table)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(2 * GRID)
        grid.setVerticalSpacing(GRID)
        grid.setColumnStretch(1, 1)
        for row, export in enumerate(Export):
            button = self.button(export, partial(self.wanted.emit, export))
            words = QLabel(export.explanation)
            words.setWordWrap(True)
            grid.addWidget(button, row, 0)
            grid.addWidget(words, row, 1)
        back = self.button(ExportPageAction.BACK, self.back_wanted.emit)
        column_page(
            self,
            (theme.title_label("Save and read labels"), table, self._auto, self._excel, self._onnx),
            (self._message, self.progress, button_row(back)),
        )
