"""What the labeling page shows of an image, its classes and its parts, and that nothing moves."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from studies.labeling.facts import inputs as ev
from tests.ui.driving import unnamed
from tests.ui.labeling.one_by_one.shown import CTRL, FEW, MANY, SUGGESTED, Shown, items, names_of
from ui.answering.type_ahead import matches
from ui.kit.theme import GRID
from ui.labeling.one_by_one.label_card import Card
from ui.labeling.one_by_one.label_page import LabelPage
from ui.labeling.one_by_one.side_panel import SidePanel


def test_a_flag_is_said_beside_the_same_image(page: LabelPage) -> None:
    shown = Shown(page, items(FEW), SUGGESTED)
    page.follow(Card("Suggested", suggestion=11, flagged=True))
    assert "marked for review" in shown.hint()
    shown.press(Qt.Key.Key_Return, "\r")
    shown.answer(11)


def test_the_card_says_what_is_known(page: LabelPage) -> None:
    shown = Shown(page, items(FEW), Card("Suggested", suggestion=11, confusable=(12,), tier="hard"))
    assert "hard tier" in shown.hint()
    assert "often confused with cat" in shown.hint()
    shown.present(Card("Your label", suggestion=11, history="2 back"))
    assert "2 back" in shown.hint()


def test_zoom_brightness_and_the_large_image_by_key(page: LabelPage) -> None:
    shown = Shown(page, items(FEW), SUGGESTED)
    before = page.view.box().side
    shown.press(Qt.Key.Key_Plus, "+", held=CTRL)
    shown.press(Qt.Key.Key_Equal, "=", held=CTRL)
    assert page.view.zoom == pytest.approx(1.25**2)
    shown.press(Qt.Key.Key_Minus, "-", held=CTRL)
    shown.press(Qt.Key.Key_Up, held=CTRL)
    assert (page.view.zoom, page.view.brightness) == (1.25, 1)
    shown.press(Qt.Key.Key_0, "0", held=CTRL)
    shown.press(Qt.Key.Key_Down, held=CTRL)
    assert (page.view.zoom, page.view.brightness) == (1.0, 0)
    shown.press(Qt.Key.Key_F10)
    QApplication.processEvents()
    assert page.view.box().side > before
    assert not page._picker.isVisible()
    shown.press(Qt.Key.Key_F10)
    QApplication.processEvents()
    assert page.view.box().side == before
    assert page._picker.isVisible()
    assert shown.sent == []


def test_the_image_alone_takes_the_window_and_its_suggestion_stays(page: LabelPage) -> None:
    page.resize(1100, 800)
    panel = SidePanel()
    page.set_panel(panel)
    shown = Shown(page, items(MANY), SUGGESTED)
    for at_side in (False, True):
        for _ in range(2):  # another width changes the height of the classes
            QApplication.processEvents()
        before = page.view.geometry()
        shown.press(Qt.Key.Key_F10)
        QApplication.processEvents()
        alone = page.view.geometry()
        assert alone.width() == page.contentsRect().width() - 2 * GRID
        assert alone.height() > page.height() - 100, "all but a line of words and the margins"
        assert page.view.box().side >= alone.height() - page.view.words_height()
        assert page.view._words_place().bottom() <= page.view.height()
        assert not any(part.isVisible() for part in (page.tools, page.last, panel, page._picker, page._strip))
        assert "F10" in shown.hint()
        page.set_classes(items(tuple(name.upper() for name in MANY)))
        assert not page._strip.isVisible()
        page.set_classes(items(MANY))
        shown.press(Qt.Key.Key_F10)
        QApplication.processEvents()
        assert page.view.geometry() == before
        assert panel.isVisible() is at_side
        assert page.tools.isVisible()
        assert page.last.isVisible()
        assert page._strip.isVisible()
        shown.press(Qt.Key.Key_F7)
    assert shown.sent == []


def test_the_image_alone_asks_for_no_key_that_is_out_of_sight(page: LabelPage) -> None:
    for names, card, usual, alone in (
        (FEW, Card("No suggestion"), "Which class is it? Press its digit", "Which class is it?   ·   F10"),
        (FEW, SUGGESTED, "Another class: press its digit", "F10"),
        (MANY, SUGGESTED, "Another class: type its first letters, then Enter", ""),
    ):
        shown = Shown(page, items(names), card)
        assert shown.hint().startswith(usual)
        shown.press(Qt.Key.Key_F10)
        assert shown.hint().startswith(alone or usual)
        shown.press(Qt.Key.Key_F10)
        assert shown.hint().startswith(usual)


def test_the_panel_can_be_hidden(page: LabelPage) -> None:
    shown = Shown(page, items(FEW), SUGGESTED)
    panel = SidePanel()
    page.set_panel(panel)
    visible = []
    for _ in range(3):
        QApplication.processEvents()
        visible.append(panel.isVisible())
        shown.press(Qt.Key.Key_F7)
    assert visible == [False, True, False]


@pytest.mark.parametrize(("count", "every"), [(200, 3), (1000, 40)])
def test_typing_finds_each_of_many_classes(page: LabelPage, count: int, every: int) -> None:
    names = names_of(count)
    assert [matches(names, name)[0] for name in names] == list(range(count))
    shown = Shown(page, items(names), Card("No suggestion"))
    for class_id, name in list(shown.names.items())[::every]:
        shown.present(Card("No suggestion"))
        shown.type(name, 100)
        shown.press(Qt.Key.Key_Return, "\r")
        shown.answer(class_id)
    assert sum(isinstance(sent, ev.Answer) for sent in shown.sent) == -(-count // every)


@pytest.mark.parametrize("count", [10, 200, 1000])
def test_places_stay_and_the_page_fits_a_small_window(page: LabelPage, count: int) -> None:
    panel = SidePanel()
    page.set_panel(panel)
    shown = Shown(page, items(names_of(count)), SUGGESTED)
    page.resize(1024, 640)

    def places() -> list[QRect]:
        QApplication.processEvents()
        parts: tuple[QWidget, ...] = (page.view, page._picker, page._strip, page._hint)
        return [part.geometry() for part in parts] + [page._picker._cells.place(n) for n in range(count)]

    at_first = places()
    assert page.minimumSizeHint().width() <= 1024
    assert page.minimumSizeHint().height() <= 640
    assert all(page.rect().contains(place) for place in at_first[:2])
    assert page.view.box().side >= 96
    page.tell_answer("a name that is too long for a place of its width")
    shown.present(
        Card("Suggested", suggestion=12, top=(12, 14), recent=(15,), confusable=(13, 11), tier="hard")
    )
    assert places() == at_first
    shown.type("g")
    assert places() == at_first
    page.say("x" * 300)
    assert places() == at_first
    page.show_paused("")
    assert places() == at_first
    assert unnamed(page) == []


def test_texts_are_shown_as_they_are(page: LabelPage) -> None:
    Shown(page, items(("<b>a</b>", "b & c")), Card("Suggested", suggestion=10))
    page.tell_answer("<i>a</i>")
    page.show_paused("<i>a</i>")
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in page.findChildren(QLabel))
