"""How times change over a block (learning), and how right answers are at each speed."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, NamedTuple

import numpy as np

from studies.estimates import Share
from studies.table_files import Column
from studies.timing.file.store import Store
from studies.timing.results.groups import geometric_mean, over_people
from studies.timing.results.rows import RatioRow, count, describe_columns, number, seconds, text

_RATIO = describe_columns(RatioRow)
_Study = Annotated[str, _RATIO["study"]]
_Dataset = Annotated[str, _RATIO["dataset"]]
_Interface = Annotated[str, _RATIO["interface"]]
_KINDS = ("verify", "correct", "scratch")
_Kind = Annotated[str, text("verify (right suggestion), correct (wrong suggestion) or scratch (none).")]
_QUARTERS = 4
_PER = 10  # trials, for which a trend is told

_ENDS = "Empty for one participant, and for all where fewer than two have it."


@dataclass(frozen=True)
class LearningRow:
    """Times of one kind in the first half of blocks and in the second, of a participant or over all."""

    study: _Study
    dataset: _Dataset
    interface: _Interface
    kind: _Kind
    participant: Annotated[str, text("Code of the participant; empty for all of them together.")]
    n_participants: Annotated[int, Column("integer", "participants", "Who have kept trials in both halves.")]
    n_first: Annotated[int, count("Kept trials in the first half of their blocks, in the order answered.")]
    n_second: Annotated[int, count("Kept trials in the second half.")]
    first_half_s: Annotated[
        float | None, seconds("Geometric mean of the first half; over participants of theirs.")
    ]
    second_half_s: Annotated[float | None, seconds("The same of the second half.")]
    change: Annotated[float | None, number("second_half_s / first_half_s: below 1 where they became faster.")]
    change_low: Annotated[
        float | None, number(f"Lower end of its 95 % interval (Student's t on logs). {_ENDS}")
    ]
    change_high: Annotated[float | None, number("Upper end of the same interval.")]
    trend: Annotated[
        float | None,
        number(
            f"By what a time is multiplied every {_PER} trials of a block: the slope of the log times by least "
            "squares. Over participants, the geometric mean."
        ),
    ]
    trend_low: Annotated[float | None, number(f"Lower end of its 95 % interval. {_ENDS}")]
    trend_high: Annotated[float | None, number("Upper end of the same interval.")]


@dataclass(frozen=True)
class SpeedRow:
    """How many answers of one kind were right among the fastest quarter, and so on."""

    study: _Study
    dataset: _Dataset
    interface: _Interface
    kind: _Kind
    quarter: Annotated[
        int, count("From 1, the fastest quarter of each participant's answers, to 4, the slowest.", "")
    ]
    n_participants: Annotated[
        int, Column("integer", "participants", "Who have at least four answers of this kind.")
    ]
    n: Annotated[int, count("Their answers that no rule but wrong_answer removes.")]
    geomean_s: Annotated[float, seconds("Geometric mean over participants of their geometric means.")]
    right_share: Annotated[float, number("Share of these answers that is right.")]
    right_low: Annotated[
        float,
        number(
            "Lower end of its 95 % interval (Wilson), as if all answers were independent; those of one person are not "
            "quite."
        ),
    ]
    right_high: Annotated[float, number("Upper end of the same interval.")]


class TimedTrial(NamedTuple):
    """A trial that counts, as far as learning and speed need it."""

    study: str
    dataset: str
    interface: str
    kind: str
    participant: str
    session: str
    block: int
    trial: int
    response_time_s: float
    answer_right: int
    kept: int


Cell = tuple[str, str, str, str]  # study, data set, interface, kind


def timed_trials(store: Store) -> list[TimedTrial]:
    """The trials that no rule but ``wrong_answer`` removes."""
    order = "study, dataset, interface, kind, participant, session, block, trial"
    where = "NOT practice AND kind <> 'asked' AND excluded_by IN ('', 'wrong_answer') AND response_time_s > 0"
    rows = store.table("trials", TimedTrial._fields, order, where)
    return [TimedTrial._make(row) for row in rows]


def block_sizes(store: Store) -> dict[tuple[str, int], int]:
    """How many trials that count were answered, by session and block."""
    sizes: dict[tuple[str, int], int] = {}
    where = "NOT practice AND kind <> 'asked'"
    for session, block, trial in store.table(
        "trials", ("session", "block", "trial"), "session, block, trial", where
    ):
        sizes[session, block] = trial
    return sizes


def learning_rows(store: Store) -> tuple[LearningRow, ...]:
    """The table ``learning``: for each kind a row over participants, then one for each of them."""
    sizes = block_sizes(store)
    groups: defaultdict[Cell, defaultdict[str, list[TimedTrial]]] = defaultdict(lambda: defaultdict(list))
    for trial in timed_trials(store):
        if trial.kept:
            groups[trial[:4]][trial.participant].append(trial)
    return tuple(row for cell, people in groups.items() for row in _learning(cell, people, sizes))


def _learning(
    cell: Cell, people: dict[str, list[TimedTrial]], sizes: dict[tuple[str, int], int]
) -> Iterator[LearningRow]:
    each = [_person(cell, code, trials, sizes) for code, trials in people.items()]
    both = [row for row in each if row.change is not None]
    firsts = [row.first_half_s for row in both if row.first_half_s]
    seconds_ = [row.second_half_s for row in both if row.second_half_s]
    yield LearningRow(
        *cell,
        "",
        len(both),
        sum(row.n_first for row in each),
        sum(row.n_second for row in each),
        geometric_mean(firsts) if firsts else None,
        geometric_mean(seconds_) if seconds_ else None,
        *_with_ends([row.change for row in both]),
        *_with_ends([row.trend for row in each]),
    )
    yield from each


def _with_ends(values: Iterable[float | None]) -> tuple[float | None, float | None, float | None]:
    known = [value for value in values if value is not None]
    interval = over_people(known)
    if interval is None:
        return (known[0] if known else None), None, None
    return interval.value, interval.low, interval.high


def _person(
    cell: Cell, code: str, trials: Sequence[TimedTrial], sizes: dict[tuple[str, int], int]
) -> LearningRow:
    halves: tuple[list[float], list[float]] = ([], [])
    for trial in trials:
        late = 2 * trial.trial > sizes[trial.session, trial.block]
        halves[late].append(trial.response_time_s)
    first, second = (geometric_mean(half) if half else None for half in halves)
    change = second / first if first and second else None
    trend = _trend([trial.trial for trial in trials], [trial.response_time_s for trial in trials])
    nothing = (None, None)
    return LearningRow(
        *cell,
        code,
        int(change is not None),
        len(halves[0]),
        len(halves[1]),
        first,
        second,
        change,
        *nothing,
        trend,
        *nothing,
    )


def _trend(places: Sequence[int], times: Sequence[float]) -> float | None:
    if len(set(places)) < 3:
        return None
    slope = statistics.linear_regression(places, [float(np.log(time)) for time in times]).slope
    return float(np.exp(_PER * slope))


def speed_rows(store: Store) -> tuple[SpeedRow, ...]:
    """The table ``speed``: the share of right answers in each quarter of speed."""
    groups: defaultdict[Cell, defaultdict[str, list[TimedTrial]]] = defaultdict(lambda: defaultdict(list))
    for trial in timed_trials(store):
        groups[trial[:4]][trial.participant].append(trial)
    return tuple(row for cell, people in groups.items() for row in _speed(cell, people.values()))


def _speed(cell: Cell, people: Iterable[list[TimedTrial]]) -> Iterator[SpeedRow]:
    ranked = [sorted(own, key=lambda trial: trial.response_time_s) for own in people if len(own) >= _QUARTERS]
    for quarter in range(_QUARTERS if ranked else 0):
        parts = [
            own[len(own) * quarter // _QUARTERS : len(own) * (quarter + 1) // _QUARTERS] for own in ranked
        ]
        right = Share(sum(t.answer_right for part in parts for t in part), sum(map(len, parts)))
        interval = right.wilson()
        assert interval is not None  # each has an answer in each quarter
        means = [geometric_mean([trial.response_time_s for trial in part]) for part in parts]
        yield SpeedRow(
            *cell,
            quarter + 1,
            len(parts),
            right.total,
            geometric_mean(means),
            interval.value,
            interval.low,
            interval.high,
        )
