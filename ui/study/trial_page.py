"""One trial on screen: turns key presses and clicks into stamped inputs, and draws the session's state."""

from __future__ import annotations

import time

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from studies.answers import Device
from studies.timing.facts import inputs as ev
from studies.timing.facts.records import Interface, PlannedTrial
from studies.timing.session.state import Phase, SessionState, part_of
from ui.answering.answer_inputs import AnswerInputs
from ui.answering.answer_keys import DROPDOWN_KEYS, KEYBOARD_KEYS, DropdownAction, KeyboardAction
from ui.answering.choosing import Effect, PickerOutcome
from ui.answering.class_picker import ClassPicker
from ui.answering.dropdown_picker import DropdownPicker
from ui.answering.stamps import Frame, Stamp
from ui.answering.stimulus_view import Stimulus, StimulusView
from ui.kit.key_page import key_button
from ui.kit.keys import WINDOW_KEYS, Tables, WindowAction
from ui.kit.places import digit_of, is_command, latin_of, meant_key
from ui.kit.theme import GRID
from ui.study.trial_keys import FEEDBACK_KEYS, TRIAL_KEYS, FeedbackAction, TrialAction, answer_tables

MARGIN = 2 * GRID
_BESIDE_CLASSES = 330  # px of the page's height for all but the classes
_ENTER = FEEDBACK_KEYS[FeedbackAction.CONTINUE].hint
_ACCEPT = KEYBOARD_KEYS[KeyboardAction.ACCEPT].hint


class TrialPage(QWidget):
    """Header, image with suggestion, classes. It holds no state of the session, only draws it."""

    happened = Signal(object)  # an ev.Input
    help_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Image and its classes")
        self.inputs = AnswerInputs(self)
        self.view = StimulusView()
        self._state: SessionState | None = None
        self._picker: ClassPicker | DropdownPicker = ClassPicker()
        self._block = QLabel()
        self._progress = QLabel()
        self._hint = QLabel()
        for label in (self._block, self._progress, self._hint):
            label.setTextFormat(Qt.TextFormat.PlainText)
            # A new text must never move anything; its height is another one with signs of another font, or none.
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            label.setFixedHeight(label.fontMetrics().height() + GRID // 2)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._build()
        self.inputs.watch(self)
        self.view.word_clicked.connect(self._word_clicked)

    def set_block(self, title: str, classes: tuple[str, ...], interface: Interface) -> None:
        """Prepare for a block: its name, its classes and how they are answered."""
        kind = ClassPicker if interface is Interface.KEYBOARD else DropdownPicker
        if not isinstance(self._picker, kind):
            fresh = kind()
            self._layout.replaceWidget(self._picker, fresh)
            self._picker.deleteLater()
            self._picker = fresh
            self._connect_picker()
        self._block.setText(title)
        self._picker.set_classes(classes)
        self._share_height()

    def draw(self, state: SessionState) -> None:
        """Show what the state says, except for a stimulus, which ``present`` shows."""
        self._state = state
        if state.phase is not Phase.STIMULUS:
            self.inputs.end()
        if state.phase is Phase.FIXATION:
            self._hint.setText("")
            self._picker.reset(None)
            self._progress.setText(_progress(state))
            self.view.show_fixation()
        elif state.phase is Phase.FEEDBACK:
            self._draw_feedback(state)
        elif state.phase is not Phase.STIMULUS:
            self.view.show_blank()

    def present(self, stimulus: Stimulus, state: SessionState) -> Frame:
        """Show the stimulus of the state's trial; returns when it came on screen."""
        trial = state.trial
        assert trial is not None  # a stimulus is of a trial
        self._state = state
        self._picker.reset(trial.suggestion)
        self._hint.setText(self._usual_hint(trial))
        frame = self.view.present(stimulus)
        self.inputs.begin(frame.onset_ns)
        self._progress.setText(_progress(state))  # without a fixation nothing has drawn it
        return frame

    def key_tables(self) -> Tables:
        """The keys that hold here, with the interface that is shown."""
        keyboard = isinstance(self._picker, ClassPicker)
        answers = answer_tables(Interface.KEYBOARD if keyboard else Interface.DROPDOWN)
        return (*answers, TRIAL_KEYS, FEEDBACK_KEYS)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """On a small screen the image has what it needs, and the classes scroll."""
        super().resizeEvent(event)
        self._share_height()

    def _share_height(self) -> None:
        if isinstance(self._picker, ClassPicker):
            self._picker.take_height(self.height() - _BESIDE_CLASSES)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Answer, choose, flag or pause by key; other keys go on to the window."""
        stamp = self.inputs.press(event)
        if stamp is None:
            return
        action = TRIAL_KEYS.action_of(event.key())
        if action is TrialAction.PAUSE:
            self._pause(stamp)
        elif action is TrialAction.FLAG:
            self._flag(stamp)
        elif WINDOW_KEYS.action_of(event.key()) is not None:
            event.ignore()
        elif self._state is not None and self._state.phase is Phase.FEEDBACK:
            if FEEDBACK_KEYS.action_of(event.key()) is not None:
                self.happened.emit(ev.Continue(stamp.at_ns))
        elif self._takes(stamp, Device.KEYBOARD):
            pressed = (meant_key(event), event.text(), digit_of(event), latin_of(event))
            if is_command(event):
                pressed = (event.key(), "", "", "")
            self._apply(self._picker.press(*pressed), stamp, Device.KEYBOARD)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Releases only teach the clock and what is held."""
        self.inputs.release(event)

    def _build(self) -> None:
        pause = key_button(TRIAL_KEYS[TrialAction.PAUSE])
        pause.clicked.connect(self._pause_clicked)
        keys = key_button(WINDOW_KEYS[WindowAction.HELP])
        keys.clicked.connect(self.help_wanted)
        flag = key_button(TRIAL_KEYS[TrialAction.FLAG])
        flag.clicked.connect(self._flag_clicked)
        for button in (flag, pause, keys):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Space and Enter belong to the answer
        header = QHBoxLayout()
        header.setSpacing(GRID)
        header.addWidget(self._block, 3)
        header.addWidget(self._progress, 2)
        for button in (flag, pause, keys):
            header.addWidget(button)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        self._layout.setSpacing(GRID)
        self._layout.addLayout(header)
        self._layout.addWidget(self.view, 1)
        self._layout.addWidget(self._hint)
        self._layout.addWidget(self._picker)
        self._connect_picker()

    def _connect_picker(self) -> None:
        self.inputs.watch(self._picker)
        self._picker.clicked.connect(self._picker_clicked)
        if isinstance(self._picker, DropdownPicker):
            self._picker.changed.connect(self._picker_changed)
            self._picker.said.connect(self._say)

    def _apply(self, outcome: PickerOutcome, stamp: Stamp, device: Device) -> None:
        if outcome.effect is Effect.TOUCHED:
            self.happened.emit(ev.Touch(stamp.at_ns))
        elif outcome.effect is Effect.TAKEN_BACK:
            self.happened.emit(ev.Backtrack(stamp.at_ns))
        elif outcome.effect is Effect.ANSWERED:
            self.happened.emit(ev.Answer(*self.inputs.decide(stamp, device), outcome.answer))
            return
        self._draw_typed()

    def _takes(self, stamp: Stamp, device: Device) -> bool:
        """Whether a press counts; one that comes too soon is no answer, and is kept as what it is."""
        if self.inputs.is_early(stamp.at_ns):
            self.happened.emit(ev.Early(stamp.at_ns, device))
        return self.inputs.counts(stamp.at_ns)

    def _draw_typed(self) -> None:
        if isinstance(self._picker, DropdownPicker) or self._state is None or self._state.trial is None:
            return
        self._hint.setText(self._picker.finding or self._usual_hint(self._state.trial))

    def _say(self, text: str) -> None:
        if self._state is not None and self._state.phase is Phase.STIMULUS and self._state.trial is not None:
            self._hint.setText(text or self._usual_hint(self._state.trial))

    def _draw_feedback(self, state: SessionState) -> None:
        response = state.last_response
        assert response is not None  # held by the phase FEEDBACK
        trial = state.units[response.position]
        assert isinstance(trial, PlannedTrial)  # what has an answer is a trial
        truth = trial.true_class
        right = response.answer == truth
        self.view.change_word(f"✓ Right: {truth}" if right else f"✗ Wrong: it is {truth}")
        self._hint.setText(f"{_ENTER}: go on")
        self._hint.setForegroundRole(QPalette.ColorRole.WindowText)

    def _usual_hint(self, trial: PlannedTrial) -> str:
        if isinstance(self._picker, DropdownPicker):
            search, following = (DROPDOWN_KEYS[action].key_names for action in DropdownAction)
            return f"{search}: search the list   {following}: next"
        other = self._picker.how
        return (
            f"Another class: {other}"
            if trial.suggestion is not None
            else f"Which class is it? Please {other}"
        )

    def _pause(self, stamp: Stamp) -> None:
        if self._state is not None and self._state.phase in (Phase.FIXATION, Phase.STIMULUS):
            self.inputs.end()
            self.happened.emit(ev.Pause(stamp.at_ns))

    def _flag(self, stamp: Stamp) -> None:
        if self.inputs.counts(stamp.at_ns):
            self.happened.emit(ev.Flag(stamp.at_ns))

    def mark_flagged(self, flagged: bool) -> None:
        """Say whether the data set is marked wrong for the image on screen."""
        self._hint.setText(
            "Marked: the data set is wrong here. Please answer all the same." if flagged else ""
        )

    def _picker_clicked(self, outcome: PickerOutcome, event: QMouseEvent | None) -> None:
        stamp = self.inputs.click(event)
        if not self.inputs.is_second_click() and self._takes(stamp, Device.MOUSE):
            self._apply(outcome, stamp, Device.MOUSE)

    def _picker_changed(self, outcome: PickerOutcome) -> None:
        now = time.perf_counter_ns()
        if self.inputs.counts(now):
            event = ev.Touch(now) if outcome.effect is Effect.TOUCHED else ev.Backtrack(now)
            self.happened.emit(event)

    def _word_clicked(self, event: QMouseEvent) -> None:
        if self._state is not None and self._state.trial is not None:
            suggestion = self._state.trial.suggestion
            if suggestion is not None and isinstance(self._picker, ClassPicker):
                self._picker_clicked(PickerOutcome(Effect.ANSWERED, suggestion), event)

    def _pause_clicked(self) -> None:
        self._pause(self.inputs.click())

    def _flag_clicked(self) -> None:
        stamp = self.inputs.click()
        if not self.inputs.is_second_click():
            self._flag(stamp)


def _progress(state: SessionState) -> str:
    trial = state.trial
    if trial is None:
        return ""
    part = [unit.position for unit in state.units if part_of(unit) == part_of(trial)]
    left = len(set(part) & set(state.queue))
    word = "Practice " if trial.practice else ""
    return f"{word}{len(part) - left + 1} / {len(part)}"


def stimulus_of(trial: PlannedTrial, image: QImage, interface: Interface) -> Stimulus:
    """A trial's image with the words above it; a drop-down holds the suggestion itself."""
    if interface is Interface.DROPDOWN:
        return Stimulus(image)
    if trial.suggestion is None:
        return Stimulus(image, "No suggestion", "")
    return Stimulus(image, f"Suggested   ({_ACCEPT}: accept)", trial.suggestion)
