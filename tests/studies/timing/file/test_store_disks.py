"""A full disk loses nothing and can be gone on from; a read-only one gets a sentence."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from studies.table_files import ExportError
from studies.timing.facts.records import Event, EventKind
from studies.timing.file.store import Store, StoreError, StoreFull
from studies.timing.results.export import export
from tests.studies.timing.disks import mounted, read_only
from tests.studies.timing.sample import SHORT, Answered, add_study, plan, record, response, sit

MANY = plan([Answered("a", 1.0)] * 3000)


def write_until_full(store: Store) -> int:
    """The position of the first answer that was refused."""
    for position in range(len(MANY)):
        try:
            store.append_response("s", response(position))
        except StoreFull:
            return position
    raise AssertionError("the disk never filled")


def check_full_disk(store: Store, fill: Callable[[], None], free: Callable[[], None]) -> None:
    study = add_study(store)
    store.start_session(study, record("s"), MANY)
    fill()
    first = write_until_full(store)
    with pytest.raises(StoreFull, match=r"free some space, then try again|has free space, then try again"):
        store.append_response("s", response(first))
    with pytest.raises(StoreFull):
        store.start_session(study, record("t"), MANY)
    assert store.progress("s").answered == set(range(first))
    assert [session.session_id for session in store.sessions()] == ["s"]
    free()
    store.append_response("s", response(first))  # the same call on the same connection
    store.append("s", Event(EventKind.PAUSED, 1))
    store.start_session(study, record("t"), MANY)
    assert store.progress("s").answered == set(range(first + 1))
    assert store.query("PRAGMA integrity_check") == [("ok",)]


def test_a_full_disk(tmp_path: Path) -> None:
    with mounted(tmp_path / "small", "3m") as folder:
        filler = folder / "filler"

        def fill() -> None:
            with filler.open("wb", buffering=0) as file:
                try:
                    while file.write(bytes(4096)):
                        pass
                except OSError:
                    pass

        with Store.open(folder / "study.sqlite") as store:
            check_full_disk(store, fill, filler.unlink)
        with Store.open(folder / "study.sqlite") as store:
            assert len(store.sessions()) == 2


def test_a_database_at_its_largest_size(store: Store) -> None:
    def fill() -> None:
        ((pages,),) = store.query("PRAGMA page_count")
        store.query(f"PRAGMA max_page_count = {pages}")

    def free() -> None:
        store.query("PRAGMA max_page_count = 1073741823")

    check_full_disk(store, fill, free)


def test_no_room_for_a_new_file(tmp_path: Path) -> None:
    with mounted(tmp_path / "small", "20k") as folder:
        with pytest.raises(StoreFull):
            Store.open(folder / "study.sqlite")
        assert not (folder / "study.sqlite").exists()
        assert not (folder / "study.sqlite.new").exists()


def test_a_read_only_disk_is_read_and_not_written(tmp_path: Path) -> None:
    with mounted(tmp_path / "disk", "3m") as folder:
        path = folder / "study.sqlite"
        with Store.open(path) as store:
            sit(store, add_study(store), "s", SHORT)
        with read_only(folder):
            for name in ("study.sqlite", "new.sqlite"):
                with pytest.raises(StoreError, match="choose a folder that you may write to"):
                    Store.open(folder / name)
            with Store.open(path, writable=False) as store:
                assert len(store.query("SELECT * FROM ratios")) == 1
                with pytest.raises(ExportError, match="choose another place"):
                    export(store, "ratios", folder / "ratios.csv")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="permission bits do not bind here")
def test_a_read_only_folder_and_file_by_permission(tmp_path: Path) -> None:
    path = tmp_path / "study.sqlite"
    Store.open(path).close()
    path.chmod(0o400)
    with pytest.raises(StoreError, match="cannot be written"):
        Store.open(path)
    tmp_path.chmod(0o500)
    with pytest.raises(StoreError, match="cannot be written"):
        Store.open(tmp_path / "new.sqlite")
    tmp_path.chmod(0o700)
