"""A page of a study's block of pages: what is asked, the images, and in practice what was missed."""

from __future__ import annotations

import time

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from studies.answers import Device
from studies.timing.facts import inputs as ev
from studies.timing.facts.pages import PageResponse, PlannedPage, pages_of
from studies.timing.session.state import SessionState, part_of
from ui.answering.pages.cell_codes import cell_codes
from ui.answering.pages.page_images import LoadImage
from ui.answering.pages.page_keys import PAGE_KEYS, PageAction
from ui.answering.pages.page_values import PageCell, PageConfirmed
from ui.answering.pages.page_view import PageView
from ui.kit import theme
from ui.kit.key_page import key_button
from ui.kit.keys import WINDOW_KEYS, Tables, WindowAction
from ui.kit.theme import GRID
from ui.study.trial_keys import FEEDBACK_KEYS, PAUSE_KEYS, FeedbackAction, TrialAction

_MARK = PAGE_KEYS[PageAction.MARK].hint
_CONFIRM = PAGE_KEYS[PageAction.CONFIRM].hint
_HOW = f"Letter, click or {_MARK}: mark   {_CONFIRM}: all others are right"


class MarkingPage(QWidget):
    """Header, the question, the images. It holds no state of the session, only draws it."""

    happened = Signal(object)  # an ev.Input
    help_wanted = Signal()

    def __init__(self, load: LoadImage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Page of images, of which the odd ones are marked")
        self.view = PageView(load)
        self._feedback = False
        self._block = QLabel()
        self._progress = QLabel()
        self._question = theme.title_label("")
        self._hint = QLabel()
        for label in (self._block, self._progress, self._question, self._hint):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setSizePolicy(
                QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed
            )  # a new text moves nothing
            label.setFixedHeight(label.fontMetrics().height() + GRID // 2)
        self._question.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._pause = key_button(PAUSE_KEYS[TrialAction.PAUSE])
        self._done = key_button(PAGE_KEYS[PageAction.CONFIRM], primary=True)
        self._build()
        self.view.inputs.watch(self._done)
        self.view.marks_changed.connect(self.happened)
        self.view.touched.connect(self.happened)
        self.view.refused.connect(self._hint.setText)
        self.view.confirmed.connect(self._confirmed)

    def announce(self, state: SessionState) -> None:
        """Say which class comes, and have its images decoded meanwhile."""
        page = state.planned_page
        assert page is not None  # a page is announced before it is shown
        self._set_feedback(False)
        self.view.clear()
        self._block.setText(f"Part {page.block + 1} of {state.blocks} · {page.dataset}")
        self._progress.setText(_progress(state, page))
        self._question.setText(f"Mark every image that is not:  {page.suggestion}")
        self.view.setAccessibleName(f"Images said to be {page.suggestion}")
        self._hint.setText("")
        self.view.prepare(cells_of(page))

    def show_page(self, page: PlannedPage) -> None:
        """Show the images; the view's ``shown`` follows once all are on screen."""
        self.view.setFocus()
        self._hint.setText(_HOW)
        self.view.show_page(cells_of(page))

    def show_feedback(self, page: PlannedPage, response: PageResponse) -> None:
        """Say what was missed and falsely marked; the page stays on screen."""
        self.view.end_page()
        self._set_feedback(True)
        codes = cell_codes(page.images)
        missed, false = sorted(page.odd - response.marked), sorted(response.marked - page.odd)
        parts = []
        if missed:
            parts.append(f"Missed: {_letters(codes, missed)} (!).")
        if false:
            parts.append(f"Marked, but {page.suggestion}: {_letters(codes, false)}.")
        words = " ".join(parts) if parts else "All found."
        go_on = FEEDBACK_KEYS[FeedbackAction.CONTINUE].hint
        self._hint.setText(f"{'✗' if parts else '✓'} {words}   {go_on}: go on")
        self.view.point_out(missed)
        self.setAccessibleDescription(words)

    def key_tables(self) -> Tables:
        """The keys that hold here."""
        return (PAGE_KEYS, PAUSE_KEYS, FEEDBACK_KEYS)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pause; in feedback go on. The keys of the images are the view's."""
        stamp = self.view.inputs.stamp(event)
        if PAUSE_KEYS.action_of(event.key()) is TrialAction.PAUSE and not event.isAutoRepeat():
            if not self._feedback:  # nothing is timed there
                self.happened.emit(ev.Pause(stamp.at_ns))
        elif self._feedback and FEEDBACK_KEYS.action_of(event.key()) is not None:
            if self.view.inputs.held.is_fresh(event.key(), event.timestamp(), event.isAutoRepeat()):
                self.happened.emit(ev.Continue(stamp.at_ns))
        else:
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Releases tell what is held."""
        self.view.inputs.release(event)

    def _set_feedback(self, feedback: bool) -> None:
        self._feedback = feedback
        self._pause.setEnabled(not feedback)
        self._done.setText("Go on" if feedback else PAGE_KEYS[PageAction.CONFIRM].label)
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus if feedback else Qt.FocusPolicy.StrongFocus)
        if feedback:
            self.setFocus()

    def _confirmed(self, confirmed: PageConfirmed) -> None:
        decision = confirmed.decision
        self.happened.emit(
            ev.Confirm(
                decision.at_ns,
                decision.handler_ns,
                decision.stamp_source,
                decision.device,
                decision.longest_stall_ns,
            )
        )

    def _done_clicked(self) -> None:
        stamp = self.view.inputs.click()
        if self._feedback:
            self.happened.emit(ev.Continue(stamp.at_ns))
        else:
            self.view.confirm(stamp, Device.MOUSE)

    def _pause_clicked(self) -> None:
        self.happened.emit(ev.Pause(time.perf_counter_ns()))

    def _build(self) -> None:
        self._pause.clicked.connect(self._pause_clicked)
        keys = key_button(WINDOW_KEYS[WindowAction.HELP])
        keys.clicked.connect(self.help_wanted)
        self._done.clicked.connect(self._done_clicked)
        header = QHBoxLayout()
        header.setSpacing(GRID)
        header.addWidget(self._block, 3)
        header.addWidget(self._progress, 2)
        for button in (self._pause, keys, self._done):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Space and Enter belong to the images
        header.addWidget(self._pause)
        header.addWidget(keys)
        foot = QHBoxLayout()
        foot.setSpacing(GRID)
        foot.addWidget(self._hint, 1)
        foot.addWidget(self._done)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(GRID)
        layout.addLayout(header)
        layout.addWidget(self._question)
        layout.addWidget(self.view, 1)
        layout.addLayout(foot)


def cells_of(page: PlannedPage) -> tuple[PageCell, ...]:
    """A page's images, each by its data set and its cell."""
    return tuple(PageCell((page.dataset, cell)) for cell in page.cells)


def _letters(codes: tuple[str, ...], cells: list[int]) -> str:
    return ", ".join(codes[cell].upper() for cell in cells)


def _progress(state: SessionState, page: PlannedPage) -> str:
    part = [unit.position for unit in pages_of(state.units) if part_of(unit) == part_of(page)]
    left = len(set(part) & set(state.queue))
    word = "Practice page" if page.practice else "Page"
    return f"{word} {len(part) - left + 1} / {len(part)}"
