"""A session of a plan with questions: asked once, stored before what follows, whatever happens between."""

from __future__ import annotations

from pathlib import Path

import pytest

from studies.timing.facts import inputs as ev
from studies.timing.facts.consent import consent_to
from studies.timing.facts.plan import LoadedPlan, parse_plan
from studies.timing.file.store import Store, StoreFull
from studies.timing.session.session import Participant, Session, find_unfinished, resume
from studies.timing.session.trial import Phase
from tests.studies.timing.person_sample import REPLIES
from tests.studies.timing.session.small_session import PLAN, Watcher, begin

QUESTION = '[[questions]]\nname = "a"\ntext = "A?"\nkind = "text"\n'


@pytest.fixture
def asking() -> LoadedPlan:
    return parse_plan(PLAN + QUESTION)


def go_on_later(store: Store, loaded: LoadedPlan) -> Session:
    found = find_unfinished(store, loaded, Participant("P1"))
    assert found is not None
    return resume(store, loaded, found, 1_000)


def test_what_was_answered_is_not_asked_again(store: Store, asking: LoadedPlan) -> None:
    session = begin(store, asking)
    assert session.send(ev.Agree(1)).phase is Phase.QUESTIONS
    session = go_on_later(store, asking)
    assert session.state.phase is Phase.QUESTIONS, "agreed, and not yet asked"
    assert session.send(ev.AnswerQuestions(2, REPLIES)).phase is Phase.INSTRUCTIONS
    stored = store.query("SELECT question, kind, text, unit, answer FROM replies ORDER BY place")
    assert stored == [(r.question, r.kind.value, r.text, r.unit, r.answer) for r in REPLIES]
    assert go_on_later(store, asking).state.phase is Phase.INSTRUCTIONS


def test_answers_that_cannot_be_stored_stay_on_the_page(tmp_path: Path, asking: LoadedPlan) -> None:
    with Watcher.open(tmp_path / "s.sqlite") as store:
        assert isinstance(store, Watcher)
        session = begin(store, asking)
        session.send(ev.Agree(1))
        store.failing = True
        with pytest.raises(StoreFull):
            session.send(ev.AnswerQuestions(2, REPLIES))
        assert session.state.phase is Phase.QUESTIONS
        assert store.query("SELECT * FROM replies") == []
        store.failing = False
        assert session.send(ev.AnswerQuestions(2, REPLIES)).phase is Phase.INSTRUCTIONS


def test_the_agreement_is_stored_with_its_event(store: Store, asking: LoadedPlan) -> None:
    session = begin(store, asking)
    assert store.query("SELECT * FROM consents") == []
    session.send(ev.Agree(1))
    consent = consent_to(asking.plan, session.session_id)
    stored = store.query("SELECT version, sha256, contact, code FROM consents")
    assert stored == [(consent.version, consent.sha256, consent.contact, consent.code)]
    assert go_on_later(store, asking).consent == consent
