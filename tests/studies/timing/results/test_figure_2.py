"""The paper's figure: the numbers it plots, and the same bytes every time."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from model.errors import UserError
from studies.numerals import three_digits
from studies.timing.results.figure_2 import figure_2, render_png, save_figure
from studies.timing.results.figure_data import ErrorBar, PlottedRatio, Statistic, figure_csv, plot_points
from tests.studies.timing.result_rows import ratio_row, study_of, summary_row

PNG = b"\x89PNG\r\n\x1a\n"


def texts(figure) -> list[str]:
    (axes,) = figure.axes
    return [text.get_text() for text in axes.texts]


def dots(figure) -> int:
    """How many points are scattered, without the diamonds of the geometric means."""
    (axes,) = figure.axes
    return sum(len(c.get_offsets()) for c in axes.collections if type(c).__name__ == "PathCollection")


def test_the_points_of_one_data_set() -> None:
    people = [ratio_row("P01", ratio=2.0), ratio_row("P02", ratio=4.0), ratio_row("P03", ratio=None)]
    points = plot_points([summary_row(ratio=3.0, people=2)], people)
    group = ("pilot", "digits", "keyboard")
    assert points == (
        PlottedRatio(*group, Statistic.MEAN, "", 1.1 * 3.0, 1.1 * 3.0 - 0.5, 1.1 * 3.0 + 0.5, ErrorBar.SD),
        PlottedRatio(*group, Statistic.MEAN, "P01", 1.1 * 2.0),
        PlottedRatio(*group, Statistic.MEAN, "P02", 1.1 * 4.0),
        PlottedRatio(*group, Statistic.MEDIAN, "", 0.9 * 3.0, 0.9 * 3.0 - 0.4, 0.9 * 3.0 + 0.4, ErrorBar.SD),
        PlottedRatio(*group, Statistic.MEDIAN, "P01", 0.9 * 2.0),
        PlottedRatio(*group, Statistic.MEDIAN, "P02", 0.9 * 4.0),
        PlottedRatio(*group, Statistic.GEOMEAN, "", 3.0, 0.8 * 3.0, 1.25 * 3.0, ErrorBar.INTERVAL),
    )


def test_one_participant_has_no_spread() -> None:
    points = plot_points([summary_row(people=1)], [ratio_row()])
    assert {point.spread for point in points} == {ErrorBar.NONE}


def test_people_stand_in_their_own_group_only() -> None:
    summary = [summary_row(interface="keyboard"), summary_row(interface="dropdown")]
    ratios = [ratio_row("P01", interface="keyboard"), ratio_row("P02", interface="dropdown")]
    of_people = [(p.interface, p.participant) for p in plot_points(summary, ratios) if p.participant]
    assert set(of_people) == {("keyboard", "P01"), ("dropdown", "P02")}


def test_the_csv_holds_every_plotted_number_in_full() -> None:
    summary, ratios = study_of(["digits", "shapes"], 3)
    rows = list(csv.DictReader(io.StringIO(figure_csv(summary, ratios))))
    points = plot_points(summary, ratios)
    assert [float(row["ratio"]) for row in rows] == [point.ratio for point in points]
    assert rows[0]["spread"] == "mean - SD, mean + SD"
    assert rows[1]["participant"] == "P01"
    assert rows[1]["low"] == ""


def test_the_csv_is_harmless_in_a_spreadsheet() -> None:
    text = figure_csv([summary_row("=1+1")], [ratio_row("@P", dataset="=1+1")])
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["dataset"] for row in rows} == {"'=1+1"}
    assert {row["participant"] for row in rows} == {"", "'@P"}


def test_bars_stand_as_high_as_the_numbers() -> None:
    summary, ratios = study_of(["digits", "shapes"], 12)
    (axes,) = figure_2(summary, ratios).axes
    heights = [bar.get_path().get_extents(bar.get_patch_transform()).height for bar in axes.patches]
    assert heights == [h for row in summary for h in (row.ratio_mean, row.ratio_median)]
    low, high = axes.get_ylim()
    assert low == 0
    assert high > max(heights)


@pytest.mark.parametrize(("sets", "people"), [(1, 1), (1, 12), (4, 12), (8, 200)])
def test_every_participant_is_a_dot_in_both_bars(sets: int, people: int) -> None:
    summary, ratios = study_of([f"set {i}" for i in range(sets)], people)
    figure = figure_2(summary, ratios)
    assert dots(figure) == sets * (2 * people + 1)
    assert render_png(figure, 900, 460).startswith(PNG)


def test_the_papers_range_and_the_axis_are_labeled() -> None:
    figure = figure_2(*study_of(["digits"], 12))
    assert "paper:\n3 to 4" in texts(figure)
    assert figure.axes[0].get_ylabel().startswith("c_a / c_v")
    levels = [line.get_path().get_extents().y0 for line in figure.axes[0].lines if line.is_dashed()]
    assert levels == [3.0, 4.0]


def test_interfaces_and_studies_are_named_only_where_they_differ() -> None:
    one = figure_2([summary_row()], [ratio_row()])
    assert "digits\nn = 12" in texts(one)
    two = figure_2([summary_row(), summary_row(interface="dropdown")], [])
    assert "digits\nkeyboard\nn = 12" in texts(two)
    studies = figure_2([summary_row(), summary_row(study="main")], [])
    assert "digits\nmain\nn = 12" in texts(studies)


def test_no_label_of_many_groups_lies_on_another() -> None:
    names = [f"{what} {where}" for what in ("Land use", "Birds") for where in "abcdefg"]
    summary, ratios = study_of(names, 12)
    figure = figure_2(summary, ratios)
    image = render_png(figure, 1068, 430)  # the place in a window of 1100 x 800
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    (axes,) = figure.axes
    words = [
        text for text in (*axes.texts, *axes.get_yticklabels(), *axes.get_xticklabels()) if text.get_text()
    ]
    boxes = [text.get_window_extent() for text in words]
    over = [
        (words[i].get_text(), words[j].get_text())
        for i in range(len(words))
        for j in range(i)
        if boxes[i].overlaps(boxes[j])
    ]
    assert over == []
    assert sum("n = 12" in text.get_text() for text in words) == 14
    assert all(box.x0 >= 0 and box.x1 <= 1068 and box.y0 >= 0 and box.y1 <= 430 for box in boxes)
    assert image.startswith(PNG)
    assert axes.get_legend() is None


def test_one_far_participant_does_not_flatten_the_rest() -> None:
    people = [ratio_row(f"P{i}", ratio=3.0) for i in range(11)] + [ratio_row("P11", ratio=80.0)]
    figure = figure_2([summary_row(ratio=3.0)], people)
    assert figure.axes[0].get_ylim()[1] < 10
    assert "1 above, to 88.0" in texts(figure)
    assert dots(figure) == 25


def test_nothing_defined_says_so() -> None:
    assert texts(figure_2([summary_row(ratio=None)], [])) == ["No ratio is defined yet"]
    assert texts(figure_2([], [])) == ["No ratio is defined yet"]


def test_names_are_text_not_formulas_and_stay_short() -> None:
    figure = figure_2([summary_row("$\\frac{$"), summary_row("a very long data set's name")], [])
    assert render_png(figure, 600, 400).startswith(PNG)
    assert "a very l…'s name\nn = 12" in texts(figure)


@pytest.mark.parametrize("ending", [".png", ".svg", ".SVG"])
def test_a_saved_figure_has_the_same_bytes_every_time(tmp_path: Path, ending: str) -> None:
    rows = study_of(["digits", "shapes"], 5)
    first, second = tmp_path / f"a{ending}", tmp_path / f"b{ending}"
    save_figure(figure_2(*rows), first)
    save_figure(figure_2(*rows), second)
    assert first.read_bytes() == second.read_bytes()
    assert b"Matplotlib v" not in first.read_bytes()
    assert b"<dc:date>" not in first.read_bytes()


def test_light_and_dark_differ(tmp_path: Path) -> None:
    rows = study_of(["digits"], 5)
    assert render_png(figure_2(*rows), 500, 400) != render_png(figure_2(*rows, dark=True), 500, 400)


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_a_rendered_figure_fills_its_place_in_device_pixels(ratio: float) -> None:
    image = render_png(figure_2(*study_of(["digits"], 5)), 600, 400, ratio)
    width, height = int.from_bytes(image[16:20]), int.from_bytes(image[20:24])
    assert (width, height) == (600 * ratio, 400 * ratio)


def test_another_ending_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"figure\.pdf.*neither \.png nor \.svg"):
        save_figure(figure_2(*study_of(["digits"], 2)), tmp_path / "figure.pdf")


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="could not be written"):
        save_figure(figure_2(*study_of(["digits"], 2)), tmp_path / "missing" / "figure.png")


def test_importing_figures_does_not_import_matplotlib() -> None:
    code = "import sys, studies.timing.results.figure_2; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (4.1, "4.10"), (0.03117, "0.0312"), (100.0, "100"), (999.4, "999"), (1234.0, "1,230"), (0.0, "0.00"),
        (12.345, "12.3"), (0.0001, "0.000"), (-2.0, "-2.00"), (1e6, "1,000,000"),
    ],
)  # fmt: skip
def test_three_digits(value: float, text: str) -> None:
    assert three_digits(value) == text


def test_one_thread_draws_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two at once ended the process: matplotlib's fonts are those of the whole of it."""
    inside, most = [], []
    draw = FigureCanvasAgg.print_figure

    def watched(self, *args, **kwargs):
        inside.append(self)
        most.append(len(inside))
        try:
            time.sleep(0.02)  # gives the others the time to come in
            return draw(self, *args, **kwargs)
        finally:
            inside.remove(self)

    monkeypatch.setattr(FigureCanvasAgg, "print_figure", watched)
    with ThreadPoolExecutor(4) as threads:
        drawn = list(threads.map(lambda _: render_png(figure_2([summary_row()], []), 300, 200), range(4)))
    assert most == [1, 1, 1, 1]
    assert len(set(drawn)) == 1
