"""The results of timing studies as typed rows; every number is computed by the store's views."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TypeVar

from studies.timing.file.store import Store
from studies.timing.file.views import KEPT, geomean_s


@dataclass(frozen=True)
class Filter:
    """Which rows to show; ``None`` shows all."""

    study: str | None = None
    dataset: str | None = None
    interface: str | None = None


EVERYTHING = Filter()


@dataclass(frozen=True)
class RatioRow:
    """One participant, data set and interface; times in seconds, ``None`` where undefined."""

    study: str
    participant: str
    dataset: str
    interface: str
    n_shown: int
    n_verify_kept: int
    n_correct_kept: int
    n_discarded: int
    n_excluded: int
    c_v_mean_s: float | None
    c_v_median_s: float | None
    c_v_geomean_s: float | None
    c_a_mean_s: float | None
    c_a_median_s: float | None
    c_a_geomean_s: float | None
    ratio_mean: float | None
    ratio_median: float | None
    ratio_geomean: float | None
    under_correction_rate: float | None
    over_correction_rate: float | None


@dataclass(frozen=True)
class ScratchRow:
    """What one participant needed without a suggestion (c_0), for one data set and interface."""

    study: str
    participant: str
    dataset: str
    interface: str
    n_shown: int
    n_kept: int
    n_discarded: int
    n_excluded: int
    c_0_mean_s: float | None
    c_0_median_s: float | None
    c_0_geomean_s: float | None


@dataclass(frozen=True)
class SummaryRow:
    """One data set and interface over its participants."""

    study: str
    dataset: str
    interface: str
    n_participants: int
    n_shown: int
    n_verify_kept: int
    n_correct_kept: int
    n_discarded: int
    n_excluded: int
    c_v_geomean_s: float | None
    c_a_geomean_s: float | None
    ratio_mean: float | None
    ratio_mean_sd: float | None
    ratio_median: float | None
    ratio_median_sd: float | None
    ratio_geomean: float | None
    ratio_geomean_low: float | None
    ratio_geomean_high: float | None
    under_correction_rate: float | None
    over_correction_rate: float | None
    c_0_geomean_s: float | None
    n_scratch_kept: int


@dataclass(frozen=True)
class ExclusionRow:
    """What one exclusion rule removed, and the geometric mean ratio with and without that rule."""

    study: str
    dataset: str
    interface: str
    rule: str
    n_flagged: int
    n_only: int
    ratio_geomean: float | None
    ratio_geomean_without_rule: float | None


@dataclass(frozen=True)
class FilterChoices:
    """What a filter can be set to."""

    studies: tuple[str, ...]
    datasets: tuple[str, ...]
    interfaces: tuple[str, ...]


@dataclass(frozen=True)
class OwnTimes:
    """A participant's own two times, geometric means over kept trials in seconds."""

    c_v_s: float | None
    c_a_s: float | None


_Row = TypeVar("_Row", RatioRow, ScratchRow, SummaryRow, ExclusionRow)


def ratio_rows(store: Store, where: Filter = EVERYTHING) -> tuple[RatioRow, ...]:
    """The view ``ratios``, sorted by study, data set, interface and participant."""
    return _rows(store, RatioRow, "ratios", "study, dataset, interface, participant", where)


def scratch_rows(store: Store, where: Filter = EVERYTHING) -> tuple[ScratchRow, ...]:
    """The view ``scratch``, sorted as ``ratio_rows``."""
    return _rows(store, ScratchRow, "scratch", "study, dataset, interface, participant", where)


def summary_rows(store: Store, where: Filter = EVERYTHING) -> tuple[SummaryRow, ...]:
    """The view ``summary``, sorted by study, data set and interface."""
    return _rows(store, SummaryRow, "summary", "study, dataset, interface", where)


def exclusion_rows(store: Store, where: Filter = EVERYTHING) -> tuple[ExclusionRow, ...]:
    """The view ``exclusions``, sorted by study, data set, interface and rule."""
    return _rows(store, ExclusionRow, "exclusions", "study, dataset, interface, rule", where)


def _rows(store: Store, row: type[_Row], view: str, order: str, where: Filter) -> tuple[_Row, ...]:
    columns = ", ".join(field.name for field in fields(row))
    sql = (
        f"SELECT {columns} FROM {view} "  # noqa: S608 - names from this module
        "WHERE coalesce(study = :study, 1) AND coalesce(dataset = :dataset, 1) "
        f"AND coalesce(interface = :interface, 1) ORDER BY {order}"
    )
    chosen = {"study": where.study, "dataset": where.dataset, "interface": where.interface}
    return tuple(row(*values) for values in store.query(sql, chosen))


def choices(store: Store) -> FilterChoices:
    """What there is in the store to filter by, sorted."""
    return FilterChoices(
        *(
            tuple(str(value) for (value,) in store.query(sql))
            for sql in (
                "SELECT DISTINCT study FROM study_labels ORDER BY 1",
                "SELECT DISTINCT dataset FROM planned_trials ORDER BY 1",
                "SELECT DISTINCT interface FROM sessions ORDER BY 1",
            )
        )
    )


def participant_times(store: Store, session_id: str) -> OwnTimes:
    """c_v and c_a of one session over all of its data sets, for the page that ends it."""
    sql = (
        f"SELECT {geomean_s(f'{KEPT} AND suggestion_right')}, {geomean_s(f'{KEPT} AND NOT suggestion_right')} "  # noqa: S608
        "FROM trials WHERE session = ?"
    )
    ((c_v_s, c_a_s),) = store.query(sql, (session_id,))
    return OwnTimes(c_v_s, c_a_s)
