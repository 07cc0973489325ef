"""Tells on the terminal how far long work of a benchmark is."""

from __future__ import annotations

import sys
import time

_GAP_S = 5.0


class TerminalPort:
    """Writes the progress to the terminal every few seconds; never cancels."""

    def __init__(self) -> None:
        self._told = time.monotonic()

    def progress(self, done: int, total: int, text: str) -> None:
        """Tell, if it is time."""
        if time.monotonic() - self._told >= _GAP_S:
            self._told = time.monotonic()
            print(f"{text} ({100 * done // max(total, 1)} %)", file=sys.stderr, flush=True)

    def cancelled(self) -> bool:
        """Return ``False``."""
        return False
