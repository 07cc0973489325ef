"""Ended from outside while a dialog or a menu is open: the program ends at once, and what was answered is stored."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import pytest

from studies.labeling.facts.settings import ProjectSettings
from studies.labeling.file.store import ProjectStore
from tests.e2e.annotator import Annotator, make_folder
from tests.e2e.screen import PATIENCE_S, Program, Screen

pytestmark = pytest.mark.e2e
OPENED = {
    "key sheet": ("key F1",),
    "colour": ("key ctrl+k", "sleep 0.8", "key Down", "sleep 0.3", "key F4"),
    "menu": ("mousemove 640 400", "click 3"),
    "save": ("key ctrl+e", "sleep 0.8", "key 1"),
}


@pytest.mark.parametrize("opened", OPENED)
def test_an_open_dialog_holds_up_no_end(screen: Screen, tmp_path: Path, opened: str) -> None:
    folder = make_folder(tmp_path, 40, ProjectSettings(seed_labels=100, holdout=5))
    with Program(screen, tmp_path / "home", *folder.run()) as program:
        annotator = Annotator(screen, program, folder)
        try:
            image = label_two(annotator, screen)
            annotator.next_image(image)
        finally:
            annotator.close()
        screen.do(*OPENED[opened])
        time.sleep(2.5)
        program.signal(signal.SIGTERM)
        assert program.wait(PATIENCE_S) == 0
        assert program.said == ""
    assert labels(folder.project) == 2


def label_two(annotator: Annotator, screen: Screen) -> str | None:
    image = None
    for key in ("1", "2"):
        image, _ = annotator.next_image(image)
        time.sleep(0.3)
        screen.key(key)
    return image


def labels(project: Path) -> int:
    with ProjectStore.open(project, writable=False) as store:
        return int(store.query("SELECT count(*) FROM label_events WHERE verb = 'label'")[0][0])
