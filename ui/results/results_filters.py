"""The filters of the results page: three boxes, and a tick for simulated participants."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from studies.timing.results.analysis import EVERYTHING, Filter, FilterChoices, Simulated
from ui.kit import theme
from ui.kit.layouts import ChoiceBox, row
from ui.results.results_actions import RESULTS_KEYS, ResultsAction

_LEAST_LETTERS = 6


class ResultsFilters(QWidget):
    """Study, data set and interface, whose first entry takes the filter off; ``robots`` where both are in the file."""

    changed = Signal()

    def __init__(self, robots: QCheckBox, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.boxes: dict[ResultsAction, QComboBox] = {}
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(theme.GRID)
        layout = QHBoxLayout()
        lines.addLayout(layout)
        layout.setSpacing(theme.GRID)
        for action in (ResultsAction.STUDY, ResultsAction.DATASET, ResultsAction.INTERFACE):
            key = RESULTS_KEYS[action]
            box = ChoiceBox()
            box.setAccessibleName(key.label)
            box.setAccessibleDescription(f"{key.text}. Key: {key.hint}")
            box.setMinimumContentsLength(_LEAST_LETTERS)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            box.addItem("All", None)
            box.currentIndexChanged.connect(self._emit_change)
            label = theme.hint_label(f"{key.label}  {key.hint}")
            label.setWordWrap(False)
            label.setBuddy(box)
            if self.boxes:
                layout.addSpacing(theme.GRID)
            self.boxes[action] = box
            layout.addWidget(label)
            layout.addWidget(box, 1)
        self.robots = robots
        self.simulated = theme.hint_label("")
        self.simulated.setWordWrap(False)
        for widget in (self.robots, self.simulated):
            widget.hide()
        lines.addLayout(row(self.robots, self.simulated, None))
        self.robots.toggled.connect(self.changed)

    def filter(self) -> Filter:
        """Return what is chosen."""
        boxes = self.boxes
        return Filter(
            study=boxes[ResultsAction.STUDY].currentData(),
            dataset=boxes[ResultsAction.DATASET].currentData(),
            interface=boxes[ResultsAction.INTERFACE].currentData(),
            robots=self.robots.isChecked(),
        )

    def take_off(self) -> None:
        """Choose everything; tells so once, and only if it changes anything."""
        before = self.filter()
        for box in self.boxes.values():
            box.blockSignals(True)
            box.setCurrentIndex(0)
            box.blockSignals(False)
        self.robots.blockSignals(True)
        self.robots.setChecked(False)
        self.robots.blockSignals(False)
        if before != EVERYTHING:
            self.changed.emit()

    def offer(self, choices: FilterChoices) -> None:
        """Offer other choices without changing what is chosen."""
        offered = (choices.studies, choices.datasets, choices.interfaces)
        for box, names in zip(self.boxes.values(), offered, strict=True):
            box.blockSignals(True)
            chosen = box.currentData()
            box.clear()
            box.addItem("All", None)
            # A choice that is gone from the file stays, so that the box tells what is shown.
            for name in names if chosen is None or chosen in names else (*names, chosen):
                box.addItem(name, name)
            box.setCurrentIndex(max(0, box.findData(chosen)))
            box.blockSignals(False)

    def tell_simulated(self, simulated: Simulated) -> None:
        """Offer the tick where the file has people and simulated participants, and say which are shown."""
        self.robots.setVisible(bool(simulated.sessions) and simulated.people)
        self.simulated.setText(simulated.in_words)
        self.simulated.setVisible(bool(simulated.sessions))

    def _emit_change(self, _index: int) -> None:
        self.changed.emit()
