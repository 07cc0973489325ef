"""The command ``figures``: the paper's figures from a study or from experiments."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from clarifier_desktop.cli.common import PATH, ROBOTS, ArgumentError, choose_sessions, command, make_folder
from clarifier_desktop.cli.progress_line import ProgressLine
from studies.numerals import counted

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@command("figures", example="figures --store pilot.sqlite --to figures")
@click.option(
    "--store", type=PATH, required=True, metavar="FILE", help="the file of the study or the experiments"
)
@click.option("--to", type=PATH, required=True, metavar="FOLDER", help="where the figures go")
@ROBOTS
def figures(store: Path, to: Path, robots: bool) -> int:
    """Draw figures, with numbers as CSV: of a study 2 of the paper, learning and pages; of experiments 3 to 6."""
    from studies.files.schema import EXPERIMENT_ID
    from studies.files.sqlite_file import kind_of

    if kind_of(store) == EXPERIMENT_ID:
        return _figures_3_to_6(store, to)
    return _figures_of_study(store, to, robots)


def _figures_3_to_6(file: Path, folder: Path) -> int:
    """Draw all experiments of a file, each into a folder of its own if there are several."""
    from studies.simulation.figures.report import write_figures
    from studies.simulation.figures.results import read_results
    from studies.simulation.file.store import ExperimentStore

    with ExperimentStore.open(file, writable=False) as store:
        heads = store.experiments()
        several = len(heads) > 1
        for head in heads:
            to = folder / f"{head.experiment_id}-{head.name}" if several else folder
            make_folder(to)
            with ProgressLine() as line:
                written = write_figures(read_results(store, head), to, line)
            files = counted(len(written), f"file of {head.name} is", f"files of {head.name} are")
            print(f"{files} in {to}; begin with {written[-1].name}.")
    return 0


def _figures_of_study(file: Path, folder: Path, robots: bool) -> int:
    from studies.timing.file.store import Store
    from studies.timing.results.analysis import ratio_rows, scratch_rows, summary_rows
    from studies.timing.results.figure_2 import figure_2
    from studies.timing.results.figure_data import figure_csv
    from studies.timing.results.learning_figure import learning_csv, learning_figure, learning_points
    from studies.timing.results.page_costs import page_cost_rows
    from studies.timing.results.page_figure import page_figure
    from studies.timing.results.page_figure_data import page_points, points_csv

    with Store.open(file, writable=False) as store:
        choose_sessions(store, robots)
        summary, ratios = summary_rows(store), ratio_rows(store)
        points = page_points(page_cost_rows(store), ratios, scratch_rows(store))
        learned = learning_points(store)
    make_folder(folder)
    _write(folder, "figure-2", figure_2(summary, ratios), figure_csv(summary, ratios))
    if learned:
        _write(folder, "figure-learning", learning_figure(learned), learning_csv(learned))
    if points:
        _write(folder, "figure-pages", page_figure(points), points_csv(points))
    return 0


def _write(folder: Path, name: str, figure: Figure, numbers: str) -> None:
    from studies.timing.results.figure_2 import save_figure

    for ending in ("png", "svg"):
        save_figure(figure, folder / f"{name}.{ending}")
    try:
        (folder / f"{name}.csv").write_text(numbers, encoding="utf-8", newline="")
    except OSError as error:
        raise ArgumentError(f"{folder} cannot be written: {error.strerror}. Name another folder.") from None
    print(f"{name}.png, {name}.svg and {name}.csv are in {folder}.")
