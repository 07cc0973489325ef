"""The results of timing studies as typed rows; every number is computed by the store's views."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from studies.numerals import counted
from studies.timing.file.store import Store
from studies.timing.results.rows import ExclusionRow, RatioRow, ScratchRow, SummaryRow


@dataclass(frozen=True)
class Filter:
    """Which rows to show; ``None`` shows all."""

    study: str | None = None
    dataset: str | None = None
    interface: str | None = None
    robots: bool = False  # simulated participants too, by :func:`choose_sessions`


EVERYTHING = Filter()


@dataclass(frozen=True)
class Simulated:
    """The sessions of simulated participants in a file, and whether they are among what is read."""

    sessions: int
    counted: bool
    people: bool  # whether there are sessions of people too

    @property
    def in_words(self) -> str:
        """What is to be known of them, in a sentence; empty without any."""
        if not self.sessions:
            return ""
        if not self.people:
            return "All participants are simulated."
        of_robots = counted(self.sessions, "session") + " of simulated participants"
        return f"With {of_robots}." if self.counted else f"{of_robots} left out."


@dataclass(frozen=True)
class FilterChoices:
    """What a filter can be set to."""

    studies: tuple[str, ...]
    datasets: tuple[str, ...]
    interfaces: tuple[str, ...]


PEOPLE_ONLY = Simulated(0, False, True)

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


def choose_sessions(store: Store, robots: bool) -> Simulated:
    """Let simulated participants count where they are asked for, and where there is nobody else."""
    sessions = store.sessions()
    simulated = sum(session.robot for session in sessions)
    people = simulated < len(sessions)
    if simulated and (robots or not people):
        store.count_robots()
    return Simulated(simulated, robots or not people, people)


def choices(store: Store) -> FilterChoices:
    """What there is in the store to filter by, sorted."""
    return FilterChoices(
        store.distinct("study", "shown_sets"),
        store.distinct("dataset", "shown_sets"),
        store.distinct("interface", "shown_sets"),
    )


def _rows(store: Store, row: type[_Row], view: str, order: str, where: Filter) -> tuple[_Row, ...]:
    chosen = {"study": where.study, "dataset": where.dataset, "interface": where.interface}
    return tuple(store.rows_where(row, view, order, chosen))
