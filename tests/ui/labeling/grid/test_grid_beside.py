"""What stands beside a page of the grid and what comes after it: the lists, the next page, a new model."""

from __future__ import annotations

from PySide6.QtCore import Qt

from tests.studies.labeling import sample
from tests.ui.driving import key_event, press_here
from tests.ui.labeling.grid.test_grid_presenter import Many, many

__all__ = ["many"]


def test_the_lists_beside_count_what_is_sure_likely_and_done(many: Many) -> None:
    sizes = many.sections()
    rows = {row.name: row for row in many.page.side.rows}
    dog = rows["dog"]
    assert dog.counts == (70, sizes["dog: likely"], sizes["dog: labeled by you"])
    assert rows["No label yet"].counts[2] == sizes["No label yet"]
    names = list(sizes)
    assert [names[index] for index in dog.sections if index is not None] == [
        "dog: labeled by the program",
        "dog: likely",
        "dog: labeled by you",
    ]
    many.press(Qt.Key.Key_Return, "\r")
    rows = {row.name: row for row in many.page.side.rows}
    assert rows["dog"].counts[0] == 46


def test_a_list_is_chosen_beside_the_page_by_click_and_by_letters(many: Many, qtbot) -> None:
    side = many.page.side
    place = [row.name for row in many.page.side.rows].index("owl")
    where = side.visualRect(side.model().index(place, 2)).center()
    qtbot.mouseClick(side.viewport(), Qt.MouseButton.LeftButton, pos=where)
    many.wait()
    assert (many.title, many.page._data.kind) == ("owl", "likely")  # type: ignore[union-attr]
    assert many.page.view.hasFocus(), "the keys are the images' again"
    side.setFocus()
    for sign in "do":
        press_here(Qt.Key(ord(sign.upper())), sign)
    press_here(Qt.Key.Key_Return, "\r")
    many.wait()
    assert (many.title, many.page._data.kind) == ("dog", "labeled by the program")  # type: ignore[union-attr]
    many.press(Qt.Key.Key_Slash, "/")
    for sign in "lab":
        press_here(Qt.Key(ord(sign.upper())), sign)
    press_here(Qt.Key.Key_Return, "\r")
    many.wait()
    assert many.title == "No label yet"


def test_the_next_page_is_decoded_while_this_one_is_looked_at(many: Many, qtbot) -> None:
    images = many.page.view.images
    coming = many.auto[47:23:-1]
    qtbot.waitUntil(lambda: {key for key, _ in images._futures} >= set(coming))
    qtbot.waitUntil(lambda: all(future.done() for future in images._futures.values()))
    key_event(many.page.view, Qt.Key.Key_Return, "\r")
    assert many.shown == coming
    assert many.page.view.page is not None, "on screen before Enter's event is over"


def test_a_new_model_changes_only_the_pages_to_come(many: Many) -> None:
    before, cursor = many.shown, many.page.view.page_cursor
    many.press(Qt.Key.Key_D, "d")
    page = many.page.view.page
    sample.begin_round(many.project, many.leads, [], auto=())
    many.grid_presenter.prepare()
    assert many.shown == before
    assert (many.page.view.page, many.page.view.page_cursor) == (page, cursor)
