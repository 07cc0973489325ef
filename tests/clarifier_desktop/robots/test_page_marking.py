"""The simulated participant marks pages: what it misses and takes is what it is told."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from clarifier_desktop.cli import main
from clarifier_desktop.robots.page_marking import PageManner, draw_marks, draw_seconds
from studies.pages.costs import PageCosts
from studies.timing.facts.pages import PlannedCell, PlannedPage
from studies.timing.file.store import Store
from studies.timing.results.page_costs import page_cost_rows

PLAN = """
name = "pages"
[trials]
practice = 0
fixation_ms = 20
[pages]
practice = 1
ask_marked = true
[[blocks]]
dataset = "digits"
interface = "page"
page_count = 2
page_sizes = [6, 26]
odd_share = 0.3
"""
CELLS = tuple(PlannedCell(f"{i}", "b" if i % 4 == 0 else "a") for i in range(24))
PAGE = PlannedPage(0, 0, "d", False, "a", 0.25, CELLS)


def test_misses_and_false_marks_are_as_often_as_they_are_said_to_be() -> None:
    manner, chance = PageManner(PageCosts(0.5, 0.1, 0.4, miss=0.25, false_mark=0.1)), random.Random(1)
    drawn = [draw_marks(PAGE.images, PAGE.odd, manner, chance) for _ in range(500)]
    marked = [cell in PAGE.odd for cells in drawn for cell in cells]
    assert sum(marked) / (500 * 6) == pytest.approx(0.75, abs=0.03)
    assert marked.count(False) / (500 * 18) == pytest.approx(0.1, abs=0.02)


def test_a_page_takes_what_its_costs_say_on_average() -> None:
    costs = PageCosts(0.5, 0.1, 0.4, miss=0, false_mark=0)
    assert draw_seconds(PAGE.images, 3, PageManner(costs, 0.0), random.Random(1)) == pytest.approx(
        0.5 + 2.4 + 1.2
    )
    chance = random.Random(2)
    times = [draw_seconds(PAGE.images, 3, PageManner(costs, 0.4), chance) for _ in range(4000)]
    assert sum(times) / 4000 == pytest.approx(4.1, rel=0.03)
    assert len(set(times)) == 4000


def test_a_session_of_pages_is_played_and_drawn(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan, store = tmp_path / "plan.toml", tmp_path / "s.sqlite"
    plan.write_text(PLAN)
    assert main(["study", "check", "--plan", str(plan)]) == 0
    said = capsys.readouterr().out
    assert "Block 1: 2 pages of 6 or 26 images of digits, 30% odd, after 1 for practice" in said
    assert "minutes for a participant of usual pace." in said
    run = ["study", "run", "--plan", str(plan), "--participant", "R1", "--store", str(store), "--robot"]
    options = ["--robot-miss", "0", "--robot-false-mark", "0", "--robot-cell", "0.04"]
    done = subprocess.run(
        [sys.executable, "-m", "clarifier_desktop", *run, *options],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    with Store.open(store, writable=False) as opened:
        opened.count_robots()
        costs = page_cost_rows(opened)[0]
        asked = opened.query("SELECT count(*) FROM trials WHERE kind = 'asked'")[0][0]
        marks = opened.query("SELECT sum(marks), sum(odd), sum(misses) FROM pages WHERE NOT practice")[0]
    assert costs.n_pages == 2
    assert marks == (asked, asked, 0)
    assert main(["figures", "--store", str(store), "--to", str(tmp_path / "figures")]) == 0
    assert (tmp_path / "figures" / "figure-pages.png").exists()
