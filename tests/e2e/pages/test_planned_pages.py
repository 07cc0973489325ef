"""SIGKILL at pages that the program plans: no answer is lost or doubled, and the page on screen comes again."""

from __future__ import annotations

import random
import sqlite3
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from model.rounds.live_values import Likeliest
from model.rounds.predictions import Predictions, keep_predictions
from model.tiers import budgets_of
from studies.labeling.facts.goal import NO_GOAL
from studies.labeling.facts.records import LabelEvent, Purpose, Verb
from studies.labeling.rounds.conductor import Conductor
from studies.labeling.rounds.request import Folders
from studies.pages.marking import LOOKED_AFTER_NS
from tests.e2e.screen import GoneError, Program, Screen
from tests.studies.labeling.sample import MODEL, NAMES, create, open_project, result
from ui.answering.pages.cell_codes import cell_codes
from ui.labeling.project.files import work_folder
from ui.preferences import HOME_VARIABLE, Paths

pytestmark = pytest.mark.e2e

IMAGES, CLASSES, LIVES = 288, len(NAMES), 8
LABELED = CLASSES  # one of each class
ODD_EVERY = 25  # images of which the model is as sure as of the others, and wrong
LOOK_S = LOOKED_AFTER_NS / 1e9 + 0.05
SETTLE_S = 0.25


class Life(Enum):
    """When a life of the program ends."""

    MARKING = "between marks"
    MARKED = "between the last mark and Enter"
    CONFIRMING = "right after Enter"


@dataclass(frozen=True)
class Page:
    """A page that waits, as the project's file tells it."""

    number: int
    round: int
    items: tuple[int, ...]  # in their places
    suggestion: int

    @property
    def odd(self) -> list[int]:
        return [item for item in self.items if truth(item) != self.suggestion]


@dataclass
class Memory:
    """What the annotator saw acknowledged."""

    pages: dict[int, Page] = field(default_factory=dict)  # that were stored, by number
    left: Page | None = None  # on screen when the program was killed
    entered: bool = False  # and whether Enter was pressed on it
    again: int = 0  # pages that came again after a kill


def colour_of(item: int) -> tuple[int, int, int]:
    return 30 + item % 12 * 17, 30 + item // 12 % 12 * 17, 200 - 110 * (item // 144)


def truth(item: int) -> int:
    return (item + (item % ODD_EVERY == 0)) % CLASSES


def make_folder(folder: Path, home: Path) -> Path:
    """A project after a round of no image by itself; its model is sure of the class of each image."""
    for item in range(IMAGES):
        Image.new("RGB", (96, 72), colour_of(item)).save(folder / f"{item:03d}.png")
    file = folder / "planned.clarifier"
    create(file, IMAGES, 0, plant_rate=0.0).close()
    project = open_project(file)
    project.change_settings(project.settings.model_copy(update={"holdout": 0, "goal": NO_GOAL}))
    imported = [LabelEvent(0, item, Verb.LABEL, Purpose.IMPORT, truth(item)) for item in range(LABELED)]
    project.record(imported)
    work = work_folder(Paths.of_user({HOME_VARIABLE: str(home)}), project.head.uuid)
    leads = Conductor(project, Folders(work, home))
    labels = (np.arange(IMAGES)[:, None] + np.arange(CLASSES)) % CLASSES
    sure = np.tile(np.array([0.999, 0.001, 0.0], np.float32), (IMAGES, 1))
    likeliest = Likeliest(labels.astype(np.int32), sure)
    made = replace(result(project, 1, []), likeliest=likeliest)
    proposal = replace(leads.propose(), budgets=budgets_of(hard=IMAGES, intermediate=0, easy=0))
    leads.begin_round(leads.request(proposal), made)
    project.store.close()
    said = Predictions(MODEL.sha256, made.predicted, sure[:, 0], ((1,), (2,), (0,)), True, likeliest)
    keep_predictions(work, said)
    return file


class Annotator:
    """Sees pages by their images' colours, and marks and confirms them by keys."""

    def __init__(self, screen: Screen, program: Program, file: Path) -> None:
        self.screen, self.program = screen, program
        self._store = sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)

    def close(self) -> None:
        self._store.close()

    def query(self, sql: str, *values: object) -> list[tuple[int, ...]]:
        return self._store.execute(sql, values).fetchall()

    def waiting(self) -> Page | None:
        """The page that comes first of those that were made and not answered."""
        rows = self.query(
            "SELECT t.page, t.round, t.item, t.suggestion FROM tasks AS t WHERE t.page = (SELECT min(w.page) "
            "FROM tasks AS w WHERE w.round = (SELECT max(round) FROM rounds) AND NOT EXISTS (SELECT 1 "
            "FROM label_events AS e WHERE e.task_id = w.task_id)) ORDER BY t.task_id"
        )
        if not rows:
            return None
        number, round_, _, suggestion = rows[0]
        return Page(number, round_, tuple(item for _, _, item, _ in rows), suggestion)

    def stored(self, page: Page) -> dict[str, set[int]]:
        """The page's items by what was said of them."""
        said: dict[str, set[int]] = {}
        for verb, item in self.query(
            "SELECT e.verb, e.item FROM label_events AS e JOIN tasks AS t ON t.task_id = e.task_id WHERE t.page = ?",
            page.number,
        ):
            said.setdefault(str(verb), set()).add(item)
        return said

    def see(self) -> Page:
        """Wait for the page that comes first; returns it when all its images are seen, none of them marked."""
        self.program.until(lambda: self.waiting() is not None, "a page that is planned")
        page = self.waiting()
        assert page is not None
        eyes = self.screen.framebuffer
        self.program.until(
            lambda: all(eyes.middle_of(colour_of(item)) for item in page.items), f"page {page.number}"
        )
        time.sleep(SETTLE_S)  # seen and timed; sooner no key counts
        return page

    def mark(self, page: Page, items: list[int]) -> None:
        codes = cell_codes(len(page.items))
        for item in items:
            self.screen.key(codes[page.items.index(item)])
            self.program.until(
                lambda item=item: self.screen.framebuffer.middle_of(colour_of(item)) is None,  # type: ignore[misc]
                "a mark",
            )

    def confirm(self, page: Page) -> None:
        self.screen.key("Return")
        self.program.until(lambda: self.stored(page), f"the answer to page {page.number}")


def live(one: Annotator, life: Life, memory: Memory, chance: random.Random) -> None:
    """See the page of before again, answer some pages, and kill the program at the next one."""
    check(one, memory)
    for left in range(chance.randrange(2), -1, -1):
        page = one.see()
        assert page.number not in memory.pages, "a page whose answer was acknowledged came again"
        before, memory.left = memory.left, page
        if before is not None and before.round == page.round:
            assert page == before, "another page came"
            memory.again += 1
        memory.entered = False
        began, odd = time.monotonic(), page.odd
        if not left and life is Life.MARKING:
            right = [item for item in page.items if item not in odd]
            one.mark(page, chance.sample(right, chance.randint(1, 3)))
            one.program.kill()
        one.mark(page, odd)
        time.sleep(max(0.0, LOOK_S - (time.monotonic() - began)))
        if not left and life is Life.MARKED:
            one.program.kill()
        if not left:
            memory.entered = True
            one.screen.key("Return")
            time.sleep(chance.choice((0.0, 0.01, 0.03, 0.1)))
            one.program.kill()
        one.confirm(page)
        memory.pages[page.number], memory.left = page, None


def check(one: Annotator, memory: Memory) -> None:
    """Compare the file with what was acknowledged; the page that was entered last may have got through, whole."""
    left = memory.left
    if left is not None and (said := one.stored(left)):
        assert memory.entered, "a page was stored that nobody confirmed"
        assert set.union(*said.values()) == set(left.items), "half a page"
        memory.pages[left.number], memory.left = left, None
    for page in memory.pages.values():
        odd = set(page.odd)
        assert one.stored(page) == {"label": set(page.items) - odd, **({"release": odd} if odd else {})}
    answered = one.query(
        "SELECT DISTINCT t.page FROM label_events AS e JOIN tasks AS t ON t.task_id = e.task_id WHERE t.page >= 0"
    )
    assert {page for (page,) in answered} == memory.pages.keys()


def test_kills_at_planned_pages_lose_nothing(screen: Screen, tmp_path: Path) -> None:
    home = tmp_path / "home"
    file = make_folder(tmp_path, home)
    chance, memory = random.Random(13), Memory()
    screen.do("mousemove 1278 898")
    for number in range(LIVES + 1):
        with Program(screen, home, "label", file, "--annotator", "A1") as program:
            one = Annotator(screen, program, file)
            try:
                if number == LIVES:
                    check(one, memory)
                    one.see()
                    assert program.close_window() == 0
                    break
                live(one, list(Life)[number % len(Life)], memory, chance)
            except GoneError:
                assert not program.running, program.said
                assert "Traceback" not in program.said
            finally:
                one.close()
    assert memory.again >= 2 * LIVES // 3 - 1
    check_file(file)


def check_file(path: Path) -> None:
    """The file is sound, each task was answered once at most, and each image that was not marked has its label."""
    store = sqlite3.connect(path)
    try:
        assert store.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert store.execute("PRAGMA foreign_key_check").fetchall() == []
        tasks = Counter(
            task for (task,) in store.execute("SELECT task_id FROM label_events WHERE task_id >= 0")
        )
        assert set(tasks.values()) == {1}
        actions = sorted({action for (action,) in store.execute("SELECT action FROM label_events")})
        assert actions == list(range(len(actions)))
        labels = store.execute("SELECT item, label FROM labels WHERE purpose = 'page'").fetchall()
        assert {str(name): NAMES[truth(int(name[:3]))] for name, _ in labels} == dict(labels)
        assert len(labels) > LIVES // 3 * 16
    finally:
        store.close()
