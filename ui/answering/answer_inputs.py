"""The inputs of a page that is answered on: when they happened, and whether they count."""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QInputEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from studies.answers import SEEN_AFTER_NS, Device, OnScreen, StampSource, counts
from ui.answering.stall_meter import StallMeter
from ui.answering.stamps import EventClock, HeldKeys, Stamp

_PRESSED = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick)


class _Presses(QObject):
    """Sees the mouse buttons go down in the widgets that it filters, before the widgets do."""

    def __init__(self, inputs: AnswerInputs, parent: QObject) -> None:
        super().__init__(parent)
        self._inputs = inputs
        self.last: Stamp | None = None  # of the press that no click has taken yet
        self.is_second = False  # the last press was the second half of a double click

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QMouseEvent) and event.type() in _PRESSED:
            self.last = self._inputs.stamp(event)
            self.is_second = event.type() is QEvent.Type.MouseButtonDblClick
        return super().eventFilter(watched, event)


class AnswerInputs:
    """Stamps events, and says which of them count.

    An input counts if it is a press or click of its own, no repeat of a held key, and if a stimulus was on screen at
    its stamp (:func:`studies.answers.counts`) for as long as a person needs to see it (``seen_after_ns``): the second
    half of a double click, or a key that bounces, was meant for the image before. The page asks before it changes
    anything; the study's and the project's state machines ask the first rule of what the page sends them.
    """

    seen_after_ns = SEEN_AFTER_NS
    noticed_after_ns = 1_000_000_000  # a key on its way is no longer meant for what stood there before

    def __init__(self, parent: QObject) -> None:
        self.clock = EventClock()
        self.held = HeldKeys()
        self._stalls = StallMeter(parent)
        self._presses = _Presses(self, parent)
        self._on_screen: OnScreen | None = None
        self._by_itself = False

    def begin(self, onset_ns: int, by_itself: bool = False) -> None:
        """A stimulus is on screen since ``onset_ns``.

        ``by_itself``: nobody's key brought it, so a person may be about to press one for what stood there before.
        """
        self._by_itself = by_itself
        self._on_screen = OnScreen(onset_ns)
        self._stalls.start()

    def end(self) -> None:
        """Nothing is on screen that can be answered."""
        self._on_screen = None
        self._stalls.stop()

    def stamp(self, event: QInputEvent) -> Stamp:
        """The stamp of an event. Every event is stamped, in order: the clock learns from each."""
        return self.clock.stamp(event.timestamp(), time.perf_counter_ns())

    def watch(self, widget: QWidget) -> None:
        """Time the clicks on a widget, and on those within it, by their presses."""
        for part in (widget, *widget.findChildren(QWidget)):
            part.installEventFilter(self._presses)

    def click(self, event: QMouseEvent | None = None) -> Stamp:
        """The stamp of a click: of its press, as of a key's. What it means is known when the button goes up.

        Without an ``event``: of a button, which does not tell it.
        """
        timestamp_ms = 0 if event is None else event.timestamp()
        released = self.clock.stamp(timestamp_ms, time.perf_counter_ns())
        pressed, self._presses.last = self._presses.last, None
        return pressed or released

    def is_second_click(self) -> bool:
        """Whether the click under way is the second half of a double click, which was meant as one."""
        return self._presses.is_second

    def press(self, event: QKeyEvent) -> Stamp | None:
        """The stamp of a key press; ``None`` for the repeat of a held key, which is no input."""
        stamp = self.stamp(event)
        fresh = self.held.is_fresh(event.key(), event.timestamp(), event.isAutoRepeat())
        return stamp if fresh else None

    def release(self, event: QKeyEvent) -> None:
        """Note the release of a key."""
        self.stamp(event)
        self.held.release(event.key(), event.timestamp())

    def counts(self, at_ns: int) -> bool:
        """Whether an input about the image on screen counts that happened at ``at_ns``."""
        after_ns = self.noticed_after_ns if self._by_itself else self.seen_after_ns
        return counts(self._on_screen, at_ns - after_ns)

    def is_early(self, at_ns: int) -> bool:
        """Whether an input came after the image, but sooner than anybody can have seen it."""
        return counts(self._on_screen, at_ns) and not self.counts(at_ns)

    def decide(self, stamp: Stamp, device: Device) -> tuple[int, int, StampSource, Device, int]:
        """The fields of a :class:`studies.answers.Decision` by this input; ends the measuring of stalls."""
        return stamp.at_ns, stamp.handler_ns, stamp.source, device, self._stalls.stop()
