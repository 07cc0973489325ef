from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from studies.labeling.facts.records import Change, ClassChange, LabelEvent, Purpose, Task, Verb
from studies.labeling.file.export_labels import export_jsonl, export_table
from studies.labeling.project.project import Project
from studies.table_files import ExportError
from tests.studies.labeling.sample import MODEL, Hand, begin_round, chosen, conductor, create, open_project


@pytest.fixture
def project(tmp_path: Path):
    create(tmp_path / "p").close()
    opened = open_project(tmp_path / "p")
    yield opened
    opened.store.close()


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def grid(project: Project, *said: tuple[int, int]) -> None:
    for item, class_id in said:
        project.record([LabelEvent(0, item, Verb.LABEL, Purpose.GRID, class_id, suggestion=class_id)])


def labeled(project: Project) -> None:
    """A verified suggestion (20), a corrected one (21), a seed label (10), a confirmed auto-label (30), one that
    nobody confirmed (31), and a remark (22)."""
    project.add_tasks([Task(0, 0, 10, Purpose.SEED)])
    hand = Hand(project)
    hand.answer(0, took_ms=1_500)
    leads = conductor(project)
    begin_round(project, leads, [(20, 0, "hard"), (21, 1, "intermediate"), (22, 2, "hard")])
    for _ in range(3):
        task = project.desk.task
        assert task is not None
        if task.item == 22:
            hand.remark(Verb.NONE)
        else:
            hand.answer(0, took_ms=500)
    begin_round(project, leads, [], auto=[*chosen(30), *chosen(31, label=2, score=0.8)])
    grid(project, (30, 1))


def test_every_label_says_where_it_came_from(project, tmp_path):
    labeled(project)
    done = export_table(project.store, "labels", tmp_path / "labels.csv")
    found = {row["item"]: row for row in rows(done.csv)}
    assert done.rows == len(found) == 6
    assert "tier" in json.loads(done.dictionary.read_text(encoding="utf-8"))["columns"]
    columns = (
        "label", "remark", "origin", "purpose", "tier", "strategy", "suggestion", "accepted", "round", "model",
        "annotator",
    )  # fmt: skip
    sha = MODEL.sha256
    expected = {
        "010.png": ("cat", "", "person", "seed", "", "", "", "", "0", "", "A1"),
        "020.png": ("cat", "", "person", "queue", "hard", "badge", "cat", "1", "1", sha, "A1"),
        "021.png": ("cat", "", "person", "queue", "intermediate", "badge", "dog", "0", "1", sha, "A1"),
        "022.png": ("", "none", "person", "queue", "hard", "badge", "owl", "", "1", sha, "A1"),
        "030.png": ("dog", "", "person", "grid", "easy", "certified", "dog", "1", "2", sha, "A1"),
        "031.png": ("owl", "", "program", "auto", "easy", "certified", "owl", "", "2", sha, ""),
    }
    assert {item: tuple(row[c] for c in columns) for item, row in found.items()} == expected
    assert [float(found[i]["score"]) for i in ("020.png", "030.png", "031.png")] == [1.0, 0.9, 0.8]
    assert [float(found[i]["response_time_s"]) for i in ("010.png", "020.png")] == [1.5, 0.5]
    assert all(row["utc"].startswith("20") and row["flagged"] == "0" for row in found.values())


def test_auto_labels_can_be_left_out(project, tmp_path):
    labeled(project)
    assert export_table(project.store, "labels", tmp_path / "a.csv", with_auto=False).rows == 5
    assert export_jsonl(project.store, tmp_path / "a.jsonl", with_auto=False) == 5


def test_answers_and_rounds(project, tmp_path):
    labeled(project)
    answers = rows(export_table(project.store, "answers", tmp_path / "answers.csv").csv)
    assert sorted(row["kind"] for row in answers) == ["", "corrected", "unaided", "verified"]
    first, second = rows(export_table(project.store, "rounds", tmp_path / "rounds.csv").csv)
    assert (first["hard_answered"], first["hard_right"], first["intermediate_right"]) == ("1", "1", "0")
    assert (float(first["measured_s"]), first["answers"]) == (1.0, "3")
    assert (second["auto_labels"], second["answers"]) == ("2", "0")


def test_json_lines_say_the_same_as_csv(project, tmp_path):
    labeled(project)
    project.change_classes([ClassChange(0, Change.RENAMED, "Käuzchen")])
    assert export_jsonl(project.store, tmp_path / "l.jsonl") == 6
    lines = [json.loads(line) for line in (tmp_path / "l.jsonl").read_text(encoding="utf-8").splitlines()]
    table = rows(export_table(project.store, "labels", tmp_path / "l.csv").csv)
    as_text = [{key: "" if value is None else str(value) for key, value in line.items()} for line in lines]
    assert as_text == table
    assert lines[0]["label"] == "Käuzchen"


def test_the_projects_own_file_is_not_written_over(project):
    for write in (
        lambda to: export_table(project.store, "labels", to),
        lambda to: export_jsonl(project.store, to),
    ):
        with pytest.raises(ExportError, match="own file"):
            write(project.store.path)
    with pytest.raises(ExportError, match="choose another place"):
        export_jsonl(project.store, project.store.path.parent / "none" / "l.jsonl")
