"""The command ``export report``: one file, and a sentence where it cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from clarifier_desktop.cli import main
from tests.studies.labeling.sample import create


@pytest.fixture
def project(tmp_path: Path) -> Path:
    create(tmp_path / "p.clarifier").close()
    return tmp_path / "p.clarifier"


def written(folder: Path) -> list[Path]:
    """What lies there beside the project's own files."""
    return [path for path in folder.iterdir() if not path.name.startswith("p.clarifier")]


@pytest.mark.parametrize("option", [(), ("--project",)])
def test_a_report_is_one_file(
    option: tuple[str, ...], project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    to = tmp_path / "report.html"
    assert main(["export", "report", *option, str(project), "--to", str(to)]) == 0
    assert f"The report is in {to}" in capsys.readouterr().out
    assert "0 of 40 labeled" in to.read_text(encoding="utf-8")
    assert written(tmp_path) == [to]


def test_what_cannot_be_written_or_read_is_told_in_a_sentence(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = project.read_bytes()
    for words, said in (
        ([str(project), "--to", str(tmp_path / "no" / "report.html")], "choose another place"),
        ([str(project), "--to", str(project)], "name another file"),
        ([str(tmp_path / "gone"), "--to", str(tmp_path / "r.html")], "There is no"),
        (["--to", str(tmp_path / "r.html")], "Name one project"),
        ([str(project), "--project", str(project), "--to", str(tmp_path / "r.html")], "Name one project"),
    ):
        assert main(["export", "report", *words]) == 2
        told = capsys.readouterr().err
        assert said in told
        assert told.count("\n") == 1
    assert project.read_bytes() == before
    assert written(tmp_path) == []
