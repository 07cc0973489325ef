"""The keys of the grid."""

from __future__ import annotations

from enum import Enum

from ui.kit.keys import ARROWS, ENTER, Key, KeyTable


class GridAction(Enum):
    """What can be done with many images at once."""

    ACCEPT = "accept"
    MARK = "mark"
    MOVE = "move"
    ASSIGN = "assign"
    NEXT_PAGE = "next_page"
    PAGE_BEFORE = "page_before"
    LARGER = "larger"
    SMALLER = "smaller"
    UNDO = "undo"
    BACK = "back"


_A = GridAction
GRID_KEYS = KeyTable(
    "In the grid",
    (
        Key(
            _A.ACCEPT,
            ENTER,
            "Accept all that are not marked; the marked ones are asked about one by one",
            "Accept all but the marked",
        ),
        Key(_A.MARK, ("Space",), "Mark the image under the cursor as odd, or unmark it, as a click does"),
        Key(_A.MOVE, ARROWS, "Move the cursor", names="Arrow keys", repeats=True),
        Key(
            _A.ASSIGN,
            ("A",),
            "Label the marked ones (or the one under the cursor) as the class chosen beside",
            "Label the marked as",
        ),
        Key(_A.NEXT_PAGE, ("N", "PgDown"), "Next page"),
        Key(_A.PAGE_BEFORE, ("P", "PgUp"), "Page before"),
        Key(_A.LARGER, ("+", "="), "Larger images"),
        Key(_A.SMALLER, ("-",), "Smaller images"),
        Key(_A.UNDO, ("Ctrl+Z",), "Undo the last action", "Undo"),
        Key(_A.BACK, ("Esc", "F5"), "Back to one image after another", "Back"),
    ),
)
