"""Stamps of inputs and onsets on the clock of ``time.perf_counter_ns()``."""

from __future__ import annotations

import sys
from collections import deque
from dataclasses import dataclass

from studies.answers import StampSource

_MS = 1_000_000
_HALF_MS = _MS // 2  # platforms cut stamps off to whole milliseconds
_SAME_CLOCK_NS = 2_000 * _MS


@dataclass(frozen=True)
class Stamp:
    """When an input happened, by the event's own stamp (``at_ns``) and when the program took it."""

    at_ns: int
    handler_ns: int
    source: StampSource


class EventClock:
    """Turns an event's stamp in whole ms into ns.

    X11, Wayland and macOS stamp events on the monotonic clock. A stamp on another clock is mapped by the
    smallest delay seen so far. Windows' stamps step by up to 16 ms, coarser than taking the event
    late: there, and for events without a stamp, the handler's time is used.
    """

    def __init__(self, trust_stamps: bool = sys.platform != "win32") -> None:
        self._trust = trust_stamps
        self._offset_ns: int | None = None

    def stamp(self, timestamp_ms: int, now_ns: int) -> Stamp:
        """The stamp of an event taken at ``now_ns``; feed every event, releases too, in order."""
        if not self._trust or timestamp_ms <= 0:
            return Stamp(now_ns, now_ns, StampSource.HANDLER)
        event_ns = timestamp_ms * _MS
        delay = now_ns - event_ns
        if -_MS <= delay < _SAME_CLOCK_NS:
            return Stamp(min(event_ns + _HALF_MS, now_ns), now_ns, StampSource.MONOTONIC)
        if self._offset_ns is None or delay < self._offset_ns:
            self._offset_ns = delay
        return Stamp(min(event_ns + self._offset_ns + _HALF_MS, now_ns), now_ns, StampSource.CALIBRATED)


class HeldKeys:
    """Tells a fresh press from the repeats of a held key, where Qt's own mark cannot be relied on.

    X11 repeats a held key as a release and a press of one time stamp. Qt marks them only if both have arrived when
    it takes the release, which often is not so.
    """

    def __init__(self) -> None:
        self._released: dict[int, int] = {}

    def release(self, key: int, timestamp_ms: int) -> None:
        """Note a release, marked as a repeat or not."""
        self._released[key] = timestamp_ms

    def is_fresh(self, key: int, timestamp_ms: int, marked: bool) -> bool:
        """Whether a press is one of its own; ``marked``: what Qt says of it."""
        return not marked and not (timestamp_ms > 0 and self._released.get(key) == timestamp_ms)


@dataclass(frozen=True)
class Frame:
    """When a stimulus came on screen, in ns: the onset that counts, and the two raw times it is derived from."""

    onset_ns: int
    painted_ns: int  # the program had painted it
    drawn_ns: int  # the program knew that the window system had drawn it


_FRAMES = 32  # presentations by which the usual time of drawing is known; a resized window changes it
# Measured on X11: drawing takes 0.3 ms in the median and 0.5 ms in 95 %. What is known later than this after the
# shortest seen was more likely heard of late than drawn late.
_SPREAD_NS = _HALF_MS


class FrameClock:
    """Says when a frame was on screen, from when the program painted it and when it knew it drawn.

    The window system draws by itself and takes nearly the same time for each frame. But the program may hear of
    it late: beside two busy Python threads it waits for the interpreter, 2 ms on average. So the onset is when
    the frame was known drawn, but no later after the painting than drawing usually takes.
    """

    def __init__(self) -> None:
        self._took_ns: deque[int] = deque(maxlen=_FRAMES)

    def frame(self, painted_ns: int, drawn_ns: int) -> Frame:
        """The onset of a frame painted until ``painted_ns`` and known to be drawn at ``drawn_ns``."""
        self._took_ns.append(drawn_ns - painted_ns)
        onset_ns = min(drawn_ns, painted_ns + min(self._took_ns) + _SPREAD_NS)
        return Frame(onset_ns, painted_ns, drawn_ns)
