"""A report of an experiment: one HTML file that needs nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from model.errors import UserError
from model.port import Port
from model.tiers import Tier
from studies.charts.html_page import escape, write_page, write_table
from studies.numerals import counted
from studies.simulation.figures.curves import Spread
from studies.simulation.figures.figures import Plot, plots_of, verdicts
from studies.simulation.figures.finish import HEAD as FINISH_HEAD
from studies.simulation.figures.finish import tabulate_finish
from studies.simulation.figures.folders import HEAD as FOLDER_HEAD
from studies.simulation.figures.folders import tabulate
from studies.simulation.figures.results import Panel, Results, Series
from studies.simulation.figures.tables import plotted_csv
from studies.table_files import write_text
from studies.timing.results.figure_2 import image_bytes, save_figure

_PUBLISHED = (
    "Thin lines: runs that the paper's authors published, at these costs. Where their logs do not say how many "
    "suggestions of the hard tier were right, all are counted as wrong."
)


class FiguresError(UserError):
    """Results that nothing can be drawn from, or a folder that cannot be written."""


def write_figures(results: Results, folder: Path, port: Port) -> list[Path]:
    """Draw all figures of an experiment into ``folder``: PNG, SVG, the plotted numbers, and a report.

    Raises :class:`FiguresError`.
    """
    plots = plots_of(results)
    if not results.panels:
        raise FiguresError(f'Nothing of "{results.head.name}" has been run yet: run it first.')
    written: list[Path] = []
    drawn: list[tuple[Plot, str]] = []
    for number, plot in enumerate(plots):
        port.progress(number, len(plots), f"Drawing {plot.name}")
        figure = plot.draw()
        paths = [folder / f"{plot.name}.{ending}" for ending in ("png", "svg", "csv")]
        save_figure(figure, paths[0])
        vector = image_bytes(figure, "svg", 300.0)
        numbers = plotted_csv(plot)
        write_text(paths[1], vector.decode())
        write_text(paths[2], numbers)
        drawn.append((plot, vector.decode()))
        written += paths
    report = folder / "report.html"
    write_text(report, report_html(results, drawn))
    return [*written, report]


def report_html(results: Results, drawn: Iterable[tuple[Plot, str]]) -> str:
    """The report as text; ``drawn`` are the figures with their SVG."""
    title = results.head.title or results.head.name
    body = [
        f"<h1>{escape(title)}</h1>",
        *_write_facts(results),
        "<h2>What was compared, and where a method loses</h2>",
        *(part for panel in results.panels for part in _write_comparison(panel)),
        "<h2>Figures</h2>",
        *(part for plot, svg in drawn for part in _write_figure(plot, svg)),
        "<h2>Numbers</h2>",
        *(part for panel in results.panels for part in _write_numbers(panel)),
        *_write_failures(results),
        "<h2>The experiment</h2>",
        f"<pre>{escape(results.head.toml)}</pre>",
    ]
    return write_page(title, body)


def _write_facts(results: Results) -> Iterator[str]:
    runs = counted(results.runs, "run is", "runs are")
    yield f"<p>{results.runs_done} of {runs} done; computing took {results.hours:.2f} h in all.</p>"
    devices, versions = (escape("; ".join(names)) for names in (results.devices, results.versions))
    yield f'<p class="hint">Computed on {devices}. {versions}.</p>'
    yield (
        '<p class="hint">Efficiency: cost of the other method over cost of this one to reach an accuracy, read off by '
        "linear interpolation at 30 accuracies that all runs of both reach, run by run from the same first labels; "
        "given are geometric means, over runs and over accuracies. What only one of the two reaches is "
        "left out.</p>"
    )


def _write_comparison(panel: Panel) -> Iterator[str]:
    if panel.folders:
        yield f"<h3>{escape(panel.data)}, the whole folder, costs {escape(panel.cost)}</h3>"
        yield write_table(FOLDER_HEAD, tabulate(panel.folders))
    if panel.finish:
        yield f"<h3>{escape(panel.data)}, to the goal, costs {escape(panel.cost)}</h3>"
        yield write_table(FINISH_HEAD, tabulate_finish(panel.finish))
    rows = list(verdicts(panel))
    if rows:
        yield f"<h3>{escape(panel.data)}, costs {escape(panel.cost)}</h3>"
        yield write_table(("method", "over", "efficiency"), rows, text=True)


def _write_figure(plot: Plot, svg: str) -> Iterator[str]:
    caption = plot.title + (f". {_PUBLISHED}" if any(panel.published for panel in plot.panels) else "")
    inline = svg[svg.index("<svg") :]
    yield f"<figure>{inline}<figcaption>{escape(caption)}</figcaption></figure>"


def _write_numbers(panel: Panel) -> Iterator[str]:
    yield f"<h3>{escape(panel.data)}, costs {escape(panel.cost)}</h3>"
    head = (
        "method",
        "runs",
        "rounds",
        "cost",
        "accuracy, first",
        "accuracy, last",
        *(f"{tier.value} right" for tier in Tier),
    )
    yield write_table(head, [_summarise(one) for one in panel.series])


def _summarise(series: Series) -> tuple[str, ...]:
    first, last = series.points[0], series.points[-1]
    by_tier = {tier: [p.right.mean for p in series.tier_points if p.tier is tier] for tier in Tier}
    return (
        series.method.label,
        str(last.accuracy.n),
        str(last.round),
        f"{last.cost.mean:,.0f}",
        _format_percent(first.accuracy),
        _format_percent(last.accuracy),
        *(f"{100 * right[0]:.0f} to {100 * right[-1]:.0f} %" if right else "" for right in by_tier.values()),
    )


def _format_percent(value: Spread) -> str:
    spread = "" if value.sd is None else f" ± {100 * value.sd:.1f}"
    return f"{100 * value.mean:.1f}{spread} %"


def _write_failures(results: Results) -> Iterator[str]:
    if results.failures:
        yield "<h2>Runs that failed</h2>"
        rows = [(one.data, one.method, str(one.seed), one.error) for one in results.failures]
        yield write_table(("data", "method", "seed", "error"), rows, text=True)
