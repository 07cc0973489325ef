"""What labeling folders to a goal took: minutes, labels of the program, and whether the goal was held."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from studies.charts.lines import Line
from studies.simulation.figures.curves import Spread
from studies.simulation.file.reader import StoredFinishRound
from studies.simulation.plan.plan import Kind

MOST_WRONG = 10.0  # % of the folder, that the figure shows
_SHARES = (0.0, 0.01, 0.03)  # by which methods without a goal are judged
HEAD = (
    "method",
    "runs",
    "minutes",
    "one by one over this",
    "by program",
    "wrong",
    "not true",
    *(f"held at {share:.0%}" for share in _SHARES),
    "actions",
    "random sample",
    "looks",
)


@dataclass(frozen=True)
class FinishSeries:
    """The runs of one method on one folder at one cost, each its rounds in order."""

    method: str
    kind: Kind
    runs: tuple[tuple[StoredFinishRound, ...], ...]

    @property
    def goal(self) -> float | None:
        """The share of the folder that may be wrong."""
        return self.runs[0][0].goal

    @property
    def ends(self) -> tuple[StoredFinishRound, ...]:
        """The last round of each run that is done."""
        return tuple(run[-1] for run in self.runs if run[-1].n_left == 0)

    @property
    def name(self) -> str:
        """The method's, without its goal."""
        return self.method if self.goal is None else self.method.rpartition(" at ")[0] or self.method


def group_finish(
    rounds: Iterable[StoredFinishRound], kinds: dict[str, Kind]
) -> dict[tuple[str, str], list[FinishSeries]]:
    """By data set and cost, of experiments in which a method has a goal; methods in the order of the plan."""
    if not any(kind.has_goal for kind in kinds.values()):
        return {}
    found: dict[tuple[str, str], list[FinishSeries]] = {}
    for (data, cost, method), of_method in groupby(rounds, key=attrgetter("data", "cost_setting", "method")):
        runs = tuple(tuple(of_run) for _, of_run in groupby(of_method, key=attrgetter("seed")))
        found.setdefault((data, cost), []).append(FinishSeries(method, kinds[method], runs))
    order = list(kinds)
    for series in found.values():
        series.sort(key=lambda one: order.index(one.method))
    return found


def tabulate_finish(finish: Sequence[FinishSeries]) -> Iterator[tuple[str, ...]]:
    """A row a method, as :data:`HEAD` names them, of its runs that are done."""
    alone = {end.seed: end.minutes for one in finish if one.kind is Kind.ONE_BY_ONE for end in one.ends}
    for one in finish:
        ends = one.ends
        if not ends:
            continue
        both = [end for end in ends if end.seed in alone]
        gain = sum(alone[end.seed] for end in both) / sum(end.minutes for end in both) if both else None
        yield (
            one.method,
            str(len(ends)),
            f"{_mean(ends, 'minutes'):.1f}",
            "" if gain is None or one.kind is Kind.ONE_BY_ONE else f"{gain:.2f}",
            f"{sum(end.n_program for end in ends) / sum(end.n_images for end in ends):.0%}",
            f"{_mean(ends, 'wrong_share'):.2%}",
            f"{_mean(ends, 'untrue_share'):.2%}",
            *(_count_held(one, ends, share) for share in _SHARES),
            f"{_mean(ends, 'actions'):,.0f}",
            f"{_mean(ends, 'n_sampled'):,.0f}",
            f"{_mean(ends, 'looks'):.1f}",
        )


def draw_lines_of(finish: Sequence[FinishSeries]) -> Iterator[Line]:
    """A line a method: what would be wrong if the program labeled the rest after so many minutes, means over runs.

    Of a method with goals, where its runs ended, one point a goal.
    """
    for name, group in groupby(finish, key=attrgetter("name")):
        members = list(group)
        if members[0].goal is None:
            points = [
                (_mean(rounds, "wrong_share"), _mean(rounds, "minutes"))
                for rounds in zip(*members[0].runs, strict=False)
            ]
        else:
            points = [
                (_mean(one.ends, "wrong_share"), _mean(one.ends, "minutes")) for one in members if one.ends
            ]
        # The end of the line, where its name stands, is that of most wrong labels.
        ordered = points if members[0].goal is not None else points[::-1]
        shown = [(100 * wrong, minutes) for wrong, minutes in ordered if 100 * wrong <= MOST_WRONG]
        if shown:
            x, y = zip(*shown, strict=True)
            yield Line(name, x, y, [None] * len(x))


def _count_held(one: FinishSeries, ends: Sequence[StoredFinishRound], share: float) -> str:
    if one.goal is not None and one.goal != share:
        return ""
    held = sum(end.wrong_share * end.n_images <= share * end.n_images + 1e-9 for end in ends)
    return f"{held} of {len(ends)}"


def _mean(rounds: Sequence[StoredFinishRound], name: str) -> float:
    return Spread.of([float(getattr(one, name)) for one in rounds]).mean
