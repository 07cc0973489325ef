"""The command ``check``: doubtful labels of a folder or a list, on the terminal and as CSV; nothing is changed."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from clarifier_desktop.cli.commands import main
from model.port import Port
from model.rounds.checking import Checked
from model.rounds.live_values import LearnRequest
from model.rounds.workbench import Workbench
from tests.model.random_weights import random_weights

EACH = 12
NETWORK = "mobilenet_v3_small"


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("weights") / "weights.pth"
    torch.save(random_weights(NETWORK), file)
    return file


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Red, green and blue images; one red image lies among the green ones too."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    chance = np.random.default_rng(1)
    root = tmp_path / "images"
    for place, name in enumerate(("red", "green", "blue")):
        (root / name).mkdir(parents=True)
        for number in range(EACH):
            pixels = chance.integers(0, 140, (8, 8, 3), dtype=np.uint8)
            pixels[..., place] += 90
            Image.fromarray(pixels).save(root / name / f"{number:02d}.png")
    (root / "green" / "again.png").write_bytes((root / "red" / "03.png").read_bytes())
    return root


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> None:
    """A learner that is sure of all but the image that is there twice, and cannot read what is no image."""

    def check(request: LearnRequest, bench: Workbench, port: Port) -> Checked:
        port.progress(1, 2, "Judging")
        names, labels = bench.images.items, request.labels
        items = [i for i, name in enumerate(names) if (bench.images.root / name).stat().st_size > 20]  # type: ignore[attr-defined]
        twice = [at for at, i in enumerate(items) if names[i].endswith(("again.png", "red/03.png"))]
        sure = np.full((len(items), 3), 0.02, np.float32)
        sure[np.arange(len(items)), labels[items]] = 0.96
        again = next(at for at in twice if names[items[at]].endswith("again.png"))
        sure[again] = 0.03
        sure[again, request.classes.index("red")] = 0.94
        given = labels[items].astype(np.int64)
        return Checked(np.array(items), given, sure, True, np.array([sorted(twice)]))

    monkeypatch.setattr("model.rounds.checking.check", check)


def run(target: Path, weights: Path, *more: str) -> int:
    return main(["check", str(target), "--network", NETWORK, "--weights", str(weights), *more])


@pytest.mark.usefixtures("judged")
def test_the_wrong_label_is_told_with_its_twin_and_nothing_is_changed(
    folder: Path, weights: Path, tmp_path: Path, capsys
) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*.png")}
    to = tmp_path / "doubtful.csv"
    assert run(folder, weights, "--to", str(to)) == 0
    said = capsys.readouterr().out
    assert "green/again.png: green; red?" in said
    assert f"{3 * EACH + 1} labels judged" in said
    assert "1 pair of images looks the same, 1 of them with different labels." in said
    with to.open(newline="") as file:
        rows = {row["item"]: row for row in csv.DictReader(file)}
    row = rows["green/again.png"]
    assert (row["label"], row["predicted"], row["same_as"]) == ("green", "red", "red/03.png")
    assert "looks the same" in row["reason"]
    assert 0 < float(row["probability"]) <= 1
    assert to.with_name("doubtful.dictionary.json").is_file()
    assert {path: path.read_bytes() for path in folder.rglob("*.png")} == before


@pytest.mark.usefixtures("judged")
def test_a_list_names_labels_too_and_what_cannot_be_read_is_counted(
    folder: Path, weights: Path, capsys
) -> None:
    (folder / "blue" / "05.png").write_bytes(b"no image")
    rows = [f"{path.relative_to(folder).as_posix()},{path.parent.name}" for path in folder.rglob("*.png")]
    (folder / "list.csv").write_text("\n".join(["item,label", *rows]))
    assert run(folder / "list.csv", weights) == 1
    said = capsys.readouterr().out
    assert "green/again.png: green; red?" in said
    assert "1 image cannot be read." in said


def test_a_network_judges(folder: Path, weights: Path, capsys) -> None:
    assert run(folder, weights) == 0
    assert f"{3 * EACH + 1} labels judged" in capsys.readouterr().out


def test_a_file_that_is_there_is_not_written_over(
    folder: Path, weights: Path, tmp_path: Path, capsys
) -> None:
    to = tmp_path / "mine.csv"
    to.write_text("mine")
    assert run(folder, weights, "--to", str(to)) == 2
    assert "is there already: name another file." in capsys.readouterr().err
    assert to.read_text() == "mine"
    assert run(folder, weights, "--to", str(tmp_path)) == 2


def test_what_has_no_labels_is_refused_in_a_sentence(tmp_path: Path, weights: Path, capsys) -> None:
    (tmp_path / "flat").mkdir()
    Image.new("RGB", (70, 70)).save(tmp_path / "flat" / "a.png")
    assert run(tmp_path / "flat", weights) == 2
    assert "subfolder" in capsys.readouterr().err
    assert run(tmp_path / "nowhere" / "at all", weights) == 2
    (tmp_path / "list.csv").write_text("item,label\nflat/a.png,\n")
    assert run(tmp_path / "list.csv", weights) == 2
