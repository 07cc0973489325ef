"""What the desk opens, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from clarifier_desktop.app import Program
from model.errors import UserError
from studies.labeling.file.store import ProjectStore


def test_a_second_instance_and_a_file_of_another_kind_are_refused_in_words(
    labeled: Program, tmp_path: Path
) -> None:
    with pytest.raises(UserError, match="another"):
        ProjectStore.open(tmp_path / "animals.clarifier", create=False)
    (tmp_path / "x.clarifier").write_text("hello, this is a text file and no project at all")
    with pytest.raises(UserError):
        labeled.open_project(tmp_path / "x.clarifier")
