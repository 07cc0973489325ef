"""The results of timing studies as typed rows; every number is computed by the store's views."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from studies.timing.file.store import Store
from studies.timing.results.rows import ExclusionRow, RatioRow, ScratchRow, SummaryRow


@dataclass(frozen=True)
class Filter:
    """Which rows to show; ``None`` shows all."""

    study: str | None = None
    dataset: str | None = None
    interface: str | None = None


EVERYTHING = Filter()


@dataclass(frozen=True)
class FilterChoices:
    """What a filter can be set to."""

    studies: tuple[str, ...]
    datasets: tuple[str, ...]
    interfaces: tuple[str, ...]


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


def choices(store: Store) -> FilterChoices:
    """What there is in the store to filter by, sorted."""
    return FilterChoices(
        store.distinct("study", "study_labels"),
        store.distinct("dataset", "shown_sets"),
        store.distinct("interface", "shown_sets"),
    )


def _rows(store: Store, row: type[_Row], view: str, order: str, where: Filter) -> tuple[_Row, ...]:
    chosen = {"study": where.study, "dataset": where.dataset, "interface": where.interface}
    return tuple(store.rows_where(row, view, order, chosen))
