"""The table and the lines of folders labeled to a goal."""

from __future__ import annotations

from studies.simulation.figures.finish import HEAD, draw_lines_of, group_finish, tabulate_finish
from studies.simulation.file.reader import StoredFinishRound
from studies.simulation.plan.plan import Kind

KINDS = {"Alone": Kind.ONE_BY_ONE, "C at 0.01": Kind.FINISH, "C at 0.03": Kind.FINISH}


def at(
    method: str, round_: int, goal: float | None, minutes: float, wrong: float, left: int = 0
) -> StoredFinishRound:
    return StoredFinishRound(
        "d", "c", method, 1, round_, goal, minutes, 10, 100, 40, left, wrong, wrong, 20, 1, True
    )


ROUNDS = [
    at("Alone", 0, None, 5.0, 0.08, left=50),
    at("Alone", 1, None, 20.0, 0.0),
    at("C at 0.01", 0, 0.01, 10.0, 0.02),
    at("C at 0.03", 0, 0.03, 8.0, 0.03),
]


def test_minutes_are_compared_with_one_by_one_and_a_goal_is_judged_by_its_own_share() -> None:
    series = group_finish(ROUNDS, KINDS)["d", "c"]
    rows = {row[0]: dict(zip(HEAD, row, strict=True)) for row in tabulate_finish(series)}
    assert rows["C at 0.01"]["one by one over this"] == "2.00"
    assert rows["C at 0.01"]["held at 1%"] == "0 of 1"
    assert rows["C at 0.03"]["held at 3%"] == "1 of 1"
    assert rows["C at 0.03"]["held at 1%"] == ""
    assert rows["Alone"]["held at 0%"] == "1 of 1"


def test_a_line_ends_where_most_is_wrong_and_goals_are_points_of_one_line() -> None:
    lines = {
        line.name: (list(line.x), list(line.y))
        for line in draw_lines_of(group_finish(ROUNDS, KINDS)["d", "c"])
    }
    assert lines == {"Alone": ([0.0, 8.0], [20.0, 5.0]), "C": ([2.0, 3.0], [10.0, 8.0])}


def test_nothing_is_told_of_experiments_without_a_goal() -> None:
    assert group_finish(ROUNDS, {"Alone": Kind.ONE_BY_ONE}) == {}
