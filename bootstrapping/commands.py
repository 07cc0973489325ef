"""What the command line asks for, and the program that follows the set-up."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from bootstrapping.places import ROOT
from bootstrapping.stamp import FOR_TESTS, STUDY_ALONE, WHOLE_PROGRAM
from bootstrapping.terminal import SetupError

USAGE = """\
usage: python3 bootstrap.py COMMAND [ARGUMENTS]

  setup [--dev]   make .venv with the pinned packages (--dev: and the tools for tests)
  study           set up the timing study alone, without PyTorch, and open it; further arguments go to the command
                  study, e.g.  study list
  demo            play the main job on built-in data; without a display, by a simulated participant
  test            run the tests; further arguments go to pytest, e.g.  test -k plan
  run             open the program; further arguments go to it, e.g.  run study list

Each command first does the set-up that is still missing."""

# The whole suite runs in three processes; two begin with the tests that open real windows: much of it is waiting.
# A process that a test ends is not replaced: xdist gives it that test again, without end.
_PROCESSES = ("-n", "3", "--dist", "loadgroup", "--no-loadscope-reorder", "--max-worker-restart=0")
WHOLE = (*_PROCESSES, "--durations=25")

_PARTS = {"demo": WHOLE_PROGRAM, "run": WHOLE_PROGRAM, "study": STUDY_ALONE, "test": FOR_TESTS}

OLDEST, NEWEST = (3, 10), (3, 13)


def version_problem(version: Sequence[int]) -> str | None:
    """What to say about a Python that is not supported; ``None`` for one that is."""
    if OLDEST <= tuple(version[:2]) <= NEWEST:
        return None
    found = ".".join(str(part) for part in version[:3])
    return (
        "CLARIFIER Desktop needs Python {}.{} to {}.{}, and this is Python {}. ".format(
            *OLDEST, *NEWEST, found
        )
        + "Install one of those and start this script with it, for example: python3.12 bootstrap.py demo"
    )


class Request(NamedTuple):
    """What the command line asks for."""

    command: str
    extra: tuple[str, ...] = ()
    parts: str = WHOLE_PROGRAM


def parse(arguments: Sequence[str]) -> Request:
    """Read the command line; raises SetupError on one that is not understood."""
    if not arguments:
        raise SetupError(USAGE)
    command, extra = arguments[0], tuple(arguments[1:])
    if command == "setup":
        unknown = [text for text in extra if text != "--dev"]
        if unknown:
            raise SetupError(f"setup knows only --dev, not {unknown[0]!r}.")
        return Request("setup", parts=FOR_TESTS if "--dev" in extra else WHOLE_PROGRAM)
    if command in _PARTS:
        return Request(command, extra, _PARTS[command])
    raise SetupError(f"There is no command {command!r}.\n\n{USAGE}")


def has_display(system: str, environ: Mapping[str, str]) -> bool:
    """Whether a window can be shown to a person."""
    if system in ("Windows", "Darwin"):
        return True
    return bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


class Launch(NamedTuple):
    """The program that follows the set-up."""

    command: list[str]
    environ: dict[str, str]  # set besides what is inherited
    folder: Path | None  # None: where the person stands, so that paths in the arguments hold


def launch(request: Request, python: Path, program: Path, display: bool) -> Launch | None:
    """Which command follows the set-up; ``None`` when the set-up was all."""
    offscreen = {"QT_QPA_PLATFORM": "offscreen"}
    extra = list(request.extra)
    if request.command == "test":
        return Launch([str(python), "-m", "pytest", *(extra or WHOLE)], offscreen, ROOT)
    if request.command == "run":
        return Launch([str(program), *extra], {}, None)
    if request.command == "study":
        return Launch([str(program), "study", *extra], {}, None)
    if request.command == "demo" and display:
        return Launch([str(program), "demo", *extra], {}, None)
    if request.command == "demo":
        robot = [] if "--robot" in extra else ["--robot"]
        return Launch([str(program), "demo", *robot, *extra], offscreen, None)
    return None


def hand_over(following: Launch) -> int:
    """Run the program that the set-up was for and return its exit code."""
    environ = {**os.environ, **following.environ}
    if following.folder is not None:
        os.chdir(following.folder)
    if sys.platform != "win32":
        # Takes this process's place, so that signals and exit codes are the program's own.
        os.execve(following.command[0], following.command, environ)
    process = subprocess.Popen(following.command, env=environ)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue  # the program got it too, and answers in its own way
