"""The keys of the labeling page beside those that choose a class."""

from __future__ import annotations

from enum import Enum

from ui.kit.keys import ENTER, Key, KeyTable


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
    LOOK_AGAIN = "look_again"
    SECOND_LOOK = "second_look"
    PLAN = "plan"
    FINISH = "finish"
    CLASSES = "classes"
    EXPORT = "export"
    REPORT = "report"
    SETTINGS = "settings"
    PANEL = "panel"
    LARGE = "large"
    ZOOM_IN = "zoom_in"
    ZOOM_OUT = "zoom_out"
    ZOOM_RESET = "zoom_reset"
    BRIGHTER = "brighter"
    DARKER = "darker"
    ANOTHER = "another"
    HOME = "home"


class PausedAction(Enum):
    """What an annotator can do in a pause."""

    CONTINUE = "continue"


_A = LabelAction
# Letters, digits, arrows, Enter, Space, Backspace and Delete belong to the choice of a class.
LABEL_KEYS = KeyTable(
    "While labeling",
    (
        Key(_A.UNDO, ("Ctrl+Z",), "Undo the last action, as often as you like", "Undo"),
        Key(_A.BACK, ("PgUp",), "Look at the image before, and change its label if need be"),
        Key(_A.FORWARD, ("PgDown",), "Toward the present again"),
        Key(_A.SKIP, ("F2",), "Skip this image", "Skip"),
        Key(_A.NONE, ("F3",), "It is not any of the classes"),
        Key(_A.SEVERAL, ("F4",), "It shows several classes"),
        Key(_A.FLAG, ("F8",), "Mark it for review (again: unmark it)"),
        Key(_A.PAUSE, ("Esc",), "Pause, or go on; the image comes again"),
        Key(_A.EXAMPLES, ("F6",), "Pictures of the suggested class and of those it is confused with"),
        Key(_A.GRID, ("F5", "Ctrl+G"), "Many images at once: what the program labeled, or any class", "Grid"),
        Key(_A.LOOK_AGAIN, ("Ctrl+D",), "Your labels that may be wrong, the most doubtful first"),
        Key(_A.SECOND_LOOK, ("Ctrl+L",), "A second look at what pages confirmed, the likeliest slips first"),
        Key(_A.PLAN, ("Ctrl+P",), "What the next round takes; train for it now"),
        Key(_A.FINISH, ("F9",), "How much is left, and what the program may label so that it ends"),
        Key(_A.CLASSES, ("Ctrl+K",), "Add, rename and merge classes"),
        Key(_A.EXPORT, ("Ctrl+E",), "Save labels, figure or model to files"),
        Key(_A.REPORT, ("Ctrl+R",), "Save a report for somebody who was not there"),
        Key(_A.SETTINGS, ("Ctrl+,",), "Network, strategies, budgets, costs"),
        Key(_A.PANEL, ("F7",), "Details: show or hide the numbers at the side", "Details"),
        Key(_A.LARGE, ("F10",), "The image alone, as large as the window"),
        Key(_A.ZOOM_IN, ("Ctrl++", "Ctrl+="), "Larger; drag to move"),
        Key(_A.ZOOM_OUT, ("Ctrl+-",), "Smaller"),
        Key(_A.ZOOM_RESET, ("Ctrl+0",), "The usual size"),
        Key(_A.BRIGHTER, ("Ctrl+Up",), "Brighter"),
        Key(_A.DARKER, ("Ctrl+Down",), "Darker"),
        Key(_A.ANOTHER, ("Ctrl+N",), "Start another folder with this project's model"),
        Key(_A.HOME, ("Ctrl+H",), "Close the project and go to the home page"),
    ),
)
PAUSED_KEYS = KeyTable(
    "While paused",
    (Key(PausedAction.CONTINUE, (*ENTER, "Space"), "Go on"),),
    alone=True,
)
