"""An annotator outside the program: sees the screen's pixels, reads the project's file, and answers by real keys."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from model.datasets.base import Source
from model.port import NullPort
from studies.answers import SEEN_AFTER_NS
from studies.labeling.facts.settings import ProjectSettings
from studies.labeling.project.creation import Draft, create
from tests.e2e.eyes import Box, Digits, find_box, write_digits
from tests.e2e.screen import PATIENCE_S, Program, Screen

SETTLE_S = 0.03  # from the image on the screen to the first key: its onset is past then
_SEARCH_S = 0.04  # between two looks at the whole screen, which take 15 ms of a core
_AGAIN_S = 0.001  # between two looks that must agree: the first may have come while the screen was painted


@dataclass(frozen=True)
class Folder:
    """A folder of digits with the project that is made of it."""

    images: Path
    project: Path
    classes: dict[str, str]  # by the image's path in the folder
    digits: Digits

    def run(self) -> tuple[str | Path, ...]:
        """The arguments that start the program on it."""
        return "label", self.images, "--project", self.project, "--annotator", "A1"


def make_folder(place: Path, count: int, settings: ProjectSettings) -> Folder:
    """Write digits and make a project of them."""
    images, project = place / "digits", place / "digits.clarifier"
    classes = write_digits(images, count)
    draft = Draft(Source("folder", images), tuple("0123456789"), settings)
    create(project, draft, place, "0", NullPort()).close()
    return Folder(images, project, classes, Digits.of(images, tuple(sorted(classes))))


@dataclass(frozen=True)
class Asked:
    """What the file says of an image that was on the screen."""

    task_id: int
    purpose: str
    round: int
    tier: str | None
    suggestion: str | None


class Annotator:
    """One sitting at the program's window. Close it before the program's file is taken away."""

    def __init__(self, screen: Screen, program: Program, folder: Folder) -> None:
        self.screen = screen
        self.program = program
        self._folder = folder
        self._box: Box | None = None
        self._searched = 0.0
        screen.do("mousemove 1278 898")  # the pointer would be in the way
        self._connection = sqlite3.connect(f"{folder.project.as_uri()}?mode=ro", uri=True)

    def close(self) -> None:
        self._connection.close()

    def query(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        return self._connection.execute(sql, values).fetchall()

    def number(self, sql: str, *values: object) -> int:
        """The single number that a query gives."""
        found = self.query(sql, *values)[0][0]
        assert isinstance(found, int)
        return found

    @property
    def round(self) -> int:
        return self.number("SELECT coalesce(max(round), 0) FROM rounds")

    def look(self) -> str | None:
        """The image on the screen; ``None`` where there is none."""
        eyes, digits = self.screen.framebuffer, self._folder.digits
        seen = None if self._box is None else digits.seen(eyes, self._box)
        if seen is None and time.monotonic() > self._searched + _SEARCH_S:
            self._box = find_box(eyes)  # the window may have come just now
            self._searched = time.monotonic()
            seen = None if self._box is None else digits.seen(eyes, self._box)
        return seen

    def next_image(
        self, after: str | None, patience_s: float = PATIENCE_S, over: Callable[[], bool] = lambda: False
    ) -> tuple[str | None, int]:
        """Wait for an image other than ``after``; returns it and when it was seen, or nothing where all is ``over``."""
        found: list[tuple[str | None, int]] = []

        def there() -> bool:
            image, at_ns = self.look(), time.perf_counter_ns()
            if image is not None and image != after:
                time.sleep(_AGAIN_S)
                if self.look() == image:
                    found.append((image, at_ns))
            elif image is None and over():
                found.append((None, at_ns))
            return bool(found)

        self.program.until(there, f"an image after {after}", patience_s, self._last)
        time.sleep(SEEN_AFTER_NS / 1e9)  # before that no key counts
        return found[0]

    def asked(self, image: str) -> Asked:
        """The latest task about an image."""
        row = self.query(
            "SELECT t.task_id, t.purpose, t.round, t.tier, c.name FROM tasks AS t "
            "JOIN items AS i ON i.item = t.item LEFT JOIN classes AS c ON c.class_id = t.suggestion "
            "WHERE i.name = ? ORDER BY t.task_id DESC LIMIT 1",
            image,
        )[0]
        return Asked(*row)  # type: ignore[arg-type]

    def waiting(self) -> int:
        """How many images of the rounds' queues wait for an answer."""
        return self.number(
            "SELECT count(*) FROM tasks AS t WHERE t.purpose = 'queue' AND NOT EXISTS "
            "(SELECT 1 FROM states WHERE states.item = t.item)"
        )

    def _last(self) -> object:
        image = self.look()
        tasks = self.query(
            "SELECT t.task_id, t.purpose, t.round, t.suggestion FROM tasks AS t JOIN items AS i ON i.item = t.item "
            "WHERE i.name = ?",
            image,
        )
        events = self.query(
            "SELECT e.seq, i.name, e.verb, e.purpose, e.class_id, e.suggestion, e.task_id, e.undoes, e.onset_ns, "
            "e.response_ns FROM label_events AS e JOIN items AS i ON i.item = e.item ORDER BY e.seq DESC LIMIT 4"
        )
        return image, tasks, events, f"round {self.round}, {self.waiting()} of its queue"
