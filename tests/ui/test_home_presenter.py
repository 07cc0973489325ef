"""What the home page says of a file that was open lately."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from tests.ui.labeling.live import images, project_of
from ui.home_presenter import describe_day, describe_file

_DAY_S = 86_400


@pytest.mark.parametrize(("days", "words"), [(0, "today"), (1, "yesterday"), (12, "12 days ago")])
def test_when_a_file_was_last_written(tmp_path: Path, days: int, words: str) -> None:
    file = tmp_path / "pilot.sqlite"
    file.write_bytes(b"")
    when = time.time() - days * _DAY_S
    os.utime(file, (when, when))
    assert describe_day(file) == words
    assert describe_file(file) == words


def test_a_project_says_how_far_it_is(tmp_path: Path) -> None:
    project_of(images(tmp_path / "animals", each=2), tmp_path / "animals.clarifier").close()
    assert describe_file(tmp_path / "animals.clarifier") == "0 of 6 labeled   today"


def test_a_project_that_cannot_be_read_says_its_day_alone(tmp_path: Path) -> None:
    (tmp_path / "broken.clarifier").write_text("no project")
    assert describe_file(tmp_path / "broken.clarifier") == "today"
