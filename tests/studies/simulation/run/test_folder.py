"""Whole folders: one by one, on pages and clusters first, to the last image."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from model.datasets.base import DataError
from model.port import NullPort
from model.rounds.simulated import SimulatedPool
from studies.pages.queue import make_folder_queue
from studies.simulation.plan.plan import Kind
from studies.simulation.plan.runs import Run, grid
from studies.simulation.run import folder
from studies.simulation.run.advance import advance
from studies.simulation.run.state import RoundRow
from tests.studies.simulation.run.test_advance import pixel_pool, played
from tests.studies.simulation.sample import loaded

PLAN = """
name = "digits"
rounds = 6
seeds = [1]
[seed_labels]
total = 30
cost = "unaided"
[[data]]
dataset = "digits"
test_per_class = 50
[[methods]]
name = "m"
kind = "KIND"
hard = "random"
lead = 60
[[costs]]
verify = 1.3
correct = 4.5
near = [[4, 2.8]]
"""


@pytest.fixture(scope="module")
def pixels() -> SimulatedPool:
    return pixel_pool()


@pytest.fixture(scope="module")
def alone(pixels: SimulatedPool) -> list[RoundRow]:
    return played(run_of(Kind.ONE_BY_ONE), pixels)


@pytest.fixture(scope="module")
def paged(pixels: SimulatedPool) -> list[RoundRow]:
    return played(run_of(Kind.PAGES), pixels)


def run_of(kind: Kind, costs: str = "") -> Run:
    return grid(loaded(PLAN.replace("KIND", kind.value) + costs), None).runs[0]


def total_seconds(rows: list[RoundRow]) -> float:
    assert rows[-1].drawn_cost is not None
    return rows[-1].drawn_cost


def test_one_by_one_every_image_is_labeled_and_none_wrongly(alone: list[RoundRow]):
    rows = alone
    assert [row.round for row in rows] == list(range(7))
    assert (rows[-1].n_human, rows[-1].n_wrong, rows[-1].n_images) == (900, 0, 900)
    asked = [row.asked for row in rows if row.asked is not None]
    assert sum(one.singles for one in asked) == 870
    assert all(one.pages == 0 for one in asked)
    verified, near = (sum(getattr(one, name) for one in asked) for name in ("verified", "near"))
    assert total_seconds(rows) == pytest.approx(
        30 * 4.5 + verified * 1.3 + near * 2.8 + (870 - verified - near) * 4.5
    )


def test_pages_take_less_time_and_leave_what_is_missed(
    pixels: SimulatedPool, alone: list[RoundRow], paged: list[RoundRow]
):
    rows = paged
    assert rows[-1].n_human == 900
    assert total_seconds(rows) < 0.8 * total_seconds(alone)
    asked = [row.asked for row in rows if row.asked is not None]
    assert total_seconds(rows) == pytest.approx(30 * 4.5 + sum(one.seconds for one in asked))
    careless = played(run_of(Kind.PAGES, "miss = 0.5"), pixels)
    assert 0 < careless[-1].n_wrong < 45
    careful = played(run_of(Kind.PAGES, "miss = 0\nfalse_mark = 0"), pixels)
    assert careful[-1].n_wrong == 0


def test_a_second_look_finds_what_was_missed_and_its_time_is_counted(pixels: SimulatedPool):
    run = run_of(Kind.PAGES, "miss = 0.5")
    once = played(run, pixels)
    twice = played(replace(run, method=replace(run.method, second_look=True)), pixels)
    assert [row.n_wrong for row in twice[:-1]] == [row.n_wrong for row in once[:-1]]
    assert twice[-1].n_human == 900
    assert twice[-1].n_wrong < 0.8 * once[-1].n_wrong
    assert total_seconds(once) < total_seconds(twice) < 1.3 * total_seconds(once)


def test_a_run_is_the_same_each_time_and_after_a_break(pixels: SimulatedPool, paged: list[RoundRow]):
    # Of ``paged`` the state went through bytes between rounds.
    run, state, again = run_of(Kind.PAGES), None, []
    while True:
        row, state = advance(run, state, pixels, NullPort())
        again.append(row)
        if state is None:
            break
    assert [replace(row, seconds={}) for row in again] == [replace(row, seconds={}) for row in paged]


def test_slow_looking_makes_pages_rare_and_never_dearer(pixels: SimulatedPool, alone: list[RoundRow]):
    slow = played(run_of(Kind.PAGES, "cell = 1.3"), pixels)
    assert sum(row.asked.pages for row in slow if row.asked is not None) == 0
    assert total_seconds(slow) == pytest.approx(total_seconds(alone), rel=0.1)


def test_clusters_first_names_pages_before_there_is_a_model(
    pixels: SimulatedPool, monkeypatch: pytest.MonkeyPatch
):
    import model.rounds.simulated as simulated

    # Groups of ten images, all but one of a class; then single ones.
    order = np.argsort(pixels.labels, kind="stable")
    groups = np.empty(len(order), np.int64)
    groups[order] = np.arange(len(order)) // 45
    monkeypatch.setattr(simulated, "cluster_pool", lambda *_: (groups, np.zeros(len(order))))
    rows = played(run_of(Kind.CLUSTERS), pixels)
    assert rows[0].asked is not None
    assert rows[0].asked.named > 10
    assert rows[0].n_human > 300
    assert rows[-1].n_human == 900


def test_first_labels_may_be_those_nearest_to_centres(pixels: SimulatedPool, monkeypatch: pytest.MonkeyPatch):
    import model.rounds.simulated as simulated

    groups = np.arange(len(pixels.labels)) % 20
    distance = np.where(np.arange(len(pixels.labels)) < 20, 0.0, 1.0)
    asked = []

    def group(_pool: SimulatedPool, count: int, *_):
        asked.append(count)
        return groups, distance

    monkeypatch.setattr(simulated, "cluster_pool", group)
    run = run_of(Kind.PAGES)
    row, state = advance(replace(run, method=replace(run.method, nearest=2 / 3)), None, pixels, NullPort())
    assert asked == [20]
    assert state is not None
    assert state.seeded[:20].all()
    assert 20 < row.n_human <= 30
    assert row.drawn_cost == row.n_human * 4.5


def test_clusters_need_features(pixels: SimulatedPool):
    with pytest.raises(DataError, match="frozen = true"):
        advance(run_of(Kind.CLUSTERS), None, pixels, NullPort())


def test_the_share_of_chosen_images_falls_as_labels_come_in(
    pixels: SimulatedPool, monkeypatch: pytest.MonkeyPatch
):
    shares = []

    def watch(*args):
        shares.append(len(args[4]) / args[3])
        return make_folder_queue(*args)

    monkeypatch.setattr(folder, "make_folder_queue", watch)
    played(run_of(Kind.PAGES), pixels)
    assert shares[0] == 1.0
    assert shares == sorted(shares, reverse=True)
    assert shares[-1] == 0.0
