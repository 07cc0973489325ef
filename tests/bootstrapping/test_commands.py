"""The command line, and the program that follows the set-up."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bootstrapping.commands import Launch, has_display, launch, parse, version_problem
from bootstrapping.places import ROOT
from bootstrapping.stamp import FOR_TESTS, STUDY_ALONE, WHOLE_PROGRAM


@pytest.mark.parametrize("version", [(3, 10, 0), (3, 11, 7), (3, 12, 1), (3, 13, 9)])
def test_supported_pythons_pass(version: tuple[int, ...]) -> None:
    assert version_problem(version) is None


@pytest.mark.parametrize("version", [(3, 8, 18), (3, 9, 18), (3, 14, 0), (4, 0, 0)])
def test_other_pythons_get_a_sentence_that_names_both(version: tuple[int, ...]) -> None:
    text = version_problem(version)
    assert text is not None
    assert "Python 3.10 to 3.13" in text
    assert ".".join(map(str, version)) in text


def test_the_supported_pythons_are_those_of_pyproject() -> None:
    assert 'requires-python = ">=3.10,<3.14"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_arguments_after_test_and_run_are_passed_on() -> None:
    assert parse(["test", "-k", "plan", "--help"]) == ("test", ("-k", "plan", "--help"), FOR_TESTS)
    assert parse(["run", "study", "list"]) == ("run", ("study", "list"), WHOLE_PROGRAM)
    assert parse(["setup", "--dev"]) == ("setup", (), FOR_TESTS)
    assert parse(["study", "list"]) == ("study", ("list",), STUDY_ALONE)


def follow(arguments: list[str], display: bool) -> Launch | None:
    return launch(parse(arguments), Path("py"), Path("prog"), display)


def test_demo_opens_a_window_on_a_display_and_a_robot_without() -> None:
    assert follow(["demo"], True) == (["prog", "demo"], {}, None)
    assert follow(["demo"], False) == (["prog", "demo", "--robot"], {"QT_QPA_PLATFORM": "offscreen"}, None)
    offscreen = {"QT_QPA_PLATFORM": "offscreen"}
    assert follow(["demo", "--robot"], False) == (["prog", "demo", "--robot"], offscreen, None)


def test_the_whole_suite_runs_in_two_processes() -> None:
    launch = follow(["test"], True)
    assert launch is not None
    assert launch.command[:5] == ["py", "-m", "pytest", "-n", "3"]


def test_test_runs_pytest_offscreen_in_the_project() -> None:
    launch = follow(["test", "-k", "plan"], True)
    assert launch == (["py", "-m", "pytest", "-k", "plan"], {"QT_QPA_PLATFORM": "offscreen"}, ROOT)


def test_run_passes_its_arguments_and_setup_runs_nothing() -> None:
    assert follow(["run", "export", "trials"], True) == (["prog", "export", "trials"], {}, None)
    assert follow(["setup"], True) is None


def test_study_opens_the_study_or_runs_its_commands() -> None:
    assert follow(["study"], True) == (["prog", "study"], {}, None)
    assert follow(["study", "list"], True) == (["prog", "study", "list"], {}, None)


@pytest.mark.parametrize(
    ("system", "environ", "display"),
    [
        ("Linux", {}, False),
        ("Linux", {"DISPLAY": ""}, False),
        ("Linux", {"DISPLAY": ":0"}, True),
        ("Linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("Darwin", {}, True),
        ("Windows", {}, True),
    ],
)
def test_display(system: str, environ: dict[str, str], display: bool) -> None:
    assert has_display(system, environ) is display


def test_what_follows_gets_its_surroundings_and_its_exit_code_is_passed_on(tmp_path: Path) -> None:
    child = "import os, sys; print(os.environ['A_WORD'], os.getcwd(), flush=True); sys.exit(3)"
    parent = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); from pathlib import Path;"
        "from bootstrapping.commands import Launch, hand_over;"
        f"launch = Launch([sys.executable, '-c', {child!r}], {{'A_WORD': 'word'}}, Path({str(tmp_path)!r}));"
        "sys.exit(hand_over(launch))"
    )
    done = subprocess.run([sys.executable, "-c", parent], capture_output=True, text=True)
    assert done.returncode == 3, done.stderr
    assert done.stdout.split() == ["word", str(tmp_path)]
