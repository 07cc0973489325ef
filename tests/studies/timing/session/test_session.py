from __future__ import annotations

import json
import sqlite3
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from studies.answers import Device, StampSource
from studies.timing.facts import inputs as ev
from studies.timing.facts.plan import LoadedPlan, parse_plan
from studies.timing.facts.records import EventKind, Interface, PlannedTrial
from studies.timing.file.store import Store, StoreFull
from studies.timing.session import session
from studies.timing.session.session import (
    Participant,
    Session,
    SessionError,
    find_unfinished,
    resume,
    start,
)
from studies.timing.session.trial import IllegalEventError, Phase, Rules, SessionState

PLAN = """
name = "small"
seed = 99
[trials]
break_every = 2
[session]
interface = "dropdown"
[[blocks]]
dataset = "digits"
images = 4
"""
TRIALS = tuple(
    PlannedTrial(n, 0, "digits", n < 2, f"img{n}", "1", None if n == 3 else str(n % 2)) for n in range(6)
)


@pytest.fixture
def loaded() -> LoadedPlan:
    return parse_plan(PLAN)


def begin(store: Store, loaded: LoadedPlan, code: str = "P1", number: int = 1) -> Session:
    return start(
        store,
        loaded,
        Participant(code),
        TRIALS,
        number=number,
        app_version="0.1.0",
        environment={"b": 1, "a": "é"},
    )


def answer(at_ns: int) -> ev.Answer:
    return ev.Answer(at_ns, at_ns + 1, StampSource.MONOTONIC, Device.KEYBOARD, 0, "1")


# Every kind of step that stores something, in an order that is possible.
WHOLE: tuple[ev.Input, ...] = (
    ev.Agree(1),
    ev.Continue(2),
    ev.Continue(3),
    ev.Shown(10),
    ev.LoseFocus(11),
    ev.Flag(12),
    ev.Flag(13),
    ev.Touch(14),
    ev.Backtrack(15),
    answer(20),
    ev.Continue(21),
    ev.Shown(30),
    ev.Pause(31),
    ev.Continue(32),
    ev.Shown(40),
    answer(41),
    ev.Continue(42),
    ev.Continue(43),
    ev.ImageFailed(50, "gone"),
    ev.Shown(60),
    answer(61),
    ev.Shown(70),
    answer(71),
    ev.Continue(72),
    ev.Shown(80),
    answer(81),
    ev.Finish(90),
)


def facts(store: Store) -> tuple[list[Any], list[Any]]:
    events = store.query("SELECT seq, kind, at_ns, position, detail FROM events ORDER BY seq")
    return events, store.query("SELECT position, attempt, onset_ns, response_ns FROM responses ORDER BY utc")


def test_a_session_is_stored_whole_before_its_first_page(store: Store, loaded: LoadedPlan) -> None:
    begun = begin(store, loaded, " P  1 ", 3)
    assert (begun.state.phase, begun.interface) == (Phase.CONSENT, Interface.DROPDOWN)
    assert begun.state.rules == Rules(feedback=True, break_every=2)
    assert store.planned_trials(begun.session_id) == TRIALS == begun.state.trials
    assert store.query("SELECT name, toml, sha256, too_fast_ms FROM studies") == [
        ("small", PLAN, loaded.sha256, 150)
    ]
    ((participant, number, interface, seed, version, environment),) = store.query(
        "SELECT participant, participant_number, interface, seed, app_version, environment FROM sessions"
    )
    assert (participant, number, interface, seed, version) == ("P 1", 3, "dropdown", 99, "0.1.0")
    assert json.loads(environment) == {"a": "é", "b": 1}
    assert begin(store, loaded, "P2").session_id != begun.session_id
    assert store.query("SELECT count(*) FROM studies") == [(1,)]


def test_a_whole_session_and_its_facts(store: Store, loaded: LoadedPlan) -> None:
    begun = begin(store, loaded)
    for event in WHOLE:
        assert begun.send(event) is begun.state
    assert begun.state.phase is Phase.FINISHED
    events, responses = facts(store)
    assert [(kind, at_ns, position) for _, kind, at_ns, position, _ in events] == [
        ("consented", 1, None),
        ("instructed", 2, None),
        ("block_started", 3, 0),
        ("presented", 10, 0),
        ("flagged", 12, 0),
        ("unflagged", 13, 0),
        ("presented", 30, 1),
        ("paused", 31, 1),
        ("resumed", 32, 1),
        ("presented", 40, 1),
        ("block_started", 43, 2),
        ("image_failed", 50, 2),
        ("presented", 60, 3),
        ("presented", 70, 4),
        ("break_ended", 72, 5),
        ("presented", 80, 5),
        ("finished", 90, None),
    ]
    assert responses == [(0, 1, 10, 20), (1, 2, 40, 41), (3, 1, 60, 61), (4, 1, 70, 71), (5, 1, 80, 81)]
    assert find_unfinished(store, loaded, Participant("P1")) is None


class Watcher(Store):
    """A store that looks at the session's state at the moment of each write, and may fail."""

    session: Session
    failing = False
    seen: list[SessionState]

    def _write(self, sql: str, row: Any) -> None:
        if self.failing:
            raise StoreFull("The disk is full.")
        super()._write(sql, row)
        if hasattr(self, "session"):
            reader = sqlite3.connect(self.path)  # another program: what it sees is committed
            stamps = "SELECT at_ns FROM events UNION SELECT response_ns FROM responses"
            self.on_disk = max(at_ns for (at_ns,) in reader.execute(stamps))
            reader.close()
            self.seen.append(self.session.state)


def test_a_state_changes_only_after_its_record_is_on_disk(tmp_path: Path, loaded: LoadedPlan) -> None:
    with Watcher.open(tmp_path / "s.sqlite") as store:
        assert isinstance(store, Watcher)
        store.session = begin(store, loaded)
        for event in WHOLE:
            before, store.seen = store.session.state, []
            store.session.send(event)
            assert store.seen in ([], [before])
            if store.seen:
                assert store.on_disk == event.at_ns


def test_a_step_that_cannot_be_stored_did_not_happen_and_may_be_sent_again(
    tmp_path: Path, loaded: LoadedPlan
) -> None:
    with Watcher.open(tmp_path / "s.sqlite") as store:
        assert isinstance(store, Watcher)
        begun = begin(store, loaded)
        refused = 0
        for event in WHOLE:
            before, stored = begun.state, facts(store)
            store.failing = True
            try:
                begun.send(event)
            except StoreFull:
                refused += 1
                assert begun.state is before
                assert facts(store) == stored
                store.failing = False
                begun.send(event)
            store.failing = False
        assert begun.state.phase is Phase.FINISHED
        assert refused == 17 + 5  # events and responses, as in the whole session above
        assert len(facts(store)[0]) == 17
        assert len(facts(store)[1]) == 5


def test_an_illegal_event_stores_nothing(store: Store, loaded: LoadedPlan) -> None:
    begun = begin(store, loaded)
    before = begun.state
    with pytest.raises(IllegalEventError):
        begun.send(answer(1))
    assert begun.state is before
    assert facts(store) == ([], [])


def test_resumed_after_every_step_a_session_ends_with_every_trial_once(
    tmp_path: Path, loaded: LoadedPlan
) -> None:
    """Killed after n steps, for every n: what was stored is there, and the rest can be played."""
    for killed_after in range(len(WHOLE)):
        path = tmp_path / f"{killed_after}.sqlite"
        with Store.open(path) as store:
            begun = begin(store, loaded)
            for event in WHOLE[:killed_after]:
                begun.send(event)
            answered_before = facts(store)[1]
        with Store.open(path) as store:
            found = find_unfinished(store, loaded, Participant("P1"))
            assert found is not None
            resumed = resume(store, loaded, found, 1_000)
            assert resumed.session_id == begun.session_id
            assert resumed.state.flagged == begun.state.flagged
            assert sorted(resumed.state.queue) == sorted(begun.state.queue)
            if begun.state.phase is Phase.STIMULUS:
                assert resumed.state.presented == begun.state.presented
            play(resumed)
            events, responses = facts(store)
            assert responses[: len(answered_before)] == answered_before
            left_out = [position for _, kind, _, position, _ in events if kind == "image_failed"]
            assert sorted([position for position, *_ in responses] + left_out) == list(range(6))
            for position, attempt, *_ in responses:
                shown = [e for e in events if e[1] == "presented" and e[3] == position]
                assert attempt == len(shown)
            assert [kind for _, kind, *_ in events].count("interrupted") == 1
            assert find_unfinished(store, loaded, Participant("P1")) is None


def play(running: Session) -> None:
    """Answer to the end."""
    at = 2_000
    while running.state.phase is not Phase.FINISHED:
        at += 10
        phase = running.state.phase
        event: ev.Input = ev.Continue(at)
        if phase is Phase.CONSENT:
            event = ev.Agree(at)
        elif phase is Phase.FIXATION:
            event = ev.Shown(at)
        elif phase is Phase.STIMULUS:
            event = answer(at)
        elif phase is Phase.ENDING:
            event = ev.Finish(at)
        running.send(event)


@pytest.mark.parametrize(
    ("steps", "phase"),
    [
        (0, Phase.CONSENT),
        (1, Phase.INSTRUCTIONS),
        (2, Phase.BLOCK_INTRO),
        (5, Phase.BLOCK_INTRO),
        (len(WHOLE) - 1, Phase.ENDING),
    ],
)
def test_where_a_session_goes_on(store: Store, loaded: LoadedPlan, steps: int, phase: Phase) -> None:
    begun = begin(store, loaded)
    for event in WHOLE[:steps]:
        begun.send(event)
    found = find_unfinished(store, loaded, Participant("P1"))
    assert found is not None
    assert resume(store, loaded, found, 5).state.phase is phase


def test_the_gap_is_recorded(store: Store, loaded: LoadedPlan, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = begin(store, loaded)
    begun.send(ev.Agree(1))
    found = find_unfinished(store, loaded, Participant("P1"))
    assert found is not None
    later = datetime.fromisoformat(found.last_utc) + timedelta(minutes=2, milliseconds=340)

    class Later(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            assert tz is timezone.utc
            return later

    monkeypatch.setattr(session, "datetime", Later)
    resume(store, loaded, found, 777)
    assert facts(store)[0][-1] == (2, "interrupted", 777, None, "120.3 s")


def test_a_disk_that_is_full_at_resumption_leaves_all_as_it_was(tmp_path: Path, loaded: LoadedPlan) -> None:
    with Watcher.open(tmp_path / "s.sqlite") as store:
        assert isinstance(store, Watcher)
        begin(store, loaded)
        found = find_unfinished(store, loaded, Participant("P1"))
        assert found is not None
        store.failing = True
        with pytest.raises(StoreFull):
            resume(store, loaded, found, 5)
        store.failing = False
        assert facts(store) == ([], [])
        assert resume(store, loaded, found, 6).state.phase is Phase.CONSENT


@pytest.mark.parametrize("change", ["# a word\n", "\n"])
def test_a_session_is_resumed_only_under_the_very_plan(store: Store, loaded: LoadedPlan, change: str) -> None:
    begin(store, loaded)
    changed = parse_plan(PLAN + change)
    with pytest.raises(SessionError) as raised:
        find_unfinished(store, changed, Participant("P1"))
    assert str(raised.value) == (
        'P1 has an unfinished session of "small", but the plan was changed since. Put the plan back as it was '
        "to resume, or use another participant code for the new plan."
    )
    found = find_unfinished(store, loaded, Participant("P1"))
    assert found is not None
    with pytest.raises(SessionError, match="was changed since this session began"):
        resume(store, changed, found, 5)
    assert facts(store) == ([], [])


def test_whose_session_is_found(store: Store, loaded: LoadedPlan) -> None:
    mine = begin(store, loaded, "P1")
    begin(store, loaded, "P2", 2)
    other = parse_plan(PLAN.replace("small", "other"))
    for code in ("P1", "p1", " P1 ", "p1 "):
        found = find_unfinished(store, loaded, Participant(code))
        assert found is not None
        assert found.session_id == mine.session_id
    assert find_unfinished(store, loaded, Participant("P11")) is None
    assert (
        find_unfinished(store, other, Participant("P1")) is None
    )  # a study of another name is another study
    store.withdraw(mine.session_id)
    assert find_unfinished(store, loaded, Participant("P1")) is None


def test_of_two_versions_of_a_plan_the_session_under_this_one_is_found(
    store: Store, loaded: LoadedPlan
) -> None:
    mine = begin(store, loaded)
    begin(store, parse_plan(PLAN + "# later\n"))
    found = find_unfinished(store, loaded, Participant("P1"))
    assert found is not None
    assert found.session_id == mine.session_id


def test_a_session_keeps_its_interface(store: Store, loaded: LoadedPlan) -> None:
    begin(store, loaded)
    found = find_unfinished(store, loaded, Participant("P1"))
    assert found is not None
    assert resume(store, loaded, found, 5).interface is Interface.DROPDOWN
    keyboard = parse_plan(PLAN.replace("dropdown", "keyboard"))
    with pytest.raises(SessionError):
        find_unfinished(store, keyboard, Participant("P1"))


def test_a_finished_session_is_over(store: Store, loaded: LoadedPlan) -> None:
    begun = begin(store, loaded)
    found = find_unfinished(store, loaded, Participant("P1"))
    assert found is not None
    play(begun)
    before = facts(store)
    with pytest.raises(SessionError, match="P1 is finished"):
        resume(store, loaded, found, 5)
    assert facts(store) == before
    assert before[0][-1][1] == EventKind.FINISHED


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("P1", "P1"),
        ("  P1\t", "P1"),
        ("P  1", "P 1"),
        ("Zoe\u0308", "Zoë"),
        ("\u00a0", ""),
        ("", ""),
    ],
)
def test_a_code_is_kept_tidy(typed: str, kept: str) -> None:
    assert Participant(typed).code == kept


def test_who_is_meant_by_a_code() -> None:
    assert Participant("Zoë 1").is_called(" zoe\u0308  1")
    assert Participant("STRASSE").is_called("straße")
    assert not Participant("P1").is_called("P 1")
    assert not Participant("P1").is_called("P10")
