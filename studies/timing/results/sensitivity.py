"""Every ratio with and without each exclusion rule, whether the plan turns the rule on or not."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, NamedTuple

from studies.estimates import Interval
from studies.table_files import Column
from studies.timing.facts.exclusions import USUAL_LIMITS
from studies.timing.file.rules import RULES
from studies.timing.file.store import Store
from studies.timing.results.analysis import EVERYTHING, Filter
from studies.timing.results.groups import Ratios, over_people
from studies.timing.results.rows import RatioRow, describe_columns, number, text, yes_no

_STALLS = frozenset({"stalled", "stalled_at_ends"})  # of which one is on
_RATIO = describe_columns(RatioRow)
_PEOPLE = "participants"
_WITH = "Over participants, with the rule and all others that the plan turns on"
_WITHOUT = "The same without the rule"


def _people(meaning: str) -> Column:
    return Column("integer", _PEOPLE, meaning)


@dataclass(frozen=True)
class SensitivityRow:
    """The ratios of a data set and interface with one rule and without it."""

    study: Annotated[str, _RATIO["study"]]
    dataset: Annotated[str, _RATIO["dataset"]]
    interface: Annotated[str, _RATIO["interface"]]
    rule: Annotated[
        str, text("Name of the exclusion rule; the column of that name in trials says what it means.")
    ]
    limit: Annotated[
        float | None,
        number(
            "The rule's limit, in the plan's unit; the usual one where it is off. Empty where it has none."
        ),
    ]
    in_plan: Annotated[
        bool, yes_no("Whether the rule is on in this study; if so, the results are those with it.")
    ]
    n_flagged: Annotated[
        int,
        Column(
            "integer", "trials", "Answered trials with a suggestion, practice left out, to which it applies."
        ),
    ]
    n_kept_with: Annotated[
        int, Column("integer", "trials", "Trials with a suggestion that are kept with it.")
    ]
    n_kept_without: Annotated[int, Column("integer", "trials", "And without it.")]
    n_ratio_with: Annotated[int, _people("Participants who have a ratio with it.")]
    n_ratio_without: Annotated[int, _people("And without it.")]
    ratio_mean_with: Annotated[float | None, number(f"{_WITH}: mean of their ratio_mean.")]
    ratio_mean_without: Annotated[float | None, number(f"{_WITHOUT}.")]
    ratio_median_with: Annotated[float | None, number(f"{_WITH}: mean of their ratio_median.")]
    ratio_median_without: Annotated[float | None, number(f"{_WITHOUT}.")]
    ratio_geomean_with: Annotated[float | None, number(f"{_WITH}: geometric mean of their ratio_geomean.")]
    ratio_geomean_with_low: Annotated[
        float | None, number("Lower end of its 95 % interval; empty with fewer than two participants.")
    ]
    ratio_geomean_with_high: Annotated[float | None, number("Upper end of the same interval.")]
    ratio_geomean_without: Annotated[float | None, number(f"{_WITHOUT}.")]
    ratio_geomean_without_low: Annotated[float | None, number("Lower end of its 95 % interval.")]
    ratio_geomean_without_high: Annotated[float | None, number("Upper end of the same interval.")]


class _Trial(NamedTuple):
    study: str
    dataset: str
    interface: str
    participant: str
    suggestion_right: int
    response_time_s: float
    flags: frozenset[str]  # the rules that apply, on or off


@dataclass(frozen=True)
class _Outcome:
    """What one set of rules makes of a data set and interface."""

    kept: int
    ratios: tuple[Ratios, ...]  # of those participants who have one

    def mean(self) -> float | None:
        return statistics.fmean(r.mean for r in self.ratios if r.mean) if self.ratios else None

    def median(self) -> float | None:
        return statistics.fmean(r.median for r in self.ratios if r.median) if self.ratios else None

    def geomean(self) -> tuple[float | None, float | None, float | None]:
        values = [r.geomean for r in self.ratios if r.geomean]
        interval: Interval | None = over_people(values)
        if interval is None:
            return (values[0] if values else None), None, None
        return interval.value, interval.low, interval.high


def sensitivity_rows(store: Store, where: Filter = EVERYTHING) -> tuple[SensitivityRow, ...]:
    """The table ``sensitivity``, sorted by study, data set and interface, with a row for every rule."""
    limits = _limits(store)
    cells: defaultdict[tuple[str, str, str], list[_Trial]] = defaultdict(list)
    for trial in _trials(store):
        if all(
            chosen in (None, own)
            for chosen, own in zip((where.study, where.dataset, where.interface), trial, strict=False)
        ):
            cells[trial[:3]].append(trial)
    return tuple(row for key in sorted(cells) for row in _rows(key, cells[key], limits[key[0]]))


def _trials(store: Store) -> Iterator[_Trial]:
    flags = tuple(name for name in RULES if name != "wrong_answer")
    columns = ("study", "dataset", "interface", "participant", "suggestion_right", "response_time_s")
    suggested = "NOT practice AND suggestion IS NOT NULL"
    for row in store.table("trials", (*columns, "NOT answer_right", *flags), "study", suggested):
        given = zip(("wrong_answer", *flags), row[len(columns) :], strict=True)
        yield _Trial._make((*row[: len(columns)], frozenset(name for name, flag in given if flag)))


def _limits(store: Store) -> dict[str, dict[str, tuple[float, bool]]]:
    """By study and rule, the limit and whether it is on."""
    columns = [column for name in USUAL_LIMITS for column in (f"{name}_limit", f"on_{name}")]
    return {
        study: {
            name: (limit, bool(on))
            for name, limit, on in zip(USUAL_LIMITS, values[::2], values[1::2], strict=True)
        }
        for study, *values in store.table("plan_limits", ("study", *columns), "study")
    }


def _rows(
    key: tuple[str, str, str], trials: Sequence[_Trial], limits: dict[str, tuple[float, bool]]
) -> Iterator[SensitivityRow]:
    on = {name for name in RULES if name not in limits or limits[name][1]}
    if "stalled_at_ends" in on:
        on.remove("stalled")
    for name in RULES:
        others = frozenset(on - (_STALLS if name in _STALLS else {name}))
        given, dropped = _judge(trials, others | {name}), _judge(trials, others)
        yield SensitivityRow(
            *key,
            name,
            limits[name][0] if name in limits and name != "stalled_at_ends" else None,
            name in on,
            sum(name in trial.flags for trial in trials),
            given.kept,
            dropped.kept,
            len(given.ratios),
            len(dropped.ratios),
            given.mean(),
            dropped.mean(),
            given.median(),
            dropped.median(),
            *given.geomean(),
            *dropped.geomean(),
        )


def _judge(trials: Iterable[_Trial], rules: frozenset[str]) -> _Outcome:
    times: defaultdict[str, tuple[list[float], list[float]]] = defaultdict(lambda: ([], []))
    for trial in trials:
        if not trial.flags & rules and trial.response_time_s > 0:
            times[trial.participant][0 if trial.suggestion_right else 1].append(trial.response_time_s)
    ratios = (Ratios.of(*own) for own in times.values())
    kept = sum(len(verify) + len(correct) for verify, correct in times.values())
    return _Outcome(kept, tuple(ratio for ratio in ratios if ratio.geomean is not None))
