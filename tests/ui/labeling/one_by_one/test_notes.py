"""What the file of an image tells stands below it: further pages, a missing end, a range of its own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtCore import Qt

from clarifier_desktop.app import Program
from model.datasets.images import CUT_NOTE
from studies.labeling.state.desk import Phase
from tests.ui.labeling.live import project_of
from tests.ui.labeling.window import press


def test_pages_and_missing_ends_are_told_below_the_image(program: Program, tmp_path: Path, qtbot) -> None:
    folder = tmp_path / "scans"
    folder.mkdir()
    pages = [Image.fromarray(np.random.default_rng(n).integers(0, 255, (30, 40), np.uint8)) for n in range(3)]
    pages[0].save(folder / "pages.tif", save_all=True, append_images=pages[1:])
    pages[1].save(folder / "cut.jpg")
    (folder / "cut.jpg").write_bytes((folder / "cut.jpg").read_bytes()[:-2])
    pages[2].save(folder / "plain.png")
    project_of(folder, tmp_path / "scans.clarifier", holdout=0, seed_labels=100).close()
    program.open_project(tmp_path / "scans.clarifier", "A1")
    assert program.labeling is not None
    project, page = program.labeling.project, program.labeling.page
    told = {}
    for _ in range(3):
        qtbot.waitUntil(lambda: project.desk.phase is Phase.SHOWN)
        item = project.desk.item
        assert item is not None
        press(program, qtbot, Qt.Key.Key_F8)  # marked for review: the note stays
        told[project.items[item]] = page._hint.text().partition("marked for review")[2]
        qtbot.wait(300)
        qtbot.keyClick(page, "1")
        qtbot.waitUntil(lambda item=item: project.desk.item != item)
    assert told == {
        "pages.tif": "   ·   page 1 of 3",
        "cut.jpg": f"   ·   {CUT_NOTE}",
        "plain.png": "",
    }
