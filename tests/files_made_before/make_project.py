"""Makes the two labeling projects of this folder and the images they need; see make.py.

Modules have the names that they had then: with today's code it does not run, and is not meant to.
"""
# mypy: ignore-errors

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from clarifier_desktop import __version__
from model.datasets.base import Source
from model.live.learn import Workbench, learn
from model.port import NullPort
from studies.rounds import inputs as lev
from studies.rounds.conductor import Conductor, Folders
from studies.rounds.creation import Draft, create
from studies.rounds.desk import Phase as Desk
from studies.rounds.export_labels import TABLES, export_jsonl, export_table
from studies.rounds.figure import save_accuracy
from studies.rounds.images import open_items
from studies.rounds.project import Project
from studies.rounds.records import Change, ClassChange, Idle, LabelEvent, Purpose, Timing, Verb
from studies.rounds.settings import BudgetMode, Budgets, ProjectSettings
from studies.rounds.store import ProjectStore
from studies.timing.records import Device, StampSource

MS = 1_000_000
HERE = Path("/tmp/clarifier-before")  # where the images lay
IMAGES, SIDE = 120, 16
COLOURS = ((200, 40, 40), (40, 190, 60), (50, 60, 210), (40, 180, 150))
NAMES = ("red", "green", "blue", "teal")


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000 * MS

    def later(self, ms: float) -> int:
        self.now += round(ms * MS)
        return self.now


def pictures(folder: Path) -> None:
    """Images whose class is their colour; teal is near green."""
    chance = np.random.default_rng(3)
    for number in range(IMAGES):
        place = folder / ("first" if number < 70 else "second")
        place.mkdir(parents=True, exist_ok=True)
        pixels = np.full((SIDE, SIDE, 3), COLOURS[number % 4], np.int16) + chance.integers(
            -30, 30, (4, 4, 3)
        ).repeat(4, 0).repeat(4, 1)
        Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(place / f"{number:03d}.png", optimize=True)


class Annotator:
    """Knows the colours; errs, remarks, flags, undoes, looks back and leaves the desk now and then."""

    def __init__(self, project: Project, seed: int) -> None:
        self.project, self.clock, self.chance = project, Clock(), random.Random(seed)

    def truth(self, item: int) -> int:
        return int(Path(self.project.items[item]).stem[-3:]) % 4

    def label(self, count: int, leads: Conductor) -> None:
        for _ in range(count):
            leads.supply()
            self.project.offer()
            if self.project.desk.phase is Desk.NOTHING:
                return
            self.one()

    def one(self) -> None:
        project, clock, chance = self.project, self.clock, self.chance
        if project.desk.phase is Desk.PAUSED:
            project.send(lev.Continue(clock.later(3_000)))
        if chance.random() < 0.02:
            project.send(lev.ImageFailed(clock.later(2), "The image cannot be read."))
            return
        project.send(lev.Shown(clock.later(100)))
        task = project.desk.task
        if chance.random() < 0.06:
            project.send(lev.LoseFocus(clock.later(30)))
        if chance.random() < 0.06:
            project.send(lev.Flag(clock.later(40)))
        if chance.random() < 0.15:
            project.send(lev.Touch(clock.later(150)))
            project.send(lev.Backtrack(clock.later(120)))
        if chance.random() < 0.04:
            project.send(lev.Pause(clock.later(50)))
            return
        answer = self.truth(task.item)
        if task.purpose is Purpose.PLANT and chance.random() < 0.5:
            answer = task.suggestion
        slow = 25_000 if chance.random() < 0.03 else 650 if answer == task.suggestion else 2_100
        at = clock.later(chance.gauss(slow, slow / 8))
        how = (clock.later(1), chance.choice(list(StampSource)), Device.KEYBOARD, 4 * MS)
        told = chance.random()
        if told < 0.05:
            project.send(lev.Remark(at, *how, (Verb.NONE, Verb.SEVERAL, Verb.SKIP)[int(told * 60)]))
        else:
            project.send(lev.Answer(at, *how, answer if told < 0.95 else chance.randrange(4)))
        if chance.random() < 0.05:
            project.send(lev.Undo(clock.later(400)))
        if chance.random() < 0.05 and project.behind is not None:
            project.send(lev.Back(clock.later(200)))
            project.send(lev.Shown(clock.later(80)))
            at = clock.later(900)
            project.send(lev.Answer(at, clock.later(1), *how[1:], self.truth(project.desk.item)))

    def grid(self) -> None:
        """Accept some auto-labels of a class at once, and mark one as wrong."""
        project = self.project
        auto = project.ledger.auto
        class_id = int(np.bincount(auto[auto >= 0]).argmax())
        items = np.flatnonzero(auto == class_id)[:4].tolist()
        onset = self.clock.later(50)
        timing = Timing(
            onset,
            onset + 300 * MS,
            self.clock.later(4_000),
            self.clock.later(1),
            StampSource.MONOTONIC,
            Device.MOUSE,
            0,
            False,
            2 * MS,
            len(items),
        )
        labels = [
            LabelEvent(0, item, Verb.LABEL, Purpose.GRID, class_id, suggestion=class_id, timing=timing)
            for item in items[1:]
        ]
        odd = LabelEvent(0, items[0], Verb.REJECT, Purpose.GRID, suggestion=class_id, timing=timing)
        project.record([*labels, odd])


def next_round(project: Project, leads: Conductor, bench: Workbench) -> None:
    proposal = leads.propose()
    request = replace(leads.request(proposal), threads=1)
    leads.begin_round(request, learn(request, bench, NullPort()), proposal)


def project(file: Path, settings: ProjectSettings, seed: int, work: Path) -> None:
    """Two rounds and half of a third's queue; then the images move."""
    root = HERE / "pictures"
    source = Source("folder", root)
    store = create(file, Draft(source, NAMES, settings), HERE / "cache", __version__, NullPort())
    one = Project.open(store, "A1", __version__, {"made": "by a script"})
    leads, hand = Conductor(one, Folders(work, HERE / "weights")), Annotator(one, seed)
    bench = Workbench(open_items(source, one.items, HERE / "cache"))
    hand.label(32, leads)
    next_round(one, leads, bench)
    store.add_idle(one.sitting, Idle(hand.clock.later(10), hand.clock.later(900), "training"))
    hand.label(26, leads)
    one.change_classes([ClassChange(2, Change.RENAMED, "deep blue"), ClassChange(0, Change.KEY, "r")])
    one.change_settings(
        settings.model_copy(
            update={"budgets": Budgets(mode=BudgetMode.FIXED, hard=6, intermediate=6, easy=9)}
        )
    )
    next_round(one, leads, bench)
    hand.grid()
    hand.label(9, leads)
    one.change_classes(
        [
            ClassChange(3, Change.MERGED, "1"),
            ClassChange(1, Change.COLOUR, "#228833"),
            ClassChange(0, Change.EXAMPLE, "4"),
        ]
    )
    one.record([LabelEvent(0, 119, Verb.LABEL, Purpose.IMPORT, class_id=3, detail="other.csv")])
    store.add_hashes({item: bench.images.content_hash(item) for item in range(IMAGES)})
    bench.close()
    store.close()


def move(file: Path) -> None:
    """A second sitting, after the folder got another name and one image too."""
    store = ProjectStore.open(file)
    store.move(HERE / "moved", {7: "first/seventh-007.png"})
    one = Project.open(store, "Zoë", __version__, {})
    Annotator(one, 50).label(4, Conductor(one, Folders(HERE / "none", HERE / "weights")))
    store.close()


def exported(file: Path, to: Path) -> None:
    with ProjectStore.open(file, writable=False) as store:
        for what in TABLES:
            export_table(store, what, to / f"{file.stem}.{what}.csv")
        export_jsonl(store, to / f"{file.stem}.labels.jsonl")
        if (
            file.stem == "planned"
        ):  # of the other the figure could not be drawn: all of its held-out images are right
            save_accuracy(store, to / f"{file.stem}.png")
