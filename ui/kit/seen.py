"""Whether a page has been on screen long enough that who presses a key or button there can have seen it."""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget


class Seen(QObject):
    """Watches a page come on screen.

    A press sooner than ``after_ns`` was meant for the page before, as the second half of a double click is.
    """

    after_ns = 500_000_000

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self._since_ns = time.perf_counter_ns()
        page.installEventFilter(self)

    def begin(self) -> None:
        """The page says something else from now on."""
        self._since_ns = time.perf_counter_ns()

    def takes(self, at_ns: int | None = None) -> bool:
        """Whether a press at ``at_ns``, or now, can be about what the page says."""
        return (time.perf_counter_ns() if at_ns is None else at_ns) >= self._since_ns + self.after_ns

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note when the page comes on screen."""
        if event.type() is QEvent.Type.Show:
            self.begin()
        return super().eventFilter(watched, event)
