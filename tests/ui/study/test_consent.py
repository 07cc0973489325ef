"""Consent: what its page says, and what is kept of it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from studies.timing.facts.plan import PlanError, parse_plan
from tests.ui.driving import make_stage
from ui.study.session_texts import consent, consent_shown

CONSENT = """
name = "c"
[texts]
consent = "We time you."
consent_version = "2, November"
contact = "office@lab.example"
[[blocks]]
dataset = "digits"
images = 1
"""


def test_the_page_of_consent_has_version_and_contact_and_what_was_agreed_to_is_named_by_its_words() -> None:
    loaded = parse_plan(CONSENT)
    body = consent(loaded).body
    assert body == (
        "We time you.\n\nContact: office@lab.example\nTo have your data deleted later, write there and quote your "
        "participant code.\n\nVersion of this text: 2, November"
    )
    assert consent_shown(loaded) == f"version 2, November; sha256 {hashlib.sha256(body.encode()).hexdigest()}"
    other = parse_plan(CONSENT.replace("We time you.", "We time you twice."))
    assert consent_shown(other) != consent_shown(loaded)


def test_without_words_of_the_plan_it_is_the_programs_own_text_that_is_named() -> None:
    loaded = parse_plan('name = "c"\n[[blocks]]\ndataset = "digits"\nimages = 1\n')
    digest = hashlib.sha256(consent(loaded).body.encode()).hexdigest()
    assert consent_shown(loaded) == f"sha256 {digest}"
    assert "Contact" not in consent(loaded).body


def test_a_version_is_one_line() -> None:
    with pytest.raises(PlanError, match="consent_version"):
        parse_plan(CONSENT.replace("2, November", "2\\n3"))


def test_what_was_agreed_to_is_stored_with_the_agreement(qtbot, tmp_path: Path) -> None:
    stage = make_stage(qtbot, tmp_path, CONSENT)
    try:
        stage.to_first_image(qtbot)
        rows = stage.host.store.query("SELECT detail FROM events WHERE kind = 'consented'")
        assert rows == [(consent_shown(stage.host.loaded),)]
        assert "2, November" in rows[0][0]
    finally:
        stage.close()
