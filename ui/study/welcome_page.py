"""Where a participant begins: the participant code."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QFormLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from ui.kit import theme
from ui.kit.progress_panel import ProgressPanel
from ui.kit.theme import GRID

_WIDTH = 560


class WelcomePage(QWidget):
    """Asks for the code, says what is wrong with it, and shows how far the preparation is."""

    begin_wanted = Signal(str)  # participant code
    back_wanted = Signal()
    full_screen_wanted = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = theme.title_label("Welcome")
        self._title.setWordWrap(True)
        self._code = QLineEdit()
        self._code.setMaxLength(80)
        self._code.setAccessibleName("Participant code")
        self._full = QCheckBox("Full screen (F11)")
        self._full.toggled.connect(self.full_screen_wanted)
        self._message = QLabel()
        self._message.setWordWrap(True)
        self._message.setTextFormat(Qt.TextFormat.PlainText)
        self.progress = ProgressPanel()
        begin = theme.primary_button("Begin", "Enter")
        begin.clicked.connect(self._begin)
        form = QFormLayout()
        form.setHorizontalSpacing(2 * GRID)
        form.addRow("Your participant code", self._code)
        column = QWidget()
        column.setFixedWidth(_WIDTH)
        words = QVBoxLayout(column)
        words.setSpacing(3 * GRID)
        words.addWidget(self._title)
        words.addWidget(
            theme.hint_label(
                "The code was given to you; please do not use your name. After a break-off, the same code goes on."
            )
        )
        words.addLayout(form)
        words.addWidget(self._full)
        words.addWidget(self._message)
        words.addWidget(begin, 0, Qt.AlignmentFlag.AlignRight)
        words.addWidget(self.progress)
        words.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(3 * GRID, 8 * GRID, 3 * GRID, 3 * GRID)
        layout.addWidget(column, 1, Qt.AlignmentFlag.AlignHCenter)
        self.setFocusProxy(self._code)

    def welcome(self, title: str) -> None:
        """Make ready for the next participant."""
        self._title.setText(title)
        self._code.clear()
        self._message.clear()

    def show_message(self, text: str) -> None:
        """Say what is wrong and what to do."""
        self._message.setText(text)

    def show_full_screen(self, on: bool) -> None:
        """Follow the window."""
        self._full.blockSignals(True)
        self._full.setChecked(on)
        self._full.blockSignals(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter begins; Escape cancels the preparation or goes back."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self._begin()
        elif event.key() == Qt.Key.Key_Escape:
            if self.progress.isVisible():
                self.progress.cancel.click()
            else:
                self.back_wanted.emit()
        else:
            event.ignore()

    def _begin(self) -> None:
        self._message.clear()
        self.begin_wanted.emit(self._code.text().strip())
