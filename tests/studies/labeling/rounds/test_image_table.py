from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np

from model.rounds.predictions import Predictions, keep_predictions
from studies.labeling.facts.records import LabelEvent, Purpose, Verb
from studies.labeling.rounds.image_table import COLUMNS, export_images
from tests.studies.labeling.sample import begin_round, chosen, conductor, create, open_project


def read(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def test_each_image_has_a_row_whatever_is_known_of_it(tmp_path: Path) -> None:
    create(tmp_path / "p", items=6, holdout=1).close()
    project = open_project(tmp_path / "p")
    project.record([LabelEvent(0, 1, Verb.LABEL, Purpose.GRID, 2), LabelEvent(0, 2, Verb.SKIP, Purpose.GRID)])
    before = export_images(project.store, tmp_path, tmp_path / "before.csv")
    assert before.rows == 6
    rows = read(before.csv)
    assert list(rows[0]) == list(COLUMNS)
    assert [(row["label"], row["remark"], row["predicted"]) for row in rows[:3]] == [
        ("", "", ""),
        ("owl", "", ""),
        ("", "skip", ""),
    ]
    begin_round(project, conductor(project), [])
    (model,) = project.models
    predicted, sure = np.array([2, 1, 0, 1, -1], np.int32), np.array([0.5, 0.25, 0.75, 0.5, 0.0], np.float32)
    keep_predictions(tmp_path, Predictions(model.sha256, predicted, sure, ((), (), ()), measured=True))
    rows = read(export_images(project.store, tmp_path, tmp_path / "after.csv").csv)
    assert [(row["predicted"], row["probability"]) for row in rows] == [
        ("owl", "0.5"),
        ("dog", "0.25"),
        ("cat", "0.75"),
        ("dog", "0.5"),
        ("", ""),  # it cannot be read
        ("", ""),  # it came later
    ]
    assert {row["model"] for row in rows} == {model.sha256, ""}
    project.store.close()


def test_it_says_who_gave_a_label_how_and_whether_it_is_certified(tmp_path: Path) -> None:
    create(tmp_path / "p", items=6, holdout=0).close()
    project = open_project(tmp_path / "p")
    leads = conductor(project)
    assert (
        "No model was trained"
        in export_images(project.store, tmp_path, tmp_path / "a.csv").tell_predictions()
    )
    project.record(
        [LabelEvent(0, 1, Verb.LABEL, Purpose.IMPORT, 2), LabelEvent(0, 2, Verb.LABEL, Purpose.SEARCH, 1)]
    )
    begin_round(project, leads, [], auto=chosen(3))
    done = export_images(project.store, tmp_path, tmp_path / "b.csv")
    assert "not on this machine any more" in done.tell_predictions()
    columns = ("label", "origin", "annotator", "mode", "certified")
    assert [tuple(row[c] for c in columns) for row in read(done.csv)[:4]] == [
        ("", "", "", "", ""),
        ("owl", "person", "A1", "", ""),
        ("dog", "person", "A1", "unaided", ""),
        ("dog", "program", "", "program", "1"),
    ]
    (model,) = project.models
    predicted, sure = np.zeros(6, np.int32), np.full(6, 0.5, np.float32)
    keep_predictions(tmp_path, Predictions(model.sha256, predicted, sure, ((), (), ()), measured=True))
    assert export_images(project.store, tmp_path, tmp_path / "c.csv").tell_predictions() == ""
    begin_round(project, leads, [], auto=[replace(chosen(3)[0], strategy="highest-confidence")])
    rows = read(export_images(project.store, tmp_path, tmp_path / "d.csv").csv)
    assert rows[3]["certified"] == "0"
    project.store.close()
