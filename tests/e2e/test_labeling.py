"""Two rounds of a project in the real window, cut short by SIGKILL: the exported labels are the pressed keys."""

from __future__ import annotations

import csv
import sqlite3
import statistics
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from model.tiers import Tier, budgets_of
from studies.labeling.facts.settings import BudgetMode, Budgets, Learner, ProjectSettings
from tests.e2e.annotator import Annotator, Asked, Folder, make_folder
from tests.e2e.participant import sleep_until
from tests.e2e.screen import REPO, Program, Screen, command

pytestmark = pytest.mark.e2e

IMAGES = 300
SETTINGS = ProjectSettings(
    budgets=Budgets(mode=BudgetMode.FIXED, images=budgets_of(hard=8, intermediate=8, easy=12)),
    learner=Learner(strategies={Tier.EASY: "highest-confidence"}),
    seed_labels=15,
    holdout=12,
    plant_rate=0.1,
)
ROUND_S = 300.0  # how long the learner may take on a busy machine
WITHIN_S = 0.020  # in the median; no benchmark: what a busy machine reaches too
CLOCK_NS = 1_000_000  # stamps of keys are whole ms; an onset may be given 0.5 ms after the image is seen
REMARKS = {"F2": "skip", "F3": "none", "F4": "several"}


@dataclass(frozen=True)
class Said:
    """What the annotator answered to an image, and when."""

    image: str
    asked: Asked
    label: str  # empty for a remark
    remark: str
    seen_ns: int
    pressed_ns: int
    next_ns: int  # the next image was seen
    sitting: int
    flagged: bool = False


@dataclass
class Diary:
    """What the annotator remembers; ``said`` is what stands, the latest last."""

    said: list[Said] = field(default_factory=list)
    taken_back: list[Said] = field(default_factory=list)
    sitting: int = 1

    @property
    def verified(self) -> int:
        return sum(one.asked.suggestion == one.label for one in self.said)

    @property
    def corrected(self) -> int:
        return sum(one.asked.suggestion not in (None, one.label) for one in self.said if one.label)


class Sitting:
    """Answers image after image until it is told to stop."""

    def __init__(self, annotator: Annotator, folder: Folder, diary: Diary) -> None:
        self.one, self.folder, self.diary = annotator, folder, diary
        self.image, self.seen_ns = annotator.next_image(None)

    def answer(self, key: str | None = None, flag: bool = False) -> None:
        """Answer the image on the screen, by default with the truth, and wait for the next one."""
        one, image = self.one, self.image
        assert image is not None
        asked = one.asked(image)
        truth = self.folder.classes[image]
        key = key or ("Return" if asked.suggestion == truth else truth)
        label = "" if key in REMARKS else truth if key == "Return" else key
        verify = asked.suggestion == label
        sleep_until(self.seen_ns + (150_000_000 if verify else 220_000_000))
        if flag:
            one.screen.key("F8")
        pressed_ns = one.screen.key(key)
        seen_ns = self.seen_ns
        self.image, self.seen_ns = one.next_image(image)
        times = (seen_ns, pressed_ns, self.seen_ns)
        self.diary.said.append(
            Said(image, asked, label, REMARKS.get(key, ""), *times, self.diary.sitting, flag)
        )

    def take_back(self) -> None:
        """Undo the last answer; its image comes again."""
        last = self.diary.said.pop()
        self.one.screen.key("ctrl+z")
        image, self.seen_ns = self.one.next_image(self.image)
        assert image == last.image
        self.image = image
        self.diary.taken_back.append(last)

    def until_round(self, number: int) -> None:
        """Label on, slowly where a round's queue is used up, until a round has begun."""
        end = time.monotonic() + ROUND_S
        while self.one.round < number:
            assert time.monotonic() < end, f"round {number} did not begin within {ROUND_S} s"
            self.answer()
            if self.one.round < number and not self.one.waiting() and len(self.diary.said) > 30:
                time.sleep(1.0)

    def finish_round(self) -> None:
        """Answer what is left of the round's queue."""
        while self.one.waiting():
            self.answer()


def first_sitting(sitting: Sitting) -> None:
    """The first round, with remarks, a wrong answer, undoings and a flag; then into the second."""
    sitting.answer()
    sitting.answer("F2")
    sitting.answer(flag=True)
    sitting.answer("F3")
    sitting.answer("F4")
    sitting.until_round(1)
    sitting.answer()
    sitting.answer("3")  # whatever it is
    sitting.answer("5")
    sitting.take_back()
    sitting.take_back()
    sitting.answer()
    sitting.answer()
    sitting.finish_round()
    sitting.until_round(2)
    for _ in range(4):
        sitting.answer()


def test_the_exported_labels_are_the_keys_of_two_rounds(screen: Screen, tmp_path: Path) -> None:
    folder = make_folder(tmp_path, IMAGES, SETTINGS)
    home, diary = tmp_path / "home", Diary()
    with Program(screen, home, *folder.run()) as program:
        annotator = Annotator(screen, program, folder)
        try:
            sitting = Sitting(annotator, folder, diary)
            first_sitting(sitting)
            left_at, waiting = sitting.image, annotator.waiting()
            assert waiting > 4, "the second round is not half done"
            program.kill()
            assert "Traceback" not in program.said
        finally:
            annotator.close()

    diary.sitting = 2
    with Program(screen, home, *folder.run()) as program:
        annotator = Annotator(screen, program, folder)
        try:
            sitting = Sitting(annotator, folder, diary)
            assert (sitting.image, annotator.waiting()) == (left_at, waiting)
            sitting.take_back()  # what was answered before the crash
            sitting.answer()
            sitting.finish_round()
            assert program.close_window() == 0
        finally:
            annotator.close()
        assert program.said == ""

    assert diary.verified >= 8
    assert diary.corrected >= 2
    assert {one.asked.tier for one in diary.said} == {None, "hard", "intermediate"}
    check_labels(folder, diary)
    check_answers(folder, diary)


def export(folder: Folder, what: str, *options: str) -> list[dict[str, str]]:
    to = folder.project.with_name(f"{what}.csv")
    done = subprocess.run(
        command("export", what, "--project", folder.project, "--to", to, *options),
        cwd=REPO,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    with to.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def facts(one: Said) -> dict[str, str]:
    """What the exported row of a label must say."""
    accepted = (
        "" if one.asked.suggestion is None or one.remark else str(int(one.asked.suggestion == one.label))
    )
    return {
        "item": one.image,
        "label": one.label,
        "remark": one.remark,
        "flagged": str(int(one.flagged)),
        "origin": "person",
        "purpose": one.asked.purpose,
        "tier": one.asked.tier or "",
        "suggestion": one.asked.suggestion or "",
        "accepted": accepted,
        "round": str(one.asked.round),
        "annotator": "A1",
    }


def check_labels(folder: Folder, diary: Diary) -> None:
    """Each label and its provenance; catch trials leave theirs as they were."""
    stands = {one.image: one for one in diary.said if one.asked.purpose != "plant"}
    rows = export(folder, "labels")
    assert {row["item"] for row in rows} == set(stands)
    for row in rows:
        expected = facts(stands[row["item"]])
        assert {name: row[name] for name in expected} == expected
    near(rows, [stands[row["item"]] for row in rows])

    everything = export(folder, "labels", "--with-auto")
    connection = sqlite3.connect(folder.project)
    auto = dict(
        connection.execute(
            "SELECT i.name, a.class_id FROM auto_labels AS a JOIN items AS i ON i.item = a.item "
            "WHERE a.round = (SELECT max(round) FROM rounds)"
        )
    )
    names = dict(connection.execute("SELECT class_id, name FROM classes"))
    connection.close()
    program = {row["item"]: row["label"] for row in everything if row["origin"] == "program"}
    assert auto
    assert program == {item: names[c] for item, c in auto.items() if item not in stands}


def check_answers(folder: Folder, diary: Diary) -> None:
    """Every key that was pressed is there once, those that were taken back too."""
    rows = export(folder, "answers")
    pressed = sorted([*diary.said, *diary.taken_back], key=lambda one: one.pressed_ns)
    assert len(rows) == len(pressed)
    undone = {one.pressed_ns for one in diary.taken_back}
    for row, one in zip(rows, pressed, strict=True):
        catch_trial = one.asked.purpose == "plant"
        assert (row["item"], row["answer"]) == (one.image, one.label)
        assert row["verb"] == ("answer" if catch_trial else one.remark or "label")
        assert (row["undone"], row["sitting"]) == (str(int(one.pressed_ns in undone)), str(one.sitting))
        assert (row["device"], row["stamp_source"], row["focus_lost"]) == ("keyboard", "monotonic", "0")
        assert int(row["onset_ns"]) <= one.seen_ns + CLOCK_NS
        assert one.pressed_ns - CLOCK_NS <= int(row["response_ns"]) <= one.next_ns
    near(rows, pressed)


def near(rows: list[dict[str, str]], pressed: list[Said]) -> None:
    """The recorded times are the injected ones; a busy machine may hold up a few."""
    errors = [
        float(row["response_time_s"]) - (one.pressed_ns - one.seen_ns) / 1e9
        for row, one in zip(rows, pressed, strict=True)
    ]
    assert abs(statistics.median(errors)) <= WITHIN_S
