"""What every report of a quick benchmark must be."""

from __future__ import annotations

import math

from benchmarks.report import Report, Size


def numbers(report: Report) -> dict[str, float]:
    found = {line.what: line.ours for line in report.lines}
    assert len(found) == len(report.lines), "two lines of the same name"
    assert all(math.isfinite(value) for value in found.values())
    assert report.size is Size.QUICK
    table = report.table()
    assert all(line.what in table for line in report.lines)
    return found
