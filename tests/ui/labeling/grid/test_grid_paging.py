"""Going through the lists of the grid page by page: no image is passed over, and none comes twice."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from tests.ui.labeling.grid.test_grid_presenter import Many
from tests.ui.labeling.grid.test_grid_presenter import many as many
from ui.answering.answer_inputs import AnswerInputs


def test_after_some_were_labeled_the_next_page_passes_over_none(many: Many) -> None:
    """What A labels leaves the list, so that the rest moves up."""
    many.go_to("No label yet")
    first = list(many.shown)
    for _ in range(5):
        many.press(Qt.Key.Key_Space, " ")
        many.press(Qt.Key.Key_Right)
    many.assign("ow")
    many.press(Qt.Key.Key_PageDown)
    name = "No label yet"
    section = many.grid_presenter._sections[list(many.sections()).index(name)]
    now = [int(item) for item in many.grid_presenter._lists.items(section)]
    assert not set(many.shown) & set(first)
    assert many.shown[0] == now[len(first) - 5]


def test_a_page_of_ones_own_labels_with_an_odd_one_does_not_come_again(many: Many) -> None:
    for _ in range(3):
        many.press(Qt.Key.Key_Return, "\r")
    many.go_to("dog: labeled by you")
    first = list(many.shown)
    many.press(Qt.Key.Key_Space, " ")
    many.press(Qt.Key.Key_Return, "\r")
    assert many.project.label_of(first[0]) is None
    assert not set(many.shown) & set(first)


def test_a_class_that_is_given_before_a_page_can_be_seen_is_not_taken(
    many: Many, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AnswerInputs, "seen_after_ns", 10**12)
    before = many.project.ledger.actions
    many.go_to("No label yet")
    many.assign("ow")
    assert many.project.ledger.actions == before
