"""The coming round: what it takes of each tier and why, how far the program is with it, and whether it is worth it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFormLayout, QSpinBox, QWidget

from ui.kit import theme
from ui.kit.curve_view import CurveView, Line
from ui.kit.help_sheet import Section
from ui.kit.jobs import JobProgress
from ui.kit.layouts import button_row, click_focused, column_page
from ui.kit.progress_panel import ProgressPanel
from ui.kit.theme import GRID

_MOST = 1_000_000
_MOST_MINUTES = 600
_KEYS = Section(
    "The next round",
    (
        ("Enter", "Keep these numbers for the next round"),
        ("F9", "Train for the next round now"),
        ("F10", "Enough first labels: go on to the first round"),
        ("F4", "Stop training; it goes on from there later"),
        ("Esc", "Back to the images"),
    ),
)


@dataclass(frozen=True)
class Numbers:
    """How many images of each tier a round takes."""

    hard: int
    intermediate: int
    easy: int


@dataclass(frozen=True)
class RoundPageData:
    """What the page shows."""

    title: str
    numbers: Numbers
    minutes: float | None  # that a planned round may take; None: numbers are given instead
    expected: str  # what the numbers are expected to cost
    reason: str
    advice: str
    notes: str  # how the last rounds went: what tiers had to say, time by stage, idle share
    seeding: bool  # the first labels are being given
    working: bool  # the next round is being prepared


class RoundPage(QWidget):
    """Draws what it is told; every change goes out as a signal."""

    kept = Signal(object)  # Numbers
    changed = Signal(object)  # Numbers that are typed, to say what they would cost
    minutes_changed = Signal(float)
    train_wanted = Signal(object)  # Numbers
    enough_wanted = Signal()
    cancel_wanted = Signal()
    back_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("The next round")
        self._title = theme.title_label("")
        self._reason, self._advice, self._notes, self._expected = (theme.hint_label("") for _ in range(4))
        self._hard, self._intermediate, self._easy = (_number(_MOST) for _ in range(3))
        self._minutes = _number(_MOST_MINUTES)
        self._minutes.setSpecialValueText("by the numbers below")
        self.progress = ProgressPanel("F4")
        self._curve = CurveView("Training accuracy", "epochs")
        self._filling = False
        self._build()

    def show_data(self, data: RoundPageData) -> None:
        """Show the round as it stands."""
        self._filling = True
        self._title.setText(data.title)
        self._minutes.setValue(round(data.minutes or 0))
        self._minutes.setEnabled(data.minutes is not None)
        numbers = data.numbers
        for box, value in (
            (self._hard, numbers.hard),
            (self._intermediate, numbers.intermediate),
            (self._easy, numbers.easy),
        ):
            box.setValue(value)
        self._filling = False
        self._expected.setText(data.expected)
        self._reason.setText(data.reason)
        self._advice.setText(data.advice)
        self._notes.setText(data.notes)
        self._enough.setVisible(data.seeding)
        self._train.setText("Train again with these" if data.working else "Train now")

    def show_expected(self, text: str) -> None:
        """What the typed numbers would cost."""
        self._expected.setText(text)

    def show_learner(self, latest: JobProgress | None, line: str, curve: tuple[float, ...]) -> None:
        """How far the next round is; ``curve``: training accuracy of each epoch."""
        if line and latest is None and self.progress.isHidden():
            self.progress.begin(line)
        elif latest is not None:
            self.progress.show_progress(latest)
        elif not line:
            self.progress.end()
        points = tuple((float(epoch), accuracy) for epoch, accuracy in enumerate(curve, start=1))
        self._curve.show_lines((Line("training accuracy", points),) if points else ())

    def key_sections(self) -> tuple[Section, ...]:
        """The keys that hold here."""
        return (_KEYS,)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Every button by its key."""
        key = event.key()
        if event.isAutoRepeat():
            return
        if key == Qt.Key.Key_Escape:
            self.back_wanted.emit()
        elif key == Qt.Key.Key_F9:
            self._train_clicked()
        elif key == Qt.Key.Key_F10 and self._enough.isVisible():
            self.enough_wanted.emit()
        elif key == Qt.Key.Key_F4:
            self.cancel_wanted.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not click_focused(self):
                self._keep()
        else:
            event.ignore()

    def _build(self) -> None:
        form = QFormLayout()
        form.setVerticalSpacing(GRID)
        form.setHorizontalSpacing(2 * GRID)
        rows = (
            ("Minutes", self._minutes),
            ("Hard: what the model learns most from", self._hard),
            ("Intermediate: easier ones", self._intermediate),
            ("Easy: labeled by the program, at most", self._easy),
        )
        for text, box in rows:
            box.setAccessibleName(text)
            box.lineEdit().setAccessibleName(text)
            form.addRow(text, box)
        numbers = QWidget()
        form.setContentsMargins(0, 0, 0, 0)
        numbers.setLayout(form)
        self._minutes.valueChanged.connect(self._minutes_set)
        for box in (self._hard, self._intermediate, self._easy):
            box.valueChanged.connect(self._number_set)
        keep = theme.primary_button("Keep these numbers", "Enter")
        keep.clicked.connect(self._keep)
        self._train = theme.plain_button("Train now", "F9")
        self._train.clicked.connect(self._train_clicked)
        self._enough = theme.plain_button("Enough first labels", "F10")
        self._enough.clicked.connect(self.enough_wanted)
        back = theme.plain_button("Back", "Esc")
        back.clicked.connect(self.back_wanted)
        self.progress.cancel_requested.connect(self.cancel_wanted)
        content = (
            self._title,
            self._reason,
            numbers,
            self._expected,
            self._advice,
            self._curve,
            self._notes,
        )
        column_page(self, content, (self.progress, button_row(keep, self._train, self._enough, back)))

    def _numbers(self) -> Numbers:
        return Numbers(self._hard.value(), self._intermediate.value(), self._easy.value())

    def _keep(self) -> None:
        self.kept.emit(self._numbers())

    def _train_clicked(self) -> None:
        self.train_wanted.emit(self._numbers())

    def _number_set(self, _value: int) -> None:
        if not self._filling:
            self.changed.emit(self._numbers())

    def _minutes_set(self, value: int) -> None:
        if not self._filling and value > 0:
            self.minutes_changed.emit(float(value))


def _number(most: int) -> QSpinBox:
    box = QSpinBox()
    box.setRange(0, most)
    box.setGroupSeparatorShown(True)
    box.setKeyboardTracking(True)
    return box
