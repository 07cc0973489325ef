"""SIGKILL at random moments over a whole project: no answered label is missing or double, no learner stays behind."""

from __future__ import annotations

import contextlib
import random
import sqlite3
import threading
import time
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

import pytest

from model.tiers import Tier, budgets_of
from studies.labeling.facts.settings import BudgetMode, Budgets, Learner, ProjectSettings
from tests.e2e.annotator import SETTLE_S, Annotator, Folder, make_folder
from tests.e2e.screen import GoneError, Program, Screen

pytestmark = pytest.mark.e2e

LIVES = 20
IMAGES = 320
SETTINGS = ProjectSettings(
    budgets=Budgets(mode=BudgetMode.FIXED, images=budgets_of(hard=10, intermediate=10, easy=20)),
    learner=Learner(strategies={Tier.EASY: "highest-confidence"}),
    seed_labels=20,
    holdout=20,
    plant_rate=0,
)
LONG_S = 300.0  # what the learner may take on a busy machine
STANDING = """
    SELECT i.name AS image, c.name FROM label_events AS e
    JOIN items AS i ON i.item = e.item JOIN classes AS c ON c.class_id = e.class_id
    WHERE e.verb = 'label' AND NOT EXISTS (SELECT 1 FROM label_events AS u WHERE u.undoes = e.action)"""


class Life(Enum):
    """When a life of the program ends."""

    STARTING = "while it starts"
    LABELING = "while images are labeled"
    TRAINING = "just after an epoch"
    ROUND = "just after a round began"


def kind_of(life: int) -> Life:
    long = {3: Life.TRAINING, 7: Life.ROUND, 13: Life.ROUND}
    return long.get(life, Life.STARTING if life % 10 == 9 else Life.LABELING)


@dataclass
class Memory:
    """What the annotator saw acknowledged: the next image came."""

    labels: dict[str, str] = field(default_factory=dict)
    pressed: tuple[str, str] | None = None  # image and class of a key whose image was still there
    undoing: str | None = None  # the image whose label was being taken back
    on_screen: str | None = None
    at_work: int = 0  # kills that came while the learner computed
    first_seen: int = 0  # lives whose first image was seen


class Killer:
    """Kills the program at a moment of its own, whatever the annotator is doing then."""

    def __init__(self, program: Program, home: Path) -> None:
        self._program, self._home = program, home
        self._timer: threading.Timer | None = None
        self.children: list[int] = []

    def after(self, seconds: float) -> None:
        if self._timer is None:
            self._timer = threading.Timer(seconds, self._kill)
            self._timer.start()

    def join(self) -> bool:
        """Wait for the kill; whether there was to be one."""
        if self._timer is None:
            return False
        self._timer.join()
        return True

    def _kill(self) -> None:
        self.children = [child for child, parent in learners(self._home) if parent == self._program.pid]
        self._program.kill()


def learners(home: Path) -> list[tuple[int, int]]:
    """The processes of learners that work below a folder, each with its parent."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            words = (process / "cmdline").read_bytes().split(b"\0")
            if b"studies.labeling.rounds.learner_child" in words and any(
                str(home).encode() in w for w in words
            ):
                parent = (process / "stat").read_text().rpartition(")")[2].split()[1]
                found.append((int(process.name), int(parent)))
    return found


class Player:
    """Labels at a high rate in one life of the program, now and then taking the last label back."""

    def __init__(self, annotator: Annotator, folder: Folder, memory: Memory, chance: random.Random) -> None:
        self.one, self.folder, self.memory, self.chance = annotator, folder, memory, chance
        self._since_undo = 0

    def over(self) -> bool:
        return self.one.number(f"SELECT count(DISTINCT image) FROM ({STANDING})") == IMAGES

    def first(self) -> None:
        memory = self.memory
        image, _ = self.one.next_image(None)
        check(self.one, memory)
        left_at = memory.on_screen
        certain = memory.pressed is None and memory.undoing is None
        # A ranking that a newer one replaced is not gone on with.
        if left_at is not None and certain and self.one.asked(left_at).purpose != "ahead":
            assert image == left_at, "the project went on with another image"
        memory.pressed = memory.undoing = None
        memory.on_screen = image
        memory.first_seen += 1

    def step(self) -> bool:
        """Answer the image on the screen, or take the last label back; whether there is more to do."""
        memory, image = self.memory, self.memory.on_screen
        assert image is not None
        time.sleep(SETTLE_S)
        if self._since_undo > 2 and self.chance.random() < 0.04:
            return self._take_back(image)
        self._since_undo += 1
        truth = self.folder.classes[image]
        accept = self.one.asked(image).suggestion == truth
        memory.pressed = (image, truth)
        self.one.screen.key("Return" if accept else truth)
        following, _ = self.one.next_image(image, over=self.over)
        assert image not in memory.labels, "an acknowledged image came again"
        memory.labels[image] = truth
        memory.pressed, memory.on_screen = None, following
        return following is not None

    def _take_back(self, image: str) -> bool:
        memory = self.memory
        memory.undoing = list(memory.labels)[-1]
        self.one.screen.key("ctrl+z")
        before, _ = self.one.next_image(image)
        assert before == memory.undoing
        del memory.labels[before]
        memory.undoing, memory.on_screen = None, before
        self._since_undo = 0
        return True


def check(annotator: Annotator, memory: Memory) -> None:
    """Compare the file with what was acknowledged; what was pressed last may have got through or not."""
    rows = annotator.query(STANDING)
    stored = {str(image): str(label) for image, label in rows}
    assert len(rows) == len(stored), "an image has two labels"
    if memory.pressed is not None:
        image, label = memory.pressed
        if image in stored:
            memory.labels[image] = label
    if memory.undoing is not None and memory.undoing not in stored:
        del memory.labels[memory.undoing]
    assert stored == memory.labels


def play(annotator: Annotator, life: Life, player: Player, killer: Killer, training: Path) -> None:
    """Label until the program is gone; the killer is told when."""
    chance, rounds = player.chance, annotator.round
    slow = life in (Life.TRAINING, Life.ROUND)
    if not slow:
        killer.after(chance.uniform(0.05, 0.9))
    end, epoch = time.monotonic() + LONG_S, saved(training)
    while True:
        if life is Life.TRAINING and saved(training) > epoch:
            killer.after(0)
        if life is Life.ROUND and annotator.round > rounds:
            killer.after(chance.uniform(0, 0.3))
        assert time.monotonic() < end, f"the learner took more than {LONG_S} s"
        assert player.step(), "all images were answered before the last kill"
        if slow:
            time.sleep(0.3)


def saved(training: Path) -> int:
    """When the state of a training was written last, in ns; 0: never."""
    found = list(training.glob("*/training.pt"))
    return max((file.stat().st_mtime_ns for file in found), default=0)


def test_kills_lose_nothing(screen: Screen, tmp_path: Path) -> None:
    folder, home = make_folder(tmp_path, IMAGES, SETTINGS), tmp_path / "home"
    chance, memory = random.Random(50), Memory()
    training = home / "cache" / "projects"
    for number in range(LIVES):
        life = kind_of(number)
        with Program(screen, home, *folder.run()) as program:
            annotator, killer = Annotator(screen, program, folder), Killer(program, home)
            player = Player(annotator, folder, memory, chance)
            try:
                if life is Life.STARTING:
                    killer.after(chance.uniform(0.1, 1.0))
                player.first()
                play(annotator, life, player, killer, training)
            except GoneError:
                if not killer.join():
                    raise
                assert not program.running, program.said
                assert "Traceback" not in program.said
            finally:
                killer.join()
                annotator.close()
        memory.at_work += bool(killer.children) and life is not Life.ROUND
    assert memory.at_work >= LIVES // 5
    assert memory.first_seen >= LIVES * 3 // 4

    with Program(screen, home, *folder.run()) as program:
        annotator = Annotator(screen, program, folder)
        player = Player(annotator, folder, memory, chance)
        try:
            player.first()
            while player.step():
                pass
            check(annotator, memory)
            assert annotator.round >= 2
            assert program.close_window() == 0
        finally:
            annotator.close()
        assert program.said == ""
    check_file(folder, home)


def check_file(folder: Folder, home: Path) -> None:
    """The file is sound, each task was answered once at most, and nothing of the program is left."""
    connection = sqlite3.connect(folder.project)
    try:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert dict(connection.execute("SELECT item, label FROM labels")) == folder.classes
        twice = connection.execute(f"SELECT image FROM ({STANDING}) GROUP BY 1 HAVING count(*) > 1")
        assert twice.fetchall() == []
        actions = [action for (action,) in connection.execute("SELECT action FROM label_events ORDER BY seq")]
        assert actions == list(range(len(actions)))
    finally:
        connection.close()
    end = time.monotonic() + 10
    while learners(home):
        assert time.monotonic() < end, "a learner outlived the program"
        time.sleep(0.05)
