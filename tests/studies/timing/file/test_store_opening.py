"""What Store.open refuses, with the sentence it gives and the file as it was."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from studies.timing.facts.records import Event, EventKind
from studies.timing.file.store import Store, StoreError
from studies.timing.file.tables import STUDY
from tests.studies.timing.sample import SHORT, add_study, plan, record, sit


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A closed store with one session in it."""
    path = tmp_path / "study.sqlite"
    with Store.open(path) as store:
        sit(store, add_study(store), "s", SHORT)
    return path


def edit(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    for statement in statements:
        connection.execute(statement)
    connection.close()


def refused(path: Path, sentence: str, *, writable: bool) -> None:
    before = {file: file.read_bytes() for file in path.parent.iterdir() if file.name.startswith(path.name)}
    with pytest.raises(StoreError, match=sentence):
        Store.open(path, writable=writable)
    assert path.read_bytes() == before[path]
    assert not path.with_name(path.name + "-wal").exists() or not writable


both = pytest.mark.parametrize("writable", [True, False])


@both
def test_a_file_of_a_newer_version_is_left_untouched(path: Path, writable: bool) -> None:
    edit(path, f"PRAGMA user_version = {STUDY.version + 1}")
    refused(path, "newer version", writable=writable)


@both
def test_a_migration_from_the_future_is_a_newer_version(path: Path, writable: bool) -> None:
    edit(
        path,
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('clarifier', 'later', '2030')",
    )
    refused(path, "newer version", writable=writable)


NOISE = random.Random(1).randbytes(5000)


@both
@pytest.mark.parametrize(
    "content", [b"label,image\n", b"SQLite format 3\x00", NOISE], ids=["text", "header alone", "noise"]
)
def test_what_is_no_database_is_left_untouched(tmp_path: Path, content: bytes, writable: bool) -> None:
    path = tmp_path / "labels.csv"
    path.write_bytes(content)
    refused(path, "not a CLARIFIER file", writable=writable)


@both
def test_another_program_s_database_is_left_untouched(tmp_path: Path, writable: bool) -> None:
    path = tmp_path / "places.sqlite"
    edit(path, "CREATE TABLE studies (id INTEGER PRIMARY KEY)")
    refused(path, "another program", writable=writable)


@both
def test_a_damaged_file_is_left_untouched(path: Path, writable: bool) -> None:
    content = bytearray(path.read_bytes())
    content[200:4096] = os.urandom(4096 - 200)  # the schema
    path.write_bytes(content)
    refused(path, "damaged", writable=writable)


def test_damage_beyond_the_schema_is_found_before_anything_is_written(path: Path) -> None:
    with Store.open(path) as store:
        ((page,),) = store.query("SELECT rootpage FROM sqlite_master WHERE name = 'responses'")
    content = bytearray(path.read_bytes())
    content[(page - 1) * 4096 : page * 4096] = os.urandom(4096)
    path.write_bytes(content)
    refused(path, "damaged", writable=True)


def test_a_truncated_file_is_refused(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:10_000])
    refused(path, "damaged", writable=True)


def test_an_empty_file_becomes_a_store(tmp_path: Path) -> None:
    path = tmp_path / "study.sqlite"
    path.touch()
    with pytest.raises(StoreError, match="no study"):
        Store.open(path, writable=False)
    with Store.open(path) as store:
        assert store.sessions() == ()


def test_a_missing_file_is_made_only_when_asked(tmp_path: Path) -> None:
    path = tmp_path / "study.sqlite"
    with pytest.raises(StoreError, match="no study"):
        Store.open(path, create=False)
    with pytest.raises(StoreError, match="no study"):
        Store.open(path, writable=False)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_and_a_folder_get_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no folder"):
        Store.open(tmp_path / "none" / "study.sqlite")
    with pytest.raises(StoreError, match="is a folder"):
        Store.open(tmp_path)


def test_a_creation_that_was_cut_short_is_begun_again(tmp_path: Path) -> None:
    path = tmp_path / "study.sqlite"
    path.with_name("study.sqlite.new").write_bytes(b"half a file")
    path.with_name("study.sqlite-wal").write_bytes(b"of a file that was deleted")
    with Store.open(path) as store:
        assert store.sessions() == ()
    assert not path.with_name("study.sqlite.new").exists()


@pytest.fixture
def newer(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # after the file was made
    """A program that has one more migration than wrote the file."""

    def more(db: object) -> None:
        db.execute("CREATE TABLE more (id INTEGER PRIMARY KEY)")  # type: ignore[attr-defined]
        db.execute("INSERT INTO more SELECT count(*) FROM sessions")  # type: ignore[attr-defined]

    monkeypatch.setattr(Store, "schema", replace(STUDY, migrations=(*STUDY.migrations, more)))


@pytest.mark.usefixtures("newer")
def test_a_migration_that_is_missing_is_applied_when_written(path: Path) -> None:
    with Store.open(path) as store:
        assert store.query("SELECT * FROM more") == [(1,)]
        assert store.query("PRAGMA user_version") == [(len(STUDY.migrations) + 1,)]
        assert len(store.sessions()) == 1


@pytest.mark.usefixtures("newer")
def test_an_older_file_is_read_as_a_copy_that_is_brought_up_to_date(path: Path) -> None:
    before = path.read_bytes()
    with Store.open(path, writable=False) as store:
        assert store.query("SELECT * FROM more") == [(1,)]
        assert len(store.sessions()) == 1
        assert store.query("SELECT count(*) FROM trials") == [(2,)]
        with pytest.raises(StoreError, match="cannot be written"):
            store.withdraw("s")
    assert path.read_bytes() == before


def test_a_second_window_is_refused_and_a_reader_is_not(path: Path) -> None:
    with Store.open(path) as store:
        with pytest.raises(StoreError, match="another CLARIFIER window"):
            Store.open(path)
        link = path.with_name("link.sqlite")
        link.symlink_to(path)
        with pytest.raises(StoreError, match="another CLARIFIER window"):
            Store.open(link)
        with Store.open(path, writable=False) as reader:
            store.start_session(1, record("t", "P2", 2), plan(SHORT))
            assert len(reader.sessions()) == 2
            with pytest.raises(StoreError, match="cannot be written"):
                reader.append("t", Event(EventKind.PAUSED, 1))
    Store.open(path).close()


CHILD = """
import sys
from pathlib import Path
from studies.timing.file.store import Store
from tests.studies.timing.sample import Answered, add_study, plan, record, response
store = Store.open(Path(sys.argv[1]))
store.start_session(add_study(store), record("child"), plan([Answered("a", 1.0)] * 5000))
print("open", flush=True)
for position in range(5000):
    store.append_response("child", response(position))
    print(position, flush=True)
sys.stdin.read()
"""


@contextmanager
def child(path: Path) -> Iterator[subprocess.Popen[str]]:
    root = Path(__file__).parents[4]
    command = [sys.executable, "-c", CHILD, str(path)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL on this platform")
@pytest.mark.parametrize("answers", [1, 40, 333])
def test_a_killed_program_frees_the_file_and_loses_no_answer(path: Path, answers: int) -> None:
    with child(path) as process:
        assert process.stdout is not None
        acknowledged = [int(process.stdout.readline()) for _ in range(answers)]
        with pytest.raises(StoreError, match="another CLARIFIER window"):
            Store.open(path)
        process.send_signal(signal.SIGKILL)
        acknowledged += [int(line) for line in process.stdout.read().split()]
        process.wait()
    with Store.open(path) as store:
        stored = store.progress("child").answered
        assert stored >= set(acknowledged)
        assert stored == set(range(len(stored)))  # at most the one on its way is more
        assert len(stored) <= len(acknowledged) + 1
