"""The set-up as a whole: what its files may use, and how it ends."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import bootstrap
from bootstrapping.commands import Launch
from bootstrapping.places import ROOT

FILES = [ROOT / "bootstrap.py", *sorted((ROOT / "bootstrapping").glob("*.py"))]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_each_file_parses_on_the_oldest_python_that_gets_a_sentence(file: Path) -> None:
    ast.parse(file.read_text(encoding="utf-8"), feature_version=(3, 8))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_it_imports_nothing_but_the_standard_library(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    names = {
        n.name.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for n in node.names
    }
    names |= {str(node.module).split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert names <= {*sys.stdlib_module_names, "bootstrapping"}


def test_it_runs_from_anywhere_with_python_alone(tmp_path: Path) -> None:
    command = [sys.executable, "-I", "-S", str(ROOT / "bootstrap.py"), "--help"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "usage: python3 bootstrap.py" in done.stdout


@pytest.mark.parametrize("arguments", [[], ["frob"], ["setup", "--fast"]])
def test_a_wrong_argument_is_refused_with_exit_code_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert bootstrap.main(arguments) == 2
    assert capsys.readouterr().out.strip()


def test_ctrl_c_during_the_setup_ends_with_130(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(bootstrap, "ensure_system_packages", interrupted)
    assert bootstrap.main(["demo"]) == 130
    assert "Stopped" in capsys.readouterr().out


def test_the_program_follows_the_set_up(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    for name in ("ensure_system_packages", "ensure_venv", "check_qt"):
        monkeypatch.setattr(bootstrap, name, lambda *_, name=name: done.append(name))
    launched: list[list[str]] = []

    def hand_over(following: Launch) -> int:
        launched.append(following.command)
        return 7

    monkeypatch.setattr(bootstrap, "hand_over", hand_over)
    assert bootstrap.main(["run", "study", "list"]) == 7
    assert done == ["ensure_system_packages", "ensure_venv", "check_qt"]
    assert launched[0][1:] == ["study", "list"]
    assert bootstrap.main(["setup"]) == 0
    assert len(launched) == 1
