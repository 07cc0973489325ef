"""The commands ``export`` for Excel, and ``import labels`` of what it gave."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from clarifier_desktop.cli import main
from studies.labeling.facts.records import LabelEvent, Purpose, Verb
from tests.studies.labeling.sample import create, open_project


@pytest.fixture
def project(tmp_path: Path) -> Path:
    create(tmp_path / "p.clarifier").close()
    opened = open_project(tmp_path / "p.clarifier")
    opened.record([LabelEvent(0, item, Verb.LABEL, Purpose.GRID, item % 2) for item in range(4)])
    opened.store.close()
    return tmp_path / "p.clarifier"


@pytest.mark.parametrize(
    ("option", "separator"), [(["--excel", "comma"], ";"), (["--excel", "point"], ","), ([], ",")]
)
def test_labels_for_excel_are_read_back(
    project: Path, tmp_path: Path, option: list[str], separator: str, capsys: pytest.CaptureFixture[str]
) -> None:
    to = tmp_path / "labels.csv"
    assert main(["export", "labels", "--project", str(project), "--to", str(to), *option]) == 0
    assert to.read_bytes().startswith(b"\xef\xbb\xbf") is bool(option)
    with to.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=separator))
    assert [row["item"] for row in rows] == ["000.png", "001.png", "002.png", "003.png"]
    create(tmp_path / "q.clarifier").close()
    assert main(["import", "labels", str(to), "--project", str(tmp_path / "q.clarifier")]) == 0
    assert "4 labels read" in capsys.readouterr().out


def test_labels_with_predictions_have_a_row_for_every_image(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [
        "export",
        "labels",
        "--project",
        str(project),
        "--to",
        str(tmp_path / "all.csv"),
        "--predictions",
    ]
    assert main(words) == 0
    said = capsys.readouterr().out
    assert "All 40 images are in it. In it without a label: 36 not labeled yet." in said
    assert "No model was trained yet" in said
    with (tmp_path / "all.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 40
    assert {"label", "origin", "mode", "certified", "predicted", "probability"} <= set(rows[0])
    assert main([*words, "--format", "jsonl"]) == 2
    assert "--predictions is for labels as csv" in capsys.readouterr().err


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_labels_say_what_they_leave_out(
    kind: str, project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (
        main(["export", "labels", "--project", str(project), "--to", str(tmp_path / "l"), "--format", kind])
        == 0
    )
    assert "Left out: 36 not labeled yet." in capsys.readouterr().out


def test_excel_is_for_tables(project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    to = ["--to", str(tmp_path / "x")]
    assert main(["export", "labels", "--project", str(project), *to, "--format", "jsonl", "--excel"]) == 2
    assert "--excel is for tables" in capsys.readouterr().err
