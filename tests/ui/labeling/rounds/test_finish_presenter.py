"""The page of the end: by its key, with or without an offer."""

from __future__ import annotations

from PySide6.QtCore import Qt

from clarifier_desktop.app import Program
from studies.labeling.planning.finish_look import FinishLook
from studies.labeling.rounds.finish_words import Offer
from tests.studies.labeling.rounds.looked import a_look
from tests.ui.labeling.window import page_of, press, words
from ui.labeling.finish_strip import FinishStrip
from ui.labeling.one_by_one.label_page import LabelPage
from ui.labeling.rounds.finish_page import FinishPage


def test_without_an_offer_it_says_what_is_left(labeled: Program, qtbot) -> None:
    press(labeled, qtbot, Qt.Key.Key_F9)
    page = page_of(labeled, FinishPage)
    assert words(page).startswith("52 images are left, at most about ")
    assert page._back.property("primary"), "there is but one way on"
    assert not page._accept.isVisible()
    assert "With the next model it is known" in words(page)
    press(labeled, qtbot, Qt.Key.Key_Return)
    page_of(labeled, FinishPage)
    press(labeled, qtbot, Qt.Key.Key_Escape)
    page_of(labeled, LabelPage)


def test_an_offer_is_told_above_every_page_and_taken_by_two_keys(labeled: Program, qtbot) -> None:
    assert labeled.labeling is not None
    finish, project = labeled.labeling.conductor.finish, labeled.labeling.project
    certified: list[tuple[int, int]] = []
    project.certify = lambda look, labels, stored: certified.append((look, len(labels.items)))  # type: ignore[method-assign]
    open_ = [int(item) for item in finish.left().nonzero()[0]]
    look: FinishLook = a_look(open_[:40])
    finish.offer = Offer(0, look, look.certified.by_class())
    labeled.labeling.show_page()
    strip = labeled.window.findChild(FinishStrip)
    assert strip is not None
    qtbot.waitUntil(lambda: "the program can label 40 of them (F9: see)" in strip.words.text())
    press(labeled, qtbot, Qt.Key.Key_F9)
    told = words(page_of(labeled, FinishPage))
    assert "All of them by program: about 3 (1 to 6) wrong." in told
    assert "Certified: the program labels 40 images." in told
    assert "You label the others: 17 images, about 30 s." in told
    press(labeled, qtbot, Qt.Key.Key_Return)
    page_of(labeled, LabelPage)
    assert certified == [(0, 40)]
    qtbot.waitUntil(lambda: "the program can label" not in strip.words.text())
