"""How far work is, on one line of the terminal."""

from __future__ import annotations

import sys
import time
from collections import deque

from studies.numerals import duration_text

_REDRAW_S = 0.5
_WINDOW = 40  # steps by which the speed is judged


class ProgressLine:
    """A port that writes how far it is, and how long it will take, on one line."""

    def __init__(self) -> None:
        self._steps: deque[tuple[float, int]] = deque(maxlen=_WINDOW)
        self._drawn = 0.0
        self._width = 0
        self._live = sys.stderr is not None and sys.stderr.isatty()  # a bundle of Windows has none
        self._last = ""

    def __enter__(self) -> ProgressLine:
        return self

    def __exit__(self, *_: object) -> None:
        if self._live and self._width:
            print(file=sys.stderr)

    def progress(self, done: int, total: int, text: str) -> None:
        """Write it, unless it was written just now."""
        now = time.monotonic()
        if not self._steps or self._steps[-1][1] != done:
            if self._steps and done < self._steps[-1][1]:
                self._steps.clear()  # another piece of work
            self._steps.append((now, done))
        if now - self._drawn < _REDRAW_S and done < total:
            return
        self._drawn = now
        share = f" {done / total:4.0%}" if total else ""
        self._write(f"{text},{share}{self._time_left(total)}" if share else text)

    def cancelled(self) -> bool:
        """Never: Ctrl+C is an exception here."""
        return False

    def _time_left(self, total: int) -> str:
        (first, before), (last, done) = self._steps[0], self._steps[-1]
        if done <= before or last <= first or done >= total:
            return ""
        return f", {duration_text((total - done) * (last - first) / (done - before))} left"

    def _write(self, text: str) -> None:
        if self._live:
            print("\r" + text.ljust(self._width), end="", file=sys.stderr, flush=True)
            self._width = len(text)
        elif text != self._last:
            print(text, file=sys.stderr, flush=True)
        self._last = text
