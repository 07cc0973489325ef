"""Figures of experiments: which there are, the numbers beside them, the authors' curves, and the report."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from clarifier_desktop.cli import main
from model.port import NullPort
from model.tiers import Tier, budgets_of, strategies_of
from studies.simulation.figures.curves import Curve
from studies.simulation.figures.figures import ablation_of, plots_of, slug, verdicts
from studies.simulation.figures.folders import group_folders, tabulate
from studies.simulation.figures.published import published_curves
from studies.simulation.figures.report import FiguresError, report_html, write_figures
from studies.simulation.figures.results import MethodInfo, Panel, Results, Series
from studies.simulation.figures.tables import HEAD, plotted_csv
from studies.simulation.file.reader import StoredFolderRound
from studies.simulation.file.store import ExperimentStore, Head
from studies.simulation.plan.plan import Kind
from studies.simulation.plan.runs import grid
from studies.timing.results.figure_2 import image_bytes
from tests.studies.simulation.file.test_store import HERE, PLAN, row, state
from tests.studies.simulation.sample import loaded

USUAL = strategies_of()
AL = MethodInfo("AL <bare>", Kind.AL, USUAL, budgets_of(hard=600))
SUGGEST = MethodInfo("SUGGEST", Kind.SUGGEST, USUAL, budgets_of(hard=600))
OURS = MethodInfo("CLARIFIER", Kind.CLARIFIER, USUAL, budgets_of(hard=60, intermediate=400, easy=140))
NO_EASY = MethodInfo("Without easy", Kind.CLARIFIER, USUAL, budgets_of(hard=60, intermediate=400))


def series(method: MethodInfo, cost: float, seeds: int = 2, last: float = 0.8) -> Series:
    curves = tuple(
        Curve(seed, np.array([0.0, cost, 3 * cost]), np.array([0.2, 0.6, last]) + 0.01 * seed)
        for seed in range(seeds)
    )
    shares = ((Tier.HARD, 0.4), (Tier.INTERMEDIATE, 0.7), (Tier.EASY, 0.9))
    tiers = [
        (tier, number, share + 0.01 * seed)
        for seed in range(seeds)
        for number in (1, 2)
        for tier, share in shares
        if method.budgets[tier]
    ]
    return Series(method, curves, tuple(tiers))


def panel(*methods: Series, published: str = "", cost: float = 4.0) -> Panel:
    return Panel("Birds", published, f"{cost:g}:1", 1.0, cost, cost, False, methods)


def results(*panels: Panel) -> Results:
    head = Head(1, "birds", "Birds & costs", 'name = "birds"\n')
    return Results(head, panels, 6, 6, (), ("cpu, threads: 1",), ('{"torch": "2"}',), 0.5)


WHOLE = panel(series(AL, 400), series(SUGGEST, 200), series(OURS, 100, last=0.7), series(NO_EASY, 150))


def test_which_figures_the_results_are_enough_for():
    assert [plot.name for plot in plots_of(results(WHOLE))] == [
        "figure-4-birds-4-1",
        "figure-5-birds",
        "figure-6-birds",
    ]
    only = panel(series(AL, 400), series(SUGGEST, 200))
    assert [plot.number for plot in plots_of(results(only))] == [3, 5]
    tiers_off = panel(series(OURS, 100), series(NO_EASY, 150))
    both = results(tiers_off, replace(tiers_off, cost="6:1"))
    assert [(plot.number, len(plot.panels)) for plot in plots_of(both)] == [(5, 1), (6, 2)]
    assert plots_of(results()) == ()


def test_an_ablation_is_a_method_with_tiers_switched_off():
    assert [one.method.label for one in ablation_of(WHOLE)] == ["CLARIFIER", "Without easy"]
    other = replace(NO_EASY, budgets=budgets_of(hard=60, intermediate=300))
    assert ablation_of(panel(series(OURS, 1), series(other, 1))) == ()
    assert (
        ablation_of(
            panel(series(OURS, 1), series(replace(NO_EASY, strategies=strategies_of(hard="entropy")), 1))
        )
        == ()
    )


def test_every_plotted_number_is_in_the_table():
    plot = plots_of(results(WHOLE))[0]
    rows = list(csv.DictReader(io.StringIO(plotted_csv(plot))))
    assert tuple(rows[0]) == HEAD
    accuracies = [r for r in rows if r["what"] == "accuracy" and r["method"] == "CLARIFIER"]
    assert [float(r["x"]) for r in accuracies] == [0, 100, 300]
    assert [float(r["y"]) for r in accuracies] == pytest.approx([0.205, 0.605, 0.705])
    assert [float(r["sd"]) for r in accuracies] == pytest.approx([0.01 / 2**0.5] * 3)
    ratios = [
        r for r in rows if r["what"] == "efficiency" and r["method"] == "CLARIFIER" and r["over"] == "SUGGEST"
    ]
    assert len(ratios) == 30
    # Both curves are straight up to 0.6: twice the cost, whatever the accuracy.
    assert float(ratios[0]["y"]) == pytest.approx(2.0)
    # The last level is what both runs of both reach: 0.7, at which ours paid 300 and SUGGEST 200 + 400 / 2.
    assert float(ratios[-1]["x"]) == pytest.approx(0.7)
    assert {r["over"] for r in rows if r["what"] == "efficiency"} == {"AL <bare>", "SUGGEST"}
    fifth = list(csv.DictReader(io.StringIO(plotted_csv(plots_of(results(WHOLE))[1]))))
    easy = [r for r in fifth if (r["tier"], r["method"]) == ("easy", "CLARIFIER")]
    assert [r["round"] for r in easy] == ["1", "2"]
    assert [float(r["y"]) for r in easy] == pytest.approx([0.905, 0.905])


def test_what_is_compared_says_where_a_method_loses():
    said = {(ours, over): text for ours, over, text in verdicts(WHOLE)}
    assert said["Without easy", "SUGGEST"].startswith("1.33 on average over 30 levels, never below 1.33")
    losing = panel(series(AL, 400), series(SUGGEST, 100), series(OURS, 100, last=0.61))
    ((_, _, text),) = [one for one in verdicts(losing) if one[1] == "SUGGEST"]
    assert "it needs more than the other at" in text
    nowhere = panel(
        series(SUGGEST, 100), replace(series(OURS, 100), curves=(Curve(9, np.zeros(1), np.ones(1)),))
    )
    assert [text for *_, text in verdicts(nowhere)] == ["There is no accuracy that all runs of both reach."]


def test_curves_of_the_papers_authors_at_our_costs():
    # The first rows of their log of BADGE on CUB: 600 labels a round; 186, 220, ... of 400 suggestions right.
    birds = panel(series(AL, 1), published="cub200")
    first = published_curves(birds, AL)[0]
    assert first.cost[:3].tolist() == [0, 2400, 4800]
    assert first.accuracy[:2].tolist() == [0.233172, 0.345185]
    ours = published_curves(birds, OURS)
    assert len(ours) == 3
    # The hard tier's 60 count as wrong where the log does not say.
    assert ours[0].cost[:3].tolist() == [0, 186 + 4 * (214 + 60), 186 + 220 + 4 * (214 + 60 + 179 + 60)]
    assert published_curves(birds, SUGGEST) == (), "what SUGGEST cost them is not known"
    dogs = panel(series(AL, 1), published="dogs")
    suggest = published_curves(dogs, replace(SUGGEST, budgets=budgets_of(hard=1000)))[0]
    assert suggest.cost[:3].tolist() == [0, 428 + 4 * 572, 428 + 523 + 4 * (572 + 477)]
    assert published_curves(birds, replace(AL, strategies=strategies_of(hard="bait"))) == ()
    assert published_curves(panel(series(AL, 1)), AL) == ()


def test_names_of_files():
    assert slug("CUB-200 (a/b)") == "cub-200-a-b"
    assert slug("...") == "x"


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("number", [4, 5, 6])
def test_a_figure_is_drawn_the_same_twice(number: int, dark: bool):
    plot = next(plot for plot in plots_of(results(WHOLE)) if plot.number == number)
    one, same = (image_bytes(plot.draw(dark), "svg", 96) for _ in range(2))
    assert one == same
    assert (b"#ffffff" in one.lower()) != dark


def test_where_nothing_is_reached_by_both_it_says_so():
    low = Series(OURS, (Curve(0, np.array([0.0, 1]), np.array([0.1, 0.15])),), ())
    plot = plots_of(results(panel(series(AL, 400), series(SUGGEST, 200), low)))[0]
    figure = plot.draw()
    words = [text.get_text() for axes in figure.axes for text in axes.texts]
    assert "No accuracy is reached by both" in words


class Tags(HTMLParser):
    VOID = ("meta", "path", "use", "rect", "link", "stop", "circle", "line", "image")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta",):
            self.open.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("src", "href", "xlink:href")]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [value or "" for name, value in attrs if name in ("src", "href", "xlink:href")]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_report_is_one_file_that_needs_no_other(tmp_path: Path):
    written = write_figures(results(WHOLE), tmp_path, NullPort())
    assert {path.name for path in written} == {path.name for path in tmp_path.iterdir()}
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    tags = Tags()
    tags.feed(text)
    assert tags.open == []
    assert all(link.startswith("#") for link in tags.links), "nothing is loaded from elsewhere"
    for said in (
        "Birds & costs",
        "AL <bare>",
        'name = "birds"',
        "6 of 6 runs",
        "20.5 ± 0.7 %",
        "cpu, threads: 1",
    ):
        assert said in tags.text
    assert text.count("<svg") == 3
    assert "AL <bare>" not in text, "names are escaped"


def test_nothing_run_yet_is_said(tmp_path: Path):
    with pytest.raises(FiguresError, match="Nothing of"):
        write_figures(results(), tmp_path, NullPort())
    assert "<h2>Figures</h2>" in report_html(results(), [])


def test_the_command_tells_files_of_experiments_from_studies(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    found = loaded(PLAN)
    laid_out = grid(found, None)
    with ExperimentStore.open(tmp_path / "e.sqlite") as store:
        store.add_experiment(found, laid_out, "1")
        for run in laid_out.runs:
            store.add_round(run, row(0, accuracy=0.3), state(1), HERE)
            store.add_round(run, row(1, (4, 6), 0.6), state(2), HERE)
    assert main(["figures", "--store", str(tmp_path / "e.sqlite"), "--to", str(tmp_path / "f")]) == 0
    names = sorted(path.name for path in (tmp_path / "f").iterdir())
    assert "report.html" in names
    assert {"figure-3-squares-4-1.png", "figure-3-squares-5-2.svg", "figure-5-squares.csv"} <= set(names)
    assert "10 files of squares" in capsys.readouterr().out


def folder_round(method: str, seed: int, number: int, seconds: float, wrong: float) -> StoredFolderRound:
    labeled = number / 2
    return StoredFolderRound(
        "Birds",
        "4:1",
        method,
        seed,
        number,
        100,
        labeled,
        wrong * labeled,
        seconds * labeled,
        4,
        90,
        7,
        0,
        0,
        10,
        6,
        2,
    )


def test_whole_folders_are_drawn_and_compared_with_one_by_one():
    kinds = {"Alone": Kind.ONE_BY_ONE, "Pages": Kind.PAGES}
    per_image = {"Alone": (2.0, 0.0), "Pages": (1.25, 0.01)}
    rounds = [
        folder_round(method, seed, number, per_image[method][0] + 0.5 * seed, per_image[method][1])
        for method in kinds
        for seed in (0, 1)
        for number in range(3)
    ]
    folders = group_folders(rounds, kinds)["Birds", "4:1"]
    rows = list(tabulate(folders))
    assert [(row[0], row[3], row[4], row[5]) for row in rows] == [
        ("Alone", "2.25 ± 0.35", "", "0.00 ± 0.00 %"),
        ("Pages", "1.50 ± 0.35", "1.50", "1.00 ± 0.00 %"),
    ]
    methods = [series(MethodInfo(name, kind, USUAL, budgets_of()), 10.0) for name, kind in kinds.items()]
    whole = replace(panel(*methods), folders=tuple(folders))
    (plot,) = plots_of(results(whole))
    assert plot.name == "folder-birds-4-1"
    drawn = list(csv.DictReader(io.StringIO(plotted_csv(plot))))
    assert [row["y"] for row in drawn if row["method"] == "Pages" and row["what"] == "seconds an image"] == [
        "0.0",
        "0.75",
        "1.5",
    ]
    seconds, wrong = plot.draw().axes
    assert [np.asarray(line.get_xdata()).max() for line in seconds.lines] == [100, 100]
    assert np.asarray(wrong.lines[1].get_ydata()).max() == pytest.approx(1.0)
    assert "one by one over this" in report_html(results(whole), [])
