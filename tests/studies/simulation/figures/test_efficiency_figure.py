"""How labeling efficiency is drawn."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from studies.simulation.figures.curves import Curve
from studies.simulation.figures.figures import plots_of
from tests.studies.simulation.figures.test_figures import OURS, SUGGEST, panel, results, series


def test_efficiencies_that_scatter_are_drawn_above_zero_and_on_a_logarithmic_axis():
    def of_costs(*costs: float) -> tuple[Curve, ...]:
        return tuple(
            Curve(seed, np.array([0.0, cost, 3 * cost]), np.array([0.2, 0.6, 0.8]))
            for seed, cost in enumerate(costs)
        )

    ours, other = series(OURS, 1), series(SUGGEST, 1)
    scattered = replace(ours, curves=of_costs(20, 100, 900)), replace(other, curves=of_costs(200, 200, 200))
    drawn = plots_of(results(panel(*scattered)))[0].draw()
    axes = next(axes for axes in drawn.axes if axes.get_title(loc="left").startswith("Efficiency"))
    assert axes.get_yscale() == "log"
    low, high = axes.get_ylim()
    assert 0 < low < 1 < high
    (band,) = axes.collections
    heights = np.asarray(band.get_paths()[0].vertices)[:, 1]
    assert heights.min() > 0
    lines = [np.asarray(line.get_ydata()) for line in axes.lines if np.asarray(line.get_xdata()).size == 30]
    # Seed by seed 10, 2 and 2 / 9 times as dear.
    assert lines[0] == pytest.approx([(10 * 2 * 2 / 9) ** (1 / 3)] * 30)
