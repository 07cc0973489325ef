"""Every action of the labeling page and the grid with its keys, as data; pages and key sheet read it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PySide6.QtGui import QKeyEvent, QKeySequence


class LabelAction(Enum):
    """What an annotator can do by a key, beside choosing a class."""

    UNDO = "undo"
    BACK = "back"
    FORWARD = "forward"
    SKIP = "skip"
    NONE = "none"
    SEVERAL = "several"
    FLAG = "flag"
    PAUSE = "pause"
    EXAMPLES = "examples"
    GRID = "grid"
    PLAN = "plan"
    CLASSES = "classes"
    EXPORT = "export"
    SETTINGS = "settings"
    PANEL = "panel"
    LARGE = "large"
    ZOOM_IN = "zoom_in"
    ZOOM_OUT = "zoom_out"
    ZOOM_RESET = "zoom_reset"
    BRIGHTER = "brighter"
    DARKER = "darker"
    HOME = "home"


@dataclass(frozen=True)
class LabelBinding:
    """An action, its keys in Qt's words, and what to say of it."""

    action: LabelAction
    keys: tuple[str, ...]
    text: str

    @property
    def key_names(self) -> str:
        """The keys in words."""
        return " or ".join(self.keys)


_A = LabelAction
# Letters, digits, arrows, Enter, Space, Backspace and Delete belong to the choice of a class.
LABEL_BINDINGS: tuple[LabelBinding, ...] = (
    LabelBinding(_A.UNDO, ("Ctrl+Z",), "Take back the last action, as often as you like"),
    LabelBinding(_A.BACK, ("PgUp",), "Look at the image before, and change its label if need be"),
    LabelBinding(_A.FORWARD, ("PgDown",), "Toward the present again"),
    LabelBinding(_A.SKIP, ("F2",), "Skip this image"),
    LabelBinding(_A.NONE, ("F3",), "It is not any of the classes"),
    LabelBinding(_A.SEVERAL, ("F4",), "It shows several classes"),
    LabelBinding(_A.FLAG, ("F8",), "Mark it to be looked at again (again: take the mark back)"),
    LabelBinding(_A.PAUSE, ("Esc",), "Pause; the image comes again"),
    LabelBinding(_A.EXAMPLES, ("F6",), "Pictures of the suggested class and of those it is taken for"),
    LabelBinding(_A.GRID, ("F5", "Ctrl+G"), "Many images at once: what the program labeled, or any class"),
    LabelBinding(_A.PLAN, ("Ctrl+P",), "What the next round takes; train for it now"),
    LabelBinding(_A.CLASSES, ("Ctrl+K",), "Add, rename and merge classes"),
    LabelBinding(_A.EXPORT, ("Ctrl+E",), "Save labels, figure or model to files"),
    LabelBinding(_A.SETTINGS, ("Ctrl+,",), "Network, strategies, budgets, costs"),
    LabelBinding(_A.PANEL, ("F7",), "Show or hide the numbers at the side"),
    LabelBinding(_A.LARGE, ("F10",), "The image alone, as large as the window"),
    LabelBinding(_A.ZOOM_IN, ("Ctrl++", "Ctrl+="), "Larger; drag to move"),
    LabelBinding(_A.ZOOM_OUT, ("Ctrl+-",), "Smaller"),
    LabelBinding(_A.ZOOM_RESET, ("Ctrl+0",), "As it was"),
    LabelBinding(_A.BRIGHTER, ("Ctrl+Up",), "Brighter"),
    LabelBinding(_A.DARKER, ("Ctrl+Down",), "Darker"),
    LabelBinding(_A.HOME, ("Ctrl+H",), "Close the project and go to the first page"),
)
_BY_KEY = {key: binding.action for binding in LABEL_BINDINGS for key in binding.keys}


def label_action(event: QKeyEvent) -> LabelAction | None:
    """The action of a key press, or ``None``."""
    # The keypad's plus and minus are the others' twins.
    name = QKeySequence(event.keyCombination()).toString().replace("Num+", "")
    return _BY_KEY.get(name)


def label_keys(action: LabelAction) -> str:
    """The first key of an action, for its button."""
    return next(binding.keys[0] for binding in LABEL_BINDINGS if binding.action is action)
