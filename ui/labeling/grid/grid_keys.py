"""The keys of the grid beside those of a page of images."""

from __future__ import annotations

from enum import Enum

from ui.kit.keys import Key, KeyTable


class GridAction(Enum):
    """What can be done with many images at once."""

    ASSIGN = "assign"
    NOT_ONE = "not_one"
    LISTS = "lists"
    NEXT_PAGE = "next_page"
    PAGE_BEFORE = "page_before"
    MORE = "more"
    FEWER = "fewer"
    UNDO = "undo"
    BACK = "back"


_A = GridAction
GRID_KEYS = KeyTable(
    "In the grid",
    (
        Key(
            _A.ASSIGN,
            ("A",),
            "Label the marked ones (or the one under the cursor) as a class: type its first letters",
            "Label as",
        ),
        Key(
            _A.NOT_ONE,
            ("F4",),
            "Where it is asked what most images show: they are not of one class, and none is labeled",
            "Not one class",
        ),
        Key(_A.LISTS, ("/",), "Go to another class or list: type its first letters", "Lists"),
        Key(_A.NEXT_PAGE, ("PgDown",), "Next page, with nothing said about this one", "›"),
        Key(_A.PAGE_BEFORE, ("PgUp",), "Page before", "‹"),
        Key(_A.MORE, ("+", "="), "More images a page, from the next page on"),
        Key(_A.FEWER, ("-",), "Fewer images a page, from the next page on"),
        Key(_A.UNDO, ("Ctrl+Z",), "Undo the last action", "Undo"),
        Key(_A.BACK, ("Esc", "F5"), "Back to one image after another", "Back"),
    ),
)
