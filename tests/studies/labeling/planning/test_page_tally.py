"""Pages of the grid as they are timed, and the costs that are planned with."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studies.labeling.facts.records import Purpose, Verb
from studies.labeling.facts.settings import CostOrigin, Costs
from studies.labeling.facts.stored_event import StoredEvent
from studies.labeling.planning.ask_costs import ask_costs
from studies.labeling.planning.costs import AnswerKind, Tally, TimedAnswer
from studies.labeling.planning.page_tally import PageTally
from studies.pages.asking import USUAL_COSTS
from studies.pages.costs import USUAL, PageCosts
from studies.pages.fit import TimedPage

S = 1_000_000_000
CELL = StoredEvent(5, 0, Verb.LABEL, Purpose.GRID, 1, 1, None, None, 9 * S, 12, False, None, None)


def add_page(tally: PageTally, action: int, cells: int, marks: int, seconds: float) -> None:
    for item in range(cells):
        verb = Verb.RELEASE if item < marks else Verb.LABEL
        tally.add(
            CELL._replace(action=action, item=item, verb=verb, took_ns=round(seconds * S), images=cells)
        )


def test_a_page_is_its_cells_its_marks_and_its_time_once() -> None:
    tally = PageTally()
    add_page(tally, 3, 12, 2, 9.0)
    add_page(tally, 4, 24, 0, 8.0)
    assert tally.timed == [TimedPage(12, 2, 9.0), TimedPage(24, 0, 8.0)]
    tally.take_back(3)
    assert len(tally) == 1


@pytest.mark.parametrize(
    "event",
    [
        CELL._replace(focus_lost=True),
        CELL._replace(stood_still=True),
        CELL._replace(took_ns=57 * S),  # 20 s and 3 s an image
    ],
)
def test_the_time_of_a_page_that_was_left_does_not_count(event: StoredEvent) -> None:
    tally = PageTally()
    tally.add(event)
    tally.add(event._replace(item=1, focus_lost=False, stood_still=False, took_ns=9 * S))
    assert len(tally) == 0


@pytest.mark.parametrize("event", [CELL._replace(purpose=Purpose.QUEUE), CELL._replace(took_ns=None)])
def test_other_answers_are_no_pages(event: StoredEvent) -> None:
    tally = PageTally()
    tally.add(event)
    assert len(tally) == 0


def test_planned_costs_begin_at_the_usual_ones_and_become_the_person_s() -> None:
    tally = PageTally()
    assert tally.costs().cell_s == pytest.approx(USUAL.cell_s)
    assert tally.fit() is None
    quick = PageCosts(0.5, 0.2, 1.0, 0.1, 0.0)
    for action in range(40):
        cells, marks = (12, 24, 48)[action % 3], action % 4
        add_page(tally, action, cells, marks, quick.of_page(cells, marks))
    assert tally.costs().cell_s == pytest.approx(0.2, abs=0.02)
    fit = tally.fit()
    assert fit is not None
    assert fit.cell_s.value == pytest.approx(0.2)


def corrected(tally: Tally, near: float, far: float, count: int) -> None:
    for _ in range(count):
        tally.add(TimedAnswer(AnswerKind.VERIFIED, 1.0))
        tally.add(TimedAnswer(AnswerKind.CORRECTED, near, near=True))
        tally.add(TimedAnswer(AnswerKind.CORRECTED, far))


def test_a_correction_by_one_key_costs_what_it_took_this_person() -> None:
    tally = Tally()
    usual = ask_costs(Costs(), tally, PageTally())
    assert usual.of_rank(1) == pytest.approx(usual.correct * 2.8 / 4.5)
    corrected(tally, 2.0, 6.0, 200)
    own = ask_costs(Costs(), tally, PageTally())
    assert own.of_rank(1) == pytest.approx(2.0, abs=0.05)
    assert own.of_rank(9) == own.correct > own.of_rank(1)
    for _ in range(200):
        tally.remove(TimedAnswer(AnswerKind.CORRECTED, 2.0, near=True))
    assert tally.near() == (None, 0)


def test_a_correction_never_costs_less_than_checking_nor_more_than_any() -> None:
    tally = Tally()
    corrected(tally, 0.2, 6.0, 100)
    own = ask_costs(Costs(), tally, PageTally())
    assert own.of_rank(1) == own.verify


def test_units_take_pages_in_proportion() -> None:
    units = ask_costs(Costs(origin=CostOrigin.PAPER), Tally(), PageTally())
    assert (units.verify, units.correct) == (1.0, 4.0)
    assert units.pages.cell_s / units.verify == pytest.approx(USUAL.cell_s / USUAL_COSTS.verify)
    assert replace(units.pages, page_s=0, cell_s=0, mark_s=0) == PageCosts(
        0, 0, 0, USUAL.miss, USUAL.false_mark
    )
