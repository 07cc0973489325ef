"""What the researcher's page shows, without a window."""

from __future__ import annotations

from pathlib import Path

from studies.timing.facts.plan import parse_plan
from ui.study.setup_data import PlanBlock, data_lines, needs_download, plan_blocks, plan_summary

PAGES = 'interface = "page"\npage_count = 10\n'
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
        "pilot: 4 parts in an order drawn for each participant, about 6 minutes; "
        "75% of the suggestions are right (chance)."
    )


def test_a_plan_is_shown_block_by_block() -> None:
    blocks = plan_blocks(
        parse_plan(PLAN + 'interface = "dropdown"\n[[blocks]]\ndataset = "shapes"\n' + PAGES)
    )
    assert blocks[0] == PlanBlock("digits", "10 images", "by keyboard or mouse", "about 1 minute", 5)
    assert (blocks[3].name, blocks[3].way) == ("more digits", "from a list")
    assert blocks[4] == PlanBlock("shapes", "10 pages", "on pages of many", "about 3 minutes", 36)


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
