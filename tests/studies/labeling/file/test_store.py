from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from model.port import NullPort
from studies.files.store_errors import StoreError, StoreFull
from studies.labeling.facts.file_state import FileState
from studies.labeling.facts.records import (
    AutoLabel,
    Change,
    ClassChange,
    Idle,
    LabelEvent,
    Likely,
    Purpose,
    Refit,
    Task,
    Verb,
)
from studies.labeling.file.schema import PROJECT
from studies.labeling.file.store import ProjectHead, ProjectStore
from tests.studies.labeling.sample import Hand, begin_round, conductor, create, open_project
from tests.studies.timing.disks import mounted

TABLES = tuple(name.removesuffix("_never_deleted") for name in PROJECT.triggers if name.endswith("_deleted"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A project with a row in every table."""
    path = tmp_path / "a b#%?é.clarifier"
    create(path).close()
    project = open_project(path)
    project.add_tasks([Task(0, 0, 10, Purpose.SEED, top=(Likely(1, 0.25),))])
    hand = Hand(project)
    hand.answer(1)
    begin_round(project, conductor(project), [(20, 0, "hard")])
    store = project.store
    (model,), (round_,) = store.models(), store.rounds()
    store.begin_round(
        replace(model, model_id=1), replace(round_, round=2, model_id=1), (), (AutoLabel(30, 2, 0.9),)
    )
    store.add_idle(project.sitting, Idle(5, 1_000_000_005, "training"))
    store.add_refit(Refit(0, 2, 1, 1, 0.4))
    store.add_file_states({10: FileState("ab" * 16, 3, 4)})
    store.move(tmp_path / "elsewhere", {11: "eleven.png"})
    with store.transaction() as connection:  # as older versions noted it
        connection.execute("INSERT INTO item_hashes (item, hash) VALUES (12, 'ab')")
        connection.execute("INSERT INTO sample_draws (draw, items, pool) VALUES (0, 40, x'07')")
        connection.execute(
            "INSERT INTO looks VALUES (0, 1, 0.01, 0.025, 40, 0, 0, 30, 0, 0, 0.5, 1, 'At most 1 %.', 'now')"
        )
        connection.execute("INSERT INTO folder_labels VALUES (0, 1, '[[30, 0.9]]', 'now')")
        begun = "(1, 'ab', 'birds.pt', '', 'small-cnn', 30, '[0, -1]', x'07', 'now')"
        connection.execute(f"INSERT INTO begun_with VALUES {begun}")
    store.close()
    return path


@pytest.fixture
def store(path: Path) -> Iterator[ProjectStore]:
    with ProjectStore.open(path, create=False) as opened:
        yield opened


def dump(store: ProjectStore) -> dict[str, list[tuple[object, ...]]]:
    return {table: store.query(f"SELECT * FROM {table}") for table in TABLES}


def test_every_table_of_the_file_is_guarded(store):
    found = {
        name
        for (name,) in store.query("SELECT name FROM sqlite_master WHERE type = 'table'")
        if not name.startswith(("sqlite_", "_sqlite"))
    }
    assert found == set(TABLES)


@pytest.mark.parametrize("table", TABLES)
def test_facts_are_only_ever_added(path, store, table):
    before = dump(store)
    assert before[table], "a guard over nothing would guard nothing"
    store.close()
    connection = sqlite3.connect(path, isolation_level=None)  # any other program
    (column, *_) = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    for statement in (
        f"UPDATE {table} SET {column} = {column}",
        f"DELETE FROM {table}",
        f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
        f"INSERT OR IGNORE INTO {table} SELECT * FROM {table}",
    ):
        with pytest.raises(sqlite3.IntegrityError, match=table):
            connection.execute(statement)
    connection.close()
    with ProjectStore.open(path, writable=False) as again:
        assert dump(again) == before


def test_triggers_and_views_that_are_missing_come_back(path):
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("DROP TRIGGER label_events_never_deleted")
    connection.execute("DROP VIEW labels")
    connection.close()
    with ProjectStore.open(path, create=False) as again:
        assert again.query("SELECT item FROM labels")
        with pytest.raises(sqlite3.IntegrityError, match="never deleted"):
            again.query("DELETE FROM label_events")


def test_what_is_written_reads_back(store, tmp_path):
    assert store.head() == ProjectHead("u-1", "animals", "folder", tmp_path, "0")
    assert store.place() == tmp_path / "elsewhere"
    items = store.items()
    assert (len(items), items[10], items[11]) == (40, "010.png", "eleven.png")
    assert store.holdout() == [0, 1, 2, 3, 4]
    assert [c.value for c in store.class_changes()] == ["cat", "dog", "owl"]
    assert store.hashes() == {10: "ab" * 16, 12: "ab"}
    ((first_ns, last_ns),) = store.query("SELECT min(onset_ns), max(response_ns) FROM label_events")
    assert store.idle_share(1) == pytest.approx(1e9 / (last_ns - first_ns))
    assert store.idle_share(2) is None
    assert (store.duration_s(2), store.answer_times(2)) == (0.0, [])
    assert store.tasks([1, 0])[1] == Task(0, 0, 10, Purpose.SEED, top=(Likely(1, 0.25),))
    assert [t.item for t in store.pending_tasks()] == [20]
    assert store.auto_labels(2) == (AutoLabel(30, 2, 0.9),)
    assert (store.count("tasks"), store.count("models")) == (2, 2)


def test_the_latest_state_of_a_file_holds(store):
    store.add_file_states({10: FileState("cd" * 16, 5, 6), 11: FileState("ef" * 16)})
    assert store.hashes() == {10: "cd" * 16, 11: "ef" * 16, 12: "ab"}
    assert store.file_states(10, 1) == {10: FileState("cd" * 16, 5, 6)}


def test_new_items_come_behind_the_others(store):
    store.add_items(["x.png", "y.png"])
    assert store.items()[39:] == ["039.png", "x.png", "y.png"]


def test_a_task_waits_again_when_its_answer_was_taken_back(store):
    event = LabelEvent(1, 20, Verb.LABEL, Purpose.QUEUE, 0, task_id=1)
    store.append(1, [event])
    assert store.pending_tasks() == ()
    store.append(1, [LabelEvent(2, 20, Verb.UNDO, Purpose.QUEUE, undoes=1)])
    assert [t.task_id for t in store.pending_tasks()] == [1]


def test_an_event_about_nothing_is_refused(store):
    before = dump(store)
    for item, task_id in ((999, None), (10, 99)):
        with pytest.raises(sqlite3.IntegrityError):
            store.append(1, [LabelEvent(1, item, Verb.LABEL, Purpose.GRID, 0, task_id=task_id)])
    with pytest.raises(sqlite3.IntegrityError):
        store.append(1, [LabelEvent(1, item, Verb.LABEL, Purpose.GRID, 0) for item in (10, 11, 999)])
    assert dump(store) == before


def test_a_round_is_stored_whole_or_not_at_all(store):
    before = dump(store)
    model = replace(store.models()[-1], model_id=2)
    round_ = replace(store.rounds()[-1], round=3, model_id=2)
    with pytest.raises(sqlite3.IntegrityError):
        store.begin_round(model, round_, (Task(2, 3, 21, Purpose.QUEUE),), (AutoLabel(999, 0, 1.0),))
    assert dump(store) == before


def test_a_project_is_made_whole_or_not_at_all(tmp_path):
    class Stops(NullPort):
        def progress(self, done: int, total: int, text: str) -> None:
            raise RuntimeError

    with pytest.raises(RuntimeError):
        ProjectStore.create(
            tmp_path / "p", ProjectHead("u", "n", "folder", tmp_path, "0"), ["a"], [], [], "{}", Stops()
        )
    assert [file.name for file in tmp_path.iterdir() if not file.name.endswith(".lock")] == []
    create(tmp_path / "p").close()
    with pytest.raises(StoreError, match="is a project already"):
        create(tmp_path / "p")


def test_a_second_window_is_refused_and_may_read(path, store):
    with pytest.raises(StoreError, match="in use by another CLARIFIER window"):
        ProjectStore.open(path)
    with ProjectStore.open(path, writable=False) as reader:
        assert len(reader.items()) == 40
        store.append(1, [LabelEvent(1, 21, Verb.SKIP, Purpose.GRID)])
        assert reader.query("SELECT count(*) FROM label_events") == [(2,)]


@pytest.mark.parametrize("writable", [True, False])
@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        (f"PRAGMA user_version = {PROJECT.version + 1}", "newer version"),
        (
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) "
            "VALUES ('clarifier-project', 'later', '2030')",
            "newer version",
        ),
        ("PRAGMA application_id = 7", "another program"),
        ("PRAGMA application_id = 0x434C4152", "is a timing study"),
    ],
)
def test_a_file_that_is_not_ours_to_write_is_left_untouched(path, statement, sentence, writable):
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(statement)
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match=sentence):
        ProjectStore.open(path, writable=writable, create=False)
    assert path.read_bytes() == before


def test_there_is_no_project_where_none_was_made(tmp_path):
    with pytest.raises(StoreError, match="no labeling project"):
        ProjectStore.open(tmp_path / "none", create=False)
    assert list(tmp_path.iterdir()) == []


def check_full_disk(
    path: Path, fill: Callable[[ProjectStore], None], free: Callable[[ProjectStore], None]
) -> None:
    """A round and answers that find no room change nothing, on disk or in memory, and can be tried again."""
    create(path, items=5000, holdout=0, plant_rate=0.0).close()
    project = open_project(path)
    leads, hand = conductor(project), Hand(project)
    project.add_tasks([Task(n, 0, 10 + n, Purpose.SEED) for n in range(3000)])
    hand.answer(0)
    hand.answer(1)
    fill(project.store)
    queue = [(4000 + n, 0, "hard") for n in range(900)]
    with pytest.raises(StoreFull, match=r"free some space|has free space"):
        begin_round(project, leads, queue)
    assert (project.round, project.tasks_made, len(project.queue)) == (0, 3000, 2998)
    assert [project.store.count(table) for table in ("rounds", "models", "tasks")] == [0, 0, 3000]
    answered = 2
    with pytest.raises(StoreFull):  # noqa: PT012 - single answers fit for a while
        while answered < 3000:
            hand.answer(answered % 3)
            answered += 1
    assert project.desk.item == 10 + answered
    with pytest.raises(StoreFull):
        project.record([LabelEvent(0, item, Verb.LABEL, Purpose.GRID, 1) for item in range(3500, 3900)])
    with pytest.raises(StoreFull):
        project.change_classes([ClassChange(0, Change.RENAMED, "x" * 100_000)])
    assert project.classes.name(0) == "cat"
    assert project.ledger.actions == answered
    free(project.store)
    hand.answer(2)  # the same image, on the same connection
    begin_round(project, leads, queue)
    assert project.round == 1
    project.store.close()
    again = open_project(path)
    assert (again.ledger.actions, again.round) == (answered + 1, 1)
    assert again.queue.of_round == 900, (
        "the first labels that were not asked yet fell away with the first model"
    )
    assert again.store.query("PRAGMA integrity_check") == [("ok",)]
    again.store.close()


def test_a_full_disk(tmp_path: Path) -> None:
    with mounted(tmp_path / "small", "6m") as folder:
        filler = folder / "filler"

        def fill(_: ProjectStore) -> None:
            with filler.open("wb", buffering=0) as file:
                try:
                    while file.write(bytes(4096)):
                        pass
                except OSError:
                    pass

        check_full_disk(folder / "p", fill, lambda _: filler.unlink())


def test_a_database_at_its_largest_size(tmp_path: Path) -> None:
    def fill(store: ProjectStore) -> None:
        ((pages,),) = store.query("PRAGMA page_count")
        store.query(f"PRAGMA max_page_count = {pages}")

    def free(store: ProjectStore) -> None:
        store.query("PRAGMA max_page_count = 1073741823")

    check_full_disk(tmp_path / "p", fill, free)
