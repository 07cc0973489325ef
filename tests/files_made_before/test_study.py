"""A study that was made before opens, exports the same, and goes on."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from model.port import NullPort
from studies.answers import Device, StampSource
from studies.timing.facts import inputs as ev
from studies.timing.facts.plan import parse_plan
from studies.timing.file.merge import merge
from studies.timing.file.sittings import Completion, OpenSession
from studies.timing.file.store import Store, StoreError
from studies.timing.results.analysis import ratio_rows, summary_rows
from studies.timing.results.export import WHAT, export
from studies.timing.results.page_costs import page_cost_rows
from studies.timing.session.host import Host
from studies.timing.session.session import Participant, SessionError
from studies.timing.session.trial import Phase
from tests.files_made_before.opened import EXPORTS, differences, unpack
from tests.studies.timing.page_sample import PAGES, sit_pages
from tests.studies.timing.person_sample import say


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return unpack("study.sqlite", tmp_path)


def host(store: Store, tmp_path: Path) -> Host:
    (toml,) = {one.toml for one in store.unfinished_sessions()}
    return Host(store, parse_plan(toml), tmp_path / "cache", {}, "later", {})


@pytest.mark.parametrize("what", [what for what in WHAT if (EXPORTS / f"study.{what}.csv").exists()])
@pytest.mark.parametrize("writable", [True, False])
def test_exports_are_those_of_then(file, what, writable, tmp_path):
    with Store.open(file, writable=writable, create=False) as store:
        export(store, what, tmp_path / "now.csv")
    assert differences(tmp_path / "now.csv", f"study.{what}.csv") == set()


def test_all_of_it_is_read(file):
    with Store.open(file, writable=False) as store:
        sessions = store.sessions()
        told = [(s.participant, s.participant_number, s.state, s.answered, s.total) for s in sessions]
        assert told == [
            ("P1", 1, Completion.FINISHED, 30, 32),
            ("P2", 2, Completion.UNFINISHED, 9, 32),
            ("P4", 4, Completion.FINISHED, 32, 32),
            ("P1", 1, Completion.FINISHED, 30, 32),
        ]
        assert {s.study for s in sessions} == {"made before (d867727e)", "made before (2b9271e0)"}
        assert len(ratio_rows(store)) == 7
        assert len(summary_rows(store)) == 4
        times = [store.session_times(session.session_id) for session in sessions]
        assert [t.c_v_geomean_s for t in times] == pytest.approx(
            [0.7459012946, 0.6383014895, 0.6507093659, 0.5889077266]
        )
        assert [t.c_a_geomean_s for t in times] == pytest.approx(
            [1.6047659667, 1.7809683840, 1.7025625390, 1.9661988306]
        )
        planned = store.planned_trials(sessions[1].session_id)
        progress = store.progress(sessions[1].session_id)
        assert len(planned) == 32
        assert progress.consented
        assert progress.instructed
        assert len(progress.answered) == 9
        assert progress.flagged == {8}
        assert not progress.finished


def test_the_open_session_is_resumed_and_a_new_one_begun(file, tmp_path):
    with Store.open(file, create=False) as store:
        before = len(store.query("SELECT * FROM responses"))
        one = host(store, tmp_path)
        with pytest.raises(SessionError, match="finished this study already"):
            one.admit(Participant("p4"))
        unfinished = one.admit(Participant("P2"))
        assert isinstance(unfinished, OpenSession)
        assert one.admit(Participant("P5")) == 5
        session = one.resume(unfinished, 10**15)
        finish(session)
        assert store.unfinished_sessions() == ()
        assert len(store.query("SELECT * FROM responses")) == before + 23
        fresh = one.start(Participant("P5"), 5, one.draw(5, NullPort()))
        assert len(store.planned_trials(fresh.session_id)) == 32
        one.withdraw(fresh.session_id)
        assert [s.participant for s in store.sessions()] == ["P1", "P2", "P4", "P1"]


def test_it_takes_pages_as_a_new_file_does(file, tmp_path):
    with Store.open(file, writable=False) as store:  # a copy, brought up to date
        assert page_cost_rows(store) == ()
    with Store.open(file, create=False) as store:
        sit_pages(store, "pages", PAGES, "P9")
        assert [row.participant for row in page_cost_rows(store)] == ["P9"] * 3
        assert store.query("PRAGMA foreign_key_check") == []
        export(store, "trials", tmp_path / "now.csv")
    assert differences(tmp_path / "now.csv", "study.trials.csv") == set()


def test_it_takes_what_participants_say_as_a_new_file_does(file, tmp_path):
    with Store.open(file, writable=False) as store:  # a copy, brought up to date
        assert store.query("SELECT * FROM questions") == store.query("SELECT * FROM agreements") == []
    with Store.open(file, create=False) as store:
        sit_pages(store, "pages", PAGES, "P9")
        say(store, "pages")
        assert [row[1] for row in store.query("SELECT * FROM questions")] == ["P9"] * 3
        assert [row[1] for row in store.query("SELECT * FROM agreements")] == ["P9"]
        store.withdraw("pages")
        assert store.query("SELECT * FROM replies") == store.query("SELECT * FROM consents") == []
        export(store, "trials", tmp_path / "now.csv")
    assert differences(tmp_path / "now.csv", "study.trials.csv") == set()


def test_its_sessions_are_those_of_people(file):
    for writable in (False, True):
        with Store.open(file, writable=writable, create=False) as store:
            assert [session.robot for session in store.sessions()] == [False] * 4
            assert [session.robot for session in store.unfinished_sessions()] == [False]
            assert {row.robot for row in ratio_rows(store)} == {0}


def test_it_is_pooled_with_a_new_file(file, tmp_path):
    report = merge([file], tmp_path / "pool.sqlite")
    assert (report.added, report.withdrawn) == (4, 1)
    with Store.open(tmp_path / "pool.sqlite", writable=False) as store:
        export(store, "trials", tmp_path / "now.csv")
    assert differences(tmp_path / "now.csv", "study.trials.csv") == set()


@pytest.mark.parametrize("writable", [True, False])
def test_a_code_that_was_written_in_two_ways_is_one_person_now(file, writable):
    columns = "study_id, participant_number, interface, seed, app_version, environment"
    trials = "block, dataset, practice, item, true_class, suggestion"
    answers = (
        "attempt, answer, onset_ns, response_ns, handler_ns, stamp_source, device, backtracks, focus_lost"
    )
    with closing(sqlite3.connect(file)) as before:  # as that version wrote it
        (p4,) = before.execute("SELECT session_id FROM sessions WHERE participant = 'P4'").fetchone()
        for sql in (
            f"INSERT INTO sessions (session_id, participant, utc, {columns}) "
            f"SELECT 'twin', ' p4', '2999-01-01T00:00:00+00:00', {columns} FROM sessions WHERE session_id = ?",
            f"INSERT INTO planned_trials (session_id, position, {trials}) "
            f"SELECT 'twin', position, {trials} FROM planned_trials WHERE session_id = ?",
            f"INSERT INTO responses (session_id, position, utc, longest_stall_ns, {answers}) "
            f"SELECT 'twin', position, utc, longest_stall_ns, {answers} FROM responses WHERE session_id = ?",
        ):
            before.execute(sql, (p4,))
        before.commit()
    with Store.open(file, writable=writable, create=False) as store:
        shown = {(row.participant, row.dataset): row.n_shown for row in ratio_rows(store)}
        assert {participant for participant, _ in shown} == {"P1", "P2", "P4"}
        assert shown["P4", "digits"] == 2 * sum(
            not trial.practice and trial.suggestion is not None and trial.dataset == "digits"
            for trial in store.planned_trials(p4)
        )
        assert [s.participant for s in store.sessions()][-1] == " p4", "as it was written"
        refusal = "never changed" if writable else "cannot be written"
        with pytest.raises(StoreError, match=refusal):
            store._write("UPDATE sessions SET code_key = 'p5'", ())


def finish(session) -> None:
    """Answer all that is left."""
    at_ns = 2 * 10**15
    while session.state.phase is not Phase.FINISHED:
        at_ns += 10**9
        if session.state.phase is Phase.FIXATION:
            session.send(ev.Shown(at_ns))
        elif session.state.phase is Phase.STIMULUS:
            answer = session.state.trial.true_class
            session.send(ev.Answer(at_ns, at_ns, StampSource.MONOTONIC, Device.KEYBOARD, 0, answer))
        elif session.state.phase is Phase.ENDING:
            session.send(ev.Finish(at_ns))
        else:
            session.send(ev.Continue(at_ns))
