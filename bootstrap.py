#!/usr/bin/env python3
"""Sets CLARIFIER Desktop up on a fresh machine and runs it; needs nothing but Python itself.

The syntax here and in ``bootstrapping`` stays at Python 3.8, so that an unsupported Python gets a sentence and not a
SyntaxError.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))  # python -P leaves it out

from bootstrapping.commands import USAGE, hand_over, has_display, launch, parse, version_problem
from bootstrapping.environment import check_qt, ensure_venv, venv_program
from bootstrapping.machine import Machine
from bootstrapping.places import ROOT, VENV
from bootstrapping.stamp import wanted_stamp
from bootstrapping.system_packages import ensure_system_packages, relevant_packages
from bootstrapping.terminal import SetupError, say


def main(arguments: Sequence[str]) -> int:
    """Do what the command line asks; returns the exit code."""
    wrong_version = version_problem(sys.version_info[:3])
    if wrong_version:
        say(wrong_version)
        return 1
    if arguments and arguments[0] in ("-h", "--help", "help"):
        say(USAGE)
        return 0
    try:
        request = parse(arguments)
    except SetupError as problem:
        say(str(problem))
        return 2
    try:
        machine = Machine()
        display = has_display(machine.system, os.environ)
        python = venv_program(VENV, "python", machine.system)
        ensure_system_packages(machine, relevant_packages(request, display))
        ensure_venv(machine, VENV, wanted_stamp(ROOT, machine.version, request.parts))
        check_qt(machine, python)
        following = launch(request, python, venv_program(VENV, "clarifier-desktop", machine.system), display)
        if following is None:
            say("All is set up. Next: python3 bootstrap.py demo")
            return 0
        return hand_over(following)
    except SetupError as problem:
        say(str(problem))
        return 1
    except KeyboardInterrupt:
        say("\nStopped. Run the same command again to go on where it was.")
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
