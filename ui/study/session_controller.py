"""Runs one session: hands inputs to the state machine and shows what the new state asks for."""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QStackedWidget

from model.datasets.image_files import PlaceError
from model.errors import UserError
from studies.timing.facts import inputs as ev
from studies.timing.facts.pages import Unit
from studies.timing.facts.records import Interface, PlannedTrial
from studies.timing.file.store import StoreError
from studies.timing.session.host import Host
from studies.timing.session.material import Material
from studies.timing.session.session import Session
from studies.timing.session.state import Phase, SessionState, part_of
from ui.answering.image_place import ImagePlace
from ui.answering.quiet import QuietInterpreter
from ui.study import session_texts
from ui.study.paging import Paging
from ui.study.text_page import PageButton, PageText, TextPage
from ui.study.trial_images import TrialImages
from ui.study.trial_page import TrialPage, stimulus_of

_WAIT_MS = 4  # between two looks whether an image is decoded


class SessionController(QObject):
    """Owns the pages' traffic while a session runs; ``over`` when the participant is done or gone."""

    over = Signal()

    def __init__(
        self, host: Host, session: Session, material: Material, stack: QStackedWidget, trial_page: TrialPage
    ) -> None:
        super().__init__(stack)
        self._host = host
        self._session = session
        self._material = material
        self._stack = stack
        self._page = trial_page
        self._words = TextPage(trial_page.inputs.clock, trial_page.inputs.held)
        stack.addWidget(self._words)
        self._decoder = TrialImages(material)
        self._fixation = QTimer(self)
        self._fixation.setSingleShot(True)
        self._fixation.setTimerType(Qt.TimerType.PreciseTimer)
        self._fixation.timeout.connect(self._fixation_over)
        self._pages = Paging(material, stack, host.loaded.plan.trials.fixation_ms)
        self._pages.happened.connect(self._send)
        self._pages.failed.connect(self._image_failed)
        self._pages.away.connect(self._wait_for)
        self._pages.hidden.connect(self.pause)
        self._pages.page.help_wanted.connect(trial_page.help_wanted)
        self._block: tuple[int, int] | None = None
        self._unsaved: ev.Input | None = None
        self._place = ImagePlace(self)
        self._place.due.connect(self._look_again)
        self._place.slow.connect(self._wait_for)
        self._resumed = len(session.state.queue) < len(session.state.units)
        self._asking = False  # "Delete your data?" is on screen
        self._undeleted = False  # the deletion could not be written; to be tried again
        self._gone = False  # withdrawn, or declined
        self._quiet = QuietInterpreter()
        self._page.happened.connect(self._send)
        self._words.chosen.connect(self._chosen)
        stack.window().installEventFilter(self)

    @property
    def state(self) -> SessionState:
        """The session's present state."""
        return self._session.state

    def interface_of(self, unit: Unit) -> Interface:
        """How the participant answers a trial or page."""
        return unit.interface or self._session.interface

    @property
    def session_id(self) -> str:
        """The session's id in the store."""
        return self._session.session_id

    def classes_of(self, trial: PlannedTrial) -> tuple[str, ...]:
        """The classes that a trial's image may have."""
        return self._material.classes(trial.dataset)

    def begin(self) -> None:
        """Show the first page."""
        self._quiet.begin()
        self._page.setEnabled(True)
        self._show()

    def pause(self) -> None:
        """Pause as by key, where a trial is under way."""
        if self.state.phase in (Phase.FIXATION, Phase.STIMULUS, Phase.PAGE) and self._unsaved is None:
            self._send(ev.Pause(time.perf_counter_ns()))

    def close(self) -> None:
        """Let go of everything; a trial on screen is void and comes again when the session is resumed."""
        self._fixation.stop()
        self._place.rest()
        self._page.happened.disconnect(self._send)
        self._stack.window().removeEventFilter(self)
        self._decoder.close()
        self._pages.close()
        self._stack.removeWidget(self._words)
        self._words.deleteLater()
        self._quiet.end()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A window that is no longer active marks the trial."""
        if event.type() is QEvent.Type.WindowDeactivate and self.state.phase is Phase.STIMULUS:
            self._send(ev.LoseFocus(time.perf_counter_ns()))
        return super().eventFilter(watched, event)

    def _send(self, event: ev.Input) -> None:
        if self._unsaved is not None:
            return  # nothing else happens until the last step is saved
        before = self.state
        try:
            state = self._session.send(event)
        except StoreError as error:
            self._unsaved = event
            self._say(session_texts.not_saved(str(error)))
            return
        if isinstance(event, ev.Flag):
            self._page.mark_flagged(state.queue[0] in state.flagged)
        if state.phase is not before.phase or state.queue != before.queue:
            self._show()

    def _show(self) -> None:
        """Bring the screen to what the state says."""
        if self._place.wait is not None:
            self._decoder.forget()
        self._place.go_on()
        state = self.state
        if state.phase is Phase.ENDING:
            self._send(ev.Finish(time.perf_counter_ns()))
        elif state.phase in (Phase.PAGE, Phase.PAGE_FEEDBACK):
            self._place.note_success()
            self._pages.show(state)
        elif state.phase is Phase.FIXATION:
            self._show_fixation(state)
        else:
            self._page.draw(state)
            if state.phase not in (Phase.STIMULUS, Phase.FEEDBACK):
                self._say(self._text(state))

    def _text(self, state: SessionState) -> PageText:
        resumed = self._resumed
        if state.phase is Phase.BLOCK_INTRO:
            self._enter_block(state)
            self._resumed = False
        loaded = self._host.loaded
        ends = state.phase is Phase.FINISHED and loaded.plan.session.show_own_times
        own = self._host.own_times(self._session.session_id) if ends else None
        return session_texts.between_images(state, loaded, self._material, own, resumed)

    def _say(self, text: PageText) -> None:
        self._pages.leave()
        self._words.show_text(text)
        self._stack.setCurrentWidget(self._words)
        self._words.setFocus()

    def _enter_block(self, state: SessionState) -> None:
        """Prepare the page for a block while words are on screen, so that no trial pays for it."""
        trial = state.trial
        if trial is None:
            return
        if self._block != part_of(trial):
            self._block = part_of(trial)
            title = f"Part {trial.block + 1} of {state.blocks} · {trial.dataset}"
            self._page.set_block(title, self._material.classes(trial.dataset), self.interface_of(trial))
        self._decode(state)
        self._quiet.settle()

    def _show_fixation(self, state: SessionState) -> None:
        if self._place.several_failed():
            self._wait_for(self._place.sentence())
            return
        if state.planned_page is not None:
            self._pages.show(state)
            return
        if self._stack.currentWidget() is not self._page:
            self._enter_block(state)
            self._stack.setCurrentWidget(self._page)
        self._page.setFocus()
        fixation_ms = self._host.loaded.plan.trials.fixation_ms
        trial = state.trial
        if fixation_ms == 0 and self._decoder.ready_for(trial, self._page.view.box()):
            self._present(trial)
            self._decode(self.state)  # not before: it would hold up the painting
            return
        self._decode(state)
        self._page.draw(state)
        self._fixation.start(fixation_ms)

    def _decode(self, state: SessionState) -> None:
        self._decoder.look_ahead(state, self._page.view.box())

    def _fixation_over(self) -> None:
        trial = self.state.trial
        if self.state.phase is not Phase.FIXATION or trial is None:
            return  # paused meanwhile
        self._decode(self.state)  # the window may have another size by now
        if not self._decoder.ready(trial):
            self._place.expect(trial.item)
            self._fixation.start(_WAIT_MS)
        elif self._place.wait is None:
            self._present(trial)
        else:
            self._tell_of_return(trial)

    def _present(self, trial: PlannedTrial) -> None:
        try:
            image = self._decoder.take(trial)
        except Exception as error:  # whatever is wrong with one image never stops a study
            self._image_failed(error)
            return
        self._place.note_success()
        frame = self._page.present(stimulus_of(trial, image, self.interface_of(trial)), self.state)
        self._send(ev.Shown(frame.onset_ns, frame.painted_ns, frame.drawn_ns))
        if not self._stack.window().isActiveWindow():
            self._send(ev.LoseFocus(frame.onset_ns))  # the participant was elsewhere when the image came

    def _image_failed(self, error: Exception) -> None:
        """Leave out what has an image that cannot be read, or wait where their place is away."""
        if isinstance(error, PlaceError):
            self._wait_for(error)
            return
        reason = str(error) if isinstance(error, UserError) else f"{type(error).__name__}: {error}"
        self._place.note_failure(reason)
        self._send(ev.ImageFailed(time.perf_counter_ns(), reason))

    def _wait_for(self, what: Exception | str) -> None:
        """Keep the trial or page, which is shown anew once its image can be had."""
        self._fixation.stop()
        self._page.draw(self.state)
        self._place.wait_for(what)
        self._say(session_texts.images_away(str(what)))

    def _look_again(self) -> None:
        """See whether the images that are waited for are there again."""
        self._decoder.forget()
        self._decode(self.state)
        self._fixation.start(_WAIT_MS)

    def _tell_of_return(self, trial: PlannedTrial) -> None:
        error = self._decoder.error(trial)
        if isinstance(error, PlaceError):
            self._place.wait_for(error)
        else:
            self._say(session_texts.images_there_again())  # the participant may be elsewhere

    def _chosen(self, choice: PageButton, at_ns: int) -> None:
        if self._place.wait is not None:
            self._show()
        elif self._undeleted:
            self._undeleted = False
            self._withdraw()
        elif self._unsaved is not None:
            self._try_again(self._unsaved)
        elif self._gone:
            self.over.emit()
        elif self._asking:
            self._asking = False
            if choice is PageButton.WITHDRAW:
                self._withdraw()
            else:
                self._show()
        elif choice is PageButton.WITHDRAW:
            self._asking = True
            self._say(session_texts.confirm_withdrawal(self.state))
        elif choice is PageButton.DECLINE:
            self._withdraw()
        elif self.state.phase is Phase.CONSENT:
            self._send(ev.Agree(at_ns, session_texts.consent_shown(self._host.loaded)))
        elif self.state.phase is Phase.FINISHED:
            self.over.emit()
        else:
            self._send(ev.Continue(at_ns))

    def _try_again(self, event: ev.Input) -> None:
        self._unsaved = None
        self._send(event)
        if self._unsaved is None and isinstance(event, ev.Shown | ev.Flag | ev.Mark):
            self.pause()  # the words covered what was on screen: void, comes again

    def _withdraw(self) -> None:
        try:
            self._host.withdraw(self._session.session_id)
        except StoreError as error:
            self._undeleted = True
            self._say(session_texts.not_saved(str(error)))
            return
        self._gone = True
        self._say(session_texts.data_deleted())
