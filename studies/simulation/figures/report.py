"""A report of an experiment: one HTML file that needs nothing else."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TextIO

from model.errors import UserError
from model.port import Port
from model.tiers import Tier
from studies.charts.palette import LIGHT_SURFACE
from studies.simulation.figures.curves import Spread
from studies.simulation.figures.figures import Plot, plots_of, verdicts
from studies.simulation.figures.results import Panel, Results, Series
from studies.simulation.figures.tables import plotted_csv
from studies.table_files import write_whole
from studies.timing.results.figure_2 import image_bytes, save_figure

_STYLE = f"""
body {{ font: 15px/1.5 system-ui, sans-serif; color: {LIGHT_SURFACE.text}; background: {LIGHT_SURFACE.base};
  max-width: 72rem; margin: 2rem auto; padding: 0 1.5rem; }}
h1, h2, h3 {{ line-height: 1.2; }} h2 {{ margin-top: 2.5rem; }}
table {{ border-collapse: collapse; margin: 1rem 0; }}
th, td {{ padding: .25rem .7rem; text-align: right; border-bottom: 1px solid {LIGHT_SURFACE.grid}; }}
th:first-child, td:first-child, td.text {{ text-align: left; }} th {{ background: {LIGHT_SURFACE.raised}; }}
figure {{ margin: 1.5rem 0; }} svg {{ max-width: 100%; height: auto; }}
pre {{ background: {LIGHT_SURFACE.raised}; padding: 1rem; overflow-x: auto; }}
p.hint, figcaption {{ color: {LIGHT_SURFACE.muted}; }}
"""
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
        write_whole(paths[1], _writer(vector.decode()))
        write_whole(paths[2], _writer(numbers))
        drawn.append((plot, vector.decode()))
        written += paths
    report = folder / "report.html"
    write_whole(report, _writer(report_html(results, drawn)))
    return [*written, report]


def _writer(text: str) -> Callable[[TextIO], None]:
    def fill(file: TextIO) -> None:
        file.write(text)

    return fill


def report_html(results: Results, drawn: Iterable[tuple[Plot, str]]) -> str:
    """The report as text; ``drawn`` are the figures with their SVG."""
    title = results.head.title or results.head.name
    body = [
        f"<h1>{_e(title)}</h1>",
        *_facts(results),
        "<h2>What was compared, and where a method loses</h2>",
        *(part for panel in results.panels for part in _comparison(panel)),
        "<h2>Figures</h2>",
        *(part for plot, svg in drawn for part in _figure(plot, svg)),
        "<h2>Numbers</h2>",
        *(part for panel in results.panels for part in _numbers(panel)),
        *_failed(results),
        "<h2>The experiment</h2>",
        f"<pre>{_e(results.head.toml)}</pre>",
    ]
    head = f'<meta charset="utf-8"><title>{_e(title)}</title><style>{_STYLE}</style>'
    return "\n".join(
        ["<!doctype html>", f'<html lang="en"><head>{head}</head><body>', *body, "</body></html>", ""]
    )


def _e(text: object) -> str:
    return html.escape(str(text))


def _facts(results: Results) -> Iterator[str]:
    yield f"<p>{results.runs_done} of {results.runs} runs are done; computing took {results.hours:.2f} h in all.</p>"
    yield f'<p class="hint">Computed on {_e("; ".join(results.devices))}. {_e("; ".join(results.versions))}.</p>'
    yield (
        '<p class="hint">Efficiency: cost of the other method over cost of this one to reach an accuracy, read off by '
        "linear interpolation at 30 accuracies that all runs of both reach, run by run from the same first labels; "
        "given is the mean over runs, and over accuracies the geometric mean. What only one of the two reaches is "
        "left out.</p>"
    )


def _comparison(panel: Panel) -> Iterator[str]:
    rows = list(verdicts(panel))
    if rows:
        yield f"<h3>{_e(panel.data)}, costs {_e(panel.cost)}</h3>"
        yield _table(("method", "over", "efficiency"), rows, text=True)


def _figure(plot: Plot, svg: str) -> Iterator[str]:
    caption = plot.title + (f". {_PUBLISHED}" if any(panel.published for panel in plot.panels) else "")
    inline = svg[svg.index("<svg") :]
    yield f"<figure>{inline}<figcaption>{_e(caption)}</figcaption></figure>"


def _numbers(panel: Panel) -> Iterator[str]:
    yield f"<h3>{_e(panel.data)}, costs {_e(panel.cost)}</h3>"
    head = (
        "method",
        "runs",
        "rounds",
        "cost",
        "accuracy, first",
        "accuracy, last",
        *(f"{tier.value} right" for tier in Tier),
    )
    yield _table(head, [_last(one) for one in panel.series])


def _last(series: Series) -> tuple[str, ...]:
    first, last = series.points[0], series.points[-1]
    shares = {tier: [p.right.mean for p in series.tier_points if p.tier is tier] for tier in Tier}
    return (
        series.method.label,
        str(last.accuracy.n),
        str(last.round),
        f"{last.cost.mean:,.0f}",
        _percent(first.accuracy),
        _percent(last.accuracy),
        *(f"{100 * found[0]:.0f} to {100 * found[-1]:.0f} %" if found else "" for found in shares.values()),
    )


def _percent(value: Spread) -> str:
    spread = "" if value.sd is None else f" ± {100 * value.sd:.1f}"
    return f"{100 * value.mean:.1f}{spread} %"


def _failed(results: Results) -> Iterator[str]:
    if results.failures:
        yield "<h2>Runs that failed</h2>"
        rows = [(one.data, one.method, str(one.seed), one.error) for one in results.failures]
        yield _table(("data", "method", "seed", "error"), rows, text=True)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]], text: bool = False) -> str:
    kind = ' class="text"' if text else ""
    lines = ["<tr>" + "".join(f"<th>{_e(cell)}</th>" for cell in head) + "</tr>"]
    lines += ["<tr>" + "".join(f"<td{kind}>{_e(cell)}</td>" for cell in row) + "</tr>" for row in rows]
    return "<table>" + "\n".join(lines) + "</table>"
