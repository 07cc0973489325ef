"""All choices of a labeling project as a form; the page of a new project and the one of its settings share it."""

from __future__ import annotations

from enum import Enum
from itertools import pairwise
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QVBoxLayout, QWidget

from model.disk import is_file
from studies.labeling.facts.settings import CostOrigin, ProjectSettings, SettingsError, settings_from
from ui.kit import theme
from ui.kit.layouts import bring_into_view, button_row
from ui.kit.theme import GRID
from ui.labeling.choices.choice_grid import ChoiceGrid
from ui.labeling.choices.choices import COSTS, GOAL, LEARNING, PARTS, WEIGHTS, Choice, Way
from ui.labeling.choices.goal_line import GoalLine


class ChoicesForm(QWidget):
    """In two levels: what anyone needs, and behind a button what a researcher needs.

    Shows settings and reads them back; what it does not show stays as it was.
    """

    study_wanted = Signal()  # take the costs from a timing study
    weights_wanted = Signal()  # choose the file of weights
    edited = Signal()  # a choice is another now

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._base = ProjectSettings()
        self._choices = {choice.way: choice for part in PARTS for choice in part.choices}
        self._deep_ways = [choice.way for part in PARTS if part.deep for choice in part.choices]
        self._widgets = {way: self._make(choice) for way, choice in self._choices.items()}
        asked = {COSTS: ("Take them from a study ...", self.study_wanted)}
        asked[LEARNING] = ("Choose the file of weights ...", self.weights_wanted)
        self._anyone, self._researcher = ChoiceGrid(self._widgets), ChoiceGrid(self._widgets)
        self._more = theme.plain_button("")
        self._more.clicked.connect(self._toggle_researcher)
        in_order: dict[bool, list[QWidget]] = {False: [], True: [self._more]}  # of Tab, as one reads
        for part in PARTS:
            grid = self._researcher if part.deep else self._anyone
            in_order[part.deep] += [self._widgets[choice.way] for choice in part.choices]
            if part.title == GOAL:
                self._goal_heading = theme.section_label(part.title)
                self.goal = GoalLine([self._widgets[choice.way] for choice in part.choices])
                grid.add_line(*self.take_goal())
                continue
            grid.add_part(part)
            if part.title in asked:
                text, signal = asked[part.title]
                button = theme.plain_button(text)
                button.clicked.connect(signal)
                grid.add_below(button)
                in_order[part.deep].append(button)
        width = max(grid.names_width for grid in (self._anyone, self._researcher))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * GRID)
        for grid in (self._anyone, self._researcher):
            grid.align(width)
            layout.addWidget(grid)
        layout.insertWidget(1, button_row(self._more))
        for before, after in pairwise([*in_order[False], *in_order[True]]):
            self.setTabOrder(before, after)
        self.show_settings(self._base)
        self._usual = {way: _shown(widget) for way, widget in self._widgets.items()}
        self.edited.connect(self._name_more)
        self.show_researcher(False)

    def show_researcher(self, shown: bool) -> None:
        """Show or hide what only a researcher needs."""
        self._researcher.setVisible(shown)
        self._name_more()

    def take_goal(self) -> tuple[QWidget, QWidget, QWidget]:
        """The heading, the line and the help of the goal, for a page that asks for it apart from the other choices."""
        return self._goal_heading, self.goal, self.goal.help

    def show_settings(self, settings: ProjectSettings) -> None:
        """Show these choices."""
        self._base = settings
        values = settings.model_dump(mode="json")
        for way, widget in self._widgets.items():
            value = _at(values, way)
            if isinstance(widget, QComboBox):
                place = widget.findData(value)
                if place < 0:  # a name that the list does not offer
                    widget.addItem(str(value), value)
                    place = widget.count() - 1
                widget.setCurrentIndex(place)
            elif isinstance(widget, QCheckBox):
                widget.setChecked(bool(value))
            elif isinstance(widget, QLineEdit):
                widget.setText(_text(value, self._choices[way].percent))

    def show_costs(self, verify: float, correct: float, unaided: float | None) -> None:
        """Show times of a study, in s, as the costs to plan with."""
        taken = {"origin": CostOrigin.STUDY.value, "verify": verify, "correct": correct, "unaided": unaided}
        for name, value in taken.items():
            widget = self._widgets["costs", name]
            if isinstance(widget, QComboBox):
                widget.setCurrentIndex(widget.findData(value))
            elif isinstance(widget, QLineEdit):
                widget.setText(_text(value, False))

    def show_weights(self, file: Path) -> None:
        """Show the file of weights that was chosen."""
        widget = self._widgets[WEIGHTS]
        assert isinstance(widget, QLineEdit)  # as it is made above
        widget.setText(str(file))

    def settings(self) -> ProjectSettings:
        """Read the choices; raises ``SettingsError`` in the form's own words and puts the cursor there."""
        values = self._base.model_dump(mode="json")
        try:
            for way, widget in self._widgets.items():
                _at(values, way[:-1])[way[-1]] = self._value(way, widget)
            chosen = settings_from(values)
            weights = chosen.learner.weights
            if weights is not None and weights != self._base.learner.weights and not is_file(weights):
                raise SettingsError(WEIGHTS, f"there is no file {weights}.")
            return chosen
        except SettingsError as error:
            if error.where not in self._widgets:
                raise
            if error.where in self._deep_ways:
                self.show_researcher(True)
            self._widgets[error.where].setFocus()
            bring_into_view(self._widgets[error.where])
            raise SettingsError((self._choices[error.where].name,), error.what) from None

    def _make(self, choice: Choice) -> QWidget:
        widget = choice.make()
        if isinstance(widget, QComboBox):
            widget.currentTextChanged.connect(self.edited)
        elif isinstance(widget, QCheckBox):
            widget.toggled.connect(self.edited)
        elif isinstance(widget, QLineEdit):
            widget.textChanged.connect(self.edited)
        widget.setAccessibleName(choice.name)
        widget.setAccessibleDescription(choice.help)
        return widget

    def _toggle_researcher(self) -> None:
        self.show_researcher(self._researcher.isHidden())

    def _name_more(self) -> None:
        """The button says how many choices below it are not as usual, so that none is overlooked."""
        other = sum(_shown(self._widgets[way]) != self._usual[way] for way in self._deep_ways)
        verb = "Show" if self._researcher.isHidden() else "Hide"
        told = f" ({other} not as usual)" if other else ""
        self._more.setText(f"{verb} what a researcher needs{told}")

    def _value(self, way: Way, widget: QWidget) -> object:
        if isinstance(widget, QComboBox):
            own = widget.isEditable() and widget.currentText() != widget.itemText(widget.currentIndex())
            return widget.currentText().strip() if own else widget.currentData()
        if isinstance(widget, QCheckBox):
            return widget.isChecked()
        assert isinstance(widget, QLineEdit)  # there is no other kind
        text = widget.text().strip()
        if not self._choices[way].percent:
            return text if text or way == ("annotator",) else None
        try:
            return float(text) / 100
        except ValueError:
            raise SettingsError(way, "it must be a number.") from None


def _shown(widget: QWidget) -> str | bool:
    """What a field shows."""
    if isinstance(widget, QComboBox):
        return widget.currentText()
    if isinstance(widget, QCheckBox):
        return widget.isChecked()
    assert isinstance(widget, QLineEdit)  # there is no other kind
    return widget.text()


def _at(values: Any, way: Way) -> Any:
    for name in way:
        values = values[name]
    return values


def _text(value: object, percent: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, Enum):
        return str(value.value)
    if percent:
        return f"{100 * float(str(value)):g}"
    return f"{value:g}" if isinstance(value, float) else str(value)
