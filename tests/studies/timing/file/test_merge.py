from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from studies.timing.facts.records import Event, EventKind
from studies.timing.file.merge import MergeError, merge
from studies.timing.file.store import Store, StoreError
from tests.studies.timing.sample import FULL, SHORT, Answered, add_study, answer, plan, record, sit

OTHER = "f" * 64


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two machines: ``a`` with P1, ``b`` with P2 of the same study and P3 of another."""
    with Store.open(tmp_path / "a.sqlite") as store:
        sit(store, add_study(store), "one", FULL, "P1", 1)
    with Store.open(tmp_path / "b.sqlite") as store:
        sit(store, add_study(store, "other", OTHER), "three", SHORT, "P3", 1)
        sit(store, add_study(store), "two", SHORT, "P2", 2)
    return tmp_path


def pool(folder: Path, *names: str) -> list[Path]:
    return [folder / f"{name}.sqlite" for name in names]


def everything(path: Path) -> list[list[tuple[object, ...]]]:
    views = ("trials", "ratios", "scratch", "summary", "exclusions", "withdrawals")
    with Store.open(path, writable=False) as store:
        return [sorted(store.query(f"SELECT * FROM {view}"), key=str) for view in views]


def begin(path: Path, session_id: str = "half") -> None:
    """A session of three trials, of which one is answered."""
    trials = [Answered("a", 1.0), Answered("b", 2.0), Answered("b", 3.0)]
    with Store.open(path) as store:
        store.start_session(add_study(store), record(session_id, "P9", 9), plan(trials))
        store.append(session_id, Event(EventKind.CONSENTED, 1))
        answer(store, session_id, 0, trials[0])


def go_on(path: Path, position: int, time_s: float = 2.0, session_id: str = "half") -> None:
    with Store.open(path) as store:
        answer(store, session_id, position, Answered("b", time_s))


def test_files_are_pooled_and_stay_as_they_were(folder: Path) -> None:
    before = [path.read_bytes() for path in pool(folder, "a", "b")]
    report = merge(pool(folder, "a", "b"), folder / "c.sqlite")
    assert (report.added, report.extended, report.unchanged, report.withdrawn) == (3, 0, 0, 0)
    assert report.files == tuple(pool(folder, "a", "b"))
    assert [path.read_bytes() for path in pool(folder, "a", "b")] == before
    with Store.open(folder / "c.sqlite", writable=False) as store:
        ratios = store.query("SELECT study, participant, ratio_geomean FROM ratios ORDER BY 2")
        assert ratios == [
            ("study", "P1", pytest.approx(4)),
            ("study", "P2", pytest.approx(9)),
            ("other", "P3", pytest.approx(9)),
        ]
        assert {(s.session_id, s.participant_number) for s in store.sessions()} == {
            ("one", 1),
            ("two", 2),
            ("three", 1),
        }
        assert store.query("PRAGMA foreign_key_check") == []


def test_the_order_of_the_files_and_doing_it_twice_change_nothing(folder: Path) -> None:
    merge(pool(folder, "a", "b"), folder / "c.sqlite")
    merge(pool(folder, "b", "a", "b"), folder / "d.sqlite")
    assert everything(folder / "c.sqlite") == everything(folder / "d.sqlite")
    again = merge(pool(folder, "a", "b", "d"), folder / "c.sqlite")
    assert (again.added, again.extended, again.unchanged) == (0, 0, 3)
    assert everything(folder / "c.sqlite") == everything(folder / "d.sqlite")


def test_an_existing_target_is_one_of_the_pool(folder: Path) -> None:
    report = merge(pool(folder, "b", "a"), folder / "a.sqlite")
    assert (report.added, report.unchanged) == (2, 1)
    assert report.files == tuple(pool(folder, "a", "b"))
    merge(pool(folder, "a"), folder / "c.sqlite")
    assert everything(folder / "a.sqlite") == everything(folder / "c.sqlite")


@pytest.mark.parametrize("target_has", ["short", "long", "none"])
def test_a_session_copied_midway_and_gone_on_with_is_one(folder: Path, target_has: str) -> None:
    begin(folder / "a.sqlite")
    shutil.copy(folder / "a.sqlite", folder / "copy.sqlite")
    go_on(folder / "a.sqlite", 1)
    if target_has != "none":
        shutil.copy(folder / ("copy.sqlite" if target_has == "short" else "a.sqlite"), folder / "c.sqlite")
    report = merge(pool(folder, "copy", "a"), folder / "c.sqlite")
    assert report.extended == (target_has == "short")
    assert everything(folder / "c.sqlite") == everything(folder / "a.sqlite")


@pytest.mark.parametrize("target_exists", [True, False])
def test_copies_that_contradict_each_other_are_refused_by_name(folder: Path, target_exists: bool) -> None:
    begin(folder / "a.sqlite")
    shutil.copy(folder / "a.sqlite", folder / "copy.sqlite")
    go_on(folder / "a.sqlite", 1, 2.0)
    go_on(folder / "copy.sqlite", 1, 3.0)
    target = folder / "c.sqlite"
    if target_exists:
        shutil.copy(folder / "b.sqlite", target)
    before = everything(target) if target_exists else None
    with pytest.raises(MergeError) as refusal:
        merge(pool(folder, "a", "copy"), target)
    for part in ("participant P9", "session half", "a.sqlite", "copy.sqlite", "Nothing was written"):
        assert part in str(refusal.value)
    assert "one" not in str(refusal.value).split("participant")[1].split()
    assert (everything(target) if target_exists else None) == before
    assert target.exists() == target_exists


def test_a_withdrawal_in_any_file_counts_everywhere(folder: Path) -> None:
    shutil.copy(folder / "a.sqlite", folder / "copy.sqlite")
    with Store.open(folder / "a.sqlite") as store:
        store.withdraw("one")
    for sources, into in ((("a", "copy"), "c"), (("copy", "a"), "d"), (("a", "b"), "copy")):
        report = merge(pool(folder, *sources), folder / f"{into}.sqlite")
        assert report.withdrawn == 1
        with Store.open(folder / f"{into}.sqlite", writable=False) as store:
            assert "one" not in {session.session_id for session in store.sessions()}
            assert [row[0] for row in store.query("SELECT * FROM withdrawals")] == ["one"]
        assert b"P1" not in (folder / f"{into}.sqlite").read_bytes()


def test_shared_numbers_and_codes_are_noted(folder: Path) -> None:
    with Store.open(folder / "c.sqlite") as store:
        sit(store, add_study(store), "four", SHORT, "P4", 1)
        sit(store, add_study(store), "five", SHORT, "P2", 5)
    report = merge(pool(folder, "a", "b"), folder / "c.sqlite")
    assert report.added == 3
    first, second = report.notes
    assert "P1 and P4" in first
    assert "number, 1" in first
    assert "P2 has sessions in" in second


def test_a_code_written_in_two_ways_is_one_person(tmp_path: Path) -> None:
    codes = {"a": "P01", "b": "p01", "c": "Ä 1", "d": "a\u0308  1 "}
    for number, (name, code) in enumerate(codes.items(), start=1):
        with Store.open(tmp_path / f"{name}.sqlite") as store:
            trials = [Answered("a", 4.0 if name == "b" else 1.0), Answered("b", 9.0)]
            sit(store, add_study(store), name, trials, code, number)
    report = merge(pool(tmp_path, "b", "c", "d", "a"), tmp_path / "pool.sqlite")
    written, files, others, _ = report.notes
    assert "the codes P01 and p01 differ only in how they are written: they count as one person" in written
    assert "the participant P01 has sessions in" in files
    assert "Ä 1" in others
    with Store.open(tmp_path / "pool.sqlite", writable=False) as store:
        rows = store.query("SELECT participant, n_shown, c_v_geomean_s FROM ratios ORDER BY participant")
        assert rows == [("P01", 4, pytest.approx(2.0)), ("Ä 1", 4, pytest.approx(1.0))]
        assert store.query("SELECT n_participants FROM summary") == [(2,)]
        assert {s.participant for s in store.sessions()} == set(codes.values()), "as written"


def test_foreign_and_missing_files_are_refused_before_anything_is_written(folder: Path) -> None:
    (folder / "notes.sqlite").write_text("not a database")
    for bad, sentence in (("notes", "not a CLARIFIER file"), ("missing", "no study")):
        with pytest.raises(StoreError, match=sentence):
            merge(pool(folder, "a", bad), folder / "c.sqlite")
        assert not (folder / "c.sqlite").exists()
    with pytest.raises(StoreError, match="not a CLARIFIER file"):
        merge(pool(folder, "a"), folder / "notes.sqlite")


def test_a_failure_midway_writes_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(folder / "a.sqlite", folder / "c.sqlite")
    before = everything(folder / "c.sqlite")
    real = Store.delete_session

    def fail(*_: object) -> None:
        raise RuntimeError("the power went")

    with Store.open(folder / "b.sqlite") as store:
        store.withdraw("two")
    monkeypatch.setattr(Store, "delete_session", staticmethod(fail))
    with pytest.raises(RuntimeError):
        merge(pool(folder, "b"), folder / "c.sqlite")
    monkeypatch.setattr(Store, "delete_session", staticmethod(real))
    assert everything(folder / "c.sqlite") == before


def test_files_are_read_beside_a_running_program(folder: Path) -> None:
    with Store.open(folder / "a.sqlite"):
        merge(pool(folder, "a", "b"), folder / "c.sqlite")
        with pytest.raises(StoreError, match="another CLARIFIER window"):
            merge(pool(folder, "b"), folder / "a.sqlite")
