"""The numbers beside the image while labeling; it can be hidden."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QStyle, QVBoxLayout, QWidget

from studies.labeling.rounds.panel import PanelData
from ui.kit import theme
from ui.kit.charts.curve_view import CurveLine, CurveView
from ui.kit.key_page import key_button
from ui.kit.layouts import scrolling
from ui.kit.theme import GRID
from ui.labeling.elided_label import ElidedLabel
from ui.labeling.one_by_one.label_actions import LABEL_KEYS, LabelAction

_WIDTH = 344
_CLASSES = 8


class SidePanel(QWidget):
    """Labels, costs, suggestions, accuracy, and what comes next."""

    came = Signal()  # it shows again, and what it says may be old
    plan_wanted = Signal()
    figure_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(_WIDTH)
        self.setAccessibleName("Details")
        self._rows: list[tuple[QLabel, QLabel]] = []
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(GRID)
        self._grid.setVerticalSpacing(GRID // 2)
        self._grid.setColumnStretch(1, 1)
        self._classes, self._advice, self._plan, self._catch_trials = (theme.hint_label("") for _ in range(4))
        self._curve = CurveView("Accuracy against minutes", "min")
        plan = key_button(LABEL_KEYS[LabelAction.PLAN], "Change the round")
        plan.clicked.connect(self.plan_wanted)
        save = theme.plain_button("Save the figure")
        save.clicked.connect(self.figure_wanted)
        for button in (plan, save):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inner = QWidget()
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        inner.setFixedWidth(_WIDTH - bar - GRID)  # the bar has its place, and moves nothing when it comes
        words = QVBoxLayout(inner)
        words.setContentsMargins(0, 0, 0, 0)
        words.setSpacing(GRID)
        self._round = theme.hint_label("")
        words.addWidget(theme.section_label("Details"))
        words.addWidget(self._round)
        words.addLayout(self._grid)
        words.addWidget(self._curve)
        for widget in (self._advice, self._classes, theme.section_label("Next round"), self._plan):
            words.addWidget(widget)
        words.addWidget(self._catch_trials)
        words.addStretch()
        area = scrolling(inner)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(area, 1)
        for button in (plan, save):  # below what changes: always in view, always in their places
            layout.addWidget(button)

    def showEvent(self, event: QShowEvent) -> None:
        """Ask for the numbers of now."""
        super().showEvent(event)
        self.came.emit()

    def show_round(self, text: str) -> None:
        """Say where the round stands."""
        self._round.setText(text)

    def show_data(self, data: PanelData) -> None:
        """Show these numbers; what did not change is not painted again."""
        while len(self._rows) < len(data.lines):
            self._add_row()
        while len(self._rows) > len(data.lines):
            for label in self._rows.pop():
                label.hide()
                label.deleteLater()
        for (what, much), (name, value) in zip(self._rows, data.lines, strict=True):
            what.setText(name)
            much.setText(value)
        few = ", ".join(f"{name}: {count}" for name, count in data.classes[:_CLASSES])
        more = " ..." if len(data.classes) > _CLASSES else ""
        self._classes.setText(f"Fewest examples to learn from: {few}{more}" if few else "")
        self._advice.setText(data.advice)
        self._plan.setText(data.plan)
        self._catch_trials.setText(data.catch_trials)
        self._curve.show_lines(
            (
                CurveLine("you", tuple((p.cost_s / 60, p.accuracy.value or 0.0) for p in data.points)),
                CurveLine("SUGGEST", tuple((p.suggest_s / 60, p.accuracy.value or 0.0) for p in data.points)),
                CurveLine("no help", tuple((p.unaided_s / 60, p.accuracy.value or 0.0) for p in data.points)),
            )
            if any(p.accuracy.total for p in data.points)
            else ()
        )

    def _add_row(self) -> None:
        what, much = theme.hint_label(""), ElidedLabel()
        what.setWordWrap(False)
        much.setAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
        row = len(self._rows)
        self._grid.addWidget(what, row, 0)
        self._grid.addWidget(much, row, 1)
        self._rows.append((what, much))
