"""What is stored of an agreement, and the code for a later deletion."""

from __future__ import annotations

import hashlib

from studies.timing.facts.consent import consent_text, consent_to, deletion_code, is_code
from studies.timing.facts.plan import parse_plan
from tests.studies.timing.facts.plan_texts import BLOCK, NAME

OWN = '[texts]\nconsent = """\n  I agree. ✓\n"""\n[consent]\nversion = "3"\ncontact = " Ada "\n'
QUESTION = '[[questions]]\nname = "a"\ntext = "A?"\nkind = "text"\n'


def test_the_hash_is_of_the_text_that_is_shown() -> None:
    plan = parse_plan(NAME + OWN + BLOCK).plan
    consent = consent_to(plan, "one")
    assert consent_text(plan) == "I agree. ✓"
    assert consent.sha256 == hashlib.sha256("I agree. ✓".encode()).hexdigest()
    assert (consent.version, consent.contact, consent.code) == ("3", "Ada", deletion_code("one"))


def test_the_programs_own_words_say_that_questions_are_asked() -> None:
    without, asking = (parse_plan(NAME + BLOCK + more).plan for more in ("", QUESTION))
    assert "how long each took. Nothing else" in consent_text(without)
    assert "how long each took, and what you answer to questions about yourself. Nothing" in consent_text(
        asking
    )
    assert consent_to(without, "one").sha256 != consent_to(asking, "one").sha256


def test_a_code_is_the_same_in_every_copy_and_read_however_it_is_written() -> None:
    code = deletion_code("5c9f3a3e-8a1c-4a57-9d8a-3f1f2f6a7b10")
    assert code == "G3ZT-9UJK"
    assert len({deletion_code(str(n)) for n in range(5_000)}) == 5_000
    assert is_code(f" {code.lower().replace('-', ' ')} ", code)
    assert not is_code(code[:-1], code)
    assert not is_code("", code)
