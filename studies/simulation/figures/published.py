"""The curves that the paper's authors published, from the logs of their runs (``published_runs.csv``).

Source: the result logs in the repository that N. Beck, K. Killamsetty, S. Kothawade and R. Iyer published with
"Beyond Active Learning: Leveraging the Full Potential of Human Interaction via Auto-Labeling, Human Correction, and
Human Verification". One row a run and round; ``n_hard_right`` is empty where the log does not say it.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np

from model.tiers import Tier
from studies.simulation.figures.curves import Curve
from studies.simulation.figures.results import MethodInfo, Panel
from studies.simulation.plan.plan import Kind

_COLUMNS = {Tier.HARD: "b1", Tier.INTERMEDIATE: "b2", Tier.EASY: "b3"}
FILE = Path(__file__).with_name("published_runs.csv")


@lru_cache(maxsize=1)
def _read_rows() -> tuple[Mapping[str, str], ...]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def published_curves(panel: Panel, method: MethodInfo) -> tuple[Curve, ...]:
    """The runs that its authors published of a method on the panel's data set, at the panel's costs.

    None where they ran another set, strategy or budgets. Where a log does not tell how many suggestions of the
    hard tier were right, CLARIFIER's are all counted as wrong, so its cost is an upper limit; SUGGEST has no cost then.
    """
    if not panel.published:
        return ()
    if any(method.budgets[tier] for tier in Tier if tier not in _COLUMNS):
        return ()
    wanted = {"dataset": panel.published, "hard": method.strategies[Tier.HARD], "ramped": "False"}
    wanted |= {column: str(method.budgets[tier]) for tier, column in _COLUMNS.items()}
    rows = [row for row in _read_rows() if wanted.items() <= row.items()]
    runs = sorted({row["run"] for row in rows})
    curves = (_make_curve(panel, method, [row for row in rows if row["run"] == run]) for run in runs)
    return tuple(curve for curve in curves if curve is not None)


def _make_curve(panel: Panel, method: MethodInfo, rows: list[Mapping[str, str]]) -> Curve | None:
    rows = sorted(rows, key=lambda row: int(row["round"]))
    costs, paid = [], 0.0
    for row in rows:
        cost = _cost_of(panel, method, row)
        if cost is None:
            return None
        paid += cost
        costs.append(paid)
    if len(rows) < 2:
        return None
    return Curve(
        int(rows[0]["run"]), np.array(costs), np.array([float(row["test_accuracy"]) for row in rows])
    )


def _cost_of(panel: Panel, method: MethodInfo, row: Mapping[str, str]) -> float | None:
    if int(row["round"]) == 0:
        return 0.0
    hard, intermediate = int(row["n_hard"] or 0), int(row["n_intermediate"] or 0)
    if method.kind is Kind.AL:
        return panel.unaided * hard
    if not row["n_hard_right"] and hard and method.kind is Kind.SUGGEST:
        return None
    right = int(row["n_hard_right"] or 0) + int(row["n_intermediate_right"] or 0)
    return panel.verify * right + panel.correct * (hard + intermediate - right)
