"""The command ``label``, answered by the simulated annotator."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from clarifier_desktop.cli import main
from clarifier_desktop.cli.label_options import LabelOptions
from clarifier_desktop.cli.label_run import _find_or_make
from model.datasets.base import Source
from model.port import NullPort
from model.rounds.model_file import keep_model
from studies.labeling.facts.settings import ProjectSettings, stored_settings
from studies.labeling.file.store import ProjectStore
from studies.labeling.project.creation import Draft, create
from tests.model.coloured import TRANSFORM
from tests.model.random_weights import random_weights
from tests.model.rounds.test_model_file import small
from tests.ui.labeling.live import images
from ui.preferences import Paths

NETWORK = "mobilenet_v3_small"


def test_the_command_labels_a_folder_and_says_how_it_went(tmp_path: Path) -> None:
    folder, file = images(tmp_path / "animals"), tmp_path / "animals.clarifier"
    command = [sys.executable, "-m", "clarifier_desktop", "label", str(folder), "--project", str(file)]
    command += ["--robot", "--labels", "8", "--speed", "10", "--annotator", "R1"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "8 actions, 0 rounds" in done.stdout
    assert "Recorded minus pressed" in done.stdout
    with ProjectStore.open(file, writable=False) as store:
        rows = store.query("SELECT item, label, annotator FROM labels")
    assert len(rows) == 8
    assert {annotator for _, _, annotator in rows} == {"R1"}
    assert sum(item.startswith(f"{label}/") for item, label, _ in rows) >= 7, "one error in a hundred"


ROBOT_FAILS = """
import sys
from clarifier_desktop.cli import main
from clarifier_desktop.robots.robot import Robot

def fail(self, *_):
    raise ZeroDivisionError

Robot._errs = fail
sys.exit(main(sys.argv[1:]))
"""


def test_a_robot_that_fails_ends_the_program(tmp_path: Path) -> None:
    file = tmp_path / "animals.clarifier"
    label = ["label", str(images(tmp_path / "animals")), "--project", str(file), "--robot", "--speed", "10"]
    study = ["study", "run", "--plan", "demo", "--participant", "P", "--store", str(tmp_path / "s.sqlite")]
    for words in (label, [*study, "--robot"], ["demo", "--to", str(tmp_path / "demo"), "--robot"]):
        command = [sys.executable, "-c", ROBOT_FAILS, *words]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 1, words
        assert "The program met an error of its own (ZeroDivisionError)" in done.stderr
        assert "Traceback" not in done.stderr


def test_a_robot_cannot_say_where_images_were_moved_or_what_a_flat_folder_shows(tmp_path: Path) -> None:
    moved, flat = images(tmp_path / "animals"), tmp_path / "flat"
    flat.mkdir()
    for number, image in enumerate(sorted(moved.rglob("*.png"))):
        shutil.copy(image, flat / f"{number}.png")
    file = tmp_path / "animals.clarifier"
    settings = ProjectSettings(annotator="A1")
    draft = Draft(Source("folder", flat), ("cat", "dog"), settings)
    create(tmp_path / "flat.clarifier", draft, tmp_path / "cache", "0", NullPort()).close()
    command = [sys.executable, "-m", "clarifier_desktop", "label"]
    first = [str(moved), "--project", str(file), "--robot", "--labels", "1", "--speed", "10"]
    assert subprocess.run([*command, *first], capture_output=True, timeout=120, check=False).returncode == 0
    moved.rename(tmp_path / "far")
    for words, said in (
        ([str(file)], f"The images of {file} are not where they were"),
        ([str(tmp_path / "flat.clarifier")], "flat holds no subfolders"),
    ):
        done = subprocess.run(
            [*command, *words, "--robot", "--labels", "1"],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            env={**os.environ, "CLARIFIER_HOME": str(tmp_path / "home")},
        )
        assert done.returncode == 2, done.stderr
        assert said in done.stderr
        assert "error of its own" not in done.stderr


def test_a_folder_is_known_however_it_is_spelled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = images(tmp_path / "animals")
    (tmp_path / "link").symlink_to(folder, target_is_directory=True)
    (tmp_path / "beside").mkdir()
    monkeypatch.chdir(tmp_path / "beside")
    paths = Paths.of_user()
    first = _find_or_make(LabelOptions(folder), paths)
    assert first is not None
    for other in ("../animals", str(tmp_path / "link"), f"{folder}/.", "../beside/../animals"):
        assert _find_or_make(LabelOptions(Path(other)), paths) == first


def test_of_several_projects_of_a_folder_the_one_written_last_goes_on(tmp_path: Path) -> None:
    folder, paths = images(tmp_path / "animals"), Paths.of_user()
    first = _find_or_make(LabelOptions(folder), paths)
    assert first is not None
    second = first.with_name("animals-2.clarifier")
    shutil.copyfile(first, second)
    for last, other in ((first, second), (second, first)):
        os.utime(other, (1, 1))
        os.utime(last, (2, 2))
        assert _find_or_make(LabelOptions(folder), paths) == last


def test_a_file_of_weights_is_looked_at_before_a_project_is_made(tmp_path: Path, capsys) -> None:
    folder, file = images(tmp_path / "animals"), tmp_path / "animals.clarifier"
    weights = tmp_path / "some.pth"
    torch.save(random_weights(NETWORK), weights)
    words = ["label", str(folder), "--project", str(file), "--robot", "--labels", "1", "--speed", "10"]
    assert main([*words, "--network", "resnet50", "--weights", str(weights)]) == 2
    assert "some.pth holds another network than resnet50" in capsys.readouterr().err
    assert main([*words, "--network", "none-of-these"]) == 2
    assert "has a network named none-of-these" in capsys.readouterr().err
    assert main([*words, "--weights", str(tmp_path / "nowhere.pth")]) == 2
    assert "nowhere.pth is not there" in capsys.readouterr().err
    assert not file.exists()


def test_the_network_of_a_new_project_and_of_one_that_was_begun(tmp_path: Path) -> None:
    folder, file = images(tmp_path / "animals"), tmp_path / "animals.clarifier"
    weights = tmp_path / "some.pth"
    torch.save(random_weights(NETWORK), weights)
    command = [sys.executable, "-m", "clarifier_desktop", "label", str(folder), "--project", str(file)]
    command += ["--robot", "--labels", "1", "--speed", "10", "--network"]
    for name, more in ((NETWORK, ["--weights", str(weights)]), ("vit_small_patch14_reg4_dinov2.lvd142m", [])):
        done = subprocess.run(
            [*command, name, *more], capture_output=True, text=True, timeout=120, check=False
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert f"The network is {name}; the licence of its weights:" in done.stdout
        with ProjectStore.open(file, writable=False) as store:
            learner = stored_settings(store.settings()).learner
        assert (learner.network, learner.weights) == (name, weights if more else None)


def test_a_project_begins_with_a_model_and_another_one_does_not(tmp_path: Path, capsys) -> None:
    folder, file = images(tmp_path / "animals"), tmp_path / "animals.clarifier"
    kept = keep_model(tmp_path, small(), TRANSFORM, ("owl", "gull", "cat"), 30)[1]
    words = ["label", str(folder), "--project", str(file), "--robot", "--labels", "1", "--model"]
    assert main([*words, str(folder / "cat" / "00.png")]) == 2
    assert "is not a model that can be read" in capsys.readouterr().err
    assert not file.exists()
    options = LabelOptions(folder, file, model=kept)
    assert _find_or_make(options, Paths.of_user()) == file
    assert "3 classes, small-cnn, trained on 30 labels." in capsys.readouterr().out
    with ProjectStore.open(file, writable=False) as store:
        begun = store.begun_with()
        names = [change.value for change in store.class_changes()]
    assert begun is not None
    assert (begun.name, begun.class_ids, names) == (kept.name, (0, 1, 2), ["owl", "gull", "cat"])
    assert main([*words, str(kept)]) == 2
    assert "has begun already" in capsys.readouterr().err
