"""Questions of a plan: what may be asked, what may be answered, and mistakes by their lines."""

from __future__ import annotations

import pytest

from studies.timing.facts.plan import PlanError, parse_plan
from studies.timing.facts.questions import Question, QuestionKind, fault_of, reply_to
from tests.studies.timing.facts.plan_texts import BLOCK, NAME

HAND = """[[questions]]
name = "hand"
text = "Which hand do you write with?"
kind = "choice"
choices = ["left", "right"]
"""
AGE = """[[questions]]
name = "age"
text = "How old are you?"
kind = "number"
least = 18
most = 99
unit = "years"
required = false
"""
PLAN = NAME + BLOCK + HAND + AGE


def test_a_plan_asks_in_its_order() -> None:
    hand, age = parse_plan(PLAN).plan.questions
    assert (hand.name, hand.kind, hand.choices, hand.required) == (
        "hand",
        QuestionKind.CHOICE,
        ("left", "right"),
        True,
    )
    assert (age.least, age.most, age.unit, age.required) == (18, 99, "years", False)
    assert parse_plan(NAME + BLOCK).plan.questions == ()


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            'kind = "choice"',
            'kind = "pick"',
            '[[questions]] number 1 (line 8): kind is "pick"; allowed is one of "choice", "number", "text".',
        ),
        (
            'name = "age"\n',
            "",
            "[[questions]] number 2 (line 10): name is missing; it must be text of 1 to 80 characters on one line, "
            "with no space at its ends.",
        ),
        (
            "least = 18",
            "least = 100",
            "[[questions]] number 2 (line 14): least is 100, more than most, which is 99; swap them.",
        ),
        (
            'unit = "years"',
            "longest = 3",
            '[[questions]] number 2 (line 16): longest is of the kind "text"; leave it out, or write kind = "text".',
        ),
        (
            'name = "age"',
            'name = "Hand"',
            '[[questions]] number 2 (line 11): name is "Hand", as [[questions]] number 1 has; give it another.',
        ),
        (
            '"left", "right"',
            '"left"',
            "[[questions]] number 1 (line 9): choices has fewer than two that differ; it must be 2 to 100 of text of "
            "1 to 80 characters on one line, with no space at its ends.",
        ),
        (
            '"left", "right"',
            '"l", "r", "l"',
            '[[questions]] number 1 (line 9): choices has "l" twice; leave one out.',
        ),
        (
            "most = 99",
            "highest = 99",
            "[[questions]] number 2 (line 15): highest is not a known key; allowed here: name, text, kind, choices, "
            "least, most, unit, longest, required.",
        ),
    ],
)
def test_a_mistake_is_told_with_its_line(old: str, new: str, sentence: str) -> None:
    assert old in PLAN
    with pytest.raises(PlanError) as error:
        parse_plan(PLAN.replace(old, new))
    assert str(error.value).split("\n")[1:] == [f"- {sentence}"]


def test_tables_that_are_not_on_lines_of_their_own_are_told_without_a_line() -> None:
    inline = 'questions = [{name = "a", text = "b", kind = "c"}]\n' + NAME + BLOCK
    with pytest.raises(PlanError, match=r'- \[\[questions\]\] number 1: kind is "c"'):
        parse_plan(inline)


def question(**keys: object) -> Question:
    return Question.model_validate({"name": "q", "text": "Q?", "kind": "number", **keys})


@pytest.mark.parametrize(
    ("asked", "typed", "fault", "answer"),
    [
        (question(least=18, most=99, unit="years"), "17", "Please write a number from 18 to 99 years.", None),
        (question(least=18, most=99), " 18 ", "", "18"),
        (question(least=0.5), "0,75", "", "0.75"),
        (question(least=0.5), "0.4", "Please write a number of at least 0.5.", None),
        (question(most=3), "4", "Please write a number of at most 3.", None),
        (question(), "nan", "Please write a number.", None),
        (question(), "1_0", "Please write a number.", None),
        (question(), "1e400", "Please write a number.", None),
        (question(), "-2.0", "", "-2"),
        (question(), "٢٣", "", "23"),
        (question(), "", "Please answer this question.", None),
        (question(required=False), "  ", "", None),
        (question(kind="text", longest=5), "ab   cd", "", "ab cd"),
        (question(kind="text", longest=5), "abcdef", "Please write at most 5 characters.", None),
        (question(kind="choice", choices=("a", "b")), "b", "", "b"),
        (question(kind="choice", choices=("a", "b")), "c", "Please choose one of the list.", None),
    ],
)
def test_an_answer_is_told_its_fault_or_kept(
    asked: Question, typed: str, fault: str, answer: str | None
) -> None:
    assert fault_of(asked, typed) == fault
    if not fault:
        assert reply_to(asked, typed).answer == answer
