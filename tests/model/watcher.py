"""A port that remembers what it was told, and whose caller may give up."""

from __future__ import annotations


class Watcher:
    """Cancelled once it was told of progress ``stop_after`` times."""

    def __init__(self, stop_after: int = 10**9) -> None:
        self.told: list[tuple[int, int, str]] = []
        self._stop_after = stop_after

    def progress(self, done: int, total: int, text: str) -> None:
        self.told.append((done, total, text))

    def cancelled(self) -> bool:
        return len(self.told) >= self._stop_after
