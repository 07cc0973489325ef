"""The simulated annotator labels through the real window at any speed, also where classes are typed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from PIL import Image

from studies.rounds.store import ProjectStore

CLASSES = ("ant", "bee", "cat", "cow", "crow", "dog", "eel", "emu", "fly", "fox", "gnu", "hen")


def make_folder(folder: Path) -> None:
    for number, name in enumerate(CLASSES):
        (folder / name).mkdir(parents=True)
        for copy in range(3):
            Image.new("RGB", (32, 32), (20 * number, 80 * copy, 100)).save(folder / name / f"{copy}.png")


def test_every_image_is_answered_once_however_fast_the_robot_is(tmp_path: Path):
    make_folder(tmp_path / "animals")
    file = tmp_path / "animals.clarifier"
    arguments = [
        "label",
        tmp_path / "animals",
        "--project",
        file,
        "--robot",
        "--labels",
        "15",
        "--speed",
        "500",
    ]
    subprocess.run([sys.executable, "-m", "clarifier_desktop", *map(str, arguments)], check=True, timeout=120)
    with ProjectStore.open(file, writable=False) as store:
        rows = store.query("SELECT item, label FROM labels")
        assert store.query("SELECT count(*), count(DISTINCT item) FROM label_events") == [(15, 15)]
    right = sum(item.split("/")[0] == label for item, label in rows)
    assert right >= 13, "it seldom errs"
