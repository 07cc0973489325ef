"""The command ``predict``: a table, sentences, exit codes, and nothing of a person's overwritten."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from clarifier_desktop.cli import main
from model.rounds.model_file import keep_model
from studies.labeling.file.store import ProjectStore
from tests.model.coloured import TRANSFORM
from tests.model.rounds.test_model_file import CLASSES, small
from tests.model.rounds.test_predicting import fill
from tests.studies.labeling.sample import create

PLACE = Path("new")


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    fill(PLACE)
    return keep_model(tmp_path, small(), TRANSFORM, CLASSES, 30)[1]


def predict(model: Path, to: str, *more: str) -> int:
    return main(["predict", str(model), str(PLACE), "--to", to, *more])


def test_a_row_for_each_image(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert predict(model, "labels.csv") == 0
    with Path("labels.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == [
        *("item", "label", "confidence", "calibrated"),
        *("label_2", "confidence_2", "label_3", "confidence_3"),
    ]
    assert [row["item"] for row in rows] == ["0.png", "2.png", "deeper/1.png", "deeper/3.png"]
    for row in rows:
        assert {row["label"], row["label_2"], row["label_3"]} == set(CLASSES)
        sure = [float(row[name]) for name in ("confidence", "confidence_2", "confidence_3")]
        assert sure == sorted(sure, reverse=True)
        assert sum(sure) == pytest.approx(1, abs=2e-4)
        assert row["calibrated"] == "0"
    assert "nobody measured" in Path("labels.dictionary.json").read_text()
    said = capsys.readouterr().out
    assert "4 images in labels.csv" in said
    assert "mostly far too sure" in said


def test_calibrated_confidences_are_said_to_be(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, calibrated = keep_model(Path(), small(2), TRANSFORM, CLASSES, 30, temperature=2.0)
    assert predict(calibrated, "labels.csv") == 0
    assert "corrected by held-out labels" in Path("labels.dictionary.json").read_text()
    assert "corrected by held-out labels" in capsys.readouterr().out


def test_images_that_cannot_be_read_are_counted_and_named(
    model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (PLACE / "2.png").write_bytes(b"no image")
    assert predict(model, "labels.csv") == 1
    said = capsys.readouterr().out
    assert "left out: 2.png: " in said
    assert "3 images in labels.csv" in said
    assert "1 image could not be read" in said
    for file in PLACE.rglob("*.png"):
        file.write_bytes(b"no image")
    Path("labels.csv").unlink()
    assert predict(model, "labels.csv") == 2
    assert "None of the images" in capsys.readouterr().err
    assert not Path("labels.csv").exists()


def test_nothing_of_a_person_is_overwritten(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = create(Path("p.clarifier"))
    try:
        before = {file: file.read_bytes() for file in Path().rglob("*") if file.is_file()}
        beside = [str(file) for file in before if file.name.startswith("p.clarifier")]
        assert len(beside) >= 3  # the file itself, its log and its lock
        for to in (*beside, str(model), "new/2.png", "new", "nowhere/labels.csv"):
            assert predict(model, to) == 2, to
            assert capsys.readouterr().err.count("\n") == 1
        assert {file: file.read_bytes() for file in Path().rglob("*") if file.is_file()} == before
    finally:
        store.close()
    ProjectStore.open(Path("p.clarifier"), writable=False).close()


@pytest.mark.parametrize("words", ["gone.pt new", "new/2.png new", "new new", "MODEL empty", "MODEL gone"])
def test_what_is_no_model_or_no_folder_of_images_is_refused(
    words: str, model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("empty").mkdir()
    given = [str(model) if word == "MODEL" else word for word in words.split()]
    assert main(["predict", *given, "--to", "labels.csv"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("clarifier-desktop: ")
    assert said.count("\n") == 1
    assert not Path("labels.csv").exists()


def test_ctrl_c_leaves_nothing_behind(
    model: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("model.rounds.predicting.predict", interrupt)
    before = sorted(Path().rglob("*"))
    assert predict(model, "labels.csv") == 130
    assert "stopped." in capsys.readouterr().err
    assert sorted(Path().rglob("*")) == before
