"""A session joined to its store: what is acknowledged is on disk."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from studies.timing.facts.plan import LoadedPlan, parse_plan
from studies.timing.facts.records import Interface
from studies.timing.file.store import Store, StoreFull
from studies.timing.session.session import (
    Participant,
    find_unfinished,
)
from studies.timing.session.trial import IllegalEventError, Phase, Rules
from tests.studies.timing.session.small_session import (
    PLAN,
    TRIALS,
    WHOLE,
    Watcher,
    answer,
    begin,
    facts,
)


@pytest.fixture
def loaded() -> LoadedPlan:
    return parse_plan(PLAN)


def test_a_session_is_stored_whole_before_its_first_page(store: Store, loaded: LoadedPlan) -> None:
    begun = begin(store, loaded, " P  1 ", 3)
    assert (begun.state.phase, begun.interface) == (Phase.CONSENT, Interface.DROPDOWN)
    assert begun.state.rules == Rules(feedback=True, break_every=2, page_break_every=10)
    assert store.planned_trials(begun.session_id) == TRIALS == begun.state.units
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
