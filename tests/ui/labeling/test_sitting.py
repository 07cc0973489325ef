"""A project in the window: what stands beside the image."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from clarifier_desktop.app import Program
from studies.files.store_errors import StoreFull
from studies.labeling.file.store import ProjectStore
from studies.labeling.state.desk import Phase
from tests.ui.labeling.live import images, project_of
from tests.ui.labeling.window import press
from ui.labeling.one_by_one.label_actions import LabelAction


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


def test_closing_waits_for_no_read_that_hangs(
    labeled: Program, qtbot, monkeypatch: pytest.MonkeyPatch
) -> None:
    sitting = labeled.labeling
    assert sitting is not None
    path, before = sitting.project.store.path, len(sitting.project.store.events())
    hung, go_on = threading.Event(), threading.Event()

    def hang(*_: object) -> None:
        hung.set()
        go_on.wait(60)

    monkeypatch.setattr(sitting.images, "image", hang)
    monkeypatch.setattr(sitting.images, "content_hash", hang)
    sitting._contents.begin()
    sitting.controller._decoder.forget()
    press(labeled, qtbot, Qt.Key.Key_F5)  # the grid reads images too
    assert hung.wait(10)
    began = time.monotonic()
    labeled.close()
    assert time.monotonic() - began < 2
    go_on.set()
    with ProjectStore.open(path, create=False) as store:
        assert len(store.events()) == before


def test_no_other_page_while_an_answer_waits_to_be_stored(
    labeled: Program, qtbot, monkeypatch: pytest.MonkeyPatch
) -> None:
    sitting = labeled.labeling
    assert sitting is not None
    project = sitting.project
    qtbot.waitUntil(lambda: project.desk.phase is Phase.SHOWN)
    item = project.desk.item
    assert item is not None

    def no_room(*_: object) -> None:
        raise StoreFull("The disk is full: make room.")

    with monkeypatch.context() as disk:
        disk.setattr(project.store, "append", no_room)
        press(labeled, qtbot, Qt.Key.Key_1)
        assert sitting.controller.keeps_input
    for action in LabelAction:
        sitting.page.wanted.emit(action)
    sitting._ask_again((item,))
    sitting.changed.emit({})
    qtbot.wait(50)
    assert labeled.labeling is sitting
    assert labeled.pages.currentWidget() is sitting.page
    press(labeled, qtbot, Qt.Key.Key_Return)
    assert project.label_of(item) is not None
    assert not sitting.controller.keeps_input
