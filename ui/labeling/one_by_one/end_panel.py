"""What stands in the image's place when nothing is left to label: what is so, and the next steps as buttons."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from ui.kit import theme
from ui.kit.key_page import key_button
from ui.kit.layouts import FlowLayout
from ui.kit.theme import KeyButton
from ui.labeling.one_by_one.cover import Cover
from ui.labeling.one_by_one.label_actions import LABEL_KEYS, LabelAction
from ui.labeling.one_by_one.label_card import End

_STEPS: tuple[dict[LabelAction, str], ...] = (
    {LabelAction.SECOND_LOOK: "A second look at what pages confirmed"},
    {
        LabelAction.GRID: "Go through the labels",
        LabelAction.LOOK_AGAIN: "Find doubtful labels",
        LabelAction.EXPORT: "Save the labels",
        LabelAction.REPORT: "Report\N{HORIZONTAL ELLIPSIS}",
    },
    {
        LabelAction.ANOTHER: "Another folder with this model",
        LabelAction.CLASSES: "Change the classes",
        LabelAction.UNDO: "Start again without these labels",
        LabelAction.HOME: "First page",
    },
)


class EndPanel(Cover):
    """Covers ``place`` while there is nothing to label and an end to tell of. Its buttons take no keys."""

    pressed = Signal(object)  # LabelAction

    def __init__(self, place: QWidget) -> None:
        super().__init__(place)
        self._title, self._words = theme.large_label(""), theme.body_label("")
        for label in (self._title, self._words):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(True)
            self.add(label)
        self._buttons: dict[KeyButton, LabelAction] = {}
        for actions in _STEPS:
            beside = QWidget()
            if (
                LabelAction.SECOND_LOOK in actions
            ):  # it comes when the learner knows: all else stays in its place
                policy = beside.sizePolicy()
                policy.setRetainSizeWhenHidden(True)
                beside.setSizePolicy(policy)
                self._look = beside
            row = FlowLayout(beside, centred=True)
            for action, text in actions.items():
                button = key_button(LABEL_KEYS[action], text, primary=action is LabelAction.GRID)
                button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
                button.clicked.connect(self._clicked)
                self._buttons[button] = action
                row.addWidget(button)
            self.add(beside)
        self.column.addStretch()
        self._end: End | None = None
        self._waits = False

    def tell(self, end: End | None) -> None:
        """What there is to tell once nothing is asked; ``None``: images are left."""
        self._end = end
        if end is not None:
            self._title.setText(end.title)
            self._words.setText(end.words)
            for button, action in self._buttons.items():
                button.setVisible(action is LabelAction.SECOND_LOOK or end.can_do(action))
                if action is LabelAction.SECOND_LOOK and end.second_look:
                    button.setText(end.second_look)
            self._look.setVisible(end.can_do(LabelAction.SECOND_LOOK))
        self.setVisible(self._waits and end is not None)

    def wait(self, waits: bool) -> None:
        """Whether there is nothing to ask about at the moment."""
        self._waits = waits
        self.setVisible(waits and self._end is not None)

    def _clicked(self) -> None:
        sender = self.sender()
        if isinstance(sender, KeyButton):
            self.pressed.emit(self._buttons[sender])
