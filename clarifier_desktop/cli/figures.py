"""The command ``figures``: the paper's figures from a study or from experiments."""

from __future__ import annotations

from pathlib import Path

import click

from clarifier_desktop.cli.common import PATH, ArgumentError, command, make_folder
from clarifier_desktop.cli.progress_line import ProgressLine
from studies.numerals import counted


@command("figures", example="figures --store pilot.sqlite --to figures")
@click.option(
    "--store", type=PATH, required=True, metavar="FILE", help="the file of the study or the experiments"
)
@click.option("--to", type=PATH, required=True, metavar="FOLDER", help="where the figures go")
def figures(store: Path, to: Path) -> int:
    """Draw the paper's figures, 2 from a study, 3 to 6 from experiments: PNG, SVG, CSV of the numbers, a report."""
    from studies.files.schema import EXPERIMENT_ID
    from studies.files.sqlite_file import kind_of

    if kind_of(store) == EXPERIMENT_ID:
        return _figures_3_to_6(store, to)
    return _figure_2(store, to)


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


def _figure_2(file: Path, folder: Path) -> int:
    from studies.timing.file.store import Store
    from studies.timing.results.analysis import ratio_rows, summary_rows
    from studies.timing.results.figure_2 import figure_2, save_figure
    from studies.timing.results.figure_data import figure_csv

    with Store.open(file, writable=False) as store:
        summary, ratios = summary_rows(store), ratio_rows(store)
    make_folder(folder)
    figure = figure_2(summary, ratios)
    for ending in ("png", "svg"):
        save_figure(figure, folder / f"figure-2.{ending}")
    try:
        (folder / "figure-2.csv").write_text(figure_csv(summary, ratios), encoding="utf-8", newline="")
    except OSError as error:
        raise ArgumentError(f"{folder} cannot be written: {error.strerror}. Name another folder.") from None
    print(f"figure-2.png, figure-2.svg and figure-2.csv are in {folder}.")
    return 0
