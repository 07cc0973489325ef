"""Plans of whole folders: their keys, their mistakes, and which runs they share."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studies.pages.asking import USUAL_COSTS, Misses
from studies.simulation.plan.runs import grid
from tests.studies.simulation.plan.test_plan import refused
from tests.studies.simulation.sample import DATA, HEAD, PLAN, SUGGEST, loaded

PAGES = SUGGEST.replace('"suggest"\nbudgets = [6]', '"pages"')
ALONE = PAGES.replace("SUGGEST", "Alone").replace('"pages"', '"one-by-one"')
COSTS = "[[costs]]\nverify = 1.3\ncorrect = 4.5\nnear = [[4, 2.8]]\n"


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        (PLAN + "[[costs]]\nnear = [[4, 2], [2, 3]]\n", "near names the ranks [4, 2]; give each once"),
        (PLAN + "[[costs]]\nmiss = 3\n", "miss is 3; allowed is a number from 0 to 1."),
        (HEAD + DATA + SUGGEST + "lead = 9\n", "lead is for methods of the kinds"),
        (HEAD + DATA + ALONE + "second_look = true\n", "second_look is for methods with pages; leave it out"),
        (
            HEAD + DATA + PAGES + "budgets = [6]\n",
            'budgets is given, but a method of kind "pages" asks about every image; leave it out.',
        ),
        (
            HEAD + DATA + PAGES + "nearest = 0.5\n",
            "nearest is given, but seed_labels counts by class; say total there.",
        ),
    ],
)
def test_a_mistake_is_named_with_what_is_allowed(toml: str, said: str):
    (line,) = refused(toml)
    assert said in line


def test_costs_are_what_a_plan_says_and_usual_ones_otherwise():
    laid_out = grid(
        loaded(HEAD + DATA + PAGES + COSTS + '[[costs]]\nname = "m"\nmisses = [[0.5, 0.1], [0.0, 0.3]]\n'),
        None,
    )
    usual, by_share = (cost.asking for cost in laid_out.costs)
    assert usual == USUAL_COSTS
    assert by_share.misses == Misses((0.0, 0.5), (0.3, 0.1))


def test_runs_depend_on_what_pages_cost_where_there_are_pages():
    def keys(more: str, method: str) -> set[str]:
        return {run.key for run in grid(loaded(HEAD + DATA + method + COSTS + more), None).runs}

    for more in ("cell = 0.25\n", "miss = 0.3\n", "page = 1.0\n"):
        assert not keys(more, PAGES) & keys("", PAGES)
        assert keys(more, ALONE) == keys("", ALONE)
    for more in ("lead = 5\n", "second_look = true\n"):
        assert not keys("", PAGES + more) & keys("", PAGES)
    assert keys("", PAGES + "second_look = false\n") == keys("", PAGES)
    (cost,) = grid(loaded(HEAD + DATA + PAGES + COSTS), None).costs
    assert replace(cost, label="x").asking == cost.asking
