from __future__ import annotations

from pathlib import Path

from clarifier_desktop.cli.commands import main
from tests.studies.labeling.sample import create, open_project


def test_labels_of_a_file_are_taken_in_and_what_was_left_out_is_named(tmp_path: Path, capsys) -> None:
    create(tmp_path / "p.clarifier").close()
    file = tmp_path / "labels.csv"
    file.write_text("item,label\n010.png,cat\n011.png,eel\nnone.png,dog\n")
    arguments = [
        "import",
        "labels",
        str(file),
        "--project",
        str(tmp_path / "p.clarifier"),
        "--annotator",
        "B",
    ]
    assert main(arguments) == 1, "a line could not be used"
    assert capsys.readouterr().out.splitlines() == [
        "line 4: there is no image none.png in the project",
        "2 labels read, 1 class added; 0 images keep the label that was there.",
    ]
    file.write_text("item,label\n010.png,dog\n012.png,dog\n")
    assert main(arguments) == 0
    assert "1 label read, 0 classes added; 1 image keeps" in capsys.readouterr().out
    project = open_project(tmp_path / "p.clarifier")
    assert [project.label_of(item) for item in (10, 11, 12)] == [0, 3, 1]
    annotators = project.store.query("SELECT annotator FROM sittings ORDER BY rowid")
    assert annotators[:2] == [("B",), ("B",)]
    project.store.close()


def test_a_file_that_cannot_be_read_changes_nothing(tmp_path: Path, capsys) -> None:
    create(tmp_path / "p.clarifier").close()
    assert (
        main(["import", "labels", str(tmp_path / "no.csv"), "--project", str(tmp_path / "p.clarifier")]) != 0
    )
    assert "cannot be read" in capsys.readouterr().err
    project = open_project(tmp_path / "p.clarifier")
    assert project.ledger.actions == 0
    project.store.close()
