"""The image's place: painted at once, and the same from trial to trial."""

from __future__ import annotations

import time

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage, QPaintEvent
from PySide6.QtWidgets import QApplication

from ui.answering.decode_ahead import to_qimage
from ui.answering.stimulus_view import Stimulus, StimulusView
from ui.kit import theme


def image(width: int, height: int, colour: str = "red") -> QImage:
    return to_qimage(Image.new("RGB", (width, height), colour))


@pytest.fixture
def view(qapp: QApplication, qtbot) -> StimulusView:
    theme.apply(qapp, theme.Theme.LIGHT)
    made = StimulusView()
    qtbot.addWidget(made)
    made.resize(700, 700)
    made.show()
    qtbot.waitExposed(made)
    return made


def shot(view: StimulusView) -> QImage:
    return view.grab().toImage()


def has_red(view: StimulusView, at: QPoint) -> bool:
    return QColor(shot(view).pixel(at)) == QColor("red")


def test_the_stimulus_is_painted_when_present_returns(qapp: QApplication, qtbot) -> None:
    painted: list[int] = []

    class Watched(StimulusView):
        def paintEvent(self, event: QPaintEvent) -> None:
            super().paintEvent(event)
            painted.append(time.perf_counter_ns())

    view = Watched()
    qtbot.addWidget(view)
    view.resize(700, 700)
    view.show()
    qtbot.waitUntil(lambda: bool(painted))
    painted.clear()
    before = time.perf_counter_ns()
    onset = view.present(Stimulus(image(100, 100), "Suggested", "seven")).onset_ns
    assert len(painted) == 1
    assert before < painted[0] <= onset <= time.perf_counter_ns()


def test_images_of_all_shapes_have_one_middle(view: StimulusView) -> None:
    box = view.box()
    middle = view._place().center()
    for size in ((box.side, box.side // 4), (box.side // 4, box.side), (box.side, box.side)):
        view.present(Stimulus(image(*size), "Suggested", "seven"))
        assert has_red(view, middle)
        assert view.box() == box
        assert view._place().center() == middle


def test_fixation_and_blank(view: StimulusView) -> None:
    view.show_blank()
    blank = shot(view)
    view.show_fixation()
    assert shot(view).pixel(view._place().center()) != blank.pixel(view._place().center())
    view.present(Stimulus(image(50, 50), "Suggested", "seven"))
    view.show_blank()
    assert shot(view) == blank


def test_screen_readers_hear_the_suggestion(view: StimulusView) -> None:
    view.present(Stimulus(image(50, 50), "Suggested", "seven"))
    assert view.accessibleDescription() == "Suggested seven"
    view.show_fixation()
    assert view.accessibleDescription() == ""


def test_a_click_counts_on_the_word_only(view: StimulusView, qtbot) -> None:
    clicks: list[object] = []
    view.word_clicked.connect(clicks.append)
    view.show_fixation()
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=view._words_place().center())
    view.present(Stimulus(image(50, 50), "Suggested", "seven"))
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=view._place().center())
    qtbot.mouseClick(view, Qt.MouseButton.RightButton, pos=view._words_place().center())
    assert clicks == []
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=view._words_place().center())
    assert len(clicks) == 1


@pytest.mark.parametrize("word", ["w" * 500, "قطة", "猫", "", "<b>bold</b>"])
def test_words_of_any_script_and_length_stay_in_their_place(view: StimulusView, word: str) -> None:
    view.present(Stimulus(image(10, 10), "Suggested", ""))
    without = shot(view)
    view.present(Stimulus(image(10, 10), "Suggested", word))
    with_word = shot(view)
    place = view._words_place()
    outside = [(x, y) for x in range(0, 700, 7) for y in range(0, 700, 7) if not place.contains(x, y)]
    assert all(with_word.pixel(x, y) == without.pixel(x, y) for x, y in outside)
    assert (with_word != without) == bool(word)
    assert [with_word.pixel(0, y) for y in range(700)] == [without.pixel(0, y) for y in range(700)]


def test_a_small_window_still_shows_an_image(view: StimulusView) -> None:
    view.resize(120, 120)
    assert view.box().side >= 96
