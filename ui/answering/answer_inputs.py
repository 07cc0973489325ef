"""The inputs of a page that is answered on: when they happened, and whether they count."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject
from PySide6.QtGui import QInputEvent, QKeyEvent

from studies.answers import Device, OnScreen, StampSource, counts
from ui.answering.stall_meter import StallMeter
from ui.answering.stamps import EventClock, HeldKeys, Stamp


class AnswerInputs:
    """Stamps events, and says which of them count.

    An input counts if it is a press or click of its own, no repeat of a held key, and if a stimulus was on screen at
    its stamp (:func:`studies.answers.counts`). The page asks before it changes anything; the study's and the project's
    state machines ask the same rule of what the page sends them.
    """

    def __init__(self, parent: QObject) -> None:
        self.clock = EventClock()
        self.held = HeldKeys()
        self._stalls = StallMeter(parent)
        self._on_screen: OnScreen | None = None

    def begin(self, onset_ns: int) -> None:
        """A stimulus is on screen since ``onset_ns``."""
        self._on_screen = OnScreen(onset_ns)
        self._stalls.start()

    def end(self) -> None:
        """Nothing is on screen that can be answered."""
        self._on_screen = None
        self._stalls.stop()

    def stamp(self, event: QInputEvent) -> Stamp:
        """The stamp of a click. Every event is stamped, in order: the clock learns from each."""
        return self.clock.stamp(event.timestamp(), time.perf_counter_ns())

    def now(self) -> Stamp:
        """The stamp of an event that has none of its own, as the click of a button."""
        return self.clock.stamp(0, time.perf_counter_ns())

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
        return counts(self._on_screen, at_ns)

    def decide(self, stamp: Stamp, device: Device) -> tuple[int, int, StampSource, Device, int]:
        """The fields of a :class:`studies.answers.Decision` by this input; ends the measuring of stalls."""
        return stamp.at_ns, stamp.handler_ns, stamp.source, device, self._stalls.stop()
