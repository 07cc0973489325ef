"""The bundle itself: made and tried where PyInstaller is installed, which takes minutes."""

from __future__ import annotations

import importlib.util
import sys

import pytest

from bundling.__main__ import main, try_out


@pytest.mark.skipif(importlib.util.find_spec("PyInstaller") is None, reason="PyInstaller is not installed")
def test_the_robot_plays_the_demo_in_the_bundle(tmp_path, capfd) -> None:
    assert main(["--to", str(tmp_path), "--no-archive"]) == 0
    assert "Its robot played the demo" in capfd.readouterr().out


def test_without_pyinstaller_it_says_what_to_install(monkeypatch, capsys) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert main([]) == 2
    assert "pip install" in capsys.readouterr().out


@pytest.mark.skipif(sys.platform == "win32", reason="a script plays the program")
@pytest.mark.parametrize(
    ("script", "problem"),
    [
        ("exit 3", "exit code 3"),
        ("exit 0", "there is no demo.sqlite"),
        ("touch demo.sqlite", "there is no trials.csv"),
        ("touch demo.sqlite trials.csv", ""),
        ('touch demo.sqlite trials.csv; test -z "$PYTHONPATH"', ""),
    ],
)
def test_a_bundle_that_does_not_work_is_told_from_one_that_does(
    script: str, problem: str, tmp_path, monkeypatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o700)
    assert try_out(program).splitlines()[:1] == ([problem] if problem else [])
