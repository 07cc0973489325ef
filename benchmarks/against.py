"""One benchmark of this version beside that of another checkout, in turn, so that the machine is the same to both."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

from benchmarks.places import scratch
from benchmarks.report import Size, SkippedError, aligned, machine

HERE = Path(__file__).resolve().parents[1]


def run_beside(name: str, size: Size, other: Path, times: int) -> str:
    """Run a benchmark ``times`` times here and in ``other``, A B A B ..., and return the table of medians.

    Raises ``SkippedError`` where either cannot be run.
    """
    ours: list[dict[str, float]] = []
    theirs: list[dict[str, float]] = []
    with scratch() as folder:
        for _ in range(times):
            ours.append(measure_in(HERE, name, size, folder / "report.json"))
            theirs.append(measure_in(other.resolve(), name, size, folder / "report.json"))
    rows: list[tuple[str, ...]] = [("what", "here", "there", "here / there, median", "least", "most")]
    for what in ours[0]:
        pairs = [(a[what], b[what]) for a, b in zip(ours, theirs, strict=True) if what in a and what in b]
        ratios = [a / b for a, b in pairs if b]
        here, there = (
            (statistics.median(values) for values in zip(*pairs, strict=True)) if pairs else (0.0, 0.0)
        )
        if ratios:
            shown = (statistics.median(ratios), min(ratios), max(ratios))
            rows.append((what, f"{here:.3f}", f"{there:.3f}", *(f"{ratio:.2f}" for ratio in shown)))
    return "\n".join([f"{name}, {times} times each", "", *aligned(rows), "", f"- {machine()}"])


def measure_in(checkout: Path, name: str, size: Size, file: Path) -> dict[str, float]:
    """Run a benchmark of ``checkout`` in a process of its own; returns its numbers by what they measure."""
    command = [sys.executable, "-m", "benchmarks", name, "--json", str(file)]
    if size is Size.QUICK:
        command.append("--quick")
    file.unlink(missing_ok=True)
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    done = subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True)
    reports = json.loads(file.read_text(encoding="utf-8")) if file.exists() else []
    if not reports:
        raise SkippedError(f"It did not run in {checkout}: {(done.stdout + done.stderr).strip()[-500:]}")
    return {line["what"]: line["ours"] for line in reports[0]["lines"]}
