"""The figure of pages: which numbers it plots, and that it draws them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from studies.timing.file.store import Store
from studies.timing.results.analysis import ratio_rows, scratch_rows
from studies.timing.results.figure_2 import save_figure
from studies.timing.results.page_costs import page_cost_rows
from studies.timing.results.page_figure import page_figure
from studies.timing.results.page_figure_data import PagePoint, Way, page_points, points_csv
from tests.studies.timing.page_sample import PAGES, sit_pages
from tests.studies.timing.sample import Answered, add_study, sit

SINGLES = (Answered("a", 2.0), Answered("b", 9.0), Answered(None, 12.0))


@pytest.fixture
def points(store: Store) -> tuple[PagePoint, ...]:
    study = add_study(store)
    sit(store, study, "one", SINGLES, "P1")
    sit(store, study, "two", SINGLES, "P2", 2)  # without pages
    sit_pages(store, "three", PAGES, "P1")
    sit_pages(store, "four", PAGES[:2], "P3")
    return page_points(page_cost_rows(store), ratio_rows(store), scratch_rows(store))


def test_the_points_are_of_those_who_saw_pages(points: tuple[PagePoint, ...]) -> None:
    told = [(point.participant, point.series) for point in points]
    assert told == [*(("P1", way) for way in Way), ("P3", Way.PAGE)]
    values = {point.series: point.value for point in points if point.participant == "P1"}
    assert (values[Way.UNAIDED], values[Way.CORRECT], values[Way.VERIFY]) == (12.0, 9.0, 2.0)
    assert values[Way.PAGE] == pytest.approx(41 / 38)
    assert points_csv(points).split("\n")[0] == "study,dataset,series,participant,value"
    assert len(points_csv(points).strip().split("\n")) == 1 + len(points)


def test_each_participant_is_a_dot(points: tuple[PagePoint, ...], tmp_path: Path) -> None:
    figure = page_figure(points)
    dots = [sum(np.shape(c.get_offsets())[0] for c in axes.collections) for axes in figure.axes]
    assert dots == [5, 1]
    for name in ("a.png", "b.svg"):
        save_figure(figure, tmp_path / name)
        assert (tmp_path / name).stat().st_size > 1000


def test_without_pages_it_says_so() -> None:
    (times, _) = page_figure(()).axes
    assert [text.get_text() for text in times.texts] == ["No page was confirmed yet"]
