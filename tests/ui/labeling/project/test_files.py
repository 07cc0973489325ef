"""Where a project's file goes."""

from __future__ import annotations

from pathlib import Path

from ui.labeling.project.files import project_path


def test_the_project_of_a_folder_with_a_long_name_has_a_name_that_fits(tmp_path: Path) -> None:
    first = project_path(tmp_path, "ü" * 127)
    first.write_bytes(b"")
    second = project_path(tmp_path, "ü" * 127)
    second.with_name(f"{second.name}-wal").write_bytes(b"")
    assert first != second
    assert project_path(tmp_path, "birds") == tmp_path / "birds.clarifier"
