"""A participant outside the program: sees the session by reading its file, and answers by real keys."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from studies.answers import SEEN_AFTER_NS
from studies.timing.facts.records import EventKind, PlannedTrial
from studies.timing.file.store import Store, StoreError
from tests.e2e.screen import PATIENCE_S, GoneError, Program, Screen

_LOOK_EVERY_S = 0.003


@dataclass(frozen=True)
class Seen:
    """One row of ``events`` or of ``responses`` (kind ``answered``), in the order of the file."""

    seq: int
    kind: str
    position: int | None
    at_ns: int
    detail: str


class Participant:
    """Reads one session's file beside the program that writes it."""

    def __init__(self, screen: Screen, program: Program, path: Path) -> None:
        self.screen = screen
        self._program = program
        self._path = path
        self._store: Store | None = None
        self._session: str | None = None
        self.trials: tuple[PlannedTrial, ...] = ()

    def close(self) -> None:
        if self._store is not None:
            self._store.close()
            self._store = None

    def wait_for_session(self) -> None:
        """Until the session and its trial list are stored."""
        self.until(self.has_session, "a session in the file")

    def events(self, kind: EventKind | None = None) -> list[Seen]:
        assert self._store is not None
        rows = self._store.query(
            "SELECT seq, kind, position, at_ns, detail FROM events WHERE session_id = ? ORDER BY seq",
            (self._session,),
        )
        return [Seen(*row) for row in rows if kind is None or row[1] == kind.value]

    def answers(self) -> dict[int, str]:
        """Stored answers by position."""
        assert self._store is not None
        rows = self._store.query(
            "SELECT position, answer FROM responses WHERE session_id = ?", (self._session,)
        )
        return dict(rows)

    def until(self, condition: Callable[[], object], what: str, patience_s: float = PATIENCE_S) -> None:
        """Look until the condition holds; raises ``GoneError`` where it never does."""
        self._program.until(condition, what, patience_s, self._last)

    def wait_for(self, kind: EventKind, count: int, patience_s: float = PATIENCE_S) -> Seen:
        """Until the session has ``count`` events of a kind; returns the last of them."""
        self.until(lambda: len(self.events(kind)) >= count, f"{kind.value} number {count}", patience_s)
        return self.events(kind)[count - 1]

    def press_until(self, key: str, condition: Callable[[], object], what: str) -> None:
        """Press a key on a page of words until it is taken; a page ignores keys from before it was there."""
        end = time.monotonic() + PATIENCE_S
        while not condition():
            self.screen.key(key)
            again = time.monotonic() + 0.5
            while not condition() and time.monotonic() < again:
                if not self._program.running:
                    raise GoneError(f"the program ended before {what}: {self._program.said}")
                time.sleep(_LOOK_EVERY_S)
            if time.monotonic() > end:
                raise GoneError(
                    f"{key} did not lead to {what}; the last was {self._last()}: {self._program.said}"
                )

    def wait_for_answer(self, position: int) -> None:
        """Until the answer to a trial is stored."""
        self.until(lambda: position in self.answers(), f"the answer to trial {position}")

    def turn_page(self, kind: EventKind, key: str = "Return") -> None:
        """Go on from a page of words whose leaving is stored as ``kind``."""
        before = len(self.events(kind))
        self.press_until(key, lambda: len(self.events(kind)) > before, kind.value)

    def next_image(self) -> tuple[PlannedTrial, int]:
        """Wait until the presentation after those seen so far is seen; returns the trial and its onset in ns."""
        shown = self.wait_for(EventKind.PRESENTED, self._presented + 1)
        self._presented += 1
        self.see(shown)
        assert shown.position is not None
        return self.trials[shown.position], shown.at_ns

    def see(self, shown: Seen) -> None:
        """Look at an image as long as it takes until any key counts."""
        time.sleep(max(0.0, (shown.at_ns + SEEN_AFTER_NS - time.perf_counter_ns()) / 1e9) + 0.005)

    def skip_seen(self) -> None:
        """Count what is stored already as seen."""
        self._presented = len(self.events(EventKind.PRESENTED))

    _presented = 0

    def has_session(self) -> bool:
        """Whether the session and its trial list are stored."""
        if not self._path.exists():
            return False
        try:
            if self._store is None:
                self._store = Store.open(self._path, writable=False)
            sessions = self._store.sessions()
        except StoreError:
            return False  # the file is just being made
        if not sessions:
            return False
        self._session = sessions[-1].session_id
        self.trials = self._store.planned_trials(self._session)
        return True

    def _last(self) -> object:
        if self._session is None:
            return "no session"
        events = self.events()
        return events[-1] if events else "nothing"


def sleep_until(at_ns: int) -> None:
    """Sleep until a moment on the clock of ``time.perf_counter_ns()``."""
    while (left := at_ns - time.perf_counter_ns()) > 0:
        time.sleep(left / 1e9)


def keys_of(text: str) -> list[str]:
    """xdotool's names of the keys that type a text of letters, digits and spaces."""
    return ["space" if letter == " " else letter for letter in text]
