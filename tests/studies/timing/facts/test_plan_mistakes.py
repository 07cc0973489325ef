"""What a plan that cannot be used is told, mistake by mistake."""

from __future__ import annotations

import pytest

from model.datasets import DATASETS
from studies.timing.facts.plan import PlanError, parse_plan
from tests.studies.timing.facts.plan_texts import BLOCK, NAME


def mistakes(toml: str) -> list[str]:
    """What is said of a plan, each mistake for itself."""
    with pytest.raises(PlanError) as raised:
        parse_plan(toml, "my.toml")
    head, *lines = str(raised.value).split("\n")
    assert head == "my.toml cannot be used:"
    assert all(line.startswith("- ") and line.endswith(".") for line in lines)
    return [line[2:] for line in lines]


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        pytest.param(
            NAME + "[sugestions]\np_right = 0.5\n" + BLOCK,
            'sugestions is not a known key (did you mean "suggestions"?); '
            "allowed here: name, title, seed, suggestions, trials, pages, exclusions, session, "
            "texts, consent, blocks, questions.",
            id="unknown table",
        ),
        pytest.param(
            NAME + "[suggestions]\np_rigth = 0.5\n" + BLOCK,
            'suggestions.p_rigth is not a known key (did you mean "p_right"?); '
            "allowed here: p_right, assignment, none_share.",
            id="unknown key",
        ),
        pytest.param(
            NAME + "colour = 1\n" + BLOCK,
            "colour is not a known key; allowed here: name, title, seed, suggestions, trials, pages, exclusions, "
            "session, texts, consent, blocks, questions.",
            id="unknown key like no other",
        ),
        pytest.param(
            NAME + "fixation_ms = 400\n" + BLOCK,
            "fixation_ms is not a known key (it belongs under [trials]); "
            "allowed here: name, title, seed, suggestions, trials, pages, exclusions, session, "
            "texts, consent, blocks, questions.",
            id="key of a table at the top",
        ),
        pytest.param(
            NAME + "[texts]\nseed = 4\n" + BLOCK,
            "texts.seed is not a known key (it belongs at the top, above the first [table]); "
            "allowed here: consent, instructions.",
            id="key of the top in a table",
        ),
        pytest.param(
            NAME + "[trials]\nimages = 4\n" + BLOCK,
            "trials.images is not a known key (it belongs under [[blocks]]); "
            "allowed here: practice, feedback, balanced_classes, fixation_ms, break_every, too_fast_ms.",
            id="key of a block elsewhere",
        ),
        pytest.param(
            NAME + BLOCK + "colour = 1\n",
            "[[blocks]] number 1: colour is not a known key; allowed here: dataset, images, path, title, "
            "interface, page_count, page_sizes, odd_share, confused_with.",
            id="unknown key of a block",
        ),
        pytest.param(
            BLOCK,
            "name is missing; it must be text of 1 to 80 characters on one line, with no space at its ends.",
            id="missing",
        ),
        pytest.param(
            NAME + BLOCK + '[[blocks]]\ndataset = "shapes"\n',
            "[[blocks]] number 2: images is missing; it must be a whole number from 1 to 100,000.",
            id="missing in the second block",
        ),
        pytest.param(NAME, "blocks is missing; it must be 1 to 100 [[blocks]] tables.", id="blocks missing"),
        pytest.param(
            NAME + "blocks = []\n",
            "blocks is an empty list; allowed is 1 to 100 [[blocks]] tables.",
            id="no blocks",
        ),
        pytest.param(
            NAME + BLOCK.replace("[[blocks]]", "[blocks]"),
            "blocks is one table; allowed is 1 to 100 [[blocks]] tables.",
            id="one bracket too few",
        ),
        pytest.param(
            NAME + "blocks = [1]\n",
            "[[blocks]] number 1 is 1; allowed is a [[blocks]] table.",
            id="a block that is no table",
        ),
        pytest.param(
            NAME + "trials = 5\n" + BLOCK,
            "trials is 5; allowed is a table of keys under [trials].",
            id="a number for a table",
        ),
        pytest.param(
            NAME + '[suggestions]\np_right = "0.5"\n' + BLOCK,
            'suggestions.p_right is "0.5"; allowed is a number from 0 to 1.',
            id="text for a number",
        ),
        pytest.param(
            NAME + "[suggestions]\nnone_share = true\n" + BLOCK,
            "suggestions.none_share is true; allowed is a number from 0 to 1.",
            id="bool for a number",
        ),
        pytest.param(
            NAME + "[trials]\npractice = true\n" + BLOCK,
            "trials.practice is true; allowed is a whole number from 0 to 100.",
            id="bool for a whole number",
        ),
        pytest.param(
            NAME + "[trials]\npractice = 3.0\n" + BLOCK,
            "trials.practice is 3.0; allowed is a whole number from 0 to 100.",
            id="fraction for a whole number",
        ),
        pytest.param(
            NAME + "[trials]\nbalanced_classes = 1\n" + BLOCK,
            "trials.balanced_classes is 1; allowed is true or false.",
            id="number for a switch",
        ),
        pytest.param(
            "name = 2026-01-31\n" + BLOCK,
            "name is 2026-01-31; allowed is text of 1 to 80 characters on one line, with no space at its ends.",
            id="date for text",
        ),
        pytest.param(
            NAME + 'title = ["a"]\n' + BLOCK,
            "title is a list; allowed is text of at most 200 characters.",
            id="list for text",
        ),
        *(
            pytest.param(
                f"{NAME}[suggestions]\np_right = {value}\n{BLOCK}",
                f"suggestions.p_right is {value}; allowed is a number from 0 to 1.",
                id=f"p_right {value}",
            )
            for value in ("1.5", "-0.01", "nan", "inf", "-inf")
        ),
        pytest.param(
            NAME + "[suggestions]\nnone_share = nan\n" + BLOCK,
            "suggestions.none_share is nan; allowed is a number from 0 to 1.",
            id="none_share nan",
        ),
        *(
            pytest.param(
                f"{NAME}[trials]\n{key} = {value}\n{BLOCK}",
                f"trials.{key} is {value}; allowed is a whole number from 0 to {top:,}.",
                id=f"{key} {value}",
            )
            for key, top in (
                ("practice", 100),
                ("fixation_ms", 10_000),
                ("break_every", 10_000),
                ("too_fast_ms", 2_000),
            )
            for value in (-1, top + 1)
        ),
        pytest.param(
            NAME + "seed = 9223372036854775808\n" + BLOCK,
            "seed is 9223372036854775808; allowed is a whole number from 0 to 9,223,372,036,854,775,807.",
            id="seed too large",
        ),
        pytest.param(
            NAME + BLOCK.replace("10", "0"),
            "[[blocks]] number 1: images is 0; allowed is a whole number from 1 to 100,000.",
            id="no images",
        ),
        pytest.param(
            NAME + '[session]\ninterface = "Keyboard"\n' + BLOCK,
            'session.interface is "Keyboard"; allowed is one of "keyboard", "dropdown", "page".',
            id="no such interface",
        ),
        pytest.param(
            NAME + "[session]\nblock_order = 3\n" + BLOCK,
            'session.block_order is 3; allowed is one of "fixed", "shuffled", "latin_square".',
            id="number for a word",
        ),
        pytest.param(
            NAME + '[trials]\nfeedback = "all"\n' + BLOCK,
            'trials.feedback is "all"; allowed is one of "practice", "none".',
            id="no such feedback",
        ),
        pytest.param(
            NAME + '[suggestions]\nassignment = "random"\n' + BLOCK,
            'suggestions.assignment is "random"; allowed is one of "chance", "balanced".',
            id="no such assignment",
        ),
        pytest.param(
            'name = "a\\nb"\n' + BLOCK,
            'name is "a\\nb"; allowed is text of 1 to 80 characters on one line, with no space at its ends.',
            id="two lines",
        ),
        pytest.param(
            f'name = "{"n" * 81}"\n' + BLOCK,
            f'name is "{"n" * 59}…; allowed is text of 1 to 80 characters on one line, with no space at its ends.',
            id="name too long",
        ),
        pytest.param(
            f'{NAME}[texts]\nconsent = "{"c" * 20_001}"\n{BLOCK}',
            f'texts.consent is "{"c" * 59}…; allowed is text of at most 20,000 characters.',
            id="text too long",
        ),
        pytest.param(
            NAME + BLOCK + 'title = " "\n',
            '[[blocks]] number 1: title is " "; allowed is text of at most 80 characters on one line, '
            "with no space at its ends.",
            id="blank title",
        ),
        pytest.param(
            NAME + BLOCK + BLOCK,
            '[[blocks]] number 2: it has the name "digits", as [[blocks]] number 1 has; '
            "give it a title of its own, so that results can tell them apart.",
            id="two blocks of one name",
        ),
        pytest.param(
            NAME + '[[blocks]]\ndataset = "folder"\nimages = 3\n',
            '[[blocks]] number 1: path is missing; it must say where the "folder" of images lies.',
            id="folder without a path",
        ),
        pytest.param(
            NAME + BLOCK + 'path = "there"\n',
            '[[blocks]] number 1: path is "there", but "digits" is found by itself; leave path out.',
            id="path for a set without one",
        ),
        pytest.param(
            NAME + BLOCK.replace("digits", "digit"),
            '[[blocks]] number 1: dataset is "digit" (did you mean "digits"?); allowed is one of '
            + ", ".join(f'"{name}"' for name in DATASETS)
            + ".",
            id="unknown data set",
        ),
        pytest.param(
            f"{NAME}[exclusions]\nmad = -1\n{BLOCK}",
            "exclusions.mad is -1; allowed is a number from 0 to 100.",
            id="negative limit",
        ),
        pytest.param(
            f'{NAME}[exclusions]\nstalled = "never"\n{BLOCK}',
            'exclusions.stalled is "never"; allowed is one of "anywhere", "onset_or_answer".',
            id="unknown stalls",
        ),
    ],
)
def test_a_mistake_is_told_by_its_key_with_what_is_allowed(toml: str, message: str) -> None:
    assert mistakes(toml) == [message]


def test_all_mistakes_are_told_at_once() -> None:
    each = NAME + "seed = -1\n[trials]\npractice = 101\n" + BLOCK.replace("10", "0")
    assert [line.split(" is ")[0] for line in mistakes(each)] == [
        "seed",
        "trials.practice",
        "[[blocks]] number 1: images",
    ]
    csv = BLOCK.replace("digits", "csv")
    assert [line[:25] for line in mistakes(NAME + BLOCK.replace("digits", "none") + csv + BLOCK + BLOCK)] == [
        "[[blocks]] number 1: data",
        "[[blocks]] number 2: path",
        "[[blocks]] number 4: it h",
    ]


def test_a_text_that_is_no_toml_is_told_by_its_line() -> None:
    for toml, line in (("a = = 1\n", 1), (NAME + NAME, 2)):
        with pytest.raises(PlanError, match=rf"^my\.toml is not valid TOML: .*at line {line}, .*\.$"):
            parse_plan(toml, "my.toml")


@pytest.mark.parametrize("toml", [f"seed = {'1' * 5000}\n", f"x = {'[' * 5000}"])
def test_a_text_beyond_what_can_be_read(toml: str) -> None:
    with pytest.raises(
        PlanError, match=r"^my\.toml cannot be read: a number in it is too long, or a list too deep\.$"
    ):
        parse_plan(toml, "my.toml")
