"""The results page's background work, as plain functions."""

from __future__ import annotations

from pathlib import Path

from model.errors import UserError
from model.port import Port
from studies.table_files import ExportResult, TableStyle
from studies.timing.results.analysis import Filter
from studies.timing.results.figure_2 import figure_2, render_png, save_figure
from studies.timing.results.figure_data import figure_csv
from ui.kit.charts.figure_view import FigureCanvas
from ui.results.results_data import ResultsData, ResultsSource


def load(source: ResultsSource, where: Filter, port: Port) -> ResultsData:
    """Read all rows of a filter."""
    port.progress(0, 0, f"Reading {source.path.name}")
    return source.load(where)


def draw(data: ResultsData, canvas: FigureCanvas, port: Port) -> bytes:
    """Draw the figure for a place on the screen, as PNG."""
    port.progress(0, 0, "Drawing the figure")
    figure = figure_2(data.summary, data.ratios, canvas.dark)
    return render_png(figure, canvas.width, canvas.height, canvas.ratio)


def export(
    source: ResultsSource, table: str, to: Path, style: TableStyle, robots: bool, port: Port
) -> ExportResult:
    """Write a table as CSV, with ``robots`` that of simulated participants too."""
    port.progress(0, 0, f"Writing {to.name}")
    return source.export(table, to, style, robots)


def save(data: ResultsData, to: Path, port: Port) -> Path:
    """Write the figure, light as on paper, and its numbers beside it; returns the numbers' file."""
    port.progress(0, 0, f"Writing {to.name}")
    save_figure(figure_2(data.summary, data.ratios), to)
    numbers = to.with_name(f"{to.stem}.numbers.csv")
    try:
        numbers.write_text(figure_csv(data.summary, data.ratios), encoding="utf-8", newline="")
    except OSError as error:
        message = f"“{numbers}” could not be written ({error.strerror}): choose another place."
        raise UserError(message) from error
    return numbers
