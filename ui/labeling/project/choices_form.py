"""All choices of a labeling project as a form; the page of a new project and the one of its settings share it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QLineEdit, QVBoxLayout, QWidget

from model import names
from model.disk import is_file
from model.tiers import Tier
from studies.labeling.facts.settings import (
    BudgetMode,
    CostOrigin,
    FirstLabels,
    ProjectSettings,
    SettingsError,
    settings_from,
)
from ui.kit import theme
from ui.kit.layouts import ChoiceBox, button_row
from ui.kit.theme import GRID
from ui.labeling.project.goal_line import GOALS, GoalLine
from ui.labeling.project.network_check import describe_network

Way = tuple[str, ...]


@dataclass(frozen=True)
class _Field:
    """One choice: its place in the settings, what it is called, and how it is given."""

    way: Way
    text: str
    make: Callable[[], QWidget]
    percent: bool = False


@dataclass(frozen=True)
class _Part:
    title: str
    fields: tuple[_Field, ...]


def _one_of(values: Mapping[str, str]) -> Callable[[], QWidget]:
    def make() -> QWidget:
        box = ChoiceBox()
        for value, text in values.items():
            box.addItem(text, value)
        return box

    return make


def _names(values: tuple[str, ...]) -> Callable[[], QWidget]:
    return _one_of({value: value for value in values})


def _strategies(tier: Tier) -> tuple[str, ...]:
    """The intermediate tier's strategy is usually chosen by the mode of the budgets."""
    return (names.AUTO, *names.STRATEGIES[tier]) if tier is Tier.INTERMEDIATE else names.STRATEGIES[tier]


def _network() -> QWidget:
    box = ChoiceBox()
    box.setEditable(True)  # any of torchvision's and timm's may be named
    for name in (names.AUTO, *names.TRAINED_NETWORKS, *names.FROZEN_NETWORKS):
        box.addItem(name, name)
        box.setItemData(box.count() - 1, describe_network(name), Qt.ItemDataRole.ToolTipRole)
    return box


def _images_of(tier: Tier) -> str:
    return f"Images of the {tier.value} tier" if tier.asked else "Images that the program labels, at most"


_MODES = {
    BudgetMode.PLANNED.value: "planned from your times",
    BudgetMode.FIXED.value: "fixed, as in the paper",
    BudgetMode.RAMPED.value: "growing, as in its authors' code",
}
_ORIGINS = {
    CostOrigin.PROJECT.value: "your times in this project",
    CostOrigin.STUDY.value: "your times in a study",
    CostOrigin.PAPER.value: "the paper's units, 4 and 1",
    CostOrigin.GIVEN.value: "the seconds given here",
}
_FIRST_LABELS = {
    FirstLabels.TYPICAL.value: "single images, typical of groups that look alike",
    FirstLabels.CLUSTERS.value: "pages of images that look alike, which you name",
}
_ENGINES = {"own": "built in", "submodlib": "submodlib"}
_GOAL = "Goal"
PARTS: tuple[_Part, ...] = (
    _Part(
        _GOAL,
        (
            _Field(("goal", "kind"), "What it is labeled for", _one_of(GOALS)),
            _Field(("goal", "share"), "Wrong at most, % of the images", QLineEdit, percent=True),
            _Field(("goal", "accuracy"), "Right at least, % of held-out images", QLineEdit, percent=True),
        ),
    ),
    _Part(
        "Rounds",
        (
            _Field(("annotator",), "Who labels (a code, never a name)", QLineEdit),
            _Field(("budgets", "mode"), "Budgets", _one_of(_MODES)),
            _Field(("budgets", "minutes"), "Minutes per planned round", QLineEdit),
            *(_Field(("budgets", "images", tier.value), _images_of(tier), QLineEdit) for tier in Tier),
            _Field(("holdout",), "Images held out to measure accuracy with (0: none)", QLineEdit),
            _Field(("seed_labels",), "Labels before the first round, at least", QLineEdit),
            _Field(("first_labels",), "First labels, beside random ones", _one_of(_FIRST_LABELS)),
            _Field(
                ("plant_rate",),
                "Catch trials: suggestions wrong on purpose, % (0: none)",
                QLineEdit,
                percent=True,
            ),
            _Field(("pages",), "Pages of many images, where they are quicker for you", QCheckBox),
            _Field(("second_look",), "At the end, a second look at what pages confirmed", QCheckBox),
            _Field(("show_tier",), "Show the tier of each image", QCheckBox),
        ),
    ),
    _Part(
        "Costs",
        (
            _Field(("costs", "origin"), "Costs", _one_of(_ORIGINS)),
            _Field(("costs", "verify"), "c_v, checking a right suggestion, s", QLineEdit),
            _Field(("costs", "correct"), "c_a, correcting a wrong one, s", QLineEdit),
            _Field(("costs", "unaided"), "c_0, without a suggestion, s (empty: as c_a)", QLineEdit),
        ),
    ),
    _Part(
        "Learning",
        (
            _Field(("learner", "network"), "Network", _network),
            _Field(("learner", "weights"), "Weights, a file (empty: by download)", QLineEdit),
            _Field(("learner", "preset"), "Training", _names(names.PRESETS)),
            *(
                _Field(("learner", "strategies", tier.value), f"{tier.title} tier", _names(_strategies(tier)))
                for tier in Tier
            ),
            _Field(
                ("learner", "max_error"),
                "Wrong labels the certified easy tier may have, %",
                QLineEdit,
                percent=True,
            ),
            _Field(("learner", "engine"), "Mutual information by", _one_of(_ENGINES)),
            _Field(
                ("learner", "published"),
                "As in the authors' code: order, easy strategy, options",
                QCheckBox,
            ),
        ),
    ),
)


_WEIGHTS = ("learner", "weights")


class ChoicesForm(QWidget):
    """Shows settings and reads them back; what it does not show stays as it was."""

    study_wanted = Signal()  # take the costs from a timing study
    weights_wanted = Signal()  # choose the file of weights
    edited = Signal()  # a choice is another now

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._base = ProjectSettings()
        self._asking = {
            "Costs": {"Take them from a study ...": self.study_wanted},
            "Learning": {"Choose the file of weights ...": self.weights_wanted},
        }
        self._widgets: dict[Way, QWidget] = {}
        self._fields = {field.way: field for part in PARTS for field in part.fields}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * GRID)
        for part in PARTS:
            heading = theme.section_label(part.title)
            layout.addWidget(heading)
            if part.title == _GOAL:
                self._goal_heading = heading
            form = QFormLayout()
            form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
            form.setVerticalSpacing(GRID)
            form.setHorizontalSpacing(2 * GRID)
            for field in part.fields:
                widget = self._widgets[field.way] = field.make()
                if isinstance(widget, QComboBox):
                    widget.currentTextChanged.connect(self.edited)
                elif isinstance(widget, QCheckBox):
                    widget.toggled.connect(self.edited)
                elif isinstance(widget, QLineEdit):
                    widget.textChanged.connect(self.edited)
                widget.setAccessibleName(field.text)
                if part.title != _GOAL:
                    form.addRow(field.text, widget)
            if part.title == _GOAL:
                self.goal = GoalLine([self._widgets[field.way] for field in part.fields])
                form.addRow(self.goal)
            for text, signal in self._asking.get(part.title, {}).items():
                button = theme.plain_button(text)
                button.clicked.connect(signal)
                form.addRow(button_row(button))
            layout.addLayout(form)
        self.show_settings(self._base)

    def take_goal(self) -> tuple[QWidget, QWidget]:
        """The heading and the line of the goal, for a page that asks for it apart from the other choices."""
        return self._goal_heading, self.goal

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
                widget.setText(_text(value, self._fields[way].percent))

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
        widget = self._widgets[_WEIGHTS]
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
                raise SettingsError(_WEIGHTS, f"there is no file {weights}.")
            return chosen
        except SettingsError as error:
            if error.where not in self._widgets:
                raise
            self._widgets[error.where].setFocus()
            raise SettingsError((self._fields[error.where].text,), error.what) from None

    def _value(self, way: Way, widget: QWidget) -> object:
        if isinstance(widget, QComboBox):
            own = widget.isEditable() and widget.currentText() != widget.itemText(widget.currentIndex())
            return widget.currentText().strip() if own else widget.currentData()
        if isinstance(widget, QCheckBox):
            return widget.isChecked()
        assert isinstance(widget, QLineEdit)  # there is no other kind
        text = widget.text().strip()
        if not self._fields[way].percent:
            return text if text or way == ("annotator",) else None
        try:
            return float(text) / 100
        except ValueError:
            raise SettingsError(way, "it must be a number.") from None


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
