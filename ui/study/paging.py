"""Shows the pages of a session: has their images decoded ahead, times their coming, and hands on what happens."""

from __future__ import annotations

from collections.abc import Hashable

from PIL import Image
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QStackedWidget

from model.errors import UserError
from studies.timing.facts import inputs as ev
from studies.timing.facts.pages import PlannedCell, PlannedPage
from studies.timing.session.material import Material
from studies.timing.session.state import Phase, SessionState
from ui.answering.image_place import ImagePlace, SlowImageError
from ui.answering.pages.page_values import PageShown
from ui.study.marking_page import MarkingPage, cells_of


class Paging(QObject):
    """``failed`` where an image of the coming page cannot be had: then the page is not shown."""

    happened = Signal(object)  # an ev.Input
    failed = Signal(object)  # the error of the first bad image
    away = Signal(str)  # a sentence: the place of its images cannot be reached
    hidden = Signal()  # a page came on screen anew: what was seen of it before does not count

    def __init__(self, material: Material, stack: QStackedWidget, fixation_ms: int) -> None:
        super().__init__(stack)
        self._material = material
        self._stack = stack
        self._fixation_ms = fixation_ms
        self._state: SessionState | None = None
        self._errors: dict[Hashable, Exception] = {}
        self.page = MarkingPage(self._load)
        stack.addWidget(self.page)
        self.page.happened.connect(self.happened)
        self.page.view.shown.connect(self._shown)
        self.page.view.images.away.connect(self._tell_away)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._present)
        self._place = ImagePlace(self)
        self._place.slow.connect(self._tell_slow)

    def show(self, state: SessionState) -> None:
        """Bring the screen to what the state says, in a phase of pages."""
        self._state = state
        if state.phase is Phase.FIXATION:
            self._errors.clear()
            if self._place.wait is not None:
                self.page.view.images.forget()
            self._place.go_on()
            self.page.announce(state)
            self._stack.setCurrentWidget(self.page)
            self._timer.start(self._fixation_ms)
        elif state.phase is Phase.PAGE:
            coming = state.upcoming(2)[-1]
            if isinstance(coming, PlannedPage):
                self.page.view.prepare(cells_of(coming))
        elif state.last_page is not None:
            page = state.units[state.last_page.position]
            assert isinstance(page, PlannedPage)  # what was confirmed is a page
            self.page.show_feedback(page, state.last_page)

    def leave(self) -> None:
        """Something else is on screen now."""
        self._timer.stop()
        self._place.rest()
        self.page.view.end_page()

    def close(self) -> None:
        """Let go of everything."""
        self.page.happened.disconnect(self.happened)
        self._timer.stop()
        self._place.rest()
        self.page.view.close_threads()
        self._stack.removeWidget(self.page)
        self.page.deleteLater()

    def _present(self) -> None:
        if self._state is not None and self._state.planned_page is not None:
            page = self._state.planned_page
            self._place.expect(page.cells[0].item)
            self.page.show_page(page)

    def _shown(self, shown: PageShown) -> None:
        state = self._state
        self._place.rest()
        if state is None or state.planned_page is None:
            return
        if state.phase is Phase.PAGE:
            self.hidden.emit()
        elif shown.page.unread:
            cell = cells_of(state.planned_page)[min(shown.page.unread)]
            self.page.view.clear()
            error = self._errors.get(cell.key) or UserError("An image of the page could not be painted.")
            self.failed.emit(error)
        else:
            frame = shown.frame
            self.happened.emit(ev.Shown(frame.onset_ns, frame.painted_ns, frame.drawn_ns))

    def _tell_slow(self, error: SlowImageError) -> None:
        self._place.wait_for(error)
        self._tell_away("An image of the page has not come yet: its disk is slow, or does not answer.")

    def _tell_away(self, sentence: str) -> None:
        if sentence and self._state is not None and self._state.phase is Phase.FIXATION:
            self.away.emit(sentence)

    def _load(self, key: tuple[str, PlannedCell], fit: tuple[int, int]) -> tuple[Image.Image, bool]:
        """Called from a thread of the view's."""
        dataset, cell = key
        try:
            return self._material.load_image(dataset, cell.item, cell.true_class, fit)
        except Exception as error:
            self._errors[key] = error
            raise
