"""Costs that a plan draws from the pages of a timing study, against numbers that a hand can compute."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from studies.pages.asking import Misses
from studies.pages.costs import USUAL, PageCosts
from studies.simulation.plan.page_times import PageTimesError
from studies.simulation.plan.plan import Cost
from studies.simulation.plan.runs import grid
from studies.simulation.plan.times import CostSetting, read_times, setting_of
from studies.timing.file.store import Store
from tests.studies.simulation.plan.test_whole_folders import PAGES as PAGES_METHOD
from tests.studies.simulation.sample import DATA, HEAD, SUGGEST, loaded
from tests.studies.timing.page_sample import (
    PAGES,
    Looked,
    answer_asked,
    asked_about,
    look,
    planned,
    sit_pages,
)
from tests.studies.timing.sample import Answered, add_study, record, sit

ONE_BY_ONE = (Answered("a", 1.0), Answered("b", 9.0), Answered(None, 5.0))
SAME_SIZE = tuple(Looked("aaab", (3,), 5.0) for _ in range(8))


def make_study(folder: Path, pages: Sequence[Looked] = PAGES) -> Path:
    with Store.open(folder / "s.sqlite") as store:
        sit(store, add_study(store), "one by one", ONE_BY_ONE)
        if pages:
            sit_pages(store, "pages", pages)
    return folder


def setting(folder: Path, **keys: object) -> CostSetting:
    return setting_of(Cost.model_validate({"study": "s.sqlite", **keys}), folder)


def test_costs_of_pages_are_those_of_the_study(tmp_path: Path):
    drawn = setting(make_study(tmp_path))
    assert (drawn.verify, drawn.correct, drawn.unaided) == (1.0, 9.0, 5.0)
    assert (drawn.pages.page_s, drawn.pages.cell_s, drawn.pages.mark_s) == pytest.approx((1.0, 0.5, 2.0))
    assert (drawn.pages.miss, drawn.pages.false_mark) == (1 / 8, 1 / 30)
    assert drawn.misses == Misses((0.1, 0.25), (0.0, 1 / 5))
    assert drawn.near == ((4, 9.0 * (2.8 / 4.5)),)  # ranks are not stored: the usual share of c_a
    assert drawn.asking.misses == drawn.misses


def test_a_correction_near_the_top_is_no_cheaper_than_a_verification_and_no_dearer_than_any(tmp_path: Path):
    with Store.open(tmp_path / "s.sqlite") as store:
        sit(store, add_study(store), "one by one", (Answered("a", 2.0), Answered("b", 2.5)))
    assert setting(tmp_path).near == ((4, 2.0),)
    assert setting(tmp_path, near=((2, 2.25),)).near == ((2, 2.25),)


def test_what_a_plan_gives_stands(tmp_path: Path):
    folder = make_study(tmp_path)
    drawn = setting(folder, cell=0.25, miss=0.3)
    assert (drawn.pages.cell_s, drawn.pages.mark_s) == pytest.approx((0.25, 2.0))
    assert (drawn.pages.miss, drawn.misses) == (0.3, None)
    assert setting(folder, misses=((0.5, 0.1),)).misses == Misses((0.5,), (0.1,))


def test_one_share_of_odd_ones_gives_one_rate_of_misses(tmp_path: Path):
    pages = [page for page in PAGES if page.odd_share == 0.1]
    pages = [Looked(page.classes, page.marked[:1], page.time_s + i) for i, page in enumerate(pages * 2)]
    drawn = setting(make_study(tmp_path, pages))
    assert drawn.misses is None
    assert drawn.pages.miss == pytest.approx(
        4 / 6
    )  # of one page both odd ones, of another one, of the third none


def test_a_study_without_pages_leaves_what_is_usual(tmp_path: Path):
    drawn = setting(make_study(tmp_path, ()), mark=1.0)
    assert (drawn.pages, drawn.misses) == (PageCosts(0.8, 0.5, 1.0, USUAL.miss, USUAL.false_mark), None)


@pytest.mark.parametrize(
    ("pages", "keys", "found"),
    [
        (PAGES[:3], {}, "2 kept pages"),
        (SAME_SIZE, {}, "8 kept pages"),
        (PAGES, {"dataset": "d", "participant": "P2"}, "0 kept pages"),
    ],
)
def test_pages_that_do_not_tell_what_they_cost_are_refused(tmp_path: Path, pages, keys, found):
    make_study(tmp_path, pages)
    with Store.open(tmp_path / "s.sqlite") as store:
        sit(store, add_study(store), "another", ONE_BY_ONE, "P2", 2)
    with pytest.raises(
        PageTimesError, match=f"holds {found} for these choices; what pages cost can be drawn from 6"
    ):
        setting(tmp_path, **keys)
    given = setting(tmp_path, page=1.0, cell=0.4, mark=2.0, **keys)
    assert (given.pages.page_s, given.pages.cell_s, given.pages.mark_s) == (1.0, 0.4, 2.0)


def test_pages_are_read_where_a_method_asks_about_whole_folders(tmp_path: Path):
    make_study(tmp_path, PAGES[:3])
    costs = '[[costs]]\nstudy = "s.sqlite"\n'
    (cost,) = grid(loaded(HEAD + DATA + SUGGEST + costs, tmp_path), None).costs
    assert (cost.verify, cost.near) == (1.0, ())
    with pytest.raises(PageTimesError):
        grid(loaded(HEAD + DATA + PAGES_METHOD + costs, tmp_path), None)


def test_what_is_asked_about_because_of_a_mark_is_no_time_of_one_by_one(tmp_path: Path):
    make_study(tmp_path, ())
    with Store.open(tmp_path / "s.sqlite") as store:
        page = Looked("aab", (2,), 5.0)
        store.start_session(add_study(store), record("s"), [planned(page, 0)])
        look(store, "s", page, 0, (asked_about(1, 0, 2),))
        answer_asked(store, "s", 1, 3.0)
    times = read_times(tmp_path / "s.sqlite")
    assert (times.verify, times.correct, times.unaided) == ((1.0,), (9.0,), (5.0,))
