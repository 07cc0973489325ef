"""The image while labeling: zoom, drag, brightness, the whole window."""

from __future__ import annotations

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtWidgets import QApplication

from ui.answering.decode_ahead import to_qimage
from ui.answering.stimulus_view import Stimulus
from ui.kit import theme
from ui.labeling.one_by_one.label_view import LabelView

RED, BLUE = QColor("red"), QColor("blue")


@pytest.fixture
def view(qapp: QApplication, qtbot) -> LabelView:
    theme.apply(qapp, theme.Theme.LIGHT)
    made = LabelView()
    qtbot.addWidget(made)
    made.resize(600, 500)
    made.show()
    qtbot.waitExposed(made)
    made.present(halves(made))
    return made


def halves(view: LabelView) -> Stimulus:
    """The left half red, the right half blue."""
    side = view.box().side
    image = Image.new("RGB", (side, side), (255, 0, 0))
    image.paste((0, 0, 255), (side // 2, 0, side, side))
    return Stimulus(to_qimage(image), "Suggested", "owl")


def colour(view: LabelView, across: float, down: float = 0.5) -> QColor:
    """What is seen at a place of the image's square; 0 to 1 each."""
    place = view._place()
    x, y = (
        place.left() + round(across * (place.width() - 1)),
        place.top() + round(down * (place.height() - 1)),
    )
    return view.grab().toImage().pixelColor(x, y)


def drag(qtbot, view: LabelView, by: QPoint) -> None:
    middle = view._place().center()
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=middle)
    qtbot.mouseMove(view, middle + by)
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=middle + by)


def test_an_enlarged_image_stays_within_its_place(view: LabelView) -> None:
    outside = QPoint(view._place().left() - 4, view._place().center().y())
    before = view.grab().toImage().pixelColor(outside)
    assert (colour(view, 0.1), colour(view, 0.9)) == (RED, BLUE)
    view.zoom_by(4)
    assert (colour(view, 0.1), colour(view, 0.9)) == (RED, BLUE)
    assert view.grab().toImage().pixelColor(outside) == before


def test_an_enlarged_image_follows_the_mouse(view: LabelView, qtbot) -> None:
    view.zoom_by(4)
    drag(qtbot, view, QPoint(-120, 0))
    assert colour(view, 0.4) == BLUE
    view.zoom_reset()
    assert colour(view, 0.4) == RED


def test_an_enlarged_image_cannot_be_lost(view: LabelView, qtbot) -> None:
    view.zoom_by(2)
    for _ in range(20):
        drag(qtbot, view, QPoint(200, 0))
    assert RED in (colour(view, 0.1), colour(view, 0.9))


def test_a_wide_image_moves_along_its_length_only(view: LabelView, qtbot) -> None:
    side = view.box().side
    image = Image.new("RGB", (side, side // 8), (255, 0, 0))
    image.paste((0, 0, 255), (side // 2, 0, side, side // 8))
    view.present(Stimulus(to_qimage(image)))
    view.zoom_by(6)
    for _ in range(5):
        drag(qtbot, view, QPoint(-100, -100))
    assert colour(view, 0.1) == BLUE
    assert colour(view, 0.1, 0.05).lightness() > 200


def test_an_image_of_usual_size_is_not_dragged_and_its_word_is_clicked(view: LabelView, qtbot) -> None:
    drag(qtbot, view, QPoint(100, 0))
    assert colour(view, 0.4) == RED
    word = view._words_place().center()
    with qtbot.waitSignal(view.word_clicked):
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=word)


def test_the_word_below_an_enlarged_image_is_clicked(view: LabelView, qtbot) -> None:
    view.zoom_by(3)
    with qtbot.waitSignal(view.word_clicked):
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=view._words_place().center())


def turn_wheel(view: LabelView, by: int, across: int = 0) -> None:
    middle = QPointF(view._place().center())
    event = QWheelEvent(
        middle,
        view.mapToGlobal(middle),
        QPoint(),
        QPoint(across, by),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view, event)


def test_a_touchpad_enlarges_as_far_as_a_wheel(view: LabelView) -> None:
    for _ in range(15):
        turn_wheel(view, 8)
    assert view.zoom == pytest.approx(1.25)
    for by, across in ((0, 0), (0, 120), (0, -120), (3, 60)):
        turn_wheel(view, by, across)
    assert view.zoom == pytest.approx(1.25), "the end of a gesture, or one sideways, is no zoom"
    for _ in range(15):
        turn_wheel(view, -8)
    assert view.zoom == 1.0


def test_the_wheel_enlarges_within_limits(view: LabelView) -> None:
    turn_wheel(view, -120)
    assert view.zoom == 1.0
    for _ in range(50):
        turn_wheel(view, 120)
    assert view.zoom == 16.0


def test_more_pixels_are_asked_for_once_and_shown(view: LabelView, qtbot) -> None:
    asked: list[bool] = []
    view.detail_wanted.connect(lambda: asked.append(True))
    view.zoom_by(1)
    assert asked == [True]
    view.set_detail(to_qimage(Image.new("RGB", (2000, 2000), (0, 160, 0))))
    assert colour(view, 0.5) == QColor(0, 160, 0)
    view.zoom_by(1)
    assert asked == [True]


def test_a_new_image_comes_in_its_usual_size(view: LabelView, qtbot) -> None:
    view.zoom_by(4)
    drag(qtbot, view, QPoint(-120, 0))
    view.set_detail(to_qimage(Image.new("RGB", (2000, 2000), (0, 160, 0))))
    view.brighten(2)
    view.present(halves(view))
    assert view.zoom == 1.0
    assert view.brightness == 2, "brightness stays"
    view.brighten(-2)
    assert (colour(view, 0.4), colour(view, 0.6)) == (RED, BLUE)


def greys(view: LabelView, left: int, right: int) -> Stimulus:
    side = view.box().side
    image = Image.new("RGB", (side, side), (left, left, left))
    image.paste((right, right, right), (side // 2, 0, side, side))
    return Stimulus(to_qimage(image))


@pytest.mark.parametrize(("left", "right", "way"), [(12, 26, 1), (229, 243, -1)])
@pytest.mark.parametrize("zoom", [0, 2])
def test_each_step_brings_greys_further_apart(view: LabelView, left: int, right: int, way: int, zoom: int):
    view.present(greys(view, left, right))
    view.zoom_by(zoom)
    apart = right - left
    for _ in range(8):
        view.brighten(way)
        now = colour(view, 0.7).red() - colour(view, 0.3).red()
        assert now > apart
        apart = now
    assert apart == pytest.approx(8 * (right - left), abs=2)


def test_brighter_and_darker_within_limits(view: LabelView) -> None:
    for way, seen in ((1, 96), (-1, 255 - 96)):
        view.present(greys(view, 12, 243))
        for _ in range(30):
            view.brighten(way)
        assert colour(view, 0.1 if way > 0 else 0.9).red() == pytest.approx(seen, abs=1)
    word = view._words_place()
    assert view.grab().toImage().pixelColor(word.left() + 2, word.top() + 2).lightness() > 200


def test_the_image_alone_takes_the_room_there_is(view: LabelView) -> None:
    view.resize(1800, 1400)
    usual = view.box().side
    asked: list[bool] = []
    view.detail_wanted.connect(lambda: asked.append(True))
    view.set_large(True)
    assert view.box().side > usual
    assert (colour(view, 0.02, 0.02), colour(view, 0.98, 0.98)) == (RED, BLUE), "the image on screen too"
    assert asked == [True]
    view.set_large(False)
    assert view.box().side == usual


@pytest.mark.parametrize("shorter", [0, 1, 2, 3])
def test_nothing_remains_of_an_image_outside_its_place(view: LabelView, shorter: int) -> None:
    view.resize(600, 760)  # with room above the image
    side = view.box().side - shorter
    view.present(Stimulus(to_qimage(Image.new("RGB", (side, side), (255, 0, 0)))))
    seen, place, ground = view.grab().toImage(), view._place(), view.palette().window().color()
    middle, edge = place.center(), place.bottomRight()
    for outside in (
        QPoint(place.left() - 1, middle.y()),
        QPoint(middle.x(), place.top() - 1),
        QPoint(edge.x() + 1, middle.y()),
        QPoint(middle.x(), edge.y() + 1),
    ):
        assert seen.pixelColor(outside) == ground
