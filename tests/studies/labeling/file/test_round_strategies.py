"""Which strategy chose in a round: noted as it was done, and found out for rounds that are older than the note."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from studies.files.store_errors import StoreError
from studies.labeling.facts.records import Purpose, Verb
from studies.labeling.file import rows
from studies.labeling.file.export_labels import export_table
from studies.labeling.file.schema import PROJECT, project_tables
from studies.labeling.file.store import ProjectStore
from tests.studies.labeling.file.written import CHOSE, Round, Said, write
from tests.studies.labeling.sample import begin_round, chosen, conductor, create, open_project

AUTO = Round(((1, 0), (2, 1)))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    create(tmp_path / "p", items=5, holdout=1).close()
    return tmp_path / "p"


def strategies(file: Path, tmp_path: Path, *, writable: bool = False) -> set[str]:
    """The strategies of auto-labels in the export."""
    with ProjectStore.open(file, writable=writable, create=False) as store:
        export_table(store, "labels", tmp_path / "labels.csv")
        rows = store.query("SELECT strategy FROM labels WHERE origin = 'program'")
    return {strategy for (strategy,) in rows}


def test_with_published_rounds_it_is_not_what_was_set(file):
    """The learner names the strategy that chose; the plan names the one that was wished."""
    project = open_project(file)
    auto = [replace(choice, strategy="per-class-confidence") for choice in chosen(2, 3)]
    begin_round(project, conductor(project), [(1, 0, "hard")], auto=auto)
    (round_,) = project.store.rounds()
    assert json.loads(round_.plan)["easy"] == "certified"
    assert round_.strategies == {"hard": "badge", "easy": "per-class-confidence"}
    project.store.close()


def test_a_round_keeps_what_chose_in_it(file, tmp_path):
    with ProjectStore.open(file) as store:
        write(store, [AUTO, AUTO])
        assert [round_.strategies for round_ in store.rounds()] == [CHOSE, CHOSE]
        with pytest.raises(sqlite3.IntegrityError, match="facts are never changed"):
            store.query("UPDATE round_strategies SET strategy = 'certified'")
    assert strategies(file, tmp_path) == {CHOSE["easy"]}


def before(monkeypatch: pytest.MonkeyPatch) -> None:
    """The program as it was before rounds kept their strategies."""
    later = (
        "round_strategies",
        "item_files",
        "refits",
        "noted_with",
        "sample_draws",
        "looks",
        "folder_labels",
        "begun_with",
    )
    triggers = {n: sql for n, sql in PROJECT.triggers.items() if not any(table in n for table in later)}
    older = replace(PROJECT, migrations=(project_tables,), triggers=triggers, views={})
    monkeypatch.setattr(ProjectStore, "schema", older)
    monkeypatch.setattr("studies.labeling.file.reader.PROJECT", older)
    monkeypatch.setattr("studies.labeling.file.store.PROJECT", older)
    monkeypatch.setattr("studies.labeling.file.rows.strategy_rows", lambda _: [])
    added = {"rank", "refit", "place", "page", "draw"}
    for name in ("event_row", "task_row"):
        made = getattr(rows, name)
        monkeypatch.setattr(
            f"studies.labeling.file.rows.{name}",
            lambda *given, made=made: {key: value for key, value in made(*given).items() if key not in added},
        )


@pytest.mark.parametrize("writable", [True, False])
@pytest.mark.parametrize(
    ("plan", "strategy"),
    [
        ({"easy": "certified", "published": False}, "certified"),
        ({"easy": "certified", "published": True}, "per-class-confidence"),
        ({"easy": "highest-confidence"}, "highest-confidence"),
        ({}, "unknown"),
    ],
)
def test_of_older_rounds_the_plan_tells_what_labeled(tmp_path, monkeypatch, plan, strategy, writable):
    file = tmp_path / "p"
    with monkeypatch.context() as then:
        before(then)
        then.setattr("tests.studies.labeling.file.written.PLAN", json.dumps(plan))
        create(file, items=5, holdout=1).close()
        with ProjectStore.open(file) as store:
            asked = Said((3,), Verb.LABEL, 0, Purpose.QUEUE, 0, "hard", 500, False)
            write(store, [AUTO, asked, AUTO])
    assert strategies(file, tmp_path, writable=writable) == {strategy}
    with ProjectStore.open(file, writable=False) as store:
        assert [round_.strategies for round_ in store.rounds()] == [
            {"easy": strategy, "hard": "badge"},
            {"easy": strategy},
        ]


def test_a_glance_at_an_older_file_copies_nothing(tmp_path, monkeypatch):
    file = tmp_path / "p"
    with monkeypatch.context() as then:
        before(then)
        create(file, items=5, holdout=1).close()
        with ProjectStore.open(file) as store:
            write(store, [AUTO])
    monkeypatch.setattr("studies.files.sqlite_file._updated_copy", lambda *_: pytest.fail("copied"))
    with ProjectStore.peek(file) as store:
        assert (store.head().name, store.place()) == ("animals", tmp_path)
        assert store.progress().in_words() == "2 of 5 labeled"
    with pytest.raises(StoreError, match="no labeling project"):
        ProjectStore.peek(tmp_path / "none")


def test_a_migration_that_fails_leaves_the_file_as_it_was(tmp_path, monkeypatch):
    file = tmp_path / "p"
    with monkeypatch.context() as then:
        before(then)
        create(file, items=5, holdout=1).close()
    with monkeypatch.context() as broken:
        broken.setattr("studies.labeling.file.later_tables._STRATEGIES_BEFORE", "SELECT * FROM nothing")
        with pytest.raises((sqlite3.OperationalError, StoreError)):
            ProjectStore.open(file)
    connection = sqlite3.connect(file)
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    connection.close()
    assert "round_strategies" not in tables
    with ProjectStore.open(file) as store:
        assert store.rounds() == ()
