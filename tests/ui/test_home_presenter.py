"""What the home page says of a file that was open lately."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel

from clarifier_desktop.app import Program
from tests.forbidden import forbid
from tests.ui.labeling.live import images, project_of
from ui.home_presenter import describe_day, describe_file, read_pictures

_DAY_S = 86_400


@pytest.mark.parametrize(("days", "words"), [(0, "today"), (1, "yesterday"), (12, "12 days ago")])
def test_when_a_file_was_last_written(tmp_path: Path, days: int, words: str) -> None:
    file = tmp_path / "pilot.sqlite"
    file.write_bytes(b"")
    when = time.time() - days * _DAY_S
    os.utime(file, (when, when))
    assert describe_day(file).text == words
    assert describe_file(file, tmp_path).text == words


def test_a_project_says_how_far_it_is(tmp_path: Path) -> None:
    project_of(images(tmp_path / "animals", each=2), tmp_path / "animals.clarifier").close()
    found = describe_file(tmp_path / "animals.clarifier", tmp_path)
    assert (found.text, found.labeled, found.images) == ("0 of 6 labeled   ·   today", 0, 6)


def test_a_project_has_square_pictures_of_its_images(tmp_path: Path) -> None:
    project_of(images(tmp_path / "animals", each=2), tmp_path / "animals.clarifier").close()
    pictures = read_pictures(tmp_path / "animals.clarifier", tmp_path)
    assert len(pictures) == 4
    assert all(picture.width() == picture.height() > 0 for picture in pictures)


def test_what_cannot_be_read_has_no_pictures(tmp_path: Path) -> None:
    (tmp_path / "broken.clarifier").write_text("no project")
    assert read_pictures(tmp_path / "broken.clarifier", tmp_path) == ()
    folder = images(tmp_path / "animals", each=2)
    project_of(folder, tmp_path / "animals.clarifier").close()
    folder.rename(tmp_path / "elsewhere")
    assert read_pictures(tmp_path / "animals.clarifier", tmp_path) == ()


def test_a_project_that_cannot_be_read_says_its_day_alone(tmp_path: Path) -> None:
    (tmp_path / "broken.clarifier").write_text("no project")
    assert describe_file(tmp_path / "broken.clarifier", tmp_path).text == "today"


def test_a_file_in_a_folder_that_one_may_not_look_into_is_not_listed(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("closed", "open"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.sqlite").write_bytes(b"")
    files = tuple(tmp_path / name / f"{name}.sqlite" for name in ("closed", "open"))
    program.keep(replace(program.preferences, recent_files=files))
    forbid(tmp_path / "closed", monkeypatch)
    program.go_home()
    listed = " ".join(label.text() for label in program.home.findChildren(QLabel))
    assert "open" in listed.split()
    assert "today" in listed
    assert "closed" not in listed
