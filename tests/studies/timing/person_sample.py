"""What a participant agreed to and answered, written through the store, for the tests of what reads it."""

from __future__ import annotations

from studies.timing.facts.consent import Consent, deletion_code
from studies.timing.facts.questions import QuestionKind, Replies, Reply
from studies.timing.facts.records import Event, EventKind
from studies.timing.file.store import Store

REPLIES = (
    Reply("hand", QuestionKind.CHOICE, "Which hand do you write with?", "", "left"),
    Reply("age", QuestionKind.NUMBER, "How old are you?", "years", "23"),
    Reply("else", QuestionKind.TEXT, "Anything else?", "", None),
)


def say(store: Store, session_id: str) -> None:
    """Agree, and answer two of three questions."""
    consent = Consent("2 of May", "c" * 64, "Ada, ada@example.org", deletion_code(session_id))
    store.append_consent(session_id, Event(EventKind.CONSENTED, 1), consent)
    store.append_replies(session_id, Replies(2, REPLIES))
