from __future__ import annotations

import sqlite3
from datetime import datetime, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studies.answers import Device, StampSource
from studies.timing.facts.records import Event, EventKind, Interface, PlannedTrial
from studies.timing.file.store import Completion, SessionTimes, Store, StoreError
from tests.studies.timing.sample import (
    FULL,
    SHA,
    SHORT,
    Answered,
    add_study,
    answer,
    plan,
    record,
    response,
    sit,
)

FACTS = ("studies", "sessions", "planned_trials", "responses", "events", "withdrawals")


def dump(store: Store) -> dict[str, list[tuple[object, ...]]]:
    return {table: store.query(f"SELECT * FROM {table}") for table in FACTS}


def started(store: Store, session_id: str = "s", trials: int = 3) -> None:
    store.start_session(add_study(store), record(session_id), plan([Answered("b", 1.0)] * trials))


def test_a_plan_with_the_same_hash_is_one_study(store: Store) -> None:
    assert add_study(store) == add_study(store)
    assert add_study(store, sha256="f" * 64) != add_study(store)


def test_what_is_written_reads_back_after_closing(tmp_path: Path) -> None:
    path = tmp_path / "a b#%?é中.sqlite"
    trials = (
        PlannedTrial(0, 0, "digits", True, "img 0", "مرحبا", None),
        PlannedTrial(1, 0, "digits", False, "img'1", "=1+1", "猫"),
    )
    with Store.open(path) as store:
        study = add_study(store)
        session = record("s", "Zoë", 3, interface=Interface.DROPDOWN, seed=-(2**63))
        store.start_session(study, session, trials)
        given = response(1, first_input_ns=None, device=Device.MOUSE, stamp_source=StampSource.CALIBRATED)
        store.append_response("s", given)
    with Store.open(path, writable=False) as store:
        assert store.planned_trials("s") == trials
        (found,) = store.unfinished_sessions()
        assert (found.session_id, found.study, found.sha256, found.toml) == (
            "s",
            "study",
            SHA,
            'name = "study"\n',
        )
        assert (found.participant, found.participant_number, found.interface) == (
            "Zoë",
            3,
            Interface.DROPDOWN,
        )
        assert (found.seed, found.answered, found.total) == (-(2**63), 1, 2)
        stored = store.query(
            "SELECT answer, first_input_ns, response_ns, stamp_source, device FROM responses"
        )
        assert stored == [(given.answer, None, given.timing.response_ns, "calibrated", "mouse")]


@settings(max_examples=60, deadline=None)
@given(
    texts=st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=4, max_size=4),
    numbers=st.lists(st.integers(-(2**63), 2**63 - 1), min_size=2, max_size=2),
)
def test_every_text_and_number_round_trips(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], numbers: list[int]
) -> None:
    path = tmp_path_factory.mktemp("texts") / "study.sqlite"
    dataset, item, true_class, detail = texts
    trial = PlannedTrial(0, 0, dataset, False, item, true_class, detail)
    with Store.open(path) as store:
        store.start_session(add_study(store), record("s", participant=item, seed=numbers[0]), (trial,))
        store.append("s", Event(EventKind.PAUSED, numbers[1], 0, detail))
        assert store.planned_trials("s") == (trial,)
        assert store.unfinished_sessions()[0].participant == item
        assert store.query("SELECT at_ns, detail FROM events") == [(numbers[1], detail)]


def test_progress_tells_what_is_behind(store: Store) -> None:
    started(store, trials=5)
    at_start = store.progress("s")
    assert (at_start.consented, at_start.instructed, at_start.answered) == (False, False, frozenset())
    for kind, position in (
        (EventKind.CONSENTED, None),
        (EventKind.INSTRUCTED, None),
        (EventKind.PRESENTED, 0),
        (EventKind.FLAGGED, 0),
        (EventKind.PRESENTED, 1),
        (EventKind.FLAGGED, 1),
        (EventKind.UNFLAGGED, 1),
        (EventKind.PRESENTED, 1),
        (EventKind.IMAGE_FAILED, 2),
    ):
        store.append("s", Event(kind, 1, position))
    store.append_response("s", response(0))
    progress = store.progress("s")
    assert (progress.consented, progress.instructed, progress.finished) == (True, True, False)
    assert (progress.answered, progress.left_out) == (frozenset({0}), frozenset({2}))
    assert progress.flagged == frozenset({0})
    assert dict(progress.presented) == {0: 1, 1: 2}
    age = datetime.now(timezone.utc) - datetime.fromisoformat(progress.last_utc)
    assert 0 <= age.total_seconds() < 60
    store.append("s", Event(EventKind.FINISHED, 2))
    assert store.progress("s").finished
    with pytest.raises(StoreError, match="no session nobody"):
        store.progress("nobody")


def test_sessions_and_the_unfinished_among_them(store: Store) -> None:
    sit(store, add_study(store), "done", SHORT, "P2", 2)
    started(store, "half")
    assert [session.session_id for session in store.unfinished_sessions()] == ["half"]
    states = {s.session_id: (s.state, s.answered, s.total, s.study) for s in store.sessions()}
    assert states == {
        "done": (Completion.FINISHED, 2, 2, "study"),
        "half": (Completion.UNFINISHED, 0, 3, "study"),
    }


def test_participant_numbers_go_up_by_study(store: Store) -> None:
    study, other = add_study(store), add_study(store, sha256="f" * 64)
    assert store.next_participant_number(study) == 1
    store.start_session(study, record("s", "P7", 7), plan(SHORT))
    assert (store.next_participant_number(study), store.next_participant_number(other)) == (8, 1)


def test_a_second_answer_to_a_trial_is_refused_and_changes_nothing(store: Store) -> None:
    started(store)
    answer(store, "s", 0, Answered("b", 1.0))
    before = dump(store)
    with pytest.raises(StoreError, match="nothing was changed"):
        store.append_response("s", response(0, answer="b"))
    with pytest.raises(StoreError, match="nothing was changed"):
        store.append_response("s", response(99))  # no trial of this session
    with pytest.raises(StoreError, match="nothing was changed"):
        store.append("nobody", Event(EventKind.PAUSED, 1))
    assert dump(store) == before


def test_a_session_is_started_whole_or_not_at_all(store: Store) -> None:
    study = add_study(store)
    twice = (*plan(SHORT), *plan(SHORT))
    with pytest.raises(sqlite3.IntegrityError):
        store.start_session(study, record("s"), twice)
    assert store.sessions() == ()
    store.start_session(study, record("s"), plan(SHORT))


@pytest.mark.parametrize("recursive_triggers", [True, False])
@pytest.mark.parametrize("table", FACTS)
def test_facts_can_only_be_added(tmp_path: Path, table: str, recursive_triggers: bool) -> None:
    path = tmp_path / "study.sqlite"
    with Store.open(path) as store:
        sit(store, add_study(store), "s", SHORT)
        sit(store, add_study(store), "gone", SHORT)
        store.withdraw("gone")
        before = dump(store)
    # any other program's connection, with or without recursive triggers
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(f"PRAGMA recursive_triggers = {recursive_triggers}")
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    (values,) = connection.execute(f"SELECT * FROM {table} LIMIT 1").fetchall()
    changed = tuple(
        f"{v}9" if isinstance(v, str) and c == "utc" else v for c, v in zip(columns, values, strict=True)
    )
    marks = ", ".join("?" * len(columns))
    for sql, parameters in (
        (f"UPDATE {table} SET utc = 'x'" if "utc" in columns else f"UPDATE {table} SET item = 'x'", ()),
        (f"UPDATE OR REPLACE {table} SET {columns[0]} = {columns[0]}", ()),
        (f"DELETE FROM {table}", ()),
        (f"INSERT OR REPLACE INTO {table} VALUES ({marks})", changed),
        (f"REPLACE INTO {table} VALUES ({marks})", changed),
        (f"INSERT INTO {table} VALUES ({marks}) ON CONFLICT DO UPDATE SET {columns[-1]} = 'x'", changed),
    ):
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute(sql, parameters)
    if table == "studies":  # the hash is a key too
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute("INSERT OR REPLACE INTO studies VALUES (99, 'n', 't', ?, 1, 'u')", (SHA,))
    connection.close()
    with Store.open(path) as store:
        assert dump(store) == before


def test_triggers_and_views_that_were_taken_away_come_back(tmp_path: Path) -> None:
    path = tmp_path / "study.sqlite"
    with Store.open(path) as store:
        sit(store, add_study(store), "s", SHORT)
        wanted = store.query("SELECT type, name, sql FROM sqlite_master ORDER BY name")
        ratios = store.query("SELECT * FROM ratios")
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("DROP TRIGGER responses_never_changed")
    connection.execute("DROP TRIGGER events_never_deleted")
    connection.execute("CREATE TRIGGER events_never_deleted BEFORE DELETE ON events BEGIN SELECT 1; END")
    connection.execute("DROP VIEW ratios")
    connection.execute("CREATE VIEW ratios AS SELECT 1 AS lie")
    connection.execute("DROP VIEW summary")
    connection.execute("CREATE VIEW mine AS SELECT 1 AS one")
    connection.close()
    untouched = path.read_bytes()
    with Store.open(path, writable=False) as store:  # a reader has the right views without writing
        assert store.query("SELECT * FROM ratios") == ratios
        assert len(store.query("SELECT * FROM summary")) == 1
    assert path.read_bytes() == untouched
    with Store.open(path) as store:
        found = store.query("SELECT type, name, sql FROM sqlite_master WHERE name <> 'mine' ORDER BY name")
        assert found == wanted
        assert store.query("SELECT one FROM mine") == [(1,)]


def test_commits_are_durable_settings(store: Store) -> None:
    settings_ = [
        store.query(f"PRAGMA {name}")[0][0] for name in ("journal_mode", "synchronous", "foreign_keys")
    ]
    assert settings_ == ["wal", 2, 1]


def test_a_withdrawal_leaves_a_note_and_no_trace(tmp_path: Path) -> None:
    path = tmp_path / "study.sqlite"
    code, image = "Zaphod-Beeblebrox", "image-that-only-this-session-had"
    many = [Answered("a", 1.0 + i / 1000) for i in range(300)]
    with Store.open(path) as store:
        study = add_study(store)
        for number in range(1, 5):
            sit(store, study, f"other-{number}", many[:50], f"P{number}", number)
        trials = tuple(PlannedTrial(i, 0, "d", False, f"{image}-{i}", "a", "a") for i in range(300))
        store.start_session(study, record("gone", code, 5, environment=f'"{code}"'), trials)
        for position, trial in enumerate(many):
            answer(store, "gone", position, trial)
        assert any(code.encode() in file.read_bytes() for file in tmp_path.iterdir())
        others = [row for row in store.query("SELECT * FROM trials") if row[1] != code]

        store.withdraw("gone")
        for file in tmp_path.iterdir():  # while it is open, the log included
            assert code.encode() not in file.read_bytes()
            assert image.encode() not in file.read_bytes()
        assert store.query("SELECT session_id, study_id FROM withdrawals") == [("gone", study)]
        assert store.query("SELECT * FROM trials") == others
        assert "gone" not in {session.session_id for session in store.sessions()}
        with pytest.raises(StoreError):
            store.append("gone", Event(EventKind.PAUSED, 1))
        with pytest.raises(sqlite3.IntegrityError, match="withdrawn"):
            store.start_session(study, record("gone"), trials)
        with pytest.raises(StoreError, match="no session gone"):
            store.withdraw("gone")
    for file in tmp_path.iterdir():
        assert code.encode() not in file.read_bytes()


def test_closing_leaves_one_file_and_may_be_done_twice(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "study.sqlite")
    started(store)
    store.close()
    store.close()
    assert {file.name for file in tmp_path.iterdir()} <= {"study.sqlite", "study.sqlite.lock"}


def test_times_of_a_session(store: Store) -> None:
    study = add_study(store)
    sit(store, study, "one", FULL)
    sit(store, study, "two", [Answered("a", 7.0)])
    times = store.session_times("one")
    assert times.c_v_geomean_s == pytest.approx(1.0)
    assert times.c_a_geomean_s == pytest.approx(4.0)
    assert store.session_times("two").c_a_geomean_s is None
    assert store.session_times("nobody") == SessionTimes(None, None)


def test_response_times_of_a_session_by_position(store: Store) -> None:
    sit(store, add_study(store), "one", SHORT)
    assert store.response_times("one") == {0: 1.0, 1: 9.0}
    assert store.response_times("nobody") == {}


def test_kept_times_of_one_participant_or_data_set_or_of_all(store: Store) -> None:
    study = add_study(store)
    sit(
        store, study, "one", [Answered("a", 2.0), Answered("b", 9.0), Answered("a", 1.0, answer="b")], "P1", 1
    )
    sit(store, study, "two", [Answered("a", 1.0, dataset="e"), Answered(None, 5.0)], "P2", 2)
    assert store.kept_times() == [("correct", 9.0), ("scratch", 5.0), ("verify", 1.0), ("verify", 2.0)]
    assert store.kept_times("P1") == [("correct", 9.0), ("verify", 2.0)]
    assert store.kept_times(dataset="e") == [("verify", 1.0)]
    assert store.kept_times("P1", "e") == []
