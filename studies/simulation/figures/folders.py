"""What labeling whole folders took: person-seconds an image by the share that is labeled, and wrong labels left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from studies.simulation.figures.curves import Spread
from studies.simulation.file.reader import StoredFolderRound
from studies.simulation.plan.plan import Kind

HEAD = (
    "method",
    "runs",
    "labeled",
    "seconds an image",
    "one by one over this",
    "wrong labels left",
    "pages",
    "marks",
    "one by one",
)


@dataclass(frozen=True)
class FolderPoint:
    """A round of a method, means over runs; shares are of the folder."""

    labeled: float
    seconds: Spread  # an image of the folder
    wrong: Spread


@dataclass(frozen=True)
class FolderSeries:
    """The runs of one method on one folder at one cost, each its rounds in order."""

    method: str
    kind: Kind
    runs: tuple[tuple[StoredFolderRound, ...], ...]

    @property
    def points(self) -> tuple[FolderPoint, ...]:
        """Round by round, as far as all runs are."""
        return tuple(
            FolderPoint(
                Spread.of([one.labeled_share for one in rounds]).mean,
                Spread.of([one.seconds_an_image for one in rounds]),
                Spread.of([one.wrong_share for one in rounds]),
            )
            for rounds in zip(*self.runs, strict=False)
        )

    @property
    def last(self) -> tuple[StoredFolderRound, ...]:
        """The last round of each run."""
        return tuple(run[-1] for run in self.runs)


def group_folders(
    rounds: Iterable[StoredFolderRound], kinds: dict[str, Kind]
) -> dict[tuple[str, str], list[FolderSeries]]:
    """By data set and cost; ``rounds`` as the store gives them, ``kinds`` by method in the order of the plan."""
    found: dict[tuple[str, str], list[FolderSeries]] = {}
    for (data, cost, method), of_method in groupby(rounds, key=attrgetter("data", "cost_setting", "method")):
        runs = tuple(tuple(of_run) for _, of_run in groupby(of_method, key=attrgetter("seed")))
        found.setdefault((data, cost), []).append(FolderSeries(method, kinds[method], runs))
    order = list(kinds)
    for series in found.values():
        series.sort(key=lambda one: order.index(one.method))
    return found


def tabulate(folders: Sequence[FolderSeries]) -> Iterator[tuple[str, ...]]:
    """A row a method, as :data:`HEAD` names them."""
    alone = [one for one in folders if one.kind is Kind.ONE_BY_ONE]
    for one in folders:
        last = one.last
        labeled = Spread.of([run.labeled_share for run in last]).mean
        yield (
            one.method,
            str(len(last)),
            f"{labeled:.0%}",
            _write(Spread.of([run.seconds_an_image for run in last]), "", 1.0),
            _compare(alone, one),
            _write(Spread.of([run.wrong_share for run in last]), " %", 100.0),
            *(
                f"{Spread.of(list(map(attrgetter(name), last))).mean:,.0f}"
                for name in ("pages", "marks", "singles")
            ),
        )


def _compare(alone: Sequence[FolderSeries], one: FolderSeries) -> str:
    """The least time of one by one over this method's, of the runs with the same seeds."""
    ratios = []
    for other in alone:
        theirs = {run.seed: run.seconds_an_image for run in other.last if run.labeled_share == 1}
        pairs = [(theirs[run.seed], run.seconds_an_image) for run in one.last if run.seed in theirs]
        if pairs and len(pairs) == len(one.last):
            ratios.append(sum(their for their, _ in pairs) / sum(mine for _, mine in pairs))
    return f"{min(ratios):.2f}" if ratios and one.kind is not Kind.ONE_BY_ONE else ""


def _write(value: Spread, unit: str, times: float) -> str:
    spread = "" if value.sd is None else f" ± {times * value.sd:.2f}"
    return f"{times * value.mean:.2f}{spread}{unit}"
