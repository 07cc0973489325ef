"""An open file that was taken away takes no record for nobody; what it holds is saved, and it goes on once put back."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from studies.files import sqlite_file
from studies.files.store_errors import StoreError, StoreGone, unwritable
from studies.timing.facts.records import Event, EventKind
from studies.timing.file.store import Store
from tests.studies.timing.sample import Answered, add_study, plan, record, response

pytestmark = pytest.mark.skipif("sys.platform == 'win32'", reason="Windows moves no open file")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """With a session and an answer."""
    (tmp_path / "folder").mkdir()
    opened = Store.open(tmp_path / "folder" / "s.sqlite")
    opened.start_session(add_study(opened), record("s"), plan([Answered("a", 1.0)] * 4))
    opened.append_response("s", response(0))
    yield opened
    opened.close()


def answers(file: Path) -> int:
    with Store.open(file, writable=False) as found:
        return int(found.query("SELECT count(*) FROM responses")[0][0])


def move(file: Path) -> Callable[[], object]:
    away = file.with_name("elsewhere")
    file.rename(away)
    return lambda: away.rename(file)


def replace(file: Path) -> Callable[[], object]:
    away, other = file.with_name("elsewhere"), file.with_name("other")
    shutil.copy(file, other)
    file.rename(away)
    other.rename(file)
    return lambda: away.replace(file)


def move_folder(file: Path) -> Callable[[], object]:
    away = file.parent.with_name("away")
    file.parent.rename(away)
    return lambda: away.rename(file.parent)


@pytest.mark.parametrize("take", [move, replace, move_folder])
def test_nothing_is_acknowledged_until_it_is_put_back(
    store: Store,
    take: Callable[[Path], Callable[[], object]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    put_back = take(store.path)
    for _ in range(2):
        with pytest.raises(StoreGone, match="was moved, deleted or replaced: put it back, then try again"):
            store.append_response("s", response(1))
    with pytest.raises(StoreGone):
        store.append("s", Event(EventKind.PAUSED, 1))
    saved = [*tmp_path.rglob("* saved 1.sqlite")]
    assert [answers(copy) for copy in saved] == [1]
    put_back()
    store.append_response("s", response(1))
    store.close()
    assert answers(store.path) == 2


def test_a_deleted_file_is_saved_beside_its_place(store: Store) -> None:
    store.path.unlink()
    with pytest.raises(StoreGone, match=r"is saved in .*s saved 1\.sqlite"):
        store.append_response("s", response(1))
    assert answers(store.path.with_name("s saved 1.sqlite")) == 1


def test_the_copy_named_holds_what_was_stored_since_an_earlier_one(store: Store) -> None:
    put_back = move(store.path)
    with pytest.raises(StoreGone, match=r"s saved 1\.sqlite"):
        store.append_response("s", response(1))
    put_back()
    store.append_response("s", response(1))
    store.path.unlink()
    with pytest.raises(StoreGone, match=r"is saved in .*s saved 2\.sqlite"):
        store.append_response("s", response(2))
    assert answers(store.path.with_name("s saved 2.sqlite")) == 2


def test_a_copy_that_was_taken_away_is_saved_again(store: Store) -> None:
    copy = store.path.with_name("s saved 1.sqlite")
    store.path.unlink()
    for _ in range(2):
        with pytest.raises(StoreGone, match=r"is saved in .*s saved 1\.sqlite"):
            store.append_response("s", response(1))
        assert answers(copy) == 1
        copy.unlink()


def test_what_lay_in_the_file_beside_it_is_kept_where_that_alone_is_deleted(store: Store) -> None:
    store.path.with_name("s.sqlite-wal").unlink()
    store.append_response("s", response(1))
    store.append_response("s", response(2))
    store.close()
    assert answers(store.path) == 3


def test_where_the_file_cannot_be_opened_again_all_can_be_read_and_the_next_record_tries_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, _: object) -> sqlite3.Connection:
        raise unwritable(path)

    store.path.with_name("s.sqlite-wal").unlink()
    with monkeypatch.context() as patch:
        patch.setattr(sqlite_file, "open_writable", refuse)
        for _ in range(2):
            with pytest.raises(StoreError, match="cannot be written"):
                store.append_response("s", response(1))
        assert store.query("SELECT count(*) FROM responses") == [(1,)]
        assert store.progress("s").answered == {0}
    store.append_response("s", response(1))
    store.close()
    assert answers(store.path) == 2


def test_that_file_is_noticed_before_the_first_record(tmp_path: Path) -> None:
    with Store.open(tmp_path / "new.sqlite") as new:
        new.path.with_name("new.sqlite-wal").unlink()
        add_study(new)
        with sqlite3.connect(new.path) as beside:
            assert beside.execute("SELECT count(*) FROM studies").fetchone() == (1,)
        beside.close()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Readers are waited for a moment only."""
    monkeypatch.setattr(sqlite_file, "_BUSY_S", 0.05)


@pytest.mark.usefixtures("quick")
def test_all_is_saved_and_waits_where_it_is_deleted_while_another_program_reads(store: Store) -> None:
    store.checkpoint()
    store.append_response("s", response(1))  # lies in the file beside it alone
    with Store.open(store.path, writable=False) as reader:
        with reader.snapshot():
            reader.query("SELECT count(*) FROM responses")
            store.append_response("s", response(2))
            store.path.with_name("s.sqlite-wal").unlink()
            for _ in range(2):
                with pytest.raises(
                    StoreGone, match=r"close that program, then try again\. .*s saved 1\.sqlite"
                ):
                    store.append_response("s", response(3))
        assert answers(store.path.with_name("s saved 1.sqlite")) == 3
    store.append_response("s", response(3))
    store.close()
    assert answers(store.path) == 4
    assert not store.path.with_name("s saved 2.sqlite").exists()


@pytest.mark.usefixtures("quick")
def test_all_is_saved_where_it_is_closed_while_another_program_reads(store: Store) -> None:
    with Store.open(store.path, writable=False) as reader, reader.snapshot():
        reader.query("SELECT count(*) FROM responses")
        store.append_response("s", response(1))
        store.path.with_name("s.sqlite-wal").unlink()
        store.close()
    assert answers(store.path.with_name("s saved 1.sqlite")) == 2


def test_the_place_of_the_one_writer_is_kept_where_its_lock_is_deleted(store: Store) -> None:
    store.path.with_name("s.sqlite.lock").unlink()
    store.append_response("s", response(1))
    with pytest.raises(StoreError, match="is in use by another CLARIFIER window"):
        Store.open(store.path)
    store.close()
    Store.open(store.path).close()


def test_nothing_is_written_beside_a_writer_that_came_where_the_lock_was_deleted(store: Store) -> None:
    store.path.with_name("s.sqlite.lock").unlink()
    with Store.open(store.path) as second:
        with pytest.raises(StoreError, match="is in use by another CLARIFIER window: close that window"):
            store.append_response("s", response(1))
        second.append_response("s", response(1))
    store.append_response("s", response(2))
    assert answers(store.path) == 3


def test_a_copy_of_the_one_file_is_whole_after_a_checkpoint(store: Store, tmp_path: Path) -> None:
    store.checkpoint()
    shutil.copy(store.path, tmp_path / "copy.sqlite")
    assert answers(tmp_path / "copy.sqlite") == 1
    store.append_response("s", response(1))
    with sqlite3.connect(store.path) as beside:
        assert beside.execute("SELECT count(*) FROM responses").fetchone() == (2,)
    beside.close()


def other_study(file: Path, people: int) -> Path:
    """A larger file of others, as another machine has it."""
    with Store.open(file) as other:
        study = add_study(other)
        for number in range(1, people + 1):
            session = f"other {number}"
            other.start_session(study, record(session, f"Q{number}", number), plan([Answered("a", 1.0)] * 30))
            for position in range(30):
                other.append_response(session, response(position))
    return file


def test_another_file_in_its_place_is_whole_and_takes_nothing(store: Store) -> None:
    other = other_study(store.path.with_name("other.sqlite"), 6)
    assert store.is_in_place
    other.replace(store.path)
    assert not store.is_in_place
    with pytest.raises(StoreGone, match=r"s saved 1\.sqlite"):
        store.append_response("s", response(1))
    with closing(sqlite3.connect(store.path)) as beside:  # as any program opens it, with what lies beside it
        assert beside.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert beside.execute("SELECT count(*) FROM responses").fetchone() == (180,)
    store.close()
    assert answers(store.path) == 180
    assert answers(store.path.with_name("s saved 1.sqlite")) == 1


@pytest.mark.parametrize("put", [shutil.copy, Path.rename])
@pytest.mark.parametrize("replaced", [False, True])
def test_it_goes_on_where_the_saved_copy_is_put_into_its_place(
    store: Store, put: Callable[[Path, Path], object], replaced: bool
) -> None:
    store.path.unlink()
    if replaced:
        other_study(store.path.with_name("other.sqlite"), 1).rename(store.path)
    with pytest.raises(StoreGone):
        store.append_response("s", response(1))
    put(store.path.with_name("s saved 1.sqlite"), store.path)
    store.append_response("s", response(1))
    store.append_response("s", response(2))
    store.close()
    assert sorted(path.suffix for path in store.path.parent.glob("s.sqlite*")) == [".lock", ".sqlite"]
    assert answers(store.path) == 3


def test_what_a_deleted_file_held_is_saved_where_it_is_closed_next(store: Store) -> None:
    store.path.unlink()
    store.close()
    assert answers(store.path.with_name("s saved 1.sqlite")) == 1
