"""Runs a labeling session: hands inputs to the project and shows the image that it asks about."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, QTimer, Signal

from model.datasets.image_files import PlaceError
from model.errors import UserError
from studies.answers import counts
from studies.files.store_errors import StoreError
from studies.labeling.facts import inputs as ev
from studies.labeling.project.contents import leave_out
from studies.labeling.project.project import Project
from studies.labeling.state.desk import Desk, Phase
from ui.answering.decode_ahead import AHEAD, NOTE, Box, DecodeAhead
from ui.answering.image_place import ImagePlace, SlowImageError
from ui.answering.quiet import QuietInterpreter
from ui.answering.thumbnails import LoadImage
from ui.labeling.one_by_one.cards import card_of, name_decision, suggested_class, what_undo_takes
from ui.labeling.one_by_one.close_look import CloseLook
from ui.labeling.one_by_one.label_actions import LabelAction
from ui.labeling.one_by_one.label_card import Card, ClassItem
from ui.labeling.one_by_one.label_page import LabelPage
from ui.labeling.one_by_one.ways_on import ways_on

_log = logging.getLogger(__name__)
_WAIT_MS = 4  # between two looks whether an image is decoded
_RECENT = 4


class LabelingController(QObject):
    """Owns the page's traffic while a project is open. The project decides; this shows."""

    acted = Signal()  # something was stored, and the next image is on screen
    wanting = Signal()  # there is nothing to label
    page_due = Signal(bool)  # a page of many images is asked about next; whether the person asked for it
    said = Signal(str)  # a sentence for the person

    def __init__(
        self, project: Project, load: LoadImage, page: LabelPage, confusable: Callable[[int], Sequence[int]]
    ) -> None:
        super().__init__(page)
        self._project = project
        self._page = page
        self._confusable = confusable
        self._decoder = DecodeAhead(load, AHEAD + 1)
        self._decoded_for: Box | None = None
        self._wait = QTimer(self, singleShot=True, interval=_WAIT_MS)
        self._wait.timeout.connect(self._show)
        self._note = ""  # what the file of the image on screen tells
        self._recent: tuple[int, ...] = ()  # classes answered last, the latest first
        self._unsaved: tuple[ev.Input, Desk] | None = None  # and what it is about
        self._place = ImagePlace(self)
        self._place.due.connect(self._try_place_again)
        self._place.slow.connect(self._wait_for)
        self._left_out: list[str] = []  # sentences about images that could not be read
        self._resumes = False  # paused because the page was left
        self._waiting_text = "There is nothing to label at the moment."
        self._quiet = QuietInterpreter()
        self._close_look = CloseLook(page.view, self._decoder, project)
        page.happened.connect(self.take)
        page.wanted.connect(self._go_without)
        page.window().installEventFilter(self)

    @property
    def keeps_input(self) -> bool:
        """Whether an input waits to be stored: until then nothing else may change the project."""
        return self._unsaved is not None

    def begin(self) -> None:
        """Show the first image."""
        self._quiet.begin()
        self.refresh_classes()
        self._quiet.settle()
        self.refresh()

    def close(self) -> None:
        """Let go of everything; what is on screen comes again when the project is opened."""
        if self._unsaved is not None:
            try:
                self._project.send(*self._unsaved)
            except StoreError as error:
                _log.warning("%s What was done last before the end is not saved.", error)
        self._wait.stop()
        self._place.rest()
        self._close_look.close()
        self._page.happened.disconnect(self.take)
        self._page.wanted.disconnect(self._go_without)
        self._page.window().removeEventFilter(self)
        self._decoder.close()
        self._quiet.end()

    def refresh_classes(self) -> None:
        """Take the list of classes anew."""
        standing = self._project.classes.standing
        self._page.set_classes(tuple(ClassItem(c.class_id, c.name, c.key, c.colour) for c in standing))

    def refresh(self) -> None:
        """Bring the page to what the desk says; an image that is on screen stays, and so does what is waited for."""
        if self._unsaved is None and self._place.wait is None and self._project.desk.phase is not Phase.SHOWN:
            self._show()

    def look_away(self) -> None:
        """Another window, or the key sheet, has the person's attention: the image stays, and its time is marked."""
        if self._project.desk.phase is Phase.SHOWN and self._unsaved is None:
            self._project.send(ev.LoseFocus(time.perf_counter_ns()))

    def leave(self) -> None:
        """Another page comes on screen: the image there is void and comes again."""
        if self._project.desk.phase in (Phase.COMING, Phase.SHOWN) and self._unsaved is None:
            self._project.send(ev.Pause(time.perf_counter_ns()))
            self._page.show_blank()
            self._resumes = True
            self._place.rest()

    def come_back(self) -> None:
        """The page is on screen again."""
        if self._resumes and self._project.desk.phase is Phase.PAUSED:
            self._project.send(ev.Continue(time.perf_counter_ns()))
        self._resumes = False
        self._quiet.settle()  # with what other pages, and rounds since, have left in memory
        if isinstance(self._place.wait, str) and self._unsaved is None:
            self._wait_for(self._place.wait)  # it is still for the person to say
        else:
            self._place.go_on()
        self.refresh()
        self._page.setFocus()

    def wait_with(self, text: str) -> None:
        """What the page says while there is nothing to label."""
        if text != self._waiting_text:
            self._waiting_text = text
            if self._project.desk.phase is Phase.NOTHING:
                self._page.show_waiting(text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A window that is no longer active marks the answer."""
        if event.type() is QEvent.Type.WindowDeactivate:
            self.look_away()
        return super().eventFilter(watched, event)

    def take(self, event: ev.Input) -> None:
        """Apply an input and show what follows."""
        project = self._project
        kept, about = self._unsaved, project.desk
        if kept is not None:
            if not isinstance(event, ev.Continue):
                return  # nothing else happens until the last step is saved
            (event, about), self._unsaved = kept, None
        elif isinstance(event, ev.Continue) and about.phase is Phase.PAGE:
            self.page_due.emit(True)
            return
        elif isinstance(event, ev.Continue) and about.phase is not Phase.PAUSED:
            self._try_place_again()
            return
        elif isinstance(event, ev.AboutImage) and not counts(about.on_screen, event.at_ns):
            return
        before = about
        images, undone = what_undo_takes(project) if isinstance(event, ev.Undo) else (0, "")
        try:
            after = project.send(event, about)
        except StoreError as error:
            self._unsaved = event, about
            self._place.rest()
            self._page.show_paused(
                f"{error} Nothing is lost: what you did last is kept here until it is saved."
            )
            return
        if isinstance(event, ev.Answer):
            self._recent = tuple(dict.fromkeys((event.class_id, *self._recent)))[:_RECENT]
        if said := name_decision(project, event):
            self._page.tell_answer(said)
        elif images == 1:
            self._page.last.take_back(undone)
        if kept is not None and after.phase is Phase.SHOWN:
            # The sentence about the disk covered the image: it is void, and comes again.
            project.send(ev.Pause(time.perf_counter_ns()))
            after = project.send(ev.Continue(time.perf_counter_ns()))
        elif isinstance(event, ev.Flag):
            self._page.follow(self._card())
        if after is not before and not isinstance(event, ev.Touch | ev.Backtrack | ev.LoseFocus):
            self._show()
        if isinstance(event, ev.Decision | ev.Undo | ev.ImageFailed):
            self.acted.emit()
        if images > 1:
            self.said.emit(f"An action on {images:,} images at once is undone.")

    def _show(self) -> None:
        desk = self._project.desk
        if desk.phase is not Phase.COMING:
            self._place.go_on()
        if desk.phase is Phase.NOTHING:
            self.wanting.emit()
            desk = self._project.desk
        if desk.phase is Phase.NOTHING:
            self._page.show_waiting(self._waiting_text)
            self._say_left_out()
        elif desk.phase is Phase.PAUSED:
            self._page.show_paused("")
        elif desk.phase is Phase.PAGE:
            self._decode()  # what comes after it
            self.page_due.emit(False)
        elif desk.phase is Phase.COMING:
            self._present_or_wait()

    def _present_or_wait(self) -> None:
        item = self._project.desk.item
        assert item is not None  # held by the phase COMING
        if self._place.several_failed():
            self._wait_for(self._place.sentence())
            return
        if self._decoded_for != self._page.view.box() or not self._decoder.ready(item):
            self._decode()
        if self._decoder.ready(item):
            self._present(item)
            self._decode()  # not before: it would hold up the painting
        else:
            if self._place.expect(self._project.items[item]) or self._page.asks:
                self._page.show_blank()  # the image before is answered, and takes no more keys
            self._wait.start()

    def _wait_for(self, what: Exception | str) -> None:
        """The images cannot be had, or many could not: say so, and keep the task."""
        self._place.wait_for(what)
        self._page.show_paused(f"{what} Nothing is lost.   {ways_on(what)}")

    def _try_place_again(self) -> None:
        if isinstance(self._place.wait, str):
            self._place.go_on()
            self._show()
        elif self._place.wait is not None and self._project.desk.phase is Phase.COMING:
            self._decoder.forget()
            self._show()

    def _go_without(self, action: LabelAction) -> None:
        """A part that is away is given up by the person: its images are left out until they are there again."""
        away, before = self._place.wait, self._project.desk
        gives_up = action is LabelAction.SKIP and self._unsaved is None and before.phase is Phase.COMING
        if isinstance(away, SlowImageError) and gives_up and self._place.has_been_seen():
            self._decoder.forget()  # what hangs would hold up the others
            self.take(ev.PutOff(time.perf_counter_ns()))
            return
        if not isinstance(away, PlaceError) or not (gives_up and away.part and self._place.has_been_seen()):
            return
        try:
            count = leave_out(self._project, away.part, str(away))
        except StoreError as error:
            self.said.emit(str(error))
            return
        self._place.go_on()
        self._left_out.append(f"{count:,} images were left out: {away}")
        if self._project.desk == before:  # its image has a label, and is only looked at
            self.take(ev.ImageFailed(time.perf_counter_ns(), str(away)))
        else:
            self._show()
            self.acted.emit()

    def _decode(self) -> None:
        self._decoded_for = self._page.view.box()
        coming, behind = self._project.upcoming(AHEAD), self._project.behind
        # What undo and looking back show comes last: it is seldom wanted, but then at once.
        self._decoder.prepare(coming if behind is None else (*coming, behind), self._decoded_for)

    def _present(self, item: int) -> None:
        try:
            image = self._decoder.take(item)
        except PlaceError as error:
            self._wait_for(error)
            return
        except Exception as error:  # whatever is wrong with one image never stops a sitting
            reason = str(error) if isinstance(error, UserError) else f"{type(error).__name__}: {error}"
            self._place.note_failure(reason)
            self._left_out.append(f"{self._project.items[item]} was left out: {reason}")
            self.take(ev.ImageFailed(time.perf_counter_ns(), reason))
            return
        self._note = image.text(NOTE)
        frame = self._page.present(image, self._card(), self._place.note_success())
        self._project.send(ev.Shown(frame.onset_ns))
        self._say_left_out()
        if not self._page.window().isActiveWindow():
            self._project.send(ev.LoseFocus(frame.onset_ns))  # the annotator was elsewhere when it came

    def _say_left_out(self) -> None:
        """Beside the next image: what was said before it would not be seen."""
        if self._left_out:
            self.said.emit(" ".join(self._left_out))
        self._left_out = []

    def _card(self) -> Card:
        suggestion = suggested_class(self._project)
        confusable = () if suggestion is None else self._confusable(suggestion)
        return replace(card_of(self._project, self._recent, confusable), note=self._note)
