"""Lines of figures: their bands, and the names beside them."""

from __future__ import annotations

from itertools import pairwise

from studies.charts.lines import Line, _apart


def test_no_band_of_accuracies_leaves_0_to_100():
    line = Line("m", [0, 1], [99.0, 2.0], [3.0, 5.0], most=100.0)
    assert line.band() == ([0, 1], [96.0, 0.0], [100.0, 7.0])


def test_names_beside_lines_keep_apart():
    places = _apart([5.0, 5.1, 9.9, 1.0], 1.0, 0.0, 10.0)
    ordered = sorted(places)
    assert all(b - a >= 1.0 - 1e-9 for a, b in pairwise(ordered))
    assert max(places) <= 10.0
    assert places[3] < places[0] < places[1] < places[2]
    assert _apart([3.0], 1.0, 0.0, 10.0) == [3.0]
