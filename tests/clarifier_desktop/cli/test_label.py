"""The command ``label``, answered by the simulated annotator."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from clarifier_desktop.cli.label_options import LabelOptions
from clarifier_desktop.cli.label_run import _find_or_make
from studies.labeling.file.store import ProjectStore
from tests.ui.labeling.live import images
from ui.preferences import Paths


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
