"""The coming round: what it takes of each tier and why, how far the program is with it, and whether it is worth it."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFormLayout, QSpinBox, QWidget

from model.tiers import PerTier
from ui.kit import theme
from ui.kit.charts.curve_view import CurveLine, CurveView
from ui.kit.jobs import JobProgress
from ui.kit.key_page import KeyPage
from ui.kit.keys import ENTER, Key, KeyTable
from ui.kit.layouts import NumberBox, button_row, column_page
from ui.kit.progress_panel import ProgressPanel
from ui.kit.theme import GRID
from ui.labeling.rounds.round_data import RoundPageData

_MOST = 1_000_000
_MOST_MINUTES = 600


class RoundAction(Enum):
    """What can be done about the next round."""

    KEEP = "keep"
    TRAIN = "train"
    ENOUGH = "enough"
    STOP = "stop"
    BACK = "back"


_A = RoundAction
ROUND_KEYS = KeyTable(
    "The next round",
    (
        Key(_A.KEEP, ENTER, "Keep these numbers for the next round", "Keep these numbers"),
        Key(_A.TRAIN, ("F9",), "Train for the next round now", "Train now"),
        Key(
            _A.ENOUGH, ("F10",), "End the first labels and go on to the first round", "Start the first round"
        ),
        Key(_A.STOP, ("F4",), "Stop training; it goes on from there later", "Cancel"),
        Key(_A.BACK, ("Esc",), "Back to the images", "Back"),
    ),
)


class RoundPage(KeyPage):
    """Draws what it is told; every change goes out as a signal."""

    kept = Signal(object)  # PerTier[int]
    changed = Signal(object)  # PerTier[int]: numbers that are typed, to say what they would cost
    minutes_changed = Signal(float)
    train_wanted = Signal(object)  # PerTier[int]
    enough_wanted = Signal()
    cancel_wanted = Signal()
    back_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(ROUND_KEYS, parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("The next round")
        self._title = theme.title_label("")
        self._reason, self._advice, self._notes, self._expected = (theme.hint_label("") for _ in range(4))
        self._numbers = PerTier.of(lambda _: _number(_MOST))
        self._minutes = _number(_MOST_MINUTES)
        self._minutes.setSpecialValueText("by the numbers below")
        self.progress = ProgressPanel(ROUND_KEYS[_A.STOP].hint)
        self._curve = CurveView("Training accuracy", "epochs")
        self._filling = False
        self._build()

    def show_data(self, data: RoundPageData) -> None:
        """Show the round as it stands."""
        self._filling = True
        self._title.setText(data.title)
        self._minutes.setValue(round(data.minutes or 0))
        self._minutes.setEnabled(data.minutes is not None)
        for tier, box in self._numbers.items():
            box.setValue(data.budgets[tier])
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
        self._curve.show_lines((CurveLine("training accuracy", points),) if points else ())

    def _build(self) -> None:
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.setVerticalSpacing(GRID)
        form.setHorizontalSpacing(2 * GRID)
        rows = (
            ("Minutes", self._minutes),
            *((f"{tier.title}: {tier.meaning}", box) for tier, box in self._numbers.items()),
        )
        for text, box in rows:
            box.setAccessibleName(text)
            box.lineEdit().setAccessibleName(text)
            form.addRow(text, box)
        numbers = QWidget()
        form.setContentsMargins(0, 0, 0, 0)
        numbers.setLayout(form)
        self._minutes.valueChanged.connect(self._minutes_set)
        for box in self._numbers.values():
            box.valueChanged.connect(self._number_set)
        keep = self.button(_A.KEEP, self._keep, primary=True)
        self._train = self.button(_A.TRAIN, self._train_wanted)
        self._enough = self.button(_A.ENOUGH, self.enough_wanted.emit)
        back = self.button(_A.BACK, self.back_wanted.emit)
        self.on(_A.STOP, self.cancel_wanted.emit)
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

    def _budgets(self) -> PerTier[int]:
        return self._numbers.map(QSpinBox.value)

    def _keep(self) -> None:
        self.kept.emit(self._budgets())

    def _train_wanted(self) -> None:
        self.train_wanted.emit(self._budgets())

    def _number_set(self, _value: int) -> None:
        if not self._filling:
            self.changed.emit(self._budgets())

    def _minutes_set(self, value: int) -> None:
        if not self._filling and value > 0:
            self.minutes_changed.emit(float(value))


def _number(most: int) -> QSpinBox:
    box = NumberBox()
    box.setRange(0, most)
    box.setGroupSeparatorShown(True)
    box.setKeyboardTracking(True)
    return box
