"""How often the 95 % intervals of what pages cost cover the true costs of simulated participants."""

from __future__ import annotations

import numpy as np

from benchmarks.places import scratch
from benchmarks.report import Line, Report, Size
from studies.answers import Device, StampSource, Timing
from studies.pages.costs import LOG_SPREAD, USUAL
from studies.pages.marking import Marked
from studies.timing.facts.pages import PageMarks, PageResponse, PlannedCell, PlannedPage
from studies.timing.facts.records import Interface, SessionRecord
from studies.timing.file.page_tables import insert_marks, insert_page_response
from studies.timing.file.store import Store
from studies.timing.results.page_costs import page_cost_rows
from studies.timing.results.page_rows import PageCostRow

PAGES = 40  # of each participant
_SIZES = (12, 24, 48)
_SHARES = (0.05, 0.2)
_REPETITIONS = {Size.FULL: 1000, Size.QUICK: 40}
_SEED = 20_261_129
_BATCH = 50  # participants in one file
_WITHIN = 1.96
_LEAST = 0.95
_SECOND = 1_000_000_000
_TRUE = {"a": USUAL.page_s, "c_g": USUAL.cell_s, "c_m": USUAL.mark_s}


def measure(size: Size) -> Report:
    """Simulate participants through the real tables, views and fit, and count."""
    rows = simulate(_REPETITIONS[size], np.random.default_rng(_SEED))
    noise = 100 * _WITHIN * (_LEAST * (1 - _LEAST) / len(rows)) ** 0.5
    lines = []
    for name, true in _TRUE.items():
        ends = [(getattr(row, f"{name}_low_s"), getattr(row, f"{name}_high_s")) for row in rows]
        covered = 100 * sum(low <= true <= high for low, high in ends) / len(rows)
        value = float(np.median([getattr(row, f"{name}_s") for row in rows]))
        lines.append(Line(f"intervals that cover {name}", covered, "%", 100 * _LEAST - noise))
        lines.append(Line(f"median estimate of {name}, of the true one", 100 * value / true, "%"))
    wilson = [
        (row.miss_low, row.miss_high)
        for row in rows
        if row.miss_low is not None and row.miss_high is not None
    ]
    missed = 100 * sum(low <= USUAL.miss <= high for low, high in wilson) / len(wilson)
    lines.append(Line("intervals that cover the share of misses", missed, "%", 100 * _LEAST - noise))
    return Report(
        "page-coverage",
        f"{len(rows)} simulated participants with {PAGES} pages each",
        size,
        tuple(lines),
        (
            f"The goal is at least {_LEAST:.0%} less {_WITHIN} standard errors of a share of {len(rows)} repetitions.",
            f"A page takes {USUAL.page_s} s + {USUAL.cell_s} s an image + {USUAL.mark_s} s a mark, times a log-normal "
            f"factor of mean 1 whose logarithm spreads by {LOG_SPREAD}.",
        ),
    )


def simulate(repetitions: int, chance: np.random.Generator) -> list[PageCostRow]:
    """The row of ``page_costs`` over all pages for each simulated participant."""
    rows: list[PageCostRow] = []
    with scratch() as folder:
        for start in range(0, repetitions, _BATCH):
            file = folder / f"{start}.sqlite"
            with Store.open(file) as store:
                study = store.add_study("study", "", "0" * 64, 150)
                for number in range(start, min(start + _BATCH, repetitions)):
                    _sit(store, study, number, chance)
                rows += [row for row in page_cost_rows(store) if row.odd_share is None]
            file.unlink()
    return rows


def _sit(store: Store, study: int, number: int, chance: np.random.Generator) -> None:
    session = str(number)
    pages = [_page(position, chance) for position in range(PAGES)]
    record = SessionRecord(session, f"P{number}", number + 1, Interface.PAGE, 0, "", "{}")
    store.start_session(study, record, pages)
    with store.transaction() as connection:
        for page in pages:
            odd = np.isin(np.arange(page.images), sorted(page.odd))
            seen = chance.random(page.images)
            marked = np.flatnonzero(np.where(odd, seen >= USUAL.miss, seen < USUAL.false_mark)).tolist()
            onset = (page.position + 1) * 1000 * _SECOND
            factor = np.exp(chance.normal(-(LOG_SPREAD**2) / 2, LOG_SPREAD))
            given = onset + round(USUAL.of_page(page.images, len(marked)) * float(factor) * _SECOND)
            changes = tuple(Marked(cell, True, onset + 1) for cell in marked)
            insert_marks(connection, session, PageMarks(page.position, 1, changes))
            how = (StampSource.MONOTONIC, Device.KEYBOARD, 0, False, 0)
            timing = Timing(onset, given, given, given, *how)
            insert_page_response(
                connection, session, PageResponse(page.position, 1, frozenset(marked), timing)
            )


def _page(position: int, chance: np.random.Generator) -> PlannedPage:
    share = float(chance.choice(_SHARES))
    odd = chance.random(int(chance.choice(_SIZES))) < share
    cells = tuple(PlannedCell(f"{position}.{cell}", "b" if other else "a") for cell, other in enumerate(odd))
    return PlannedPage(position, 0, "simulated", False, "a", share, cells)
