"""The columns of the three tables of results."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from studies.timing.results.rows import ExclusionRow, RatioRow, ScratchRow
from studies.timing.results.sensitivity import SensitivityRow
from ui.kit.columns import TableColumn, Value
from ui.results.results_data import ResultsData

_NO_VERIFY = "No trial with a right suggestion was kept."
_NO_CORRECT = "No trial with a wrong suggestion was kept."
_NO_SCRATCH = "No trial without a suggestion was kept."
_NO_RATIO = "A ratio needs a kept trial with a right suggestion and one with a wrong one."
_NO_SD = "A standard deviation needs two participants with a ratio."
_NO_INTERVAL = "An interval needs two participants with a ratio."
_NO_WRONG = "No wrong suggestion was shown."
_NO_RIGHT = "No right suggestion was shown."

_RULES = {
    "wrong_answer": "answered wrongly",
    "focus_lost": "window lost the focus",
    "too_fast": "faster than a possible reaction",
    "repeated": "image seen before a pause",
    "stalled": "the program stalled",
    "flagged": "flagged as wrong in the data set",
    "stalled_at_ends": "stalled at onset or answer",
    "too_slow": "slower than {:g} ms",
    "outlier": "log time beyond {:g} MAD",
    "first_trials": "among the first {:g} of a block",
    "incomplete": "less than {:.0%} of the session answered",
}
_RULE_NAMES = {
    "too_slow": "slower than the plan's limit",
    "outlier": "log time an outlier",
    "first_trials": "among the first of a block",
    "incomplete": "session incomplete",
}
"""Without their limits."""


@dataclass(frozen=True)
class PersonRow:
    """A participant's times with and without suggestions."""

    ratio: RatioRow | None
    scratch: ScratchRow | None

    @property
    def named(self) -> RatioRow | ScratchRow:
        """Whichever is there, for what both have."""
        row = self.ratio or self.scratch
        assert row is not None
        return row


def person_rows(data: ResultsData) -> list[PersonRow]:
    """Join the rows with and without suggestions by participant, data set and interface."""
    scratch = {_person(row): row for row in data.scratch}
    joined = [PersonRow(row, scratch.pop(_person(row), None)) for row in data.ratios]
    return joined + [PersonRow(None, row) for row in scratch.values()]


def _person(row: RatioRow | ScratchRow) -> tuple[str, str, str, str]:
    return row.study, row.participant, row.dataset, row.interface


def person_columns(data: ResultsData) -> list[TableColumn]:
    """Return the columns of :func:`person_rows`; c_0 only where it was measured."""
    named = _of("named")
    ratio = _of("ratio")
    columns = [
        TableColumn("participant", "The participant's code.", _participant),
        TableColumn(
            "answered",
            "How much of the participant's sessions is answered.",
            lambda row: _percent(None if row.ratio is None else row.ratio.answered_share),
            "%",
            "No trial with a suggestion was shown.",
        ),
        *_cell_columns(data, named),
        *_count_columns(ratio),
        *_time_columns("c_v", "to verify a right suggestion", "c_v", ratio, _NO_VERIFY),
        *_time_columns("c_a", "to correct a wrong suggestion", "c_a", ratio, _NO_CORRECT),
    ]
    if data.scratch:
        scratch = _of("scratch")
        kept = "Kept trials without a suggestion."
        columns.append(TableColumn("kept without", kept, scratch("n_kept"), undefined=_NO_SCRATCH))
        columns += _time_columns("c_0", "to label without a suggestion", "c_0", scratch, _NO_SCRATCH)
    for title, field in (("mean", "ratio_mean"), ("median", "ratio_median"), ("geom. mean", "ratio_geomean")):
        meaning = f"c_a / c_v, each by its {title}."
        columns.append(TableColumn(f"ratio, {title}", meaning, ratio(field), undefined=_NO_RATIO))
    return columns + _rate_columns(ratio)


def _participant(row: PersonRow) -> str:
    return f"{row.named.participant} (simulated)" if row.named.robot else row.named.participant


def summary_columns(data: ResultsData) -> list[TableColumn]:
    """Return the columns of ``data.summary``."""
    own = attrgetter
    people = "Geometric mean over participants of their geometric means"
    geometric = "Geometric mean over participants of their geometric mean ratio"
    columns = [
        *_cell_columns(data, own),
        TableColumn("participants", "Participants with a trial in this data set.", own("n_participants")),
        TableColumn(
            "with a ratio",
            "Participants with a kept right and a kept wrong suggestion: c_v, c_a and ratios are over them.",
            own("n_ratio"),
        ),
        TableColumn("finished", "Participants who finished their sessions.", own("n_finished")),
        TableColumn("ratio, geom. mean", f"{geometric}.", own("ratio_geomean"), "", _NO_RATIO),
        TableColumn(
            "95 % from", f"{geometric}: t interval on log ratios.", own("ratio_geomean_low"), "", _NO_INTERVAL
        ),
        TableColumn(
            "95 % to", f"{geometric}: t interval on log ratios.", own("ratio_geomean_high"), "", _NO_INTERVAL
        ),
    ]
    for word in ("mean", "median"):
        meaning = f"Mean over participants of the ratio of {word}s, as in the paper"
        columns += [
            TableColumn(f"ratio, {word}", f"{meaning}.", own(f"ratio_{word}"), "", _NO_RATIO),
            TableColumn("SD", f"{meaning}: standard deviation.", own(f"ratio_{word}_sd"), "", _NO_SD),
        ]
    columns += [
        TableColumn("c_v", f"{people}, to verify.", own("c_v_geomean_s"), "s", _NO_VERIFY),
        TableColumn("c_a", f"{people}, to correct.", own("c_a_geomean_s"), "s", _NO_CORRECT),
    ]
    if data.scratch:
        meaning = f"{people}, without a suggestion."
        columns.append(TableColumn("c_0", meaning, own("c_0_geomean_s"), "s", _NO_SCRATCH))
    return [*columns, *_rate_columns(own), *_count_columns(own)]


def exclusion_columns(data: ResultsData) -> list[TableColumn]:
    """Return the columns of ``data.exclusions``."""
    own = attrgetter
    without = "The same ratio if this rule removed nothing."
    return [
        TableColumn("rule", "Why a trial does not count.", _rule_name),
        *_cell_columns(data, own),
        TableColumn("applies to", "Answered trials to which the rule applies.", own("n_flagged"), "trials"),
        TableColumn("alone removes", "Those of them that no other rule removes.", own("n_only"), "trials"),
        TableColumn("ratio", "Geometric mean ratio with all rules.", own("ratio_geomean"), "", _NO_RATIO),
        TableColumn("ratio without rule", without, own("ratio_geomean_without_rule"), "", _NO_RATIO),
    ]


def sensitivity_columns(data: ResultsData) -> list[TableColumn]:
    """Return the columns of ``data.sensitivity``."""
    own = attrgetter
    columns = [
        TableColumn("with or without", "An exclusion rule, with its limit.", _rule_with_limit),
        *_cell_columns(data, own),
        TableColumn(
            "in plan",
            "Whether the study's plan turns the rule on: then the results are those with it.",
            lambda row: "yes" if row.in_plan else "no",
        ),
        TableColumn("applies to", "Answered trials to which the rule applies.", own("n_flagged"), "trials"),
    ]
    for title, field, meaning in (
        ("ratio", "ratio_geomean", "Geometric mean ratio"),
        ("ratio, mean", "ratio_mean", "Mean over participants of the ratio of means"),
        ("ratio, median", "ratio_median", "Mean over participants of the ratio of medians"),
    ):
        for word in ("with", "without"):
            columns.append(
                TableColumn(
                    f"{title}, {word}", f"{meaning}, {word} this rule.", own(f"{field}_{word}"), "", _NO_RATIO
                )
            )
    return columns


def _rule_name(row: ExclusionRow) -> Value:
    return _RULE_NAMES.get(row.rule) or _RULES.get(row.rule, row.rule)


def _rule_with_limit(row: SensitivityRow) -> Value:
    return _RULES.get(row.rule, row.rule).format(row.limit)


Getter = Callable[[str], Callable[[Any], Value]]


def _of(part: str) -> Getter:
    """Return a getter of fields of ``row.part``; undefined where the row has no such part."""

    def getter(field: str) -> Callable[[Any], Value]:
        def value(row: object) -> Value:
            inner = getattr(row, part)
            found: Value = None if inner is None else getattr(inner, field)
            return found

        return value

    return getter


def _cell_columns(data: ResultsData, getter: Getter) -> list[TableColumn]:
    columns = [
        TableColumn("data set", "The data set's name.", getter("dataset")),
        TableColumn("interface", "How the participant answered.", getter("interface")),
    ]
    if len(data.choices.studies) > 1:
        columns.append(TableColumn("study", "The study's name.", getter("study")))
    return columns


def _count_columns(getter: Getter) -> list[TableColumn]:
    columns = (
        ("shown", "Answered trials with a suggestion, practice left out.", "n_shown"),
        ("verified", "Kept trials with a right suggestion.", "n_verify_kept"),
        ("corrected", "Kept trials with a wrong suggestion.", "n_correct_kept"),
        ("discarded", "Trials answered wrongly (the paper's rule).", "n_discarded"),
        ("excluded", "Trials answered rightly that another rule removed.", "n_excluded"),
    )
    none = "No trial with a suggestion was shown."
    return [TableColumn(title, meaning, getter(field), undefined=none) for title, meaning, field in columns]


def _time_columns(symbol: str, what: str, field: str, getter: Getter, undefined: str) -> list[TableColumn]:
    return [
        TableColumn(
            f"{symbol} {word}",
            f"{word.capitalize()} time {what}.",
            getter(f"{field}_{name}_s"),
            "s",
            undefined,
        )
        for word, name in (("mean", "mean"), ("median", "median"), ("geom. mean", "geomean"))
    ]


def _rate_columns(getter: Getter) -> list[TableColumn]:
    under, over = getter("under_correction_rate"), getter("over_correction_rate")
    return [
        TableColumn(
            "under-corrected",
            "Wrong suggestions that were accepted.",
            lambda row: _percent(under(row)),
            "%",
            _NO_WRONG,
        ),
        TableColumn(
            "over-corrected",
            "Right suggestions that were changed.",
            lambda row: _percent(over(row)),
            "%",
            _NO_RIGHT,
        ),
    ]


def _percent(share: Value) -> Value:
    return 100.0 * share if isinstance(share, float | int) else None
