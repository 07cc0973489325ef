"""The benchmarks of labeling rounds run and tell a sane story; times are never judged here."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from benchmarks.catalogue import run
from benchmarks.labeling.labeler import LearnerWatch
from benchmarks.labeling.projects import Past, keep_what_the_model_said, make_images, make_project
from benchmarks.labeling.while_training import Sat
from benchmarks.report import Size
from benchmarks.witness.person import Pressed, key_to_pixels_ms
from benchmarks.witness.pictures import COLOURS, Kind, shown
from benchmarks.witness.screen import Seen
from studies.labeling.facts.records import Purpose
from studies.labeling.file.store import ProjectStore
from studies.labeling.project.project import Project
from studies.labeling.rounds.conductor import Conductor
from studies.labeling.rounds.request import Folders
from tests.benchmarks.reading import numbers
from ui.labeling.project.files import work_folder
from ui.preferences import HOME_VARIABLE, Paths

MS = 1_000_000


@pytest.mark.e2e
@pytest.mark.parametrize("name", ["label-key-to-pixels", "label-response-time"])
def test_beside_training(name: str):
    found = numbers(run(name, Size.QUICK))
    assert found["processors that training had"] > 0
    assert 0 < found["keys pressed while it trained"] <= 100
    for what, value in found.items():
        # A stamp on another clock or of another image would be off by far more than any load makes of it.
        assert abs(value) < (500 if what.startswith(("error", "onset's", "key's")) else 60_000)


@pytest.mark.e2e
def test_page_to_page():
    found = numbers(run("page-to-page", Size.QUICK))
    for when in ("alone", "while it trains"):
        assert 0 < found[f"Enter to the next page, {when}, median"] < 60_000
        assert found[f"pages not ready, {when}"] <= 3
    assert found["processors that the learner had, while it trains"] > 0
    assert found["processors that the learner had, alone"] == 0


@pytest.mark.e2e
def test_refit():
    found = numbers(run("label-refit", Size.QUICK))
    assert found["refits"] >= 1
    learner = found["of which training and predicting, median"]
    assert 0 < learner <= found["from the last answer it knows to new suggestions, median"] < 60


@pytest.mark.e2e
def test_idle():
    found = numbers(run("label-idle", Size.QUICK))
    assert 0 <= found["nothing to do, after the seed round"] <= 100
    assert found["rounds begun"] == 1
    assert found["answers"] >= 4
    assert found["longest work of the learner for a round"] > 0


@pytest.mark.e2e
def test_open():
    report = run("label-open", Size.QUICK)
    found = numbers(report)
    for images in ("2,000", "4,000"):
        assert 0 < found[f"{images}: reading the file, median"] < found[f"{images}: opened, median"]
        assert found[f"{images}: torch loaded"] == 0


@pytest.mark.e2e
def test_undo():
    found = numbers(run("label-undo", Size.QUICK))
    assert found["stored"] == 14
    assert all(value > 0 for value in found.values())


@pytest.mark.e2e
def test_memory():
    found = numbers(run("label-memory", Size.QUICK))
    assert found["torch loaded"] == 0
    assert found["answers stored"] >= 120  # the last may be a page
    assert 20 < found["after 120 labels"] <= found["most at any time"]


def test_a_project_with_a_past_is_one_that_the_program_has_written(tmp_path: Path):
    file = tmp_path / "project.clarifier"
    past = Past(images=3000, labels=1500, waiting=30, purpose=Purpose.QUEUE)
    make_project(file, past)
    home = tmp_path / "home"
    keep_what_the_model_said(home, past)
    with ProjectStore.open(file) as store:
        project = Project.open(store, "A1", "0", {})
        paths = Paths.of_user({HOME_VARIABLE: str(home)})
        leads = Conductor(project, Folders(work_folder(paths, project.head.uuid), paths.cache))
        leads.load_predictions()
        assert sum(project.labels_by_class.values()) == 1500
        assert [task.item for task in project.queue] == list(range(1500, 1530))
        assert (project.round, project.desk.item, project.ledger.auto_count) == (2, 1500, 1470)
        assert leads.predictions is not None
        assert len(leads.predictions.predicted) == 3000
        assert not leads.wants_round(), "the round's own queue holds up the next one"
        assert project.undo() == (1499,)
        rows = store.query("SELECT count(*), sum(accepted) FROM labels WHERE origin = 'person'")
    assert rows == [(1499, 999)], "every third suggestion was corrected, and one label taken back"


def test_what_is_ahead_lets_the_learner_begin_at_once(tmp_path: Path):
    file = tmp_path / "project.clarifier"
    make_project(file, Past(images=300, labels=100, waiting=30))
    with ProjectStore.open(file) as store:
        project = Project.open(store, "A1", "0", {})
        assert Conductor(project, Folders(tmp_path, tmp_path)).wants_round()


def test_neighbours_in_the_queue_differ(tmp_path: Path):
    file = tmp_path / "project.clarifier"
    make_project(file, Past(images=300, labels=100, waiting=30))
    make_images(file, Kind(64, 48), range(100, 130))
    with ProjectStore.open(file, writable=False) as store:
        names = store.items()
        assert all((tmp_path / "images" / name).is_file() for name in store.sample(20))
    from PIL import Image

    seen = []
    for name in names[100:130]:
        with Image.open(tmp_path / "images" / name) as image:
            seen.append(shown(tuple(np.asarray(image.convert("RGB"))[24, 32].tolist())))
    assert seen == [item % len(COLOURS) for item in range(100, 130)]


def test_from_each_key_to_the_image_after_it():
    pressed = [Pressed(Seen(0, at * MS, COLOURS[0]), (at + 300) * MS, False) for at in (0, 304, 610)]
    assert key_to_pixels_ms(pressed) == [4.0, 6.0]


def test_keys_beside_a_learner_that_rests_are_told():
    sat = Sat([], [], [1.0, 2.0], [1.5, 0.9, 0.0, 0.1], [2.0], [0.1], 0.0, 0.0)
    found = {line.what: line for line in sat.lines()}
    assert found["keys pressed while it trained"].ours == 50.0
    assert found["keys pressed while it trained"].met is False
    assert found["processors that training had"].ours == 0.625


def test_without_a_learner_nothing_is_worked():
    assert LearnerWatch(os.getpid()).worked_s() == 0.0
