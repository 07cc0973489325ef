"""The set-up's decisions, with a fake machine; the stamp and the lock in a real folder."""

from __future__ import annotations

import ast
import importlib.util
import multiprocessing.synchronize
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent


def load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bootstrap", ROOT / "bootstrap.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["bootstrap"] = module
    spec.loader.exec_module(module)
    return module


bootstrap = load()


class FakeMachine:
    """Notes what would be run, and plays venv and pip as far as their traces on disk go."""

    system = "Linux"
    version = (3, 11, 7)
    python = "/usr/bin/python3"

    def __init__(
        self,
        *,
        root: bool = True,
        debian: bool = True,
        free: float = 100.0,
        listing: str = "",
        pip: tuple[int, str] = (0, ""),
        pip_breaks_off: bool = False,
        venv_python: str | None = None,
        qt: tuple[int, str] = (0, ""),
        apt_fails: str = "",
        ensurepip: bool = True,
        inside: bool = False,
    ) -> None:
        self.root, self.debian, self.free, self.listing = root, debian, free, listing
        self.pip, self.pip_breaks_off, self.venv_python, self.qt = pip, pip_breaks_off, venv_python, qt
        self.apt_fails, self.ensurepip, self.inside = apt_fails, ensurepip, inside
        self.ran: list[list[str]] = []

    def run(self, command: Sequence[str], environ: Mapping[str, str]) -> int:
        self.ran.append(list(command))
        if command[:3] == [self.python, "-m", "venv"]:
            (Path(command[3]) / "pyvenv.cfg").write_text("made\n")
            self.venv_python = "3.11"
        if command[0] == "apt-get":
            assert environ == {"DEBIAN_FRONTEND": "noninteractive"}
            return 100 if self.apt_fails and self.apt_fails in command else 0
        return 0

    def run_quietly(self, command: Sequence[str], environ: Mapping[str, str]) -> tuple[int, str]:
        if command[0] == "dpkg-query":
            return 0, self.listing
        if "pip" in command[2]:
            return (1, "") if self.venv_python is None else (0, self.venv_python + "\n")
        assert environ == {"QT_QPA_PLATFORM": "offscreen"}
        return self.qt

    def run_pip(self, command: Sequence[str]) -> tuple[int, str]:
        self.ran.append(list(command))
        if self.pip_breaks_off:
            raise KeyboardInterrupt
        return self.pip

    def is_root(self) -> bool:
        return self.root

    def is_debian(self) -> bool:
        return self.debian

    def has_ensurepip(self) -> bool:
        return self.ensurepip

    def inside_venv(self, venv: Path) -> bool:
        return self.inside

    def free_gigabytes(self, folder: Path) -> float:
        return self.free

    def targets(self) -> list[str]:
        """What pip was asked to install, one a call."""
        return [command[-1] for command in self.ran if "pip" in command]

    def made_venv(self) -> bool:
        return any("venv" in command for command in self.ran)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    (tmp_path / "constraints.txt").write_text("numpy==2.4.6\n")
    return tmp_path


def wanted(project: Path, dev: bool = False, version: Sequence[int] = (3, 11, 7)):
    return bootstrap.wanted_stamp(project, version, dev)


def test_the_file_parses_on_the_oldest_python_that_gets_a_sentence() -> None:
    source = (ROOT / "bootstrap.py").read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 8))


def test_it_imports_nothing_but_the_standard_library() -> None:
    tree = ast.parse((ROOT / "bootstrap.py").read_text(encoding="utf-8"))
    names = {
        n.name.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for n in node.names
    }
    names |= {str(node.module).split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert names <= set(sys.stdlib_module_names)


@pytest.mark.parametrize("version", [(3, 10, 0), (3, 11, 7), (3, 12, 1), (3, 13, 9)])
def test_supported_pythons_pass(version: tuple[int, ...]) -> None:
    assert bootstrap.version_problem(version) is None


@pytest.mark.parametrize("version", [(3, 8, 18), (3, 9, 18), (3, 14, 0), (4, 0, 0)])
def test_other_pythons_get_a_sentence_that_names_both(version: tuple[int, ...]) -> None:
    text = bootstrap.version_problem(version)
    assert "Python 3.10 to 3.13" in text
    assert ".".join(map(str, version)) in text


def test_the_supported_pythons_are_those_of_pyproject() -> None:
    assert 'requires-python = ">=3.10,<3.14"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_arguments_after_test_and_run_are_passed_on() -> None:
    assert bootstrap.parse(["test", "-k", "plan", "--help"]) == ("test", ("-k", "plan", "--help"), True)
    assert bootstrap.parse(["run", "study", "list"]) == ("run", ("study", "list"), False)
    assert bootstrap.parse(["setup", "--dev"]) == ("setup", (), True)


@pytest.mark.parametrize("arguments", [[], ["frob"], ["setup", "--fast"]])
def test_a_wrong_argument_is_refused_with_exit_code_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert bootstrap.main(arguments) == 2
    assert capsys.readouterr().out.strip()


# -- Stamp ---------------------------------------------------------------------------------------------------


def test_a_stamp_survives_the_disk(project: Path) -> None:
    stamp = wanted(project, dev=True)
    bootstrap.write_stamp(project / "stamp", stamp)
    assert bootstrap.read_stamp(project / "stamp") == stamp
    assert not (project / "stamp.new").exists()


@pytest.mark.parametrize("text", [None, "", "{", "[]", "null", '{"pins": "x"}', '{"other": 1}'])
def test_a_broken_or_missing_stamp_is_none(project: Path, text: str | None) -> None:
    if text is not None:
        (project / "stamp").write_text(text)
    assert bootstrap.read_stamp(project / "stamp") is None


@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt"])
def test_changed_pins_change_the_stamp(project: Path, name: str) -> None:
    before = wanted(project)
    with (project / name).open("a") as file:
        file.write("# new\n")
    assert not bootstrap.stamp_is_right(before, wanted(project))


def test_another_python_or_place_changes_the_stamp_and_a_patch_release_does_not(project: Path) -> None:
    before = wanted(project)
    assert not bootstrap.stamp_is_right(before, wanted(project, version=(3, 12, 1)))
    assert not bootstrap.stamp_is_right(before._replace(root="/elsewhere"), wanted(project))
    assert bootstrap.stamp_is_right(before, wanted(project, version=(3, 11, 9)))


@pytest.mark.parametrize(
    ("made_for_tests", "tests_wanted", "right"),
    [(False, False, True), (True, True, True), (True, False, True), (False, True, False)],
)
def test_a_venv_made_for_tests_serves_all(
    project: Path, made_for_tests: bool, tests_wanted: bool, right: bool
) -> None:
    found = wanted(project, dev=made_for_tests)
    assert bootstrap.stamp_is_right(found, wanted(project, dev=tests_wanted)) is right


# -- The virtual environment ---------------------------------------------------------------------------------


def test_a_fresh_venv_is_made_once_and_then_reused(project: Path) -> None:
    machine, venv = FakeMachine(), project / ".venv"
    bootstrap.ensure_venv(machine, venv, wanted(project))
    assert machine.made_venv()
    assert machine.targets() == [str(project)]
    pip = machine.ran[-1]
    assert pip[pip.index("-c") + 1] == str(project / "constraints.txt")
    assert pip[pip.index("-e") + 1] == str(project)

    machine.ran.clear()
    bootstrap.ensure_venv(machine, venv, wanted(project))
    assert machine.ran == []


def test_new_pins_are_installed_into_the_same_venv_and_keep_the_test_tools(project: Path) -> None:
    machine, venv = FakeMachine(), project / ".venv"
    bootstrap.ensure_venv(machine, venv, wanted(project, dev=True))
    (project / "constraints.txt").write_text("numpy==2.4.7\n")
    machine.ran.clear()
    bootstrap.ensure_venv(machine, venv, wanted(project, dev=False))
    assert not machine.made_venv()
    assert machine.targets() == [f"{project}[dev]"]
    assert bootstrap.read_stamp(venv / ".bootstrap.json") == wanted(project, dev=True)


def test_another_python_makes_the_venv_again(project: Path) -> None:
    machine, venv = FakeMachine(venv_python="3.10"), project / ".venv"
    venv.mkdir()
    (venv / "old").write_text("")
    bootstrap.ensure_venv(machine, venv, wanted(project))
    assert machine.made_venv()
    assert not (venv / "old").exists()


def test_an_interrupted_setup_leaves_no_stamp_and_is_taken_up_again(project: Path) -> None:
    venv = project / ".venv"
    broken = FakeMachine(pip_breaks_off=True)
    with pytest.raises(KeyboardInterrupt):
        bootstrap.ensure_venv(broken, venv, wanted(project))
    assert bootstrap.read_stamp(venv / ".bootstrap.json") is None

    machine = FakeMachine(venv_python="3.11")
    bootstrap.ensure_venv(machine, venv, wanted(project))
    assert not machine.made_venv()
    assert machine.targets() == [str(project)]
    assert bootstrap.read_stamp(venv / ".bootstrap.json") == wanted(project)


def test_an_update_that_breaks_off_does_not_keep_the_old_stamp(project: Path) -> None:
    venv = project / ".venv"
    bootstrap.ensure_venv(FakeMachine(), venv, wanted(project))
    with pytest.raises(KeyboardInterrupt):
        bootstrap.ensure_venv(
            FakeMachine(venv_python="3.11", pip_breaks_off=True), venv, wanted(project, dev=True)
        )
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
    bootstrap.ensure_venv(FakeMachine(venv_python="3.11"), project / ".venv", wanted(project))
    assert [entry.name for entry in packages.iterdir()] == ["whole-1.0.dist-info"]


def test_too_little_disk_stops_a_fresh_setup_before_pip(project: Path) -> None:
    machine = FakeMachine(free=7.9)
    with pytest.raises(bootstrap.SetupError, match=r"8 GB .* 7\.9 GB are free"):
        bootstrap.ensure_venv(machine, project / ".venv", wanted(project))
    assert machine.targets() == []


def test_little_disk_does_not_stop_an_update(project: Path) -> None:
    packages = project / ".venv" / "lib" / "python3.11" / "site-packages"
    (packages / "torch-2.14.1.dist-info").mkdir(parents=True)
    for name in ("INSTALLER", "RECORD"):
        (packages / "torch-2.14.1.dist-info" / name).write_text("")
    machine = FakeMachine(free=2.0, venv_python="3.11")
    bootstrap.ensure_venv(machine, project / ".venv", wanted(project))
    assert machine.targets() == [str(project)]


def test_the_venvs_own_python_does_not_delete_itself(project: Path) -> None:
    (project / ".venv").mkdir()
    (project / ".venv" / "keep").write_text("")
    with pytest.raises(bootstrap.SetupError, match="this Python lies in it"):
        bootstrap.ensure_venv(FakeMachine(inside=True), project / ".venv", wanted(project))
    assert (project / ".venv" / "keep").exists()


def test_debians_missing_venv_package_is_named(project: Path) -> None:
    with pytest.raises(bootstrap.SetupError, match=r"sudo .*python3\.11-venv"):
        bootstrap.ensure_venv(FakeMachine(root=False, ensurepip=False), project / ".venv", wanted(project))
    machine = FakeMachine(ensurepip=False)
    bootstrap.ensure_venv(machine, project / ".venv", wanted(project))
    assert any(command[-1] == "python3.11-venv" for command in machine.ran)


def hold_lock(
    venv: Path, held: multiprocessing.synchronize.Event, release: multiprocessing.synchronize.Event
):
    with bootstrap.only_one(venv):
        held.set()
        release.wait(30)


def test_two_bootstraps_take_turns(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    context = multiprocessing.get_context("spawn")
    held, release = context.Event(), context.Event()
    other = context.Process(target=hold_lock, args=(tmp_path / ".venv", held, release))
    other.start()
    assert held.wait(30)
    waits: list[float] = []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        release.set()
        other.join(30)

    with bootstrap.only_one(tmp_path / ".venv", sleep):
        assert waits
    assert other.exitcode == 0
    assert "Another bootstrap" in capsys.readouterr().out


# -- System packages -----------------------------------------------------------------------------------------

LISTING = (
    "ii \tlibegl1\t\nii \tlibglib2.0-0t64\tlibglib2.0-0 (= 2.84), libgio (= 1)\nrc \tlibgl1\t\nun \txvfb\t\n"
)


def test_only_installed_packages_count_and_what_they_provide() -> None:
    assert bootstrap.installed_packages(LISTING) == {"libegl1", "libglib2.0-0t64", "libglib2.0-0", "libgio"}


def test_root_installs_what_is_missing_after_an_update() -> None:
    machine = FakeMachine(listing=LISTING)
    bootstrap.ensure_system_packages(machine, ["libegl1", "libgl1", "libglib2.0-0", "xvfb"])
    assert machine.ran[0][-1] == "update"
    assert machine.ran[1][-2:] == ["libgl1", "xvfb"]
    assert len(machine.ran) == 2


def test_without_root_the_exact_line_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    machine = FakeMachine(root=False, listing=LISTING)
    bootstrap.ensure_system_packages(machine, ["libegl1", "xvfb"])
    assert machine.ran == []
    out = capsys.readouterr().out
    assert "sudo apt-get install -y --no-install-recommends xvfb\n" in out


@pytest.mark.parametrize("machine", [FakeMachine(debian=False), FakeMachine(listing="ii \txvfb\t\n")])
def test_nothing_to_do_says_nothing(machine: FakeMachine, capsys: pytest.CaptureFixture[str]) -> None:
    bootstrap.ensure_system_packages(machine, ["xvfb"])
    assert machine.ran == []
    assert capsys.readouterr().out == ""


def test_a_failed_update_still_tries_the_install() -> None:
    machine = FakeMachine(apt_fails="update")
    bootstrap.ensure_system_packages(machine, ["xvfb"])
    assert machine.ran[-1][-1] == "xvfb"


@pytest.mark.parametrize(
    ("arguments", "display", "has", "has_not"),
    [
        (["demo"], False, "libegl1", "libxcb-cursor0"),
        (["demo"], True, "libxcb-cursor0", "xvfb"),
        (["setup"], False, "libxcb-cursor0", "xvfb"),
        (["setup", "--dev"], False, "libx11-dev", "-"),
        (["test"], False, "xdotool", "-"),
    ],
)
def test_each_command_asks_for_its_packages(
    arguments: list[str], display: bool, has: str, has_not: str
) -> None:
    packages = bootstrap.relevant_packages(bootstrap.parse(arguments), display)
    assert has in packages
    assert has_not not in packages


# -- Sentences -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("output", "part"),
    [
        (
            "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
            "disk is full",
        ),
        (
            "WARNING: Retrying ... NewConnectionError('Failed to establish a new connection: [Errno -3]')\n"
            "ERROR: Could not find a version that satisfies the requirement numpy",
            "Check the network",
        ),
        ("SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]", "secure connection"),
        (
            "ERROR: No matching distribution found for PySide6-Essentials>=6.12",
            "does not exist for this system",
        ),
        ("ERROR: [Errno 13] Permission denied: '/x'", "may not write"),
        ("ERROR: ResolutionImpossible: for help", "contradict"),
        ("something else", "exit code 3"),
    ],
)
def test_pips_errors_get_a_plain_sentence(output: str, part: str) -> None:
    assert part in bootstrap.pip_problem(output, 3)


def test_a_failed_pip_stops_and_leaves_no_stamp(project: Path) -> None:
    machine = FakeMachine(pip=(1, "ERROR: [Errno 28] No space left on device"))
    with pytest.raises(bootstrap.SetupError, match="disk is full"):
        bootstrap.ensure_venv(machine, project / ".venv", wanted(project))
    assert not (project / ".venv" / ".bootstrap.json").exists()


@pytest.mark.parametrize(("debian", "advice"), [(True, "sudo apt-get"), (False, "xkbcommon")])
def test_a_qt_that_does_not_load_stops_with_its_reason(debian: bool, advice: str) -> None:
    output = "Traceback ...\nImportError: libEGL.so.1: cannot open shared object file\n"
    machine = FakeMachine(debian=debian, qt=(1, output))
    with pytest.raises(bootstrap.SetupError) as caught:
        bootstrap.check_qt(machine, Path("python"))
    assert "libEGL.so.1" in str(caught.value)
    assert advice in str(caught.value)


# -- What follows --------------------------------------------------------------------------------------------


def follow(arguments: list[str], display: bool):
    return bootstrap.launch(bootstrap.parse(arguments), Path("py"), Path("prog"), display)


def test_demo_opens_a_window_on_a_display_and_a_robot_without() -> None:
    assert follow(["demo"], True) == (["prog", "demo"], {}, None)
    assert follow(["demo"], False) == (["prog", "demo", "--robot"], {"QT_QPA_PLATFORM": "offscreen"}, None)
    assert follow(["demo", "--robot"], False).command == ["prog", "demo", "--robot"]


def test_test_runs_pytest_offscreen_in_the_project() -> None:
    launch = follow(["test", "-k", "plan"], True)
    assert launch == (["py", "-m", "pytest", "-k", "plan"], {"QT_QPA_PLATFORM": "offscreen"}, ROOT)


def test_run_passes_its_arguments_and_setup_runs_nothing() -> None:
    assert follow(["run", "export", "trials"], True) == (["prog", "export", "trials"], {}, None)
    assert follow(["setup"], True) is None


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
    assert bootstrap.has_display(system, environ) is display


def test_programs_of_a_venv() -> None:
    assert bootstrap.venv_program(Path("v"), "python", "Linux") == Path("v/bin/python")
    assert bootstrap.venv_program(Path("v"), "python", "Windows") == Path("v/Scripts/python.exe")


def test_what_follows_gets_its_surroundings_and_its_exit_code_is_passed_on(tmp_path: Path) -> None:
    child = "import os, sys; print(os.environ['A_WORD'], os.getcwd(), flush=True); sys.exit(3)"
    parent = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); import bootstrap; from pathlib import Path;"
        f"launch = bootstrap.Launch([sys.executable, '-c', {child!r}], {{'A_WORD': 'word'}}, Path({str(tmp_path)!r}));"
        "sys.exit(bootstrap.hand_over(launch))"
    )
    done = subprocess.run([sys.executable, "-c", parent], capture_output=True, text=True)
    assert done.returncode == 3, done.stderr
    assert done.stdout.split() == ["word", str(tmp_path)]


@pytest.mark.skipif(os.name != "posix", reason="Windows ties the lock to the process")
def test_a_pip_that_outlives_its_bootstrap_keeps_the_lock(tmp_path: Path) -> None:
    code = (
        f"import os, sys; sys.path.insert(0, {str(ROOT)!r}); import bootstrap; from pathlib import Path\n"
        f"with bootstrap.only_one(Path({str(tmp_path)!r})):\n"
        "    pip = 'import os, sys; os.kill(os.getppid(), 9); print(1, flush=True); sys.stdin.read()'\n"
        "    bootstrap.subprocess.DEVNULL = None  # it shall wait on our pipe\n"
        "    bootstrap.Machine().run_pip([sys.executable, '-c', pip])\n"
    )
    bootstrap_process = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert bootstrap_process.stdin is not None
    assert bootstrap_process.stdout is not None
    assert bootstrap_process.stdout.readline() == b"1\n"
    bootstrap_process.wait()
    descriptor = os.open(tmp_path / bootstrap.LOCK_NAME, os.O_RDWR)
    try:
        assert not bootstrap.try_lock(descriptor)
        bootstrap_process.stdin.close()  # ends the one that was left
        bootstrap_process.stdout.read()
    finally:
        os.close(descriptor)
        bootstrap_process.stdout.close()


def test_ctrl_c_during_the_setup_ends_with_130(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(bootstrap, "ensure_system_packages", interrupted)
    assert bootstrap.main(["demo"]) == 130
    assert "Stopped" in capsys.readouterr().out
