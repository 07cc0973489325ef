"""The keys of a page of images, in the study and in labeling alike."""

from __future__ import annotations

from enum import Enum

from ui.kit.keys import ARROWS, ENTER, Key, KeyTable


class PageAction(Enum):
    """What can be done with a page of images."""

    CONFIRM = "confirm"
    MARK = "mark"
    BY_LETTER = "by_letter"
    MOVE = "move"
    RANGE = "range"
    TO_END = "to_end"
    ENLARGE = "enlarge"


_A = PageAction
PAGE_KEYS = KeyTable(
    "On a page of images",
    (
        Key(_A.CONFIRM, ENTER, "All that are not marked are of the class: confirm the page", "Confirm"),
        Key(_A.BY_LETTER, (), "Mark the image with that letter, or take the mark back", names="Letters"),
        Key(_A.MARK, ("Space",), "Mark the image under the cursor, or take the mark back, as a click does"),
        Key(_A.MOVE, (*ARROWS, "Home", "End"), "Move the cursor", names="Arrow keys", repeats=True),
        Key(
            _A.RANGE,
            (*(f"Shift+{key}" for key in ARROWS), "Shift+Home"),
            "Mark all on the way, as Shift and a click or a drag over several do",
            names="Shift+Arrow keys",
            repeats=True,
        ),
        Key(_A.TO_END, ("Shift+End", "."), "Mark all from the cursor to the end of the page"),
        Key(_A.ENLARGE, ("Z",), "While it is held: enlarge the image under the pointer or the cursor"),
    ),
)
