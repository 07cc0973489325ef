"""The study's page of images, opened for the contract of keys."""

from __future__ import annotations

from enum import Enum
from typing import Any

from PIL import Image

from studies.answers import Device, StampSource, Timing
from studies.timing.facts import inputs as ev
from studies.timing.facts.pages import PageResponse, PlannedCell, PlannedPage
from studies.timing.session import trial
from studies.timing.session.trial import Rules
from tests.ui.opened import Opened
from ui.answering.pages.page_keys import PageAction
from ui.kit.keys import KeyTable
from ui.study.marking_page import MarkingPage
from ui.study.trial_keys import FEEDBACK_KEYS, FeedbackAction, TrialAction

_TIMING = Timing(1, None, 9, 9, StampSource.HANDLER, Device.KEYBOARD, 0, False, 0)


class Marking(Opened):
    """A page of two images, of a study."""

    planned = PlannedPage(0, 0, "d", True, "a", 0.5, (PlannedCell("x", "a"), PlannedCell("y", "b")))

    def __init__(self) -> None:
        super().__init__(MarkingPage(lambda _key, _fit: (Image.new("RGB", (9, 9)), True)))
        self.page.view._act = lambda action, *_: self.done.append(action)
        self.page.view.enlarge = lambda: self.done.append(PageAction.ENLARGE)
        self.page.happened.connect(lambda event: self.done.append(type(event)))

    def prepare(self, table: KeyTable[Any], action: Enum) -> None:
        self.page.announce(trial.begin((self.planned,), Rules(True, 0)))
        self.page.show_page(self.planned)
        if table is FEEDBACK_KEYS:
            self.page.show_feedback(self.planned, PageResponse(0, 1, frozenset(), _TIMING))
        self.done.clear()

    def effect(self, action: Enum) -> object:
        return {TrialAction.PAUSE: ev.Pause, FeedbackAction.CONTINUE: ev.Continue}.get(action, action)

    def close(self) -> None:
        self.page.view.close_threads()
