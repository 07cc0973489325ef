"""A project in the window: what stands beside the image."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt

from clarifier_desktop.app import Program
from studies.labeling.state.desk import Phase
from tests.ui.labeling.live import images, project_of
from tests.ui.labeling.window import press


def test_examples_are_shown_beside_the_image(labeled: Program, qtbot) -> None:
    assert labeled.labeling is not None
    strip = labeled.labeling._examples
    assert strip.isHidden()
    press(labeled, qtbot, Qt.Key.Key_F6)
    assert strip.isVisible()
    project = labeled.labeling.project
    shown = project.examples(0, 3)
    assert shown
    assert all(project.label_of(i) == 0 for i in shown)
    press(labeled, qtbot, Qt.Key.Key_F6)
    assert strip.isHidden()


def test_a_closer_look_gets_all_pixels(program: Program, tmp_path: Path, qtbot) -> None:
    from PIL import Image

    folder = images(tmp_path / "large", each=1)
    for file in folder.glob("*/*.png"):
        Image.effect_noise((2400, 1800), 40).save(file)
    project_of(folder, tmp_path / "large.clarifier", holdout=0).close()
    program.open_project(tmp_path / "large.clarifier")
    assert program.labeling is not None
    page, project = program.labeling.page, program.labeling.project
    qtbot.waitUntil(lambda: project.desk.phase is Phase.SHOWN)
    page.view.zoom_by(3)
    qtbot.waitUntil(lambda: page.view._detail is not None)
    detail = page.view._detail
    assert detail is not None
    assert detail.width() == 2400
