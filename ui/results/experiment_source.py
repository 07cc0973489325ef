"""Where the page of experiments gets its results from, and its background work as plain functions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from model.port import Port
from studies.numerals import counted
from studies.simulation.figures.figures import Plot, plots_of, verdicts
from studies.simulation.figures.report import write_figures
from studies.simulation.figures.results import Results
from studies.timing.results.figure_2 import render_png
from ui.kit.charts.figure_view import FigureCanvas


@dataclass(frozen=True)
class ExperimentSource:
    """A file of experiments; ``load`` opens it, reads all and closes it."""

    path: Path
    load: Callable[[], tuple[Results, ...]]


@dataclass(frozen=True)
class ExperimentFigure:
    """One figure and what its experiment says beside it."""

    results: Results
    plot: Plot

    @property
    def title(self) -> str:
        """Which figure it is, for a list."""
        return f"{self.results.head.name}: {self.plot.title}"

    @property
    def words(self) -> str:
        """How far the experiment is, and where its methods win and lose."""
        lines = [f"{self.results.runs_done} of {counted(self.results.runs, 'run is', 'runs are')} done."]
        if self.plot.number in (3, 4):
            lines += [
                f"{ours} over {over}: {verdict}" for ours, over, verdict in verdicts(self.plot.panels[0])
            ]
        return "\n".join(lines)


def load(source: ExperimentSource, port: Port) -> tuple[ExperimentFigure, ...]:
    """Read a file; returns all of its figures."""
    port.progress(0, 0, f"Reading {source.path.name}")
    return tuple(ExperimentFigure(results, plot) for results in source.load() for plot in plots_of(results))


def draw(shown: ExperimentFigure, canvas: FigureCanvas, port: Port) -> bytes:
    """Draw a figure for a place on the screen, as PNG."""
    port.progress(0, 0, "Drawing the figure")
    return render_png(shown.plot.draw(canvas.dark), canvas.width, canvas.height, canvas.ratio)


def save(shown: ExperimentFigure, folder: Path, port: Port) -> Path:
    """Write all figures of an experiment, their numbers and the report; returns the report's file."""
    folder.mkdir(parents=True, exist_ok=True)
    return write_figures(shown.results, folder, port)[-1]
