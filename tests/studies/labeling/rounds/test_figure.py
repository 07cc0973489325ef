"""A project's accuracy as a figure: its numbers beside it, and the same file from the same project."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from model.errors import UserError
from studies.estimates import Share
from studies.labeling.file.store import ProjectStore
from studies.labeling.rounds.figure import accuracy_figure, save_accuracy
from studies.labeling.rounds.panel import Point
from tests.studies.labeling.sample import Hand, begin_round, conductor, create, open_project


@pytest.fixture
def store(tmp_path: Path):
    create(tmp_path / "p").close()
    project = open_project(tmp_path / "p")
    leads, hand = conductor(project), Hand(project)
    leads.refill_queue()
    for number in range(4):
        hand.answer(number % 3, took_ms=1_000)
    begin_round(project, leads, [(30, 0, "hard"), (31, 1, "intermediate")])
    project.store.close()
    with ProjectStore.open(tmp_path / "p", writable=False) as opened:
        yield opened


def test_the_plotted_numbers_lie_beside_it(store, tmp_path):
    numbers = save_accuracy(store, tmp_path / "a.svg")
    assert numbers == tmp_path / "a.numbers.csv"
    head = "round,cost_s,without_suggestions_s,suggest_alone_s,held_out,right"
    assert numbers.read_bytes().decode() == f"{head}\r\n1,4.000,4.000,4.000,5,4\r\n"
    first = (tmp_path / "a.svg").read_bytes()
    save_accuracy(store, tmp_path / "b.svg")
    assert (tmp_path / "b.svg").read_bytes() == first
    save_accuracy(store, tmp_path / "a.png")
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")


def test_it_shows_intervals_and_what_it_would_have_cost_otherwise():
    points = [Point(60.0, 120.0, 90.0, Share(4, 8)), Point(120.0, 300.0, 240.0, Share(7, 8))]
    axes = accuracy_figure(points).axes[0]
    lines = {line.get_label(): np.column_stack(line.get_data()).tolist() for line in axes.lines}
    assert lines["without suggestions"] == [[2.0, 50.0], [5.0, 87.5]]
    assert lines["SUGGEST alone"] == [[1.5, 50.0], [4.0, 87.5]]
    assert axes.get_legend() is None
    assert {text.get_text() for text in axes.texts} == {
        "as it was labeled",
        "SUGGEST alone",
        "without suggestions",
    }
    assert axes.get_ylim() == (0, 100)


def test_without_a_held_out_label_it_says_so():
    axes = accuracy_figure([Point(60.0, 120.0, 90.0, Share(0, 0))]).axes[0]
    assert [text.get_text() for text in axes.texts] == ["No accuracy was measured yet"]


def test_another_ending_is_refused(store, tmp_path):
    with pytest.raises(UserError, match=r"neither .png nor .svg"):
        save_accuracy(store, tmp_path / "a.gif")
