from __future__ import annotations

from pathlib import Path

import pytest

from studies.labeling.facts.records import Change, ClassChange, LabelEvent, Purpose, Verb
from tests.studies.labeling.sample import create, open_project


@pytest.fixture
def project(tmp_path: Path):
    create(tmp_path / "p").close()
    opened = open_project(tmp_path / "p")
    opened.record([LabelEvent(0, item, Verb.LABEL, Purpose.GRID, 1) for item in (10, 11, 12, 13)])
    yield opened
    opened.store.close()


def test_the_chosen_example_comes_before_the_labeled_ones(project):
    assert project.examples(1, 3) == (10, 11, 12)
    project.change_classes([ClassChange(1, Change.EXAMPLE, "13")])
    assert project.examples(1, 3) == (13, 10, 11)
    assert project.examples(2, 3) == ()


def test_what_is_on_screen_is_no_example_of_itself(project):
    assert project.examples(1, 3, without=10) == (11, 12, 13)
    project.change_classes([ClassChange(1, Change.EXAMPLE, "13")])
    assert project.examples(1, 3, without=13) == (10, 11, 12)
