"""What the researcher's page shows, without a window."""

from __future__ import annotations

from pathlib import Path

from studies.timing.facts.plan import parse_plan
from ui.study.setup_data import data_lines, needs_download, plan_summary

PLAN = """
name = "pilot"
[suggestions]
p_right = 0.75
[[blocks]]
dataset = "digits"
images = 10
[[blocks]]
dataset = "cifar10"
images = 20
[[blocks]]
dataset = "ucmerced"
images = 30
[[blocks]]
dataset = "digits"
images = 5
title = "more digits"
"""


def test_a_plan_in_one_sentence() -> None:
    assert plan_summary(parse_plan(PLAN)) == (
        "pilot: 10 images of digits, 20 images of cifar10, 30 images of ucmerced, 5 images of more digits; "
        "75% right suggestions (chance); interface: keyboard."
    )


def test_each_data_set_has_one_line_with_what_it_lacks(tmp_path: Path) -> None:
    lines = data_lines(parse_plan(PLAN), {}, tmp_path)
    assert [(line.dataset, line.button) for line in lines] == [
        ("digits", ""),
        ("cifar10", "Download"),
        ("ucmerced", "Choose folder"),
    ]
    assert all(line.text for line in lines)


def test_only_a_set_by_download_needs_one(tmp_path: Path) -> None:
    loaded = parse_plan(PLAN)
    assert [needs_download(loaded, name, tmp_path) for name in ("digits", "cifar10", "ucmerced")] == [
        False,
        True,
        False,
    ]
