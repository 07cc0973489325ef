"""The keys of a trial beside those that choose a class."""

from __future__ import annotations

from enum import Enum

from studies.timing.facts.records import Interface
from ui.answering.answer_keys import DROPDOWN_KEYS, KEYBOARD_KEYS, SEARCH_KEYS
from ui.kit.keys import ENTER, Key, KeyTable, Tables


class TrialAction(Enum):
    """What a participant can do beside answering."""

    FLAG = "flag"
    PAUSE = "pause"


class FeedbackAction(Enum):
    """What a participant can do after an answer in practice."""

    CONTINUE = "continue"


TRIAL_KEYS = KeyTable(
    "Beside the answer",
    (
        Key(TrialAction.FLAG, ("F8",), "The data set itself is wrong here (again: it is not)", "Data wrong"),
        Key(TrialAction.PAUSE, ("Esc",), "Pause; the image comes again later", "Pause"),
    ),
)
PAUSE_KEYS = KeyTable(
    "Beside the marks",
    (Key(TrialAction.PAUSE, ("Esc",), "Pause; the page comes again later", "Pause"),),
)
FEEDBACK_KEYS = KeyTable(
    "After an answer in practice",
    (Key(FeedbackAction.CONTINUE, (*ENTER, "Space"), "Go on"),),
    alone=True,
)


def answer_tables(interface: Interface) -> Tables:
    """The keys that answer in an interface."""
    return (KEYBOARD_KEYS,) if interface is Interface.KEYBOARD else (DROPDOWN_KEYS, SEARCH_KEYS)
