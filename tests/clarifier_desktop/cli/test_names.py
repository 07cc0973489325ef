"""The command ``names``: a model without an image, which predicts as any other."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from clarifier_desktop.cli import main
from model import parts
from tests.model.networks.tiny_clip import CLIP, add_models, make_model, save_model
from tests.model.rounds.test_predicting import fill

pytest.importorskip("open_clip")


@pytest.fixture
def weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    add_models(tmp_path)
    Path("classes.txt").write_text("red\ngreen\nblue\n", encoding="utf-8")
    return save_model(make_model(CLIP), tmp_path / "w.safetensors")


def names(*more: str) -> int:
    return main(["names", "classes.txt", "--to", "names.pt", *more])


def test_its_model_predicts_as_any_other(weights: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert names("--network", CLIP, "--weights", str(weights), "--template", "ein Foto von {}") == 0
    said = capsys.readouterr().out
    assert "The network is tiny-clip; the licence of its weights: not named by open_clip." in said
    assert "Nobody measured how often it is right" in said
    about = json.loads(Path("names.json").read_text(encoding="utf-8"))
    assert (about["classes"], about["trained_on"], about["temperature"]) == (
        ["red", "green", "blue"],
        0,
        None,
    )
    fill(Path("new"))
    assert main(["predict", "names.pt", "new", "--to", "labels.csv"]) == 0
    with Path("labels.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 4
    assert {row["label"] for row in rows} <= {"red", "green", "blue"}
    assert {row["calibrated"] for row in rows} == {"0"}


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (("--network", "mobilenet_v2"), "mobilenet_v2 reads no names"),
        (("--network", CLIP, "--template", "a photo"), "it must hold {}"),
        (("--network", CLIP, "--weights", "none.pt"), "none.pt is not there"),
        (("--network", CLIP), "are not to be downloaded: choose the file that holds them"),
    ],
)
def test_what_cannot_be_ends_in_a_sentence(
    weights: Path, capsys: pytest.CaptureFixture[str], more: tuple[str, ...], sentence: str
) -> None:
    assert names(*more) == 2
    assert sentence in capsys.readouterr().err
    assert not Path("names.pt").exists()


def test_without_the_extra_part_it_says_how_to_add_it(
    weights: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "has_names", lambda: False)
    assert names() == 2
    assert "A model from names needs the extra part names, which is not installed: add it with" in (
        capsys.readouterr().err
    )
