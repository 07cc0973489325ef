"""Films a folder that is labeled to its end, a minute long: python docs/make_film.py [--to FILE] [--seed NUMBER]."""

from __future__ import annotations

import argparse
import io
import os
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from make_screenshots import Camera, until, wait
from PIL import Image
from PySide6.QtCore import QBuffer, QIODevice, Qt, QTimer

from clarifier_desktop import __version__
from clarifier_desktop.robots.annotator import ANNOTATOR, AnnotatorRobot, Until
from model.datasets import open_set
from model.datasets.base import Source
from model.port import NullPort
from studies.labeling.facts.goal import Goal
from studies.labeling.facts.settings import Learner, ProjectSettings
from studies.labeling.project.creation import Draft, create
from ui.kit.theme import Theme

_LOOK_EVERY_MS = 250
_PICTURES, _EACH_MS = 60, 1000
_LAST_MS = 4000  # the end is looked at for longer
_WIDTH = 880  # px
_SPEED = 5.0  # of the annotator, in a person's


class Film:
    """The pictures of a window, one for each time that it looks different."""

    def __init__(self, camera: Camera) -> None:
        self._camera = camera
        self.pictures: list[bytes] = []  # PNG
        self._timer = QTimer()
        self._timer.setInterval(_LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        """Look now and then."""
        self._timer.start()

    def stop(self) -> None:
        """Look once more, and no longer."""
        self._timer.stop()
        self.look()

    def look(self) -> None:
        """Keep what the window shows, if it is not what it showed before."""
        seen = self._camera.program.window.grab().scaledToWidth(
            _WIDTH, Qt.TransformationMode.SmoothTransformation
        )
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        seen.save(buffer, "PNG")
        picture = bytes(buffer.data().data())
        if not self.pictures or picture != self.pictures[-1]:
            self.pictures.append(picture)

    def save(self, file: Path) -> None:
        """Write as many pictures as fit in a minute, evenly taken, and the last."""
        step = max(1.0, (len(self.pictures) - 1) / (_PICTURES - 1))
        chosen = [self.pictures[round(number * step)] for number in range(min(_PICTURES, len(self.pictures)))]
        frames = [Image.open(io.BytesIO(picture)).convert("RGB") for picture in chosen]
        times = [_EACH_MS] * (len(frames) - 1) + [_LAST_MS]
        frames[0].save(file, save_all=True, append_images=frames[1:], duration=times, loop=0, quality=60)


def main() -> int:
    """Label the built-in digits until at most 3 % of them are wrong, and keep what is seen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=Path, default=Path(__file__).parent / "images" / "film.webp")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch)
        camera = Camera(home, home, Theme.LIGHT)
        digits = open_set(Source("digits"), home)
        settings = ProjectSettings(
            annotator="A1", goal=Goal(share=0.03), learner=Learner(network="small-cnn"), seed=options.seed
        )
        draft = Draft(Source("digits"), tuple(digits.classes), settings)
        store = create(home / "digits.clarifier", draft, home, __version__, NullPort())
        camera.program.presenters.project.open_store(store)
        labeling = camera.program.labeling
        assert labeling is not None  # just opened
        manner = replace(ANNOTATOR, speed=_SPEED)
        robot = AnnotatorRobot(
            camera.program.window,
            lambda: labeling.project,
            lambda item: digits.classes[digits.labels[item]],
            options.seed,
            Until(goal=True),
            manner,
        )
        film = Film(camera)
        film.start()
        until(robot.done.connect)
        robot.stop()
        wait(2000)
        film.stop()
        film.save(options.to)
        camera.program.presenters.project.close_project()
        camera.program.close()
    return 0


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    sys.exit(main())
