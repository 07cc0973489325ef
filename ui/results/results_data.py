"""What the results page shows, and where it gets it from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from studies.numerals import counted
from studies.table_files import ExportResult, TableStyle
from studies.timing.results.analysis import PEOPLE_ONLY, Filter, FilterChoices, Simulated
from studies.timing.results.page_rows import PageCostRow
from studies.timing.results.rows import ExclusionRow, RatioRow, ScratchRow, SummaryRow
from studies.timing.results.sensitivity import SensitivityRow


@dataclass(frozen=True)
class ResultsData:
    """All rows of one filter, and what can be filtered by."""

    choices: FilterChoices
    ratios: tuple[RatioRow, ...]
    scratch: tuple[ScratchRow, ...]
    summary: tuple[SummaryRow, ...]
    exclusions: tuple[ExclusionRow, ...]
    page_costs: tuple[PageCostRow, ...] = ()
    sensitivity: tuple[SensitivityRow, ...] = ()
    sessions: int = 0  # of the whole file
    withdrawn: int = 0  # sessions beside them, of which no answer is left
    simulated: Simulated = PEOPLE_ONLY

    @property
    def empty(self) -> bool:
        """Whether there is no row to show."""
        return not (self.ratios or self.scratch or self.page_costs)

    @property
    def why_empty(self) -> str:
        """Why there is nothing to show of a whole file, in a sentence."""
        count = self.sessions + self.withdrawn
        if not count:
            return "No sessions yet. Begin a study from the home page."
        words = counted(count, "session")
        if not self.sessions:
            return f"{words}, withdrawn: no answer is kept."
        beside = f", {self.withdrawn} of them withdrawn" if self.withdrawn else ""
        return f"{words}{beside}: no answer that counts yet."


@dataclass(frozen=True)
class ResultsSource:
    """A file with results; both functions run in the background thread, one at a time."""

    path: Path
    load: Callable[[Filter], ResultsData]
    export: Callable[
        [str, Path, TableStyle, bool], ExportResult
    ]  # a table, its CSV file, how, and with robots
