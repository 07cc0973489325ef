"""A folder with odd things in it, and with classes that differ in case, is labeled in the real window."""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path

import pytest
from PIL import Image

from tests.e2e.screen import PATIENCE_S, Program, Screen

pytestmark = pytest.mark.e2e


def labels(project: Path) -> list[str]:
    if not project.exists():
        return []
    connection = sqlite3.connect(f"{project.as_uri()}?mode=ro", uri=True)
    try:
        return [row[0] for row in connection.execute("SELECT label FROM labels ORDER BY utc")]
    except sqlite3.OperationalError:
        return []  # it is being made
    finally:
        connection.close()


def test_a_folder_with_odd_things_in_it_is_labeled_by_keys(screen: Screen, tmp_path: Path) -> None:
    folder, project = tmp_path / "letters", tmp_path / "letters.clarifier"
    for name in ("A", "a", "b"):
        (folder / name).mkdir(parents=True)
        for number in range(4):
            Image.new("RGB", (64, 64), (60 * number, 90, 200)).save(folder / name / f"{number}.png")
    (folder / "A" / "loop.jpg").symlink_to("loop.jpg")
    (folder / "b" / "IMG_1.HEIC").write_bytes(bytes(99))
    os.mkfifo(folder / "b" / "pipe.png")
    run = ("label", folder, "--project", project, "--annotator", "A1")
    with Program(screen, tmp_path / "home", *run):
        deadline = time.monotonic() + PATIENCE_S
        while not labels(project) and time.monotonic() < deadline:
            screen.do("key 1")  # the first key that counts is the first after the image has come
            time.sleep(0.6)
        for key, count in (("2", 2), ("3", 3)):
            while len(labels(project)) < count and time.monotonic() < deadline:
                screen.do(f"key {key}")
                time.sleep(0.6)
    assert labels(project) == ["a", "A", "b"]
