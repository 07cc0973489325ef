"""Makes the files of this folder. Run with the code of commit eba50a4 (version 0.1.0), before files moved into rooms.

    git worktree add /tmp/before eba50a4
    PYTHONPATH=/tmp/before CLARIFIER_HOME=/tmp/before-home python make.py TO

Modules have the names that they had then: with today's code it does not run, and is not meant to.
"""
# mypy: ignore-errors

from __future__ import annotations

import gzip
import lzma
import random
import shutil
import sys
import zipfile
from pathlib import Path
from types import MappingProxyType

import numpy as np
import torch
from make_project import HERE, MS, NAMES, SIDE, Clock, exported, move, pictures, project

from clarifier_desktop import __version__
from clarifier_desktop.settings import Paths, Settings, Theme, save
from model.datasets.base import Source
from model.datasets.pool import open_pool
from model.features import stored_features
from model.live.model_file import keep_model
from model.loading import Loader
from model.networks import build, frozen
from model.port import NullPort
from model.prediction import predict
from model.transforms import CIFAR_MEAN, CIFAR_STD, Transform, fine_grained
from studies.export import WHAT, export
from studies.rounds.settings import BudgetMode, Budgets, Learner, ProjectSettings
from studies.store import Store
from studies.timing import inputs as ev
from studies.timing.host import Host
from studies.timing.plan import parse_plan
from studies.timing.records import Device, StampSource
from studies.timing.session import Participant
from studies.timing.trial import Phase

PLAN = """
name = "made before"
title = "Kept to see that it opens"
seed = 5

[suggestions]
p_right = 0.5
none_share = 0.2

[trials]
practice = 2
break_every = 6

[session]
interface = "keyboard"

[[blocks]]
dataset = "digits"
images = 16

[[blocks]]
dataset = "shapes"
images = 12
"""


def study(to: Path, exports: Path) -> None:
    store = Store.open(to)
    host = Host(store, parse_plan(PLAN), HERE / "cache", {}, __version__, {"made": "by a script"})
    for number, (code, answers) in enumerate((("P1", None), ("P2", 9), ("P3", 5), ("P4", None)), start=1):
        session = host.start(Participant(code), number, host.draw(number, NullPort()))
        sit(session, random.Random(number), answers)
        if code == "P3":
            host.withdraw(session.session_id)
    with_two = parse_plan(PLAN.replace("none_share = 0.2", "none_share = 0.0"))
    other = Host(store, with_two, HERE / "cache", {}, __version__, {})
    sit(other.start(Participant("P1"), 1, other.draw(1, NullPort())), random.Random(9), None)
    for what in WHAT:
        export(store, what, exports / f"study.{what}.csv")
    store.close()


def sit(session, chance: random.Random, answers: int | None) -> None:
    """Answer all trials or the first ``answers``, with everything that excludes a trial now and then."""
    clock, given = Clock(), 0
    while session.state.phase is not Phase.FINISHED and given != answers:
        phase, trial = session.state.phase, session.state.trial
        if phase is Phase.CONSENT:
            session.send(ev.Agree(clock.later(900)))
        elif phase is Phase.FIXATION:
            if chance.random() < 0.03:
                session.send(ev.ImageFailed(clock.later(5), "The image is not there any more."))
            else:
                at = clock.later(400)
                session.send(ev.Shown(at, at - MS, at))
        elif phase is Phase.STIMULUS:
            happens(session, clock, chance)
            if session.state.phase is not Phase.STIMULUS:
                continue
            right = chance.random() < 0.93
            answer = trial.true_class if right else trial.suggestion or "not this"
            slow = 600 if trial.suggestion == answer else 1900
            took = 60 if chance.random() < 0.05 else chance.gauss(slow, slow / 6)
            at = clock.later(took)
            stall = 150 * MS if chance.random() < 0.06 else 3 * MS
            source = chance.choice(list(StampSource))
            device = Device.MOUSE if chance.random() < 0.2 else Device.KEYBOARD
            session.send(ev.Answer(at, answer, clock.later(1.5), source, device, stall))
            given += 1
        elif phase is Phase.ENDING:
            session.send(ev.Finish(clock.later(10)))
        else:
            session.send(ev.Continue(clock.later(700)))


def happens(session, clock: Clock, chance: random.Random) -> None:
    if chance.random() < 0.08:
        session.send(ev.LoseFocus(clock.later(20)))
    if chance.random() < 0.1:
        session.send(ev.Flag(clock.later(60)))
        if chance.random() < 0.3:
            session.send(ev.Flag(clock.later(60)))
    if chance.random() < 0.2:
        session.send(ev.Touch(clock.later(90)))
        session.send(ev.Backtrack(clock.later(90)))
    if chance.random() < 0.06:
        session.send(ev.Pause(clock.later(50)))


def features(to: Path) -> None:
    """A frozen body small enough to keep, and what it sees in twelve images."""
    torch.manual_seed(1)
    body = torch.nn.Sequential(
        torch.nn.Conv2d(3, 8, 7, stride=32),
        torch.nn.ReLU(),
        torch.nn.AdaptiveAvgPool2d(1),
        torch.nn.Flatten(),
    )
    torch.save(body.state_dict(), to / "body.pt")
    images = open_pool(Source("folder", HERE / "pictures"), HERE / "cache", NAMES)
    network = frozen("tiny", body, 8, 4, seed=0)
    with Loader(images, fine_grained()) as loader:
        cpu = torch.device("cpu")
        told = [
            stored_features(
                network, loader, range(12), to / "features", cpu, NullPort(), copies
            ).values.numpy()
            for copies in (0, 2)
        ]
    np.savez_compressed(to / "features.npz", seen=told[0], augmented=told[1])


def model(to: Path) -> None:
    """A model's file as a round writes it, of weights coarse enough to pack, and what it predicts."""
    images = open_pool(Source("folder", HERE / "pictures"), HERE / "cache", NAMES)
    network = build("small-cnn", len(NAMES), SIDE, seed=0)
    chance = torch.Generator().manual_seed(2)
    with torch.no_grad():
        for weights in network.parameters():
            noise = torch.randn(weights.shape, generator=chance)
            weights.copy_(((weights + 0.07 * noise) * 4).round() / 4)
    transform = Transform(SIDE, SIDE, SIDE // 8, True, CIFAR_MEAN, CIFAR_STD)
    _, file = keep_model(HERE, network.eval(), transform, NAMES, 40)
    with Loader(images, transform) as loader:
        told = predict(network, loader, np.arange(12), torch.device("cpu"), NullPort()).probabilities
    (to / f"{file.name}.xz").write_bytes(lzma.compress(file.read_bytes()))
    np.savetxt(to / "exports" / "model.probabilities.csv", told.numpy(), "%.5f", ",")


def settings(to: Path) -> None:
    paths = Paths(to, to, to)
    save(
        paths,
        Settings(
            theme=Theme.DARK,
            full_screen=True,
            store_folder=HERE / "studies",
            last_store=HERE / "studies" / "Größe.sqlite",
            recent_files=(HERE / "planned.clarifier", HERE / "studies" / "Größe.sqlite"),
            data_folders=MappingProxyType({"cub200": HERE / "birds"}),
        ),
    )


def main() -> None:
    to = Path(sys.argv[1])
    exports = to / "exports"
    exports.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(HERE, ignore_errors=True)
    (HERE / "cache").mkdir(parents=True)
    torch.set_num_threads(1)
    settings(to)
    study(to / "study.sqlite", exports)
    pictures(HERE / "pictures")
    features(to)
    model(to)
    base = ProjectSettings(annotator="A1", holdout=12, seed_labels=20, plant_rate=0.2)
    easy = Budgets(mode=BudgetMode.RAMPED, hard=8, intermediate=8, easy=12)
    planned = base.model_copy(
        update={"learner": Learner(easy="highest-confidence"), "budgets": Budgets(minutes=0.5)}
    )
    authors = base.model_copy(update={"learner": Learner(published=True), "budgets": easy})
    project(to / "planned.clarifier", planned, 11, HERE / "planned.work")
    project(to / "published.clarifier", authors, 12, HERE / "published.work")
    (HERE / "pictures").rename(HERE / "moved")
    (HERE / "moved" / "first" / "007.png").rename(HERE / "moved" / "first" / "seventh-007.png")
    move(to / "planned.clarifier")
    for name in ("planned", "published"):
        exported(to / f"{name}.clarifier", exports)
    shutil.copy(HERE / "planned.work" / "predictions.npz", to)
    for leftover in (
        *to.glob("*.lock"),
        *to.glob("*-shm"),
        *to.glob("*-wal"),
        *exports.glob("*.dictionary.json"),
        *exports.glob("*.png"),
    ):
        leftover.unlink()
    for file in (to / "study.sqlite", to / "planned.clarifier", to / "published.clarifier"):
        with gzip.open(file.with_name(f"{file.name}.gz"), "wb") as packed:
            packed.write(file.read_bytes())
        file.unlink()
    with zipfile.ZipFile(to / "pictures.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        for image in sorted((HERE / "moved").rglob("*.png")):
            packed.write(image, image.relative_to(HERE / "moved"))


if __name__ == "__main__":
    main()
