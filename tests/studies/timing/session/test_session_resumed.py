"""Sessions that were interrupted: which one is found, and how it goes on."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from studies.timing.facts import inputs as ev
from studies.timing.facts.plan import LoadedPlan, parse_plan
from studies.timing.facts.records import EventKind, Interface
from studies.timing.file.store import Store, StoreFull
from studies.timing.session import session
from studies.timing.session.session import (
    Participant,
    SessionError,
    find_unfinished,
    resume,
)
from studies.timing.session.trial import Phase
from tests.studies.timing.session.small_session import (
    PLAN,
    WHOLE,
    Watcher,
    begin,
    facts,
    play,
)


@pytest.fixture
def loaded() -> LoadedPlan:
    return parse_plan(PLAN)


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
