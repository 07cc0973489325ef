"""What a participant agrees to, and by what the agreement is known later."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from studies.timing.facts.plan import Plan

_WORDS = """\
You will see images, each with a suggested label. Some suggestions are right and some are wrong. \
Please give every image its right label, as quickly as you can without making mistakes.

What is recorded: your participant code, your answers, and how long each took{questions}. Nothing else about you is \
recorded, and nothing leaves this computer by itself.

Taking part is voluntary. You can stop at any time, and you can have your data deleted."""
_QUESTIONS = ", and what you answer to questions about yourself"
_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is taken for another
_HALF = 4  # signs on each side of the code's hyphen


@dataclass(frozen=True)
class Consent:
    """What is stored of an agreement."""

    version: str  # as the plan has it
    sha256: str  # of the text, in UTF-8
    contact: str
    code: str  # to quote for a later deletion


def consent_text(plan: Plan) -> str:
    """The plan's text without space at its ends, or the program's own words."""
    own = _WORDS.format(questions=_QUESTIONS if plan.questions else "")
    return plan.texts.consent.strip() or own


def consent_to(plan: Plan, session_id: str) -> Consent:
    """What is stored where a participant agrees."""
    sha256 = hashlib.sha256(consent_text(plan).encode()).hexdigest()
    return Consent(plan.consent.version, sha256, plan.consent.contact.strip(), deletion_code(session_id))


def deletion_code(session_id: str) -> str:
    """The code to quote for a later deletion of a session, such as "7KQM-2XHA"; the same in every copy of the file."""
    number = int.from_bytes(hashlib.sha256(session_id.encode()).digest(), "big")
    signs = ""
    for _ in range(2 * _HALF):
        number, sign = divmod(number, len(_SIGNS))
        signs += _SIGNS[sign]
    return f"{signs[:_HALF]}-{signs[_HALF:]}"


def is_code(typed: str, code: str) -> bool:
    """Whether a person who typed this means the code, whatever its case, spaces and hyphens."""
    return "".join(filter(str.isalnum, typed)).upper() == code.replace("-", "")
