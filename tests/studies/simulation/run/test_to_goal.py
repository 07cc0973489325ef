"""Whole folders labeled to a goal: without help, by certified rounds, and until the folder's certificate holds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from model.datasets.base import DataError
from model.port import NullPort
from model.rounds.simulated import SimulatedPool
from model.rounds.simulated_answers import group_classes, read_answers
from model.rounds.simulated_values import ImagesSpec
from studies.simulation.plan.checks import ExperimentError
from studies.simulation.plan.runs import Run, grid
from studies.simulation.run.advance import advance
from studies.simulation.run.state import RoundRow, State
from tests.studies.simulation.run.test_advance import pixel_pool, played
from tests.studies.simulation.sample import loaded

PLAN = """
name = "digits"
rounds = 20
seeds = [1]
[seed_labels]
total = 40
cost = "unaided"
[[data]]
dataset = "digits"
test_per_class = 50
[[methods]]
name = "m"
METHOD
[[costs]]
verify = 1.3
correct = 4.5
near = [[4, 2.8]]
"""
GOAL = 'kind = "pages-and-certificate"\nhard = "margin"\ngoal = 0.05'


@pytest.fixture(scope="module")
def pixels() -> SimulatedPool:
    return pixel_pool()


@pytest.fixture(scope="module")
def to_goal(pixels: SimulatedPool) -> list[RoundRow]:
    return played(run_of(GOAL), pixels)


def run_of(method: str) -> Run:
    return grid(loaded(PLAN.replace("METHOD", method)), None).runs[0]


def test_without_help_each_image_costs_a_label_from_scratch(pixels: SimulatedPool) -> None:
    rows = played(run_of('kind = "no-help"'), pixels)
    assert rows[-1].drawn_cost == pytest.approx(900 * 4.5)
    assert (rows[-1].n_human, rows[-1].n_wrong) == (900, 0)


def test_a_run_to_a_goal_ends_with_labels_of_the_program_and_no_more_wrong_than_may_be(
    to_goal: list[RoundRow],
) -> None:
    end = to_goal[-1]
    assert end.finish is not None
    assert end.finish.ended
    assert end.n_human + end.finish.n_program == 900
    assert end.finish.n_program > 100
    assert end.finish.n_other == end.n_wrong + end.finish.n_program_wrong <= 45
    assert end.finish.looks >= 1
    assert end.finish.n_sampled >= 40


def test_what_is_done_is_not_learned_for_any_more(to_goal: list[RoundRow]) -> None:
    done = next(row.round for row in to_goal if row.finish and row.n_human + row.finish.n_program == 900)
    assert len(to_goal) == 21
    assert all(not row.seconds and row.asked and not row.asked.singles for row in to_goal[done + 1 :])
    assert {row.drawn_cost for row in to_goal[done:]} == {to_goal[-1].drawn_cost}


def test_a_run_goes_on_from_what_is_kept_of_it(pixels: SimulatedPool, to_goal: list[RoundRow]) -> None:
    run, state = run_of(GOAL), None
    for _ in range(3):
        _, state = advance(run, state, pixels, NullPort())
        assert state is not None
        state = State.from_bytes(state.to_bytes())
    row, _ = advance(run, state, pixels, NullPort())
    assert replace(row, seconds={}) == replace(to_goal[3], seconds={})


def test_certified_rounds_leave_to_the_program_what_it_certifies(pixels: SimulatedPool) -> None:
    rows = played(
        run_of('kind = "certified-rounds"\nhard = "margin"\nintermediate = "sample"\ngoal = 0.1'), pixels
    )
    end = rows[-1].finish
    assert end is not None
    assert end.n_program > 50
    assert rows[-1].n_human + end.n_program == 900
    assert end.n_program_wrong <= 0.1 * end.n_program


def test_what_people_say_is_answered_and_the_truth_is_told_beside_it(pixels: SimulatedPool) -> None:
    answers = pixels.labels.copy()
    answers[:90] = (answers[:90] + 1) % 10
    rows = played(run_of('kind = "no-help"'), replace(pixels, answers=answers))
    end = rows[-1].finish
    assert end is not None
    assert (end.n_other, end.n_untrue, rows[-1].n_wrong) == (0, 90, 90)


def test_several_goals_are_as_many_methods_and_each_has_a_run_of_its_own() -> None:
    found = grid(loaded(PLAN.replace("METHOD", GOAL.replace("0.05", "[0.01, 0.03]"))), None)
    assert [run.method.label for run in found.runs] == ["m at 0.01", "m at 0.03"]
    assert [run.method.goal for run in found.runs] == [0.01, 0.03]


def test_a_goal_is_refused_where_nothing_is_labeled_by_the_program() -> None:
    with pytest.raises(ExperimentError, match="goal is for methods of the kinds"):
        loaded(PLAN.replace("METHOD", 'kind = "one-by-one"\ngoal = 0.01'))


def test_groups_stand_for_their_classes() -> None:
    spec = ImagesSpec("x", groups=(("pet", ("cat", "dog")), ("bird", ("bird",))))
    assert group_classes(spec, ("bird", "cat", "dog")).tolist() == [1, 0, 0]
    with pytest.raises(DataError, match="each class"):
        group_classes(spec, ("bird", "cat", "cow"))


def test_answers_are_read_by_the_places_of_images(tmp_path) -> None:
    np.savez(tmp_path / "people.npz", first=np.array([2, 1, 0]))
    np.save(tmp_path / "places.npy", np.array([2, 2, 0], np.int32))
    spec = ImagesSpec(
        "x",
        answers=tmp_path / "people.npz",
        answers_key="first",
        answers_places=tmp_path / "places.npy",
    )
    assert read_answers(spec, np.array([1, 2]), np.array([0, 0]), 3).tolist() == [0, 2]
    with pytest.raises(DataError, match="no array"):
        read_answers(replace(spec, answers_key="second"), np.array([1]), np.array([0]), 3)
    with pytest.raises(DataError, match="do not have"):
        read_answers(spec, np.array([1, 2]), np.array([0, 0]), 2)
