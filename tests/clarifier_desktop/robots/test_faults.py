"""A robot whose program meets an error of its own ends: nobody would see what its window says."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

_BROKEN = """
import sys
from studies.labeling.project.project import Project
from studies.timing.session.host import Host

def fail(*_: object) -> None:
    raise RuntimeError("a bug")

Project.open = fail
Host.admit = fail
from clarifier_desktop.cli.commands import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize(
    "words",
    [
        "label digits --robot --project new.clarifier",
        "study run --plan demo --participant P --store new.sqlite --robot",
    ],
)
def test_a_bug_is_reported_and_ends_the_program(words: str, tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", _BROKEN, *words.split()],
        cwd=tmp_path,
        env={**os.environ, "CLARIFIER_HOME": str(tmp_path / "home"), "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ended.returncode == 1, ended.stderr
    assert ended.stderr.count("The program met an error of its own (RuntimeError)") == 1, ended.stderr
    assert "Traceback" not in ended.stderr
