"""The labeling page in a window, whose images are on screen at a moment of the tests' own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from tests.ui.driving import ONSET_NS, OwnClock
from tests.ui.on_screen import open_on_screen
from ui.answering.stamps import Frame
from ui.answering.stimulus_view import Stimulus
from ui.kit import theme
from ui.labeling.one_by_one.label_page import LabelPage


@pytest.fixture
def page(qapp: QApplication, qtbot, monkeypatch: pytest.MonkeyPatch) -> Iterator[LabelPage]:
    theme.apply(qapp, theme.Theme.LIGHT)
    made = LabelPage()
    made.inputs.clock = OwnClock()
    frame = Frame(ONSET_NS, ONSET_NS, ONSET_NS)
    really = made.view.present

    def present(stimulus: Stimulus) -> Frame:
        really(stimulus)
        return frame

    monkeypatch.setattr(made.view, "present", present)
    open_on_screen(qtbot, made, 1024, 640)
    made.setFocus()
    yield made
    made.show_blank()  # ends the heartbeat
