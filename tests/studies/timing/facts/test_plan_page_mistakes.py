"""What a plan is told whose blocks of pages cannot be used, mistake by mistake."""

from __future__ import annotations

import pytest

from studies.timing.facts.plan import parse_plan
from tests.studies.timing.facts.plan_texts import BLOCK, NAME
from tests.studies.timing.facts.test_plan_mistakes import mistakes

SIZES = "one whole number from 2 to 60, or a list of at most 10"
SHARES = "one number from 0 to 0.9, or a list of at most 10"
CONFUSED = 'a table from classes to lists of other classes, such as {"3" = ["5", "8"]}'


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        *(
            pytest.param(
                f'{NAME}{BLOCK}interface = "page"\n{key}\n',
                f"[[blocks]] number 1: {name} is {shown}; allowed is {allowed}.",
                id=key,
            )
            for key, name, shown, allowed in (
                ("page_sizes = 1", "page_sizes", "1", SIZES),
                ("page_sizes = []", "page_sizes", "an empty list", SIZES),
                ("page_sizes = [12, 12.5]", "page_sizes", "a list", SIZES),
                ("odd_share = 0.95", "odd_share", "0.95", SHARES),
                ("odd_share = [0.1, true]", "odd_share", "a list", SHARES),
                ('confused_with = ["3"]', "confused_with", "a list", CONFUSED),
                ('confused_with = {"3" = []}', "confused_with", "one table", CONFUSED),
                ('confused_with = {"3" = ["3"]}', "confused_with", "one table", CONFUSED),
            )
        ),
        pytest.param(
            NAME + BLOCK + "page_sizes = 12\n",
            '[[blocks]] number 1: page_sizes is of pages; leave it out, or write interface = "page".',
            id="pages without pages",
        ),
        pytest.param(
            NAME + BLOCK + 'interface = "page"\npage_count = 3\n',
            "[[blocks]] number 1: images and page_count are both given; leave one of them out.",
            id="images and pages",
        ),
        pytest.param(
            NAME + '[[blocks]]\ndataset = "digits"\ninterface = "page"\n',
            "[[blocks]] number 1: page_count is missing; write how many pages there are, or how many images.",
            id="no number of pages",
        ),
        pytest.param(
            NAME + BLOCK + 'interface = "pages"\n',
            '[[blocks]] number 1: interface is "pages"; allowed is one of "keyboard", "dropdown", "page".',
            id="unknown interface of a block",
        ),
    ],
)
def test_a_mistake_is_told_by_its_key_with_what_is_allowed(toml: str, message: str) -> None:
    assert mistakes(toml) == [message]


def test_blocks_of_one_name_have_the_same_images_and_other_interfaces() -> None:
    paged = BLOCK + 'interface = "page"\n'
    assert parse_plan(NAME + BLOCK + paged).plan.blocks[1].label == "digits"
    shapes = '[[blocks]]\ndataset = "shapes"\nimages = 3\ntitle = "digits"\ninterface = "page"\n'
    (other_images,) = mistakes(NAME + BLOCK + shapes)
    (twice,) = mistakes(NAME + BLOCK + paged + paged)
    assert other_images.startswith(
        '[[blocks]] number 2: it has the name "digits", as [[blocks]] number 1 has'
    )
    assert twice.startswith('[[blocks]] number 3: it has the name "digits", as [[blocks]] number 2 has')
