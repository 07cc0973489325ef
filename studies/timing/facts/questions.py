"""Questions that a plan asks of each participant after consent, and what may be answered."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Annotated

from pydantic import Field

from studies.plans.fields import LINE, PlanPart, line, number, one_of, whole, words
from studies.plans.messages import table_key

_FAR = 1e12


class QuestionKind(str, Enum):
    """What is answered."""

    CHOICE = "choice"  # one of some words
    NUMBER = "number"
    TEXT = "text"  # own words, on one line


_KEYS_OF = {
    QuestionKind.CHOICE: ("choices",),
    QuestionKind.NUMBER: ("least", "most", "unit"),
    QuestionKind.TEXT: ("longest",),
}
_Words = Annotated[str, line()]
_End = Annotated[float, number(-_FAR, _FAR)]


class Question(PlanPart):
    """One question; ``name`` is what it is called in results, ``text`` what participants read."""

    name: Annotated[str, line()]
    text: Annotated[
        str, Field(pattern=r"\S", max_length=500, strict=True, description="text of 1 to 500 characters")
    ]
    kind: Annotated[QuestionKind, Field(description=one_of(QuestionKind))]
    choices: Annotated[
        tuple[_Words, ...], Field(max_length=100, description=f"2 to 100 of {words('1 to 80')}")
    ] = ()
    least: Annotated[_End | None, Field(description=f"a number from {-_FAR:g} to {_FAR:g}")] = None
    most: Annotated[_End | None, Field(description=f"a number from {-_FAR:g} to {_FAR:g}")] = None
    unit: Annotated[str, Field(pattern=rf"^({LINE})?$", strict=True, description=words("at most 80"))] = ""
    longest: Annotated[int, whole(1, 2_000)] = 200
    required: Annotated[bool, Field(strict=True, description="true or false")] = True

    @property
    def allowed(self) -> str:
        """What may be answered, in words, as the end of a sentence."""
        if self.kind is QuestionKind.CHOICE:
            return "one of the list"
        if self.kind is QuestionKind.TEXT:
            return f"at most {self.longest:,} characters"
        ends = {
            (True, True): f"a number from {_written(self.least)} to {_written(self.most)}",
            (True, False): f"a number of at least {_written(self.least)}",
            (False, True): f"a number of at most {_written(self.most)}",
        }
        bounds = ends.get((self.least is not None, self.most is not None), "a number")
        return f"{bounds} {self.unit}".rstrip()


@dataclass(frozen=True)
class Reply:
    """What was asked and answered; ``answer`` is ``None`` where a question was left out that need not be answered."""

    question: str  # its name
    kind: QuestionKind
    text: str
    unit: str
    answer: str | None


@dataclass(frozen=True)
class Replies:
    """All that one participant answered, in the plan's order."""

    at_ns: int
    replies: tuple[Reply, ...]


def fault_of(question: Question, typed: str) -> str:
    """What is wrong with an answer, in a sentence; nothing where it may be stored."""
    tidy = " ".join(typed.split())
    if not tidy:
        return "Please answer this question." if question.required else ""
    if question.kind is QuestionKind.CHOICE:
        return "" if tidy in question.choices else "Please choose one of the list."
    if question.kind is QuestionKind.TEXT:
        return "" if len(tidy) <= question.longest else f"Please write {question.allowed}."
    value = _number(tidy)
    inside = value is not None and _inside(value, question)
    return "" if inside else f"Please write {question.allowed}."


def reply_to(question: Question, typed: str) -> Reply:
    """An answer without a fault as it is stored: single spaces, numbers with a point."""
    tidy = " ".join(typed.split())
    value = _number(tidy) if question.kind is QuestionKind.NUMBER else None
    answer = tidy if value is None else _written(value)
    return Reply(question.name, question.kind, question.text.strip(), question.unit, answer or None)


def question_mistakes(questions: Sequence[Question]) -> Iterator[str]:
    """What is wrong with keys of questions that are each allowed by themselves, in sentences."""
    first: dict[str, int] = {}
    for place, question in enumerate(questions):
        key = table_key("questions", place)
        before = first.setdefault(question.name.casefold(), place)
        if before != place:
            other = table_key("questions", before).rstrip(":")
            yield f'{key} name is "{question.name}", as {other} has; give it another.'
        yield from (f"{key} {mistake}" for mistake in _mistakes(question))


def _mistakes(question: Question) -> Iterator[str]:
    for kind, names in _KEYS_OF.items():
        for name in names:
            if kind is not question.kind and name in question.model_fields_set:
                yield f'{name} is of the kind "{kind.value}"; leave it out, or write kind = "{kind.value}".'
    if question.kind is QuestionKind.CHOICE and len(set(question.choices)) < 2:
        yield f"choices has fewer than two that differ; it must be {Question.model_fields['choices'].description}."
    elif len(set(question.choices)) < len(question.choices):
        twice = next(name for name in question.choices if question.choices.count(name) > 1)
        yield f'choices has "{twice}" twice; leave one out.'
    if question.least is not None and question.most is not None and question.least > question.most:
        yield f"least is {_written(question.least)}, more than most, which is {_written(question.most)}; swap them."


def _number(text: str) -> float | None:
    try:
        value = float(text.replace(",", ".").replace("\N{MINUS SIGN}", "-").replace("_", "?"))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _inside(value: float, question: Question) -> bool:
    low = -_FAR if question.least is None else question.least
    high = _FAR if question.most is None else question.most
    return low <= value <= high


def _written(value: float | None) -> str:
    """A number without a needless point."""
    if value is None:
        return ""
    return str(int(value)) if value == int(value) else repr(value)
