"""How the virtual environment is made, filled and mended, with a fake machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from bootstrapping.environment import check_qt, ensure_venv, venv_program
from bootstrapping.stamp import FOR_TESTS, STUDY_ALONE, WHOLE_PROGRAM, read_stamp
from bootstrapping.terminal import SetupError
from tests.bootstrapping.fake_machine import FakeMachine, wanted


def test_a_fresh_venv_is_made_once_and_then_reused(project: Path) -> None:
    machine, venv = FakeMachine(), project / ".venv"
    ensure_venv(machine, venv, wanted(project))
    assert machine.made_venv()
    assert machine.targets() == [f"{project}[learn]"]
    pip = machine.ran[-1]
    assert pip[pip.index("-c") + 1] == str(project / "constraints.txt")
    assert pip[pip.index("-e") + 1] == f"{project}[learn]"

    machine.ran.clear()
    ensure_venv(machine, venv, wanted(project))
    assert machine.ran == []


def test_new_pins_are_installed_into_the_same_venv_and_keep_the_test_tools(project: Path) -> None:
    machine, venv = FakeMachine(), project / ".venv"
    ensure_venv(machine, venv, wanted(project, FOR_TESTS))
    (project / "constraints.txt").write_text("numpy==2.4.7\n")
    machine.ran.clear()
    ensure_venv(machine, venv, wanted(project))
    assert not machine.made_venv()
    assert machine.targets() == [f"{project}[learn,dev]"]
    assert read_stamp(venv / ".bootstrap.json") == wanted(project, FOR_TESTS)


def test_the_study_alone_is_set_up_without_the_learner_which_is_added_later_and_then_stays(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    machine, venv = FakeMachine(free=1.1), project / ".venv"
    ensure_venv(machine, venv, wanted(project, STUDY_ALONE))
    assert machine.targets() == [str(project)]
    assert "--no-compile" in machine.ran[-1]  # a third of the minute
    assert "130 MB" in capsys.readouterr().out

    machine = FakeMachine(venv_python="3.11")
    ensure_venv(machine, venv, wanted(project))
    assert machine.targets() == [f"{project}[learn]"]
    (project / "constraints.txt").write_text("numpy==2.4.7\n")
    machine.ran.clear()
    ensure_venv(machine, venv, wanted(project, STUDY_ALONE))
    assert machine.targets() == [f"{project}[learn]"]
    assert read_stamp(venv / ".bootstrap.json") == wanted(project, WHOLE_PROGRAM)


def test_another_python_makes_the_venv_again(project: Path) -> None:
    machine, venv = FakeMachine(venv_python="3.10"), project / ".venv"
    venv.mkdir()
    (venv / "old").write_text("")
    ensure_venv(machine, venv, wanted(project))
    assert machine.made_venv()
    assert not (venv / "old").exists()


def test_an_interrupted_setup_leaves_no_stamp_and_is_taken_up_again(project: Path) -> None:
    venv = project / ".venv"
    broken = FakeMachine(pip_breaks_off=True)
    with pytest.raises(KeyboardInterrupt):
        ensure_venv(broken, venv, wanted(project))
    assert read_stamp(venv / ".bootstrap.json") is None

    machine = FakeMachine(venv_python="3.11")
    ensure_venv(machine, venv, wanted(project))
    assert not machine.made_venv()
    assert machine.targets() == [f"{project}[learn]"]
    assert read_stamp(venv / ".bootstrap.json") == wanted(project)


def test_an_update_that_breaks_off_does_not_keep_the_old_stamp(project: Path) -> None:
    venv = project / ".venv"
    ensure_venv(FakeMachine(), venv, wanted(project))
    with pytest.raises(KeyboardInterrupt):
        ensure_venv(FakeMachine(venv_python="3.11", pip_breaks_off=True), venv, wanted(project, FOR_TESTS))
    assert not (venv / ".bootstrap.json").exists()


def test_packages_cut_off_while_pip_unpacked_them_are_installed_again(project: Path) -> None:
    packages = project / ".venv" / "lib" / "python3.11" / "site-packages"
    for name, files in {
        "whole-1.0.dist-info": ["METADATA", "INSTALLER", "RECORD"],
        "no_installer-1.0.dist-info": ["METADATA", "RECORD"],
        "no_record-1.0.dist-info": ["METADATA", "INSTALLER"],
    }.items():
        (packages / name).mkdir(parents=True)
        for file in files:
            (packages / name / file).write_text("")
    ensure_venv(FakeMachine(venv_python="3.11"), project / ".venv", wanted(project))
    assert [entry.name for entry in packages.iterdir()] == ["whole-1.0.dist-info"]


def test_too_little_disk_stops_a_fresh_setup_before_pip(project: Path) -> None:
    machine = FakeMachine(free=7.9)
    with pytest.raises(SetupError, match=r"8 GB .* 7\.9 GB are free"):
        ensure_venv(machine, project / ".venv", wanted(project))
    assert machine.targets() == []


def test_little_disk_does_not_stop_an_update(project: Path) -> None:
    packages = project / ".venv" / "lib" / "python3.11" / "site-packages"
    (packages / "torch-2.14.1.dist-info").mkdir(parents=True)
    for name in ("INSTALLER", "RECORD"):
        (packages / "torch-2.14.1.dist-info" / name).write_text("")
    machine = FakeMachine(free=2.0, venv_python="3.11")
    ensure_venv(machine, project / ".venv", wanted(project))
    assert machine.targets() == [f"{project}[learn]"]


def test_the_venvs_own_python_does_not_delete_itself(project: Path) -> None:
    (project / ".venv").mkdir()
    (project / ".venv" / "keep").write_text("")
    with pytest.raises(SetupError, match="this Python lies in it"):
        ensure_venv(FakeMachine(inside=True), project / ".venv", wanted(project))
    assert (project / ".venv" / "keep").exists()


def test_debians_missing_venv_package_is_named(project: Path) -> None:
    with pytest.raises(SetupError, match=r"sudo .*python3\.11-venv"):
        ensure_venv(FakeMachine(root=False, ensurepip=False), project / ".venv", wanted(project))
    machine = FakeMachine(ensurepip=False)
    ensure_venv(machine, project / ".venv", wanted(project))
    assert any(command[-1] == "python3.11-venv" for command in machine.ran)


def test_a_failed_pip_stops_and_leaves_no_stamp(project: Path) -> None:
    machine = FakeMachine(pip=(1, "ERROR: [Errno 28] No space left on device"))
    with pytest.raises(SetupError, match="disk is full"):
        ensure_venv(machine, project / ".venv", wanted(project))
    assert not (project / ".venv" / ".bootstrap.json").exists()


@pytest.mark.parametrize(("debian", "advice"), [(True, "sudo apt-get"), (False, "xkbcommon")])
def test_a_qt_that_does_not_load_stops_with_its_reason(debian: bool, advice: str) -> None:
    output = "Traceback ...\nImportError: libEGL.so.1: cannot open shared object file\n"
    machine = FakeMachine(debian=debian, qt=(1, output))
    with pytest.raises(SetupError) as caught:
        check_qt(machine, Path("python"))
    assert "libEGL.so.1" in str(caught.value)
    assert advice in str(caught.value)


def test_programs_of_a_venv() -> None:
    assert venv_program(Path("v"), "python", "Linux") == Path("v/bin/python")
    assert venv_program(Path("v"), "python", "Windows") == Path("v/Scripts/python.exe")
