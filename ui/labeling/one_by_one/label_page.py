"""One image after another in live rounds: keys and clicks become stamped inputs, and the desk is drawn."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studies.answers import Device
from studies.labeling.facts import inputs as ev
from ui.answering.answer_inputs import AnswerInputs
from ui.answering.answer_keys import KEYBOARD_KEYS
from ui.answering.choosing import Effect, PickerOutcome
from ui.answering.class_cells import Mark
from ui.answering.class_chips import ClassChips
from ui.answering.class_picker import ClassPicker
from ui.answering.stamps import Frame, Stamp
from ui.answering.stimulus_view import Stimulus
from ui.kit.keys import WINDOW_KEYS, Tables
from ui.kit.places import digit_of, is_command, latin_of, meant_key, pad_digit_of
from ui.kit.theme import GRID
from ui.labeling.one_by_one.cover import PauseCover
from ui.labeling.one_by_one.end_panel import EndPanel
from ui.labeling.one_by_one.example_strip import ExampleStrip
from ui.labeling.one_by_one.hint_line import HintLine
from ui.labeling.one_by_one.label_actions import LABEL_KEYS, PAUSED_KEYS, LabelAction
from ui.labeling.one_by_one.label_card import Card, ClassItem, class_of_key, hint
from ui.labeling.one_by_one.label_effects import INPUTS, LOOKS, REMARKS
from ui.labeling.one_by_one.label_view import LabelView
from ui.labeling.one_by_one.last_answers import LastAnswers
from ui.labeling.one_by_one.suggestion_strip import SuggestionStrip
from ui.labeling.one_by_one.surroundings import Surroundings
from ui.labeling.one_by_one.tool_bar import ToolBar

_HELD = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
_SHARE_OF_CLASSES = 0.18  # of the page's height, at most


class LabelPage(QWidget):
    """Image with suggestion and classes, last answers and tools beside it. It holds no state of the project."""

    happened = Signal(object)  # studies.labeling.facts.inputs.Input
    wanted = Signal(object)  # LabelAction that is not about the image on screen
    help_wanted = Signal()
    large_changed = Signal(bool)  # whether the image has the window for itself

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Image and its classes")
        self.inputs = AnswerInputs(self)
        self.view = LabelView()
        self._place = QWidget()  # of the image and its classes
        self.end, self.pause = EndPanel(self._place), PauseCover(self._place)
        self._picker = ClassPicker(cells=ClassChips)
        self._strip = SuggestionStrip()
        self._items: tuple[ClassItem, ...] = ()
        self._names: dict[int, str] = {}  # by class id
        self._card: Card | None = None  # of the image on screen; None: nothing is asked
        self._paused = False
        self.tools = ToolBar(self)
        self.menus = self.tools.menus
        self.last = LastAnswers()
        self._hint = HintLine()
        self._around = Surroundings(self.last, self.tools)
        self._large = False  # the image has the window for itself
        self._build()
        self.inputs.watch(self)
        self.view.word_clicked.connect(self._word_clicked)
        self._picker.clicked.connect(self._picker_clicked)
        self._strip.clicked.connect(self._strip_clicked)

    @property
    def asks(self) -> bool:
        """Whether an image is on screen that takes an answer."""
        return self._card is not None

    def set_classes(self, items: tuple[ClassItem, ...]) -> None:
        """The classes to answer with; their places stay until they are set again."""
        if items != self._items:
            self._items = items
            self._names = {item.class_id: item.name for item in items}
            marks = [Mark(item.key, item.colour) for item in items]
            self._picker.set_classes(tuple(item.name for item in items), marks)
            self._strip.set_names(self._names, with_ctrl=self._picker.finds_digits)
            self._strip.setVisible(not self._large and not self._picker.has_digits)

    def set_panel(self, panel: QWidget) -> None:
        """Put a widget at the side; it is shown on demand."""
        self._around.set_panel(panel, self._body)

    def set_examples(self, strip: ExampleStrip) -> None:
        """Give the page a row for pictures of classes; it is shown on demand."""
        self._around.set_examples(strip, self._middle)

    def present(self, image: QImage, card: Card, by_itself: bool = False) -> Frame:
        """Show an image with its card; returns when it came on screen. ``by_itself``: after no key of the person."""
        if self._paused:
            self._set_paused(False)
        self.end.wait(False)
        self._card = card
        word = "" if card.suggestion is None else self._names.get(card.suggestion, "")
        self._picker.reset(word or None)
        self._strip.set_classes(card.top, card.recent, card.suggestion)
        self._hint.setText(self._usual_hint())
        frame = self.view.present(Stimulus(image, card.caption, word))
        self.inputs.begin(frame.onset_ns, by_itself)
        self._around.follow(card)
        return frame

    def follow(self, card: Card) -> None:
        """Show a card that changed beside the same image."""
        self._card = card
        self._hint.setText(self._usual_hint())

    def show_blank(self) -> None:
        """Nothing at all."""
        self._nothing("")

    def show_waiting(self, text: str) -> None:
        """There is nothing to label: say why, and for how long."""
        self._nothing(text, waits=True)

    def show_paused(self, text: str) -> None:
        """A pause, or what went wrong; Enter goes on."""
        self._nothing("")
        self._set_paused(True)
        self.pause.tell(text or "Paused. The image comes again.")

    def tell_answer(self, text: str) -> None:
        """What was said of the image on screen: it stands for a moment, with Undo."""
        self.last.add(text, self.view.image if self._card is not None else None)

    def say(self, text: str) -> None:
        """A sentence below the image, until the next one; in a pause below why the page waits."""
        if self._paused:
            self.pause.tell(f"{self.pause.words.text()}\n\n{text}")
        else:
            self._hint.setText(text)

    def key_tables(self) -> Tables:
        """The keys that hold here."""
        return KEYBOARD_KEYS, LABEL_KEYS, PAUSED_KEYS

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Most of the height is the image's."""
        super().resizeEvent(event)
        self._around.fit(self.width())
        self._picker.take_height(int(self.height() * _SHARE_OF_CLASSES))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Answer, choose, or act by key; other keys go on to the window."""
        stamp = self.inputs.press(event)
        if stamp is None:
            return
        entry = LABEL_KEYS.find(event)
        if entry is not None and not self._is_class_key(event):
            self._act(entry[0].action, stamp, Device.KEYBOARD)
        elif self._paused and PAUSED_KEYS.action_of(event.key()) is not None:
            self.happened.emit(ev.Continue(stamp.at_ns))
        elif WINDOW_KEYS.action_of(event.key()) is not None:
            event.ignore()
        elif self.inputs.counts(stamp.at_ns):
            self._choose(event, stamp)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Releases only teach the clock and what is held."""
        self.inputs.release(event)

    def _choose(self, event: QKeyEvent, stamp: Stamp) -> None:
        text, digit, latin = event.text(), digit_of(event), latin_of(event)
        with_ctrl = event.modifiers() & _HELD == Qt.KeyboardModifier.ControlModifier  # AltGr is Ctrl+Alt
        own = next(
            (own for sign in (text, digit, latin) if (own := class_of_key(self._items, sign)) is not None),
            None,
        )
        if own is not None and not self._picker.typed and not is_command(event):
            self._answer(own, stamp, Device.KEYBOARD)
            return
        strip_holds = not self._picker.has_digits and (with_ctrl or not self._picker.typed)
        slot = (
            self._strip.class_of(digit)
            if strip_holds and is_command(event) is with_ctrl is self._picker.finds_digits
            else None
        )
        if slot is not None:
            self._answer(slot, stamp, Device.KEYBOARD)
            return
        pressed = (event.key(), "", "", "") if is_command(event) else (meant_key(event), text, digit, latin)
        self._apply(self._picker.press(*pressed), stamp, Device.KEYBOARD)

    def _is_class_key(self, event: QKeyEvent) -> bool:
        """Whether a key of the number pad, which without NumLock is another one, answers as a digit."""
        takes = self._picker.has_digits or self._picker.finds_digits
        return (
            takes and self._card is not None and bool(pad_digit_of(event)) and not event.modifiers() & _HELD
        )

    def _act(self, action: LabelAction, stamp: Stamp, device: Device) -> None:
        if action in REMARKS and not self._paused:
            if self.inputs.counts(stamp.at_ns):
                self.happened.emit(ev.Remark(*self.inputs.decide(stamp, device), REMARKS[action]))
        elif action in INPUTS:
            self.happened.emit(INPUTS[action](stamp.at_ns))
        elif action is LabelAction.PAUSE:
            self.happened.emit(ev.Continue(stamp.at_ns) if self._paused else ev.Pause(stamp.at_ns))
        elif action is LabelAction.PANEL:
            self._around.toggle_panel()
        elif action is LabelAction.EXAMPLES:
            self._around.toggle_examples()
        elif action is LabelAction.LARGE:
            self._toggle_large()
        elif action in LOOKS:
            LOOKS[action](self.view)
        else:
            self.wanted.emit(action)

    def _apply(self, outcome: PickerOutcome, stamp: Stamp, device: Device) -> None:
        if outcome.effect is Effect.TOUCHED:
            self.happened.emit(ev.Touch(stamp.at_ns))
        elif outcome.effect is Effect.TAKEN_BACK:
            self.happened.emit(ev.Backtrack(stamp.at_ns))
        elif outcome.effect is Effect.ANSWERED:
            class_id = next(item.class_id for item in self._items if item.name == outcome.answer)
            self._answer(class_id, stamp, device)
            return
        self._hint.setText(self._picker.finding or self._usual_hint())

    def _answer(self, class_id: int, stamp: Stamp, device: Device) -> None:
        self.happened.emit(ev.Answer(*self.inputs.decide(stamp, device), class_id))

    def _build(self) -> None:
        for buttons in (self.tools, self.last, self.end):
            buttons.pressed.connect(self._button_pressed)
        self.tools.help_wanted.connect(self.help_wanted)
        self.pause.go_on.connect(self._go_on)
        middle = self._middle = QVBoxLayout(self._place)
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(GRID // 2)
        for widget, stretch in ((self.view, 1), (self._hint, 0), (self._strip, 0), (self._picker, 0)):
            middle.addWidget(widget, stretch)
        self._body = QHBoxLayout(self)
        self._body.setContentsMargins(GRID, GRID, GRID, GRID)
        self._body.setSpacing(GRID)
        self._body.addWidget(self.last)
        self._body.addWidget(self._place, 1)
        self._body.addWidget(self.tools)

    def _usual_hint(self) -> str:
        if self._card is None:
            return ""
        unseen = self._large and self._picker.has_digits  # the classes with their keys
        return hint(self._card, self._names, "" if unseen else self._picker.how, self._large)

    def _nothing(self, text: str, waits: bool = False) -> None:
        self.end.wait(waits)
        self._card = None
        self._set_paused(False)
        self.inputs.end()
        self._picker.reset(None)
        self._strip.set_classes((), (), None)
        self.view.show_blank()
        self._hint.setText(text)

    def _toggle_large(self) -> None:
        """Give the window to the image with its suggestion and the line below, or bring back all else."""
        large = self._large = not self._large
        self._around.leave_alone(large)
        self._picker.setVisible(not large)
        self._strip.setVisible(not self._large and not self._picker.has_digits)
        self.view.set_large(large)
        self.large_changed.emit(large)
        if self._card is not None:
            self._hint.setText(self._usual_hint())

    def _set_paused(self, paused: bool) -> None:
        self._paused = paused
        self.pause.setVisible(paused)

    def _button_pressed(self, action: LabelAction) -> None:
        self._act(action, self.inputs.click(), Device.MOUSE)

    def _go_on(self) -> None:
        if self._paused:
            self.happened.emit(ev.Continue(self.inputs.click().at_ns))

    def _picker_clicked(self, outcome: PickerOutcome, event: QMouseEvent) -> None:
        stamp = self.inputs.click(event)
        if self.inputs.counts(stamp.at_ns):
            self._apply(outcome, stamp, Device.MOUSE)

    def _strip_clicked(self, class_id: int, event: QMouseEvent) -> None:
        stamp = self.inputs.click(event)
        if self.inputs.counts(stamp.at_ns):
            self._answer(class_id, stamp, Device.MOUSE)

    def _word_clicked(self, event: QMouseEvent) -> None:
        if self._card is not None and self._card.suggestion is not None:
            self._strip_clicked(self._card.suggestion, event)
