"""Makes every picture of the user guide anew: python docs/make_screenshots.py [--dark] [--to FOLDER]."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from label_pictures import shoot_labeling
from PySide6.QtCore import QEventLoop, QTimer

from clarifier_desktop.app import Program
from clarifier_desktop.machine.application import make_application
from clarifier_desktop.robots.participant import ParticipantRobot
from clarifier_desktop.robots.robot import Manner
from clarifier_desktop.robots.typist import ExGaussian
from studies.timing.facts.plan import parse_plan
from studies.timing.session.opening import Opening
from studies.timing.session.session import Participant
from ui.answering.answer_keys import KEYBOARD_KEYS
from ui.kit import theme
from ui.kit.help_sheet import HelpSheet
from ui.kit.keys import WINDOW_KEYS
from ui.kit.theme import Theme
from ui.preferences import Paths
from ui.study.trial_keys import FEEDBACK_KEYS, TRIAL_KEYS

_SESSION = ("instructions", "feedback", "trial-digits", "trial-shapes")
_LONGEST_MS = 1_800_000
_QUICK = Manner(ExGaussian(0.2, 0.02, 0.02), ExGaussian(0.5, 0.05, 0.1), error_rate=0.04)
_STUDY = """
name = "pilot"
title = "A short study with digits and shapes"
seed = 1
[suggestions]
assignment = "balanced"
[trials]
practice = 1
fixation_ms = 100
break_every = 0
[session]
block_order = "fixed"
[[blocks]]
dataset = "digits"
images = 12
[[blocks]]
dataset = "shapes"
images = 12
"""
_DROPDOWN = """
name = "drop-down"
seed = 5
[trials]
practice = 0
fixation_ms = 100
[session]
interface = "dropdown"
[[blocks]]
dataset = "shapes"
images = 4
"""


_SIZE = (1100, 800)  # px


class Camera:
    """Opens the program in a folder of its own and keeps pictures of its pages."""

    def __init__(self, folder: Path, home: Path, look: Theme) -> None:
        self._folder = folder
        self._home = home
        self._application = make_application(sys.argv[:1])
        os.environ["CLARIFIER_HOME"] = str(home)
        self.program = Program(self._application, Paths.of_user())
        theme.apply(self._application, look)
        self.program.show()
        # The screen of the platform "offscreen" is smaller than a person's, and the window would fit into that.
        self.program.window.showNormal()
        self.program.window.resize(*_SIZE)

    def shoot(self, name: str) -> None:
        """Keep the window as it is now."""
        wait(300)
        self.program.window.grab().save(str(self._folder / f"{name}.png"))

    def play(self, plan: str, code: str, seed: int, shots: Path | None, store: Path) -> None:
        """Let the robot go through a session."""
        flow = self.program.open_study(Opening(parse_plan(plan), store, {}, Participant(code)))
        robot = ParticipantRobot(self.program.window, lambda: flow.controller, seed, _QUICK, shots)
        until(robot.done.connect)
        self.program.presenters.study.close()


def keep(shots: Path, folder: Path, names: Mapping[str, str]) -> None:
    """Copy the robot's pictures of some pages, under other names."""
    for picture in shots.iterdir():
        name = picture.stem.split("-", 1)[1]
        if name in names:
            (folder / f"{names[name]}.png").write_bytes(picture.read_bytes())


def wait(milliseconds: int) -> None:
    """Run the event loop for a while."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def until(connect: Callable[..., object]) -> None:
    """Run the event loop until a signal comes."""
    loop = QEventLoop()
    connect(loop.quit)
    QTimer.singleShot(_LONGEST_MS, loop, loop.quit)
    loop.exec()


def main() -> int:
    """Make the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--to", type=Path, default=Path(__file__).parent / "images")
    options = parser.parse_args()
    options.to.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch)
        camera = Camera(options.to, home, Theme.DARK if options.dark else Theme.LIGHT)
        program = camera.program
        camera.shoot("home")
        program.prepare_study()
        camera.shoot("setup")
        store = home / "pilot.sqlite"
        for number in range(1, 4):
            shots = home / "shots" if number == 1 else None
            camera.play(_STUDY, f"P{number:02d}", number, shots, store)
        camera.play(_DROPDOWN, "P01", 4, home / "dropdown", home / "dropdown.sqlite")
        keep(home / "shots", options.to, {name: name for name in _SESSION})
        keep(home / "dropdown", options.to, {"trial-shapes": "dropdown"})
        program.open_study(Opening(parse_plan(_STUDY), store, {}))
        camera.shoot("welcome")
        program.presenters.study.close()
        program.show_results(store)
        wait(4000)
        camera.shoot("results")
        shoot_labeling(program, home, camera.shoot, until)
        sheet = HelpSheet((KEYBOARD_KEYS, TRIAL_KEYS, FEEDBACK_KEYS, WINDOW_KEYS), program.window)
        sheet.show()
        wait(200)
        sheet.grab().save(str(options.to / "keys.png"))
        sheet.close()
        program.close()
    return 0


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    sys.exit(main())
