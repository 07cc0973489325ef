"""Pages as they are drawn: the same for ever from a seed, no image twice, odd ones by chance."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from studies.timing.facts.pages import PlannedPage, Unit
from studies.timing.facts.plan import Block, Plan
from studies.timing.facts.records import Interface, PlannedTrial
from studies.timing.session.chance import DrawError
from studies.timing.session.draw import draw_session
from tests.studies.timing.session.drawing import Images, images

SET = images("abcde", 60)


def plan(*blocks: dict[str, Any], pages: int = 0, practice: int = 0, **session: Any) -> Plan:
    tables = tuple(Block(dataset="digits", **block) for block in blocks)
    return Plan.model_validate(
        {
            "name": "p",
            "seed": 4,
            "blocks": tables,
            "pages": {"practice": pages},
            "trials": {"practice": practice},
            "session": {"block_order": "fixed", **session},
        }
    )


def of_pages(**keys: Any) -> dict[str, Any]:
    return {"interface": Interface.PAGE, "page_sizes": [4, 8], "odd_share": [0.1, 0.5], **keys}


def drawn(wanted: Plan, *sets: Images, number: int = 1) -> tuple[Unit, ...]:
    return draw_session(wanted, number, sets or (SET,) * len(wanted.blocks))


def pages_of(wanted: Plan, *sets: Images, number: int = 1) -> list[PlannedPage]:
    return [unit for unit in drawn(wanted, *sets, number=number) if isinstance(unit, PlannedPage)]


def items_of(units: tuple[Unit, ...]) -> list[str]:
    return [
        item
        for unit in units
        for item in ([unit.item] if isinstance(unit, PlannedTrial) else [cell.item for cell in unit.cells])
    ]


def test_a_golden_page() -> None:
    """Drawn once and written down: no version of Python or of this code may draw another."""
    (page,) = pages_of(plan(of_pages(page_count=1)), images("ab", 20))
    told = (page.suggestion, page.odd_share, "".join(cell.true_class for cell in page.cells))
    assert told == ("b", 0.1, "bbbbabbb")
    assert page.cells[0].item == "b21"


def test_practice_comes_first_and_sizes_and_shares_are_drawn() -> None:
    pages = pages_of(plan(of_pages(page_count=40), pages=2), images("abcde", 120))
    assert [page.practice for page in pages] == [True, True] + [False] * 40
    assert [page.position for page in pages] == list(range(42))
    assert {page.images for page in pages} == {4, 8}
    assert {page.odd_share for page in pages} == {0.1, 0.5}
    for share in (0.1, 0.5):
        own = [page for page in pages if page.odd_share == share]
        odd = sum(len(page.odd) for page in own) / sum(page.images for page in own)
        assert odd == pytest.approx(share, abs=0.12)
    suggested = Counter(page.suggestion for page in pages)
    assert set(suggested) == set("abcde")
    assert max(suggested.values()) - min(suggested.values()) <= 1
    counts = [len(page.odd) for page in pages if page.odd_share == 0.5 and page.images == 8]
    assert len(set(counts)) > 2, "how many are odd must tell nobody whether one was missed"


def test_no_image_is_shown_twice_in_a_session() -> None:
    wanted = plan({"images": 60}, of_pages(page_count=20), pages=2, practice=5)
    units = drawn(wanted)
    items = items_of(units)
    assert len(items) == len(set(items)) == 65 + sum(u.images for u in units if isinstance(u, PlannedPage))
    assert [u.interface for u in units[:65]] == [None] * 65
    assert drawn(wanted) == units
    assert drawn(wanted, number=2) != units


def test_unless_the_plan_says_so() -> None:
    blocks = {"images": 250}, of_pages(images=250)
    with pytest.raises(DrawError, match="too few usable images"):
        drawn(plan(*blocks))
    items = items_of(drawn(plan(*blocks, repeat_images=True)))
    assert len(items) == 500
    assert len(set(items)) < 301
    with pytest.raises(DrawError, match="50 usable images that no other block shows, but the plan needs 60"):
        drawn(plan(of_pages(images=250), {"images": 60}))


def test_as_many_images_as_wanted_fill_the_pages() -> None:
    sizes = [page.images for page in pages_of(plan(of_pages(images=50)))]
    assert sum(sizes) == 50
    assert set(sizes[:-1]) <= {4, 8}


def test_odd_ones_come_from_the_classes_that_are_confused() -> None:
    confused = {"a": ["b"], "c": ["d", "e"]}
    pages = pages_of(plan(of_pages(page_count=30, confused_with=confused)), images("abcde", 120))
    odd = {
        name: {page.cells[i].true_class for page in pages if page.suggestion == name for i in page.odd}
        for name in "abcde"
    }
    assert odd["a"] == {"b"}
    assert odd["c"] == {"d", "e"}
    assert odd["b"] == set("acde")


@pytest.mark.parametrize(
    ("keys", "images_", "message"),
    [
        ({"page_count": 1, "confused_with": {"a": ["x"]}}, SET, 'names "x", which is no class of it'),
        ({"page_count": 1}, images("a", 50), "can have no odd ones"),
        ({"page_count": 9, "page_sizes": 60, "odd_share": 0}, images("ab", 70), "no class has 60 more"),
        (
            {"page_count": 2, "page_sizes": 20, "odd_share": 0.9},
            Images(("a", "b"), [0] * 50 + [1]),
            'to be odd ones among "a"',
        ),
    ],
)
def test_what_cannot_be_drawn_is_said(keys: dict[str, Any], images_: Images, message: str) -> None:
    with pytest.raises(DrawError, match=message):
        drawn(plan(of_pages(**keys)), images_)


def test_broken_images_are_passed_over() -> None:
    broken = set(range(0, 300, 3))
    units = draw_session(plan(of_pages(page_count=10)), 1, [SET], lambda _, index: index not in broken)
    places = {name: index for index, name in enumerate(SET.items)}
    assert not broken & {places[item] for item in items_of(units)}
