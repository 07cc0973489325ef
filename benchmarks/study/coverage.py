"""How often the summary's 95 % interval covers the true ratio of a simulated study."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from benchmarks.places import scratch
from benchmarks.report import Line, Report, Size
from benchmarks.study.simulated_study import Population, sit
from studies.files.rows import insert_all
from studies.timing.facts.records import Interface, SessionRecord
from studies.timing.file.store import Store, response_row
from studies.timing.results.analysis import summary_rows
from studies.timing.results.rows import SummaryRow

PARTICIPANTS = 20
TRIALS = 100  # of each participant
_REPETITIONS = {Size.FULL: 1000, Size.QUICK: 50}
_SEED = 20_260_101
_BATCH = 25  # studies in one file
_WITHIN = 1.96


def measure(size: Size) -> Report:
    """Simulate the studies through the real tables and views, and count."""
    population = Population()
    true = population.true_ratio()
    rows = simulate(population, _REPETITIONS[size], np.random.default_rng(_SEED))
    bounds = [(row.ratio_geomean_low, row.ratio_geomean_high) for row in rows]
    below = sum(high is None or high < true for _, high in bounds)
    above = sum(low is None or low > true for low, _ in bounds)
    n = len(rows)
    covered = 100 * (n - below - above) / n
    noise = 100 * _WITHIN * (0.95 * 0.05 / n) ** 0.5
    found = [row.ratio_geomean for row in rows if row.ratio_geomean is not None]
    centre = float(np.exp(np.mean(np.log(found))))
    lines = (
        Line(
            "intervals that cover the true ratio",
            covered,
            "%",
            95 - noise,
            min(100, 95 + noise),
        ),
        Line("intervals that lie below it", 100 * below / n, "%"),
        Line("intervals that lie above it", 100 * above / n, "%"),
        Line("the true ratio", true, "", digits=4),
        Line("geometric mean of the estimates", centre, "", digits=4),
        Line("trials kept of 100 shown", 100 * _kept(rows) / (n * PARTICIPANTS * TRIALS), ""),
    )
    return Report(
        "coverage",
        f"{n} simulated studies of {PARTICIPANTS} participants with {TRIALS} trials each",
        size,
        lines,
        (
            f"The goal is 95 % within {_WITHIN} standard errors of a share of {n} repetitions.",
            f"{population}: the true ratio is exp(E[ln correct] - E[ln verify]), by quadrature.",
            "Intervals are those of the view `summary` of the real store.",
        ),
    )


def simulate(population: Population, repetitions: int, chance: np.random.Generator) -> list[SummaryRow]:
    """The row of ``summary`` for each of the simulated studies."""
    rows: list[SummaryRow] = []
    with scratch() as folder:
        for start in range(0, repetitions, _BATCH):
            studies = range(start, min(start + _BATCH, repetitions))
            rows += _batch(folder / f"{start}.sqlite", studies, population, chance)
    return rows


def _batch(
    file: Path, studies: range, population: Population, chance: np.random.Generator
) -> tuple[SummaryRow, ...]:
    with Store.open(file) as store:
        for number in studies:
            _fill(store, number, population, chance)
        rows = summary_rows(store)
    file.unlink()
    return rows


def _fill(store: Store, number: int, population: Population, chance: np.random.Generator) -> None:
    study = store.add_study(f"study {number}", "", f"{number:064x}", 150)
    for participant in range(1, PARTICIPANTS + 1):
        session = f"{number}-{participant}"
        sat = sit(population, TRIALS, chance)
        record = SessionRecord(session, f"P{participant}", participant, Interface.KEYBOARD, 0, "", "{}")
        store.start_session(study, record, sat.planned)
        with store.transaction() as connection:
            insert_all(connection, "responses", (response_row(session, given) for given in sat.responses))


def _kept(rows: list[SummaryRow]) -> int:
    return sum(row.n_verify_kept + row.n_correct_kept for row in rows)
