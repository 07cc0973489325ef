"""How a simulated participant answers the questions of a plan."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

from PySide6.QtCore import Qt

from clarifier_desktop.robots.typist import Keys
from studies.timing.facts.questions import Question, QuestionKind, reply_to

_WORDS = "no words"
_RANGE = 100  # of a number without an end


def keys_for_questions(questions: Sequence[Question], chance: random.Random) -> Keys:
    """The keys that answer all questions of the page, the one that goes on last."""
    keys: Keys = []
    for place, question in enumerate(questions):
        if place:
            keys.append(Qt.Key.Key_Tab)
        if question.kind is QuestionKind.CHOICE:
            keys += [Qt.Key.Key_Down] * (1 + chance.randrange(len(question.choices)))
        else:
            keys += [*_text(question, chance)]
    return [*keys, Qt.Key.Key_Return]


def _text(question: Question, chance: random.Random) -> str:
    if question.kind is QuestionKind.TEXT:
        return _WORDS[: question.longest].strip()
    least = (question.most or 0) - _RANGE if question.least is None else question.least
    most = least + _RANGE if question.most is None else question.most
    low, high = math.ceil(least), math.floor(most)
    number = f"{chance.randint(low, high)}" if low <= high else repr(least)
    return reply_to(question, number).answer or ""
