"""The page on screen, from its onset to its confirmation: its marks, and what is told of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from studies.answers import Decision, Device, Input, LoseFocus, observe
from studies.pages.marking import Mark, PageOnScreen, begin_page, mark, may_confirm
from ui.answering.answer_inputs import AnswerInputs
from ui.answering.pages.page_canvas import PageCanvas
from ui.answering.pages.page_cursor import Change
from ui.answering.pages.page_images import LoadImage
from ui.answering.pages.page_values import PageCell, PageConfirmed, PageShown
from ui.answering.stamps import Stamp

_STILL_COMING = "Not all of these images are here yet."
_TOO_SOON = "These images have only just come: look first, then confirm them."


class TimedView(PageCanvas):
    """One page at a time, which stays as it is until another is shown.

    Whoever shows pages stores what the signals say; this holds the same state by the same pure functions. Inputs count
    from the onset on. A page that is hidden is void: its marks stay, and its time begins anew with ``shown`` when it is
    seen again. What a key or a click means is the view's (:mod:`ui.answering.pages.page_view`).
    """

    shown = Signal(object)  # PageShown
    marks_changed = Signal(object)  # studies.pages.marking.Mark, of cells whose marks changed
    touched = Signal(object)  # studies.answers.Input: the cursor moved, or the window lost the focus
    confirmed = Signal(object)  # PageConfirmed
    refused = Signal(str)  # a sentence: why a confirmation did nothing

    def __init__(self, load: LoadImage, parent: QWidget | None = None) -> None:
        super().__init__(load, parent)
        self.inputs = AnswerInputs(self)
        self.page: PageOnScreen | None = None  # since all its images are on screen
        self.images.filled.connect(self._present)

    def show_page(self, cells: Sequence[PageCell], marked: Iterable[int] = ()) -> None:
        """Show other images, with marks that were made of them before; ``shown`` follows once all are on screen."""
        self.end_page()
        if self.set_cells(tuple(cells), frozenset(marked)):
            self._present()

    def clear(self) -> None:
        """Show nothing."""
        self.show_page(())

    def take_away(self, cells: Iterable[int]) -> None:
        """Cells were decided about in another way: their places are empty, and all others stay."""
        self.gone |= frozenset(cells)
        if self.page is not None:
            self.page = replace(self.page, unread=self.page.unread | self.gone)
        self.hold_marks(self.marked)
        self.update()

    def hold_marks(self, marked: Iterable[int]) -> None:
        """Show the marks that hold, where a change of them could not be stored."""
        held = frozenset(marked) - self.silent
        if self.page is not None:
            self.page = replace(self.page, marked=held)
        self.draw_marks(held)

    @property
    def is_done(self) -> bool:
        """Whether every cell was taken away."""
        return len(self.gone) == len(self.cells)

    @property
    def silent(self) -> frozenset[int]:
        """The cells of which nothing is said: their images cannot be read, or they were taken away."""
        return self.unread | self.gone

    def confirm(self, stamp: Stamp, device: Device) -> None:
        """Confirm the page, as Enter does; sooner than a person can have looked it is refused."""
        page = self.page
        if not self.cells:
            return
        if page is None or not may_confirm(page, stamp.at_ns):
            self.refused.emit(_STILL_COMING if page is None else _TOO_SOON)
            return
        decision = Decision(*self.inputs.decide(stamp, device))
        self.confirmed.emit(PageConfirmed(page, decision))
        if self.page is page:  # it could not be stored, and stays
            self.inputs.begin(page.on_screen.onset_ns)

    def apply(self, changes: Iterable[Change], stamp: Stamp) -> None:
        """Set or take back marks, where the input counts, and tell."""
        for change in changes:
            page = self.page
            if page is None or not self.inputs.counts(stamp.at_ns):
                continue
            self.page, changed = mark(page, Mark(stamp.at_ns, change.cells, change.marked))
            if changed:
                self.draw_marks(self.page.marked)
                cells = tuple(one.cell for one in changed)
                self.marks_changed.emit(Mark(stamp.at_ns, cells, change.marked))

    def note(self, event: Input) -> None:
        """Note an input that changes no mark, where it counts."""
        lost = isinstance(event, LoseFocus)
        if self.page is not None and (lost or self.inputs.counts(event.at_ns)):
            self.page = replace(self.page, on_screen=observe(self.page.on_screen, event))
            self.touched.emit(event)

    def end_page(self) -> None:
        """Nothing on screen counts any more."""
        self.page = None
        self.stop_enlarging()
        self.inputs.end()

    def event(self, event: QEvent) -> bool:
        """Note that another window is active."""
        if event.type() is QEvent.Type.WindowDeactivate:
            self.stop_enlarging()
            self.note(LoseFocus(self.now_ns()))
        return super().event(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing counts while the page is not on screen."""
        super().hideEvent(event)
        self.end_page()

    def showEvent(self, event: QShowEvent) -> None:
        """What is there is on screen since now."""
        super().showEvent(event)
        self._present()

    def _present(self) -> None:
        """Paint the whole page now, and time it from then on."""
        if self.page is not None or not (self.cells and self.images.is_filled and self.isVisible()):
            return
        frame = self.paint_now()
        self.page = begin_page(len(self.cells), frame.onset_ns, self.silent)
        self.hold_marks(self.marked)
        self.inputs.begin(frame.onset_ns)
        self.shown.emit(PageShown(self.page, frame))
        if not self.isActiveWindow():
            self.note(LoseFocus(frame.onset_ns))
