"""What can be done on the results page and its keys, as data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QWidget

from ui.kit import theme


class ResultsAction(Enum):
    """What a person can do with results."""

    HOME = "home"
    OPEN = "open"
    RELOAD = "reload"
    SHOW_ALL = "show_all"
    STUDY = "study"
    DATASET = "dataset"
    INTERFACE = "interface"
    OVERVIEW = "overview"
    PARTICIPANTS = "participants"
    EXCLUSIONS = "exclusions"
    TRIALS = "trials"
    RATIOS = "ratios"
    SUMMARY = "summary"
    FIGURE = "figure"


@dataclass(frozen=True)
class ResultsBinding:
    """An action, its key, its short name on a control, and what to say of it."""

    action: ResultsAction
    key: str
    label: str
    text: str

    @property
    def key_name(self) -> str:
        """The key as the platform writes it."""
        return QKeySequence(self.key).toString(QKeySequence.SequenceFormat.NativeText)


_A = ResultsAction
RESULTS_BINDINGS: dict[ResultsAction, ResultsBinding] = {
    binding.action: binding
    for binding in (
        ResultsBinding(_A.HOME, "Esc", "Home", "Cancel what is going on, or go to the home page"),
        ResultsBinding(_A.OPEN, "Ctrl+O", "Open ...", "Show the results of another file"),
        ResultsBinding(_A.RELOAD, "F5", "Read again", "Read the file again, or try again what failed"),
        ResultsBinding(_A.SHOW_ALL, "Ctrl+L", "Show all", "Take all filters off"),
        ResultsBinding(_A.STUDY, "Alt+S", "Study", "Choose the study to show"),
        ResultsBinding(_A.DATASET, "Alt+D", "Data set", "Choose the data set to show"),
        ResultsBinding(_A.INTERFACE, "Alt+I", "Interface", "Choose the interface to show"),
        ResultsBinding(_A.OVERVIEW, "Ctrl+1", "Overview", "The figure, and all participants together"),
        ResultsBinding(_A.PARTICIPANTS, "Ctrl+2", "Participants", "Each participant and data set"),
        ResultsBinding(_A.EXCLUSIONS, "Ctrl+3", "Exclusions", "What each exclusion rule removed"),
        ResultsBinding(_A.TRIALS, "Ctrl+T", "Trials", "Export one row a trial as CSV"),
        ResultsBinding(_A.RATIOS, "Ctrl+R", "Ratios", "Export one row a participant and data set as CSV"),
        ResultsBinding(_A.SUMMARY, "Ctrl+M", "Summary", "Export one row a data set as CSV"),
        ResultsBinding(_A.FIGURE, "Ctrl+G", "Figure", "Save the figure as PNG or SVG, with its numbers"),
    )
}


def bind_actions(page: QWidget, slot: Callable[[QAction], None]) -> dict[ResultsAction, QAction]:
    """Bind all keys on ``page``; ``slot``, a bound method, gets the action, whose data is a ``ResultsAction``."""
    group = QActionGroup(page)
    group.setExclusionPolicy(QActionGroup.ExclusionPolicy.None_)
    group.triggered.connect(slot)
    made = {}
    for binding in RESULTS_BINDINGS.values():
        action = QAction(binding.label, group)
        action.setData(binding.action)
        action.setShortcut(QKeySequence(binding.key))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.setAutoRepeat(False)
        made[binding.action] = action
    page.addActions(group.actions())
    return made


def action_button(action: QAction, label: str = "") -> theme.KeyButton:
    """Make a button that does ``action`` and shows its key."""
    binding = RESULTS_BINDINGS[action.data()]
    button = theme.plain_button(label or binding.label, binding.key_name)
    button.setToolTip(binding.text)
    button.clicked.connect(action.trigger)
    return button
