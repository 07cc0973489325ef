"""Labeling projects that were made before open, export the same, and go on."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from model.port import NullPort
from studies.files.store_errors import StoreError
from studies.labeling.facts.goal import Goal, GoalKind
from studies.labeling.facts.records import LabelEvent, Purpose, Verb
from studies.labeling.file.export_labels import TABLES, export_jsonl, export_table
from studies.labeling.file.store import ProjectStore
from studies.labeling.planning.costs import AnswerKind
from studies.labeling.project.images import open_project_images
from studies.labeling.project.loading import open_to_write
from studies.labeling.project.moving import likely_place, look
from studies.labeling.project.project import Project
from studies.labeling.rounds.conductor import Conductor
from studies.labeling.rounds.figure import save_accuracy
from studies.labeling.rounds.request import Folders
from tests.files_made_before.opened import (
    EXPORTS,
    FOLDER,
    differences,
    rows_of,
    unpack,
    unpack_pictures,
)
from tests.studies.labeling.sample import Hand, begin_round, chosen, conductor

PROJECTS = ("planned", "published")
# Then the export named the strategy that was set; with the authors' order another one labels.
CORRECTED = ("strategy", "certified", "per-class-confidence")


def opened(file: Path) -> Project:
    return Project.open(ProjectStore.open(file, create=False), "A2", "later", {})


@pytest.mark.parametrize("what", TABLES)
@pytest.mark.parametrize("name", PROJECTS)
@pytest.mark.parametrize("writable", [True, False])
def test_exports_are_those_of_then(name, what, writable, tmp_path):
    with ProjectStore.open(unpack(f"{name}.clarifier", tmp_path), writable=writable, create=False) as store:
        export_table(store, what, tmp_path / "now.csv")
    now = differences(tmp_path / "now.csv", f"{name}.{what}.csv")
    assert now == ({CORRECTED} if (name, what) == ("published", "labels") else set())


@pytest.mark.parametrize("name", PROJECTS)
def test_lines_of_json_are_those_of_then(name, tmp_path):
    with ProjectStore.open(unpack(f"{name}.clarifier", tmp_path), writable=False) as store:
        export_jsonl(store, tmp_path / "now.jsonl")
    now = [json.loads(line) for line in (tmp_path / "now.jsonl").read_text().splitlines()]
    then = [json.loads(line) for line in (EXPORTS / f"{name}.labels.jsonl").read_text().splitlines()]
    if name == "published":
        assert {row["strategy"] for row in then} >= {"certified"}
        then = [row | {"strategy": CORRECTED[2]} if row["strategy"] == CORRECTED[1] else row for row in then]
    assert [new | old for new, old in zip(now, then, strict=True)] == now


def test_the_figure_has_the_numbers_of_then(tmp_path):
    with ProjectStore.open(unpack("planned.clarifier", tmp_path), writable=False) as store:
        numbers = save_accuracy(store, tmp_path / "now.png")
    assert differences(numbers, "planned.numbers.csv") == set()


def test_a_figure_of_a_project_whose_held_out_images_are_all_right(tmp_path):
    """With the code of then it could not be drawn: rounding took the interval's end below the share."""
    with ProjectStore.open(unpack("published.clarifier", tmp_path), writable=False) as store:
        numbers = save_accuracy(store, tmp_path / "now.png")
    assert [(row["held_out"], row["right"]) for row in rows_of(numbers)] == [("4", "4"), ("7", "7")]


def test_all_of_it_is_read(tmp_path):
    project = opened(unpack("planned.clarifier", tmp_path))
    ledger, store = project.ledger, project.store
    assert (project.head.name, project.head.dataset, project.round) == ("planned", "folder", 2)
    assert str(project.place) == "/tmp/clarifier-before/moved"
    assert (len(project.items), project.items[7]) == (120, "first/seventh-007.png")
    assert [c.name for c in project.classes.standing] == ["red", "green", "deep blue"]
    assert project.classes.resolve(3) == 1, "merged"
    assert (project.classes.infos[0].key, project.classes.infos[0].example) == ("r", 4)
    assert project.classes.infos[1].colour == "#228833"
    assert project.settings.budgets.mode.value == "fixed"
    assert (int(ledger.holdout.sum()), int(ledger.flagged.sum())) == (12, 3)
    assert sum(project.labels_by_class.values()) == 48
    told = [(len(ledger.with_state(verb)), verb) for verb in (Verb.NONE, Verb.SEVERAL, Verb.UNREADABLE)]
    assert told == [(2, Verb.NONE), (1, Verb.SEVERAL), (2, Verb.UNREADABLE)]
    assert [project.tally.count(kind) for kind in AnswerKind] == [16, 1, 32]
    assert (project.catch_trials.answered, project.catch_trials.missed) == (4, 2)
    assert (project.tasks_made, len(project.queue)) == (171, 47)
    assert [len(store.auto_labels(round_)) for round_ in (1, 2)] == [8, 9]
    assert [(m.network, m.class_ids, len(m.history) > 0) for m in store.models()] == [
        ("small-cnn", (0, 1, 2, 3), True)
    ] * 2
    assert len(store.hashes()) == 120
    assert store.head().app_version == "0.1.0"
    assert store.idle_share(1) == pytest.approx(0.0041130381309384635)
    assert project.begun_with is None, "then no project was begun with a model"
    project.store.close()


def test_images_that_moved_are_where_they_were_moved_to(tmp_path):
    file = unpack("planned.clarifier", tmp_path)
    unpack_pictures(tmp_path / "moved")
    with ProjectStore.open(file, writable=False) as store:
        assert likely_place(store) == tmp_path / "moved"
        there = look(store, tmp_path / "moved", tmp_path, NullPort())
    assert (there.missing, dict(there.renamed), there.new) == (0, {}, ())


def test_an_image_that_got_another_name_is_known_by_what_it_holds(tmp_path):
    """The project that was not opened after the move has the old name."""
    file = unpack("published.clarifier", tmp_path)
    there = unpack_pictures(tmp_path / "elsewhere")
    with ProjectStore.open(file, create=False) as store:
        renamed = look(store, there, tmp_path, NullPort())
        assert (renamed.missing, dict(renamed.renamed), renamed.new) == (0, {7: "first/seventh-007.png"}, ())
        store.move(there, renamed.renamed)
        assert open_project_images(store, tmp_path).image(7).size == (16, 16)


def test_what_the_last_model_predicts_is_found_again(tmp_path):
    project = opened(unpack("planned.clarifier", tmp_path))
    shutil.copy(FOLDER / "predictions.npz", tmp_path)
    leads = Conductor(project, Folders(tmp_path, tmp_path))
    leads.load_predictions()
    assert leads.predictions is not None
    assert np.bincount(leads.predictions.predicted).sum() == 120
    assert leads.confused_with(1) != ()
    project.store.close()


@pytest.mark.parametrize("name", PROJECTS)
def test_labeling_goes_on(name, tmp_path):
    file = unpack(f"{name}.clarifier", tmp_path)
    project = opened(file)
    events = len(list(project.store.events()))
    hand = Hand(project)
    answered = [hand.answer(class_id) for class_id in (0, 1, 2)]
    hand.remark(Verb.SKIP)
    assert project.undo() != ()
    free = np.flatnonzero(project.pool_of_round().free)[:4].tolist()
    auto = chosen(*free[2:], label=0)
    begin_round(project, conductor(project), [(free[0], 1, "hard"), (free[1], 2, "intermediate")], auto=auto)
    hand.answer(1)
    project.store.close()
    again = opened(file)
    assert again.round == 3
    assert len(list(again.store.events())) == events + 6
    assert set(answered) <= {int(item) for item in np.flatnonzero(again.ledger.settled)} | catch_trials(again)
    assert {a.item for a in again.store.auto_labels(3)} == set(free[2:])
    export_table(again.store, "labels", tmp_path / "now.csv")
    labels = {row["item"]: row for row in rows_of(tmp_path / "now.csv")}
    program = [row for row in labels.values() if row["origin"] == "program"]
    assert {row["item"] for row in program} == {again.items[item] for item in free[2:]}
    assert {row["label"] for row in program} == {"red"}
    again.store.close()


def catch_trials(project: Project) -> set[int]:
    return {event.item for event in project.store.events() if event.purpose is Purpose.CATCH}


@pytest.mark.parametrize("change", ["UPDATE label_events SET verb = 'dance' WHERE seq = 5", ""])
def test_only_a_file_that_is_taken_is_brought_up_to_date(tmp_path, change):
    file = unpack("planned.clarifier", tmp_path)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("DROP TRIGGER label_events_never_changed")
        connection.execute(change)
        connection.commit()
    then = file.read_bytes()
    if change:
        with pytest.raises(StoreError, match="is damaged"):
            open_to_write(file)
        assert file.read_bytes() == then
    else:
        open_to_write(file).close()
        assert file.read_bytes() != then


@pytest.mark.parametrize("name", PROJECTS)
def test_one_of_before_goals_and_samples_aims_at_nothing_and_no_label_of_it_counts(name, tmp_path):
    project = opened(unpack(f"{name}.clarifier", tmp_path))
    assert project.settings.goal.kind is GoalKind.NONE
    assert not project.draws
    assert not project.looks
    assert not project.ledger.of_folder.any()
    project.change_settings(project.settings.model_copy(update={"goal": Goal()}))
    leads = conductor(project)
    finish = leads.request(leads.propose()).finish
    assert finish is not None
    assert finish.sample is not None
    assert (finish.sample.draws, dict(finish.sample.ways)) == ((), {})
    project.store.close()


def test_what_pages_confirmed_can_be_looked_at_once_more(tmp_path):
    """Files of before there were second looks."""
    project = opened(unpack("planned.clarifier", tmp_path))
    item = int(np.flatnonzero(project.ledger.labels >= 0)[0])
    label = project.label_of(item)
    assert project.store.looked_at_twice() == []
    project.record([LabelEvent(0, item, Verb.CONFIRM, Purpose.SECOND_LOOK, label, detail=f"{label} 0.5")])
    assert project.store.looked_at_twice() == [(item, f"{label} 0.5")]
    index = "SELECT count(*) FROM sqlite_schema WHERE name = 'label_events_second'"
    assert project.store.query(index) == [(1,)]
    assert project.settings.second_look is False
    project.store.close()
