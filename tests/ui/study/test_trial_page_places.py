"""What of a trial's page stands where, whatever image comes and however many classes there are."""

from __future__ import annotations

import pytest
from PIL import Image
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QApplication

from studies.answers import Device, StampSource
from studies.timing.facts import inputs as ev
from studies.timing.facts.records import Interface
from studies.timing.session.trial import Phase
from tests.ui.driving import MS, ONSET_NS, at_stimulus, key_event, planned, unnamed
from tests.ui.on_screen import open_on_screen
from tests.ui.study.test_trial_page import FEW, MANY, ONSET_MS, Shown
from tests.ui.study.test_trial_page import page as page
from ui.answering.class_picker import ClassPicker
from ui.answering.decode_ahead import to_qimage
from ui.answering.stimulus_view import Stimulus
from ui.kit import theme
from ui.study.trial_page import TrialPage


@pytest.mark.parametrize("classes", [FEW, MANY, ("猫", "قطة", "c" * 200)])
def test_nothing_moves_from_image_to_image(page: TrialPage, classes: tuple[str, ...]) -> None:
    shown = Shown(page, classes)
    shown.follow(at_stimulus(planned(4, classes, practice=2)))

    def places() -> list[QRect]:
        QApplication.processEvents()
        return [widget.geometry() for widget in (page.view, page._picker, page._hint)]

    at_image = places()
    key_event(page, Qt.Key.Key_B, "b", ONSET_MS + 300)
    assert places() == at_image
    page.mark_flagged(True)
    assert places() == at_image
    shown.step(ev.Answer(ONSET_NS + MS, ONSET_NS + MS, StampSource.MONOTONIC, Device.KEYBOARD, 0, classes[1]))
    page.draw(shown.state)
    assert shown.state.phase is Phase.FEEDBACK
    assert places() == at_image
    shown.step(ev.Continue(ONSET_NS + 2 * MS))
    page.draw(shown.state)
    assert places() == at_image
    page.present(Stimulus(to_qimage(Image.new("RGB", (300, 20))), "Suggested", "x" * 300), shown.state)
    assert places() == at_image


def test_progress_counts_within_the_block(page: TrialPage) -> None:
    shown = Shown(page)
    shown.step(ev.Answer(ONSET_NS + MS, ONSET_NS + MS, StampSource.MONOTONIC, Device.KEYBOARD, 0, "a"))
    page.draw(shown.state)
    assert "2 / 4" in shown.text()


@pytest.mark.parametrize("interface", list(Interface))
def test_every_control_has_a_name(page: TrialPage, interface: Interface) -> None:
    Shown(page, FEW, interface)
    assert unnamed(page) == []


@pytest.mark.parametrize(
    ("width", "height", "scrolls"), [(1100, 800, False), (1334, 728, False), (720, 410, True)]
)
def test_sixty_classes_beside_an_image_and_typing_moves_neither(
    qapp: QApplication, qtbot, width: int, height: int, scrolls: bool
) -> None:
    theme.apply(qapp, theme.Theme.LIGHT)
    page = TrialPage()
    classes = tuple(f"Great crested {number:02d}" for number in range(60))
    open_on_screen(qtbot, page, width, height)
    shown = Shown(page, classes)
    QApplication.processEvents()
    assert page.minimumSizeHint().height() <= height, "the image and its suggestion are in sight"
    assert isinstance(page._picker, ClassPicker)
    assert page._picker.scrolls is scrolls
    place, size = page.view._place(), page._picker.size()
    key_event(page, Qt.Key.Key_C, "c", ONSET_MS + 500)
    key_event(page, Qt.Key.Key_X, "x", ONSET_MS + 700)
    assert (page.view._place(), page._picker.size()) == (place, size)
    assert shown.text().count("No class matches") == 1
