"""What Enter accepts in the grid is what was looked at: pages stay, marks stay, what is odd stays away."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from studies.pages import marking
from tests.ui.driving import key_event, press_here
from tests.ui.labeling.grid.test_grid_presenter import Many, many

__all__ = ["many"]


def test_what_was_marked_as_odd_never_comes_back_as_that_class(many: Many) -> None:
    many.go_to("owl: likely")
    before = many.sections()["owl: likely"]
    odd = many.shown[:3]
    for _ in odd:
        many.press(Qt.Key.Key_Space, " ")
        many.press(Qt.Key.Key_Right)
    accepted = len(many.shown) - 3
    many.press(Qt.Key.Key_Return, "\r")
    assert many.sections()["owl: likely"] == before - accepted - 3
    for _ in range(20):
        assert not set(many.shown) & set(odd)
        if not many.shown:
            break
        many.press(Qt.Key.Key_Return, "\r")
    assert all(many.project.label_of(item) is None for item in odd)


def test_a_page_stays_until_it_is_done(many: Many) -> None:
    before = many.shown
    many.press(Qt.Key.Key_C, "c")
    many.press(Qt.Key.Key_E, "e")
    many.assign("c")
    assert many.shown == before, "nothing moves"
    assert many.page.view.gone == {1, 3}
    many.press(Qt.Key.Key_Return, "\r")
    assert f"{len(before) - 2} confirmed" in many.said
    assert {many.project.label_of(item) for item in (before[1], before[3])} == {0}
    assert not set(many.shown) & set(before)


def test_marks_outlive_another_size_and_another_page(many: Many) -> None:
    odd = many.shown[2]
    many.press(Qt.Key.Key_D, "d")
    before = many.shown
    many.press(Qt.Key.Key_Plus, "+")
    many.page.resize(700, 500)
    assert many.shown == before
    assert many.marked == {odd}
    many.page.resize(1024, 640)
    many.press(Qt.Key.Key_Minus, "-")
    many.press(Qt.Key.Key_PageDown)
    assert not many.marked
    many.press(Qt.Key.Key_PageUp)
    assert many.marked == {odd}


def test_enter_takes_no_page_that_has_only_just_come(many: Many, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marking, "LOOKED_AFTER_NS", 10**12)
    before = many.shown
    many.press(Qt.Key.Key_Return, "\r")
    assert "look first" in many.said
    assert many.shown == before
    assert all(many.project.label_of(item) is None for item in before)


def test_an_empty_list_says_what_comes_next_and_enter_goes_there(many: Many) -> None:
    names = list(many.sections())
    empty = next(name for name in names if name.startswith("cat: labeled by the program"))
    many.page.section_wanted.emit(names.index(empty))
    assert many.title == "cat is done. Next: dog, 70"
    many.press(Qt.Key.Key_Return, "\r")
    assert (many.title, len(many.shown)) == ("dog", 24)


def test_a_hidden_page_accepts_nothing(many: Many) -> None:
    many.page.hide()
    key_event(many.page.view, Qt.Key.Key_Return, "\r")
    assert all(many.project.label_of(item) is None for item in many.shown)
    many.page.show()
    assert many.page.view.page is not None


def test_images_that_cannot_be_read_hold_nothing_up(many: Many) -> None:
    unread = set(many.auto[:3]) | set(many.auto[24:48])
    load = many.page.view.images._load

    def some(item: int, room: tuple[int, int]) -> object:
        if item in unread:
            raise OSError("cut short")
        return load(item, room)

    many.page.view.images._load = some  # type: ignore[assignment]
    many.go_to("owl: likely")
    many.go_to("dog: labeled by the program")
    many.press(Qt.Key.Key_Return, "\r")
    assert "21 confirmed" in many.said
    assert set(many.shown) == set(many.auto[24:48]), "those that cannot be read are not shown again and again"
    many.press(Qt.Key.Key_Return, "\r")
    assert "None of these images can be read" in many.said
    assert set(many.shown) == set(many.auto[48:70])


def test_an_image_that_nobody_chose_is_not_labeled_before_anybody_looked(
    many: Many, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marking, "LOOKED_AFTER_NS", 10**12)
    labels = many.project.ledger.labels.tolist()
    many.press(Qt.Key.Key_A, "a")
    press_here(Qt.Key.Key_Return, "\r")
    assert many.project.ledger.labels.tolist() == labels
    assert "look first" in many.said
    many.press(Qt.Key.Key_Right)
    many.press(Qt.Key.Key_Space, " ")
    many.press(Qt.Key.Key_A, "a")
    press_here(Qt.Key.Key_Return, "\r")
    assert many.project.ledger.labels.tolist() != labels, "what is marked has been seen"
